"""单位: the bureau renames, merges and splits; old years keep the old names."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import Department, Role, StaffMember, Unit, UnitChange
from departments.services import rename_unit
from disclosures.publication import approved_snapshot, thaw
from filings.models import Filing
from filings.states import State
from tests import factories
from tests.conftest import SignIn

RENAMED: dict[str, Any] = {
    "fiscal_year": "2024",
    "decided_on": "2024-02-01",
    "reason": "机构改革",
    "name": "示例新局",
}


@pytest.fixture
def unit(department: Department) -> Unit:
    """Of the department that has a filing ready; see this folder's conftest."""
    return department.units.order_by("code")[0]


def page(name: str, unit: Unit | None = None) -> str:
    return reverse(f"work:{name}", args=[unit.code] if unit else [])


def seal_of(text: str) -> str:
    found = re.search(r'name="confirm" value="(\w+)"', text)
    assert found, text
    return found[1]


def preview(client: Client, address: str, data: dict[str, Any]) -> str:
    answer = client.post(address, data)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_unit_is_renamed_after_a_preview_and_leaves_a_receipt(
    unit: Unit, wang: StaffMember, system_admin: StaffMember, sign_in: SignIn
) -> None:
    client, old, address = sign_in(wang), unit.name, page("unit_rename", unit)
    assert client.get(address).status_code == 200
    text = preview(client, address, RENAMED)
    assert f"2023 年及以前</th><td>{old}</td><td>{old}（不变）</td>" in text
    assert not UnitChange.objects.exists()
    said = client.post(address, RENAMED | {"confirm": seal_of(text)}, follow=True)
    change = UnitChange.objects.get()
    assert f"回执编号 {change.number}" in said.content.decode()
    for shown in (said, sign_in(system_admin).get(register(unit))):
        words = shown.content.decode()
        assert old in words
        assert "示例新局" in words
        assert change.number in words
    again = client.post(address, RENAMED | {"confirm": seal_of(text)})
    assert "已经是现在的名称" in again.content.decode()
    assert UnitChange.objects.count() == 1


def register(unit: Unit) -> str:
    return reverse("work:departments_unit_change", args=[unit.pk])


def test_what_changed_since_the_preview_is_shown_again(
    unit: Unit, draft: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client, address = sign_in(wang), page("unit_rename", unit)
    data = RENAMED | {"fiscal_year": "2023"}
    seal = seal_of(preview(client, address, data))
    Filing.objects.filter(pk=draft.pk).update(state=State.RETURNED)
    said = preview(client, address, data | {"confirm": seal})
    assert "预览之后情况有变化" in said
    assert not UnitChange.objects.exists()


def test_a_filing_on_its_way_is_named_with_what_to_do(
    unit: Unit, opened: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    said = preview(sign_in(wang), page("unit_rename", unit), RENAMED | {"fiscal_year": "2023"})
    assert "UN-101" in said
    assert "2023 年部门决算（待审核）" in said
    assert "退回" in said
    assert "机构改革" in said


def test_a_published_report_keeps_the_name_of_its_year(
    unit: Unit, published: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client, old, address = sign_in(wang), unit.name, page("unit_rename", unit)
    data = RENAMED | {"fiscal_year": "2023"}
    text = preview(client, address, data)
    assert "UN-111" in text
    client.post(address, data | {"confirm": seal_of(text)})
    unit.refresh_from_db()
    assert unit.name == "示例新局"
    frozen = thaw(approved_snapshot(published)).package
    assert old in {book.name for book in frozen.books}
    assert "示例新局" not in {book.name for book in frozen.books}


def test_units_are_merged_and_split(
    unit: Unit, department: Department, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    station = factories.make_unit(department, "示例管理站")
    basis = {key: RENAMED[key] for key in ("fiscal_year", "decided_on", "reason")}
    data = basis | {"units": [str(station.pk)]}
    address = page("unit_merge", unit)
    assert "示例管理站" in client.get(address).content.decode()
    client.post(address, data | {"confirm": seal_of(preview(client, address, data))})
    station.refresh_from_db()
    assert (station.last_fiscal_year, station.successor) == (2023, unit)
    data = basis | {"continues": "on", "code_1": "900991", "name_1": "示例一站"}
    address = page("unit_split", unit)
    assert "须一并填写" in preview(client, address, data)
    data |= {"kind_1": "administrative"}
    client.post(address, data | {"confirm": seal_of(preview(client, address, data))})
    assert Unit.objects.get(code="900991").split_from == unit
    assert "并入" in client.get(page("unit", station)).content.decode()


@pytest.mark.parametrize("field", ["fiscal_year", "decided_on", "reason", "name"])
def test_a_change_without_its_basis_is_an_error_of_the_field(
    field: str, unit: Unit, wang: StaffMember, sign_in: SignIn
) -> None:
    answer = sign_in(wang).post(page("unit_rename", unit), RENAMED | {field: ""})
    assert field in answer.context["form"].errors
    assert RENAMED["reason"] in answer.content.decode() or field == "reason"


def test_only_the_bureau_of_the_region_finds_the_pages(
    unit: Unit,
    lin: StaffMember,
    wai: StaffMember,
    publisher: StaffMember,
    system_admin: StaffMember,
    sign_in: SignIn,
) -> None:
    elsewhere = factories.make_staff(
        "elsewhere", Role.BUREAU_REVIEWER, region=factories.make_region("420106")
    )
    for person in (lin, wai, publisher, system_admin, elsewhere):
        client = sign_in(person)
        for name in ("unit", "unit_rename", "unit_merge", "unit_split"):
            assert client.get(page(name, unit)).status_code in {403, 404, 405}
            assert client.post(page(name, unit), RENAMED).status_code in {403, 404, 405}
        assert unit.name not in client.get(page("units")).content.decode()
    assert not UnitChange.objects.exists()


def test_units_are_found_by_a_former_name(unit: Unit, wang: StaffMember, sign_in: SignIn) -> None:
    old = unit.name
    rename_unit(unit=unit, staff=wang, name="示例新局", fiscal_year=2024)
    text = sign_in(wang).get(page("units"), {"q": old}).content.decode()
    assert "示例新局" in text
    assert f"{old}（至 2023 年）" in text
    assert "没有找到" in sign_in(wang).get(page("units"), {"q": "查无此站"}).content.decode()


def test_the_list_of_units_asks_as_often_for_many_as_for_few(
    unit: Unit, department: Department, wang: StaffMember, sign_in: SignIn
) -> None:
    client, counts = sign_in(wang), []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(page("units"))
        counts.append(len(queries))
        for each in range(10):
            made = factories.make_unit(department, f"示例{number}站{each}")
            rename_unit(unit=made, staff=wang, name=f"示例{number}新站{each}", fiscal_year=2024)
    assert counts[0] == counts[1]


def test_a_unit_with_a_book_is_changed_by_the_bureau_and_not_in_the_register(
    unit: Unit, draft: Filing, system_admin: StaffMember, sign_in: SignIn
) -> None:
    old = unit.name
    data = {"name": "改名", "code": "900999", "kind": "administrative", "department": "1"}
    assert sign_in(system_admin).post(register(unit), data).status_code == 403
    unit.refresh_from_db()
    assert (unit.name, unit.code == "900999") == (old, False)


def test_a_unit_nobody_filed_for_is_still_corrected_in_the_register(
    department: Department, system_admin: StaffMember, sign_in: SignIn
) -> None:
    made = factories.make_unit(department, "示例错站")
    inlines = {
        f"former_names-{key}": "0"
        for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    data = {
        "name": "示例对站",
        "code": made.code,
        "kind": "administrative",
        "department": str(department.pk),
        "first_fiscal_year": "2024",
    }
    assert sign_in(system_admin).post(register(made), data | inlines).status_code == 302
    made.refresh_from_db()
    assert made.name == "示例对站"
