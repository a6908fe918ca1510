"""System administrators keep registers and accounts; everyone else finds no such page."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from departments.models import Department, FiscalYear, Role, StaffMember
from filings.models import Filing
from tests.conftest import SignIn

REGISTERS = ["department", "unit", "fiscalyear", "staffmember"]


def page(register: str, name: str = "changelist", *args: object) -> str:
    return reverse(f"work:departments_{register}_{name}", args=args)


@pytest.mark.parametrize("register", REGISTERS)
def test_a_system_administrator_opens_every_register(
    register: str, department: Department, system_admin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(system_admin)
    assert client.get(page(register)).status_code == 200
    assert client.get(page(register, "add")).status_code == 200


@pytest.mark.parametrize("register", REGISTERS)
def test_nobody_else_does(
    register: str,
    department: Department,
    lin: StaffMember,
    wang: StaffMember,
    wai: StaffMember,
    sign_in: SignIn,
) -> None:
    for staff in (lin, wang, wai):
        client = sign_in(staff)
        for name in ("changelist", "add"):
            assert client.get(page(register, name)).status_code == 403
        for name in ("change", "delete", "history"):
            response = client.get(page(register, name, department.pk))
            assert response.status_code in {302, 403}
            assert department.name not in response.content.decode() or staff is lin


def test_a_superuser_of_another_role_does_not_either(lin: StaffMember, sign_in: SignIn) -> None:
    lin.is_superuser = True
    lin.save()
    assert sign_in(lin).get(page("staffmember")).status_code == 403


def test_an_account_is_made_with_a_role_and_what_it_is_for(
    department: Department, system_admin: StaffMember, sign_in: SignIn
) -> None:
    data = {
        "username": "xin",
        "display_name": "新",
        "role": Role.PREPARER.value,
        "password1": "Chang-2023-mima",
        "password2": "Chang-2023-mima",
        "is_superuser": "on",
    }
    client = sign_in(system_admin)
    response = client.post(page("staffmember", "add"), data)
    assert "这一岗位须选择部门" in response.content.decode()
    client.post(page("staffmember", "add"), data | {"department": department.pk})
    made = StaffMember.objects.get(username="xin")
    assert (made.role, made.department, made.is_superuser) == ("preparer", department, False)
    assert LogEntry.objects.filter(user=system_admin, object_id=str(made.pk)).exists()


def test_nobody_changes_the_role_of_their_own_account(
    department: Department, system_admin: StaffMember, sign_in: SignIn
) -> None:
    data = {
        "username": "guanli",
        "display_name": "管理",
        "role": Role.PREPARER.value,
        "department": department.pk,
    }
    sign_in(system_admin).post(page("staffmember", "change", system_admin.pk), data)
    system_admin.refresh_from_db()
    assert (system_admin.display_name, system_admin.role) == ("管理", Role.SYSTEM_ADMIN)
    assert system_admin.is_active


def test_an_account_and_a_department_are_never_deleted(
    department: Department, lin: StaffMember, system_admin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(system_admin)
    for register, row in (("staffmember", lin), ("department", department)):
        delete = page(register, "delete", row.pk)
        assert client.post(delete, {"post": "yes"}).status_code == 403
    assert StaffMember.objects.filter(pk=lin.pk).exists()


@pytest.mark.parametrize("look_up", ["password__startswith", "department__staff__password"])
def test_a_look_up_cannot_walk_to_secrets(
    look_up: str, lin: StaffMember, system_admin: StaffMember, sign_in: SignIn
) -> None:
    response = sign_in(system_admin).get(page("staffmember"), {look_up: "md5"})
    assert response.status_code in {302, 400}


def test_a_year_is_not_renumbered_and_opened_only_on_its_page(
    system_admin: StaffMember, sign_in: SignIn
) -> None:
    year = FiscalYear.objects.create(year=2023)
    sign_in(system_admin).post(page("fiscalyear", "change", year.pk), {"year": "2024"})
    assert list(FiscalYear.objects.values_list("year", "is_open")) == [(2023, True)]


def test_the_code_of_a_department_is_fixed_by_its_first_filing(
    department: Department, filing: Filing, system_admin: StaffMember, sign_in: SignIn
) -> None:
    code = department.code
    data = {"name": "示例新名", "code": "999998", "region": department.region_id, "short_names": ""}
    inlines = {
        f"former_names-{key}": "0"
        for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    sign_in(system_admin).post(page("department", "change", department.pk), data | inlines)
    department.refresh_from_db()
    assert (department.code, department.name) == (code, "示例新名")
