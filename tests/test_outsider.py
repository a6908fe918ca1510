"""The outsider walks every route there is with 林's ids and reads not one word of hers (T01–T06).

The routes come from the resolver: a new one is walked by itself, and one with a converter that
``Marked.values`` does not know fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from django.db import models
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from budgets.models import Project, Workbook
from departments.models import Department, Role, StaffMember
from departments.site import site
from filings.models import Filing
from filings.states import State
from performance.models import TargetDeclaration
from reviews.models import Remark, Waiver
from tests import factories
from tests.conftest import Share, SignIn
from tests.marked import REGISTER, SECRET, Marked, in_state, make_marked, roots
from tests.routes import Route, UnfilledRoute, all_routes

pytestmark = pytest.mark.django_db
OTHER_REGION = "420106"
DEFAULT_STATE = State.SUBMITTED
STATES = [State.RETURNED, State.APPROVED]

# What a route with an id of 林's may answer someone else: gone, refused, wrong method, or sent
# away (the admin sends to its index, anonymous people to the sign-in page).
REFUSED = {302, 301, 403, 404, 405}
# A POST that lacks what a form needs is an error in the form; one without a table, a bad request.
ANSWERED = {200, *REFUSED}
EVERYBODYS = {
    "budgets/functionalcode",
    "budgets/economiccode",
    "budgets/procurementitem",
    "budgets/servicedirectoryentry",
    "performance/libraryindicator",
}
REGISTERS = {
    "departments/department",
    "departments/unit",
    "departments/fiscalyear",
    "departments/staffmember",
}
POSTED = {
    "reason": "x",
    "text": "x",
    "declared": "on",
    "document_no": "x",
    "issued_on": "2024-01-01",
    "take_back": "1",
    "post": "yes",
    "status": "published",
    "state": "published",
    "version": "1",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def files_of_the_tests(settings: object, folder: Path) -> None:
    for name, path in roots(folder).items():
        setattr(settings, name, path)


@pytest.fixture(scope="module")
def made(share: Share, folder: Path) -> Marked:
    """林's filing for all tests of the module; each takes a copy, ``in_state``."""
    return share(lambda: make_marked(folder))


@pytest.fixture
def marked(db: None, made: Marked, request: pytest.FixtureRequest) -> Marked:
    return in_state(made, getattr(request, "param", DEFAULT_STATE))


def colleague(role: Role) -> StaffMember:
    """外 and her colleague, of another department in the same region."""
    other = Department.objects.filter(code="999777").first()
    if other is None:
        other = factories.make_department("示例部门乙", "999777")
        factories.make_unit(other)
    return factories.make_staff(f"wai_{role}", role, department=other)


def elsewhere(role: Role) -> StaffMember:
    """Someone of the bureau of another region."""
    return factories.make_staff(f"far_{role}", role, region=factories.make_region(OTHER_REGION))


OUTSIDERS: dict[str, Callable[[], StaffMember | None]] = {
    "preparer": lambda: colleague(Role.PREPARER),
    "internal_reviewer": lambda: colleague(Role.INTERNAL_REVIEWER),
    "bureau_reviewer": lambda: elsewhere(Role.BUREAU_REVIEWER),
    "publisher": lambda: elsewhere(Role.PUBLISHER),
    "system_admin": lambda: factories.make_staff("guanli", Role.SYSTEM_ADMIN),
    "superuser": lambda: factories.make_staff("root", Role.SYSTEM_ADMIN, is_superuser=True),
    "anonymous": lambda: None,
}


EVERY_RUN = ("preparer", "bureau_reviewer", "anonymous")
WALKERS = [
    name if name in EVERY_RUN else pytest.param(name, marks=pytest.mark.slow) for name in OUTSIDERS
]
"""Who walks every address: three in every run, all of them in CI."""


def enter(name: str) -> Client:
    client, staff = Client(), OUTSIDERS[name]()
    if staff is not None:
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response: HttpResponseBase) -> str:
    """All that came back: the body, of files too, and the headers."""
    body = response.getvalue() if response.streaming else response.content
    return body.decode("utf-8", "replace") + str(dict(response.items()))


def forbidden(name: str, marked: Marked) -> tuple[str, ...]:
    """A system administrator keeps the registers; for everyone else their rows are foreign, too."""
    if name in {"system_admin", "superuser"}:
        return marked.secrets
    return (*marked.secrets, REGISTER)


def is_foreign(route: Route, name: str) -> bool:
    """Whether the route names a row this person may not see."""
    if not route.wants or route.model in EVERYBODYS:
        return False
    return not (name in {"system_admin", "superuser"} and route.model in REGISTERS)


def answers(
    client: Client, address: str, data: dict[str, str] | None
) -> Iterator[HttpResponseBase]:
    """The answer to a GET or POST and the page it leads to."""
    first = client.get(address) if data is None else client.post(address, data)
    yield first
    where = first.get("Location", "")
    if where:
        assert where.startswith("/"), where
        yield client.get(where)


def walk(client: Client, name: str, marked: Marked, data: dict[str, str] | None) -> int:
    """Visit every address; returns how many there were."""
    count, values = 0, marked.values()
    for route in all_routes():
        if route.name == "logout":
            continue
        if data is not None and route.model:
            values = marked.values()  # an administrator may have deleted a row of a catalogue
        allowed = REFUSED if is_foreign(route, name) else ANSWERED
        for address in route.addresses(values):
            found = list(answers(client, address, data))
            assert found[0].status_code in allowed, (address, found[0].status_code)
            for response in found:
                text = text_of(response)
                leaks = [mark for mark in forbidden(name, marked) if mark in text]
                assert not leaks, (address, leaks)
            count += 1
    return count


@pytest.mark.parametrize("name", WALKERS)
def test_an_outsider_reads_and_writes_nothing_at_any_address(name: str, marked: Marked) -> None:
    before, client = marked.state(), enter(name)
    assert walk(client, name, marked, None) > 150
    assert walk(client, name, marked, POSTED) > 150
    assert marked.state() == before


@pytest.mark.parametrize("marked", STATES, indirect=True)
def test_no_state_before_publication_is_public(client: Client, marked: Marked) -> None:
    values = marked.values()
    for route in all_routes():
        if not route.is_staff:
            for address in route.addresses(values):
                text = text_of(client.get(address)) + text_of(client.get(f"{address}?q={SECRET}x"))
                text = text.replace(f'value="{SECRET}x"', "")
                assert SECRET not in text, address
                assert REGISTER not in text, address


# The walks can only fail if the marks are there to be seen.


def seen_by(staff: StaffMember, marked: Marked, sign_in: SignIn) -> str:
    client, values = sign_in(staff), marked.values()
    return "".join(
        text_of(client.get(address))
        for route in all_routes()
        if route.is_staff and route.name != "logout"
        for address in route.addresses(values)
    )


@pytest.mark.slow
@pytest.mark.parametrize("marked", [State.DRAFT], indirect=True)
def test_the_marks_are_there_for_the_preparer(marked: Marked, sign_in: SignIn) -> None:
    text = seen_by(marked.lin, marked, sign_in)
    words = ("文字", "原因", "重点工作", "项目", "总体目标", "自评表", "绩效问题")
    words = (*words, "批复", "已发意见", "答复", "上传", "进度", "退回原因", "扣分", "文件")
    for word in (*words, "采购", "服务", "监控措施", "调整理由"):
        assert f"{SECRET}{word}" in text, word
    for mark in (*marked.secrets, f"{REGISTER}部门", f"{REGISTER}单位", f"{REGISTER}姓名"):
        assert mark in text, mark
    assert "未发意见" not in text


@pytest.mark.slow
def test_the_marks_are_there_for_the_bureau(marked: Marked, sign_in: SignIn) -> None:
    wang = StaffMember.objects.get(username="wang")
    text = seen_by(wang, marked, sign_in)
    for word in ("文字", "原因", "自评表", "未发意见", "已发意见", "豁免", "上传"):
        assert f"{SECRET}{word}" in text, word


def test_a_route_nobody_filled_in_fails_the_walk(marked: Marked) -> None:
    new = Route("work/filings/<uuid:filing>/annexes/<int:annex>/", "annex")
    with pytest.raises(UnfilledRoute, match="annex"):
        new.addresses(marked.values())


def test_the_walk_knows_the_pages_of_the_admin_and_ours() -> None:
    names = {route.name for route in all_routes()}
    assert {
        "filing_overview",
        "autocomplete",
        "jsi18n",
        "password_change",
        "rendered_file",
    } <= names
    assert {"budgets_project_history", "budgets_project_delete", "view_on_site", "data"} <= names


# One's own filing in the address, 林's ids behind it.


@pytest.fixture
def wai() -> StaffMember:
    return colleague(Role.PREPARER)


@pytest.fixture
def own(wai: StaffMember) -> Workbook:
    assert wai.department is not None
    return factories.make_workbook(factories.make_filing(wai.department, wai))


@pytest.mark.parametrize("data", [None, POSTED], ids=["get", "post"])
def test_inner_ids_of_another_filing_are_not_found(
    marked: Marked, wai: StaffMember, own: Workbook, sign_in: SignIn, data: dict[str, str] | None
) -> None:
    before, client = marked.state(), sign_in(wai)
    values = marked.values() | {"filing": [own.filing.public_id], "subject": [marked.project.code]}
    inner = {"book", "upload", "result", "job", "remark", "subject", "month", "change"}
    walked = 0
    for route in all_routes():
        if "filing" in route.wants and inner & set(route.wants):
            for address in route.addresses(values):
                for response in answers(client, address, data):
                    assert response.status_code in {404, 403, 405}, address
                    assert SECRET not in text_of(response), address
                walked += 1
    assert walked > 10
    assert marked.state() == before


@pytest.mark.parametrize("name", ["preparer", "system_admin", "bureau_reviewer"])
def test_deleting_a_remark_of_another_filing_is_refused(name: str, marked: Marked) -> None:
    address = reverse("work:filing_drop_remark", args=[marked.filing.public_id, marked.unsent.pk])
    assert enter(name).post(address).status_code in {403, 404}
    assert Remark.objects.filter(pk=marked.unsent.pk).exists()


# Lists, choices and look-ups of the admin.


def lists() -> list[str]:
    return [
        reverse(f"work:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in site._registry
    ]


LOOKUPS = [
    "department__staff__password__startswith=m",
    "unit__department__staff__password__startswith=m",
    "filing__opened_by__password__startswith=m",
    "filing__department__name__startswith=" + REGISTER,
    "password__startswith=m",
    "name__startswith=" + SECRET,
    "unit__name__contains=" + REGISTER,
    "first_fiscal_year__in=2023&unit=1",
    "kind__unit__name=x",
    "is_superuser__exact=1",
]


@pytest.mark.parametrize("name", ["preparer", "bureau_reviewer", "system_admin"])
def test_a_lookup_in_the_address_is_refused(name: str, marked: Marked) -> None:
    """400, or 403 where the list is not theirs; the same whether a row would match or not."""
    client = enter(name)
    for address, lookup in product(lists(), LOOKUPS):
        response = client.get(f"{address}?{lookup}")
        assert response.status_code in {302, 400, 403}, (address, lookup)


@pytest.mark.parametrize("name", ["preparer", "bureau_reviewer"])
def test_searching_sorting_and_popups_tell_nothing(name: str, marked: Marked) -> None:
    client = enter(name)
    queries = [f"q={SECRET}", f"q={marked.project.code}", "_popup=1&_to_field=id", "o=-1.2.3.4.5"]
    queries += ["_facets=True", "all=", "p=99", "_to_field=password", "e=1", "list_editable=1"]
    for address in lists():
        for query in queries:
            text = text_of(client.get(f"{address}?{query}")).replace(f'value="{SECRET}"', "")
            text = text.replace(f"q={SECRET}", "")
            assert f"{SECRET}项目" not in text, (address, query)
            assert f"{SECRET}自评表" not in text, (address, query)
            assert REGISTER not in text, (address, query)


def foreign_keys() -> list[tuple[str, str, str]]:
    return [
        (model._meta.app_label, str(model._meta.model_name), field.name)
        for model in site._registry
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    ]


@pytest.mark.parametrize("name", ["preparer", "bureau_reviewer", "system_admin"])
def test_autocomplete_offers_nothing_foreign(name: str, marked: Marked) -> None:
    client = enter(name)
    for app, model, field in foreign_keys():
        query = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
        response = client.get(reverse("work:autocomplete"), query)
        assert response.status_code in {200, 403, 404}
        for mark in forbidden(name, marked):
            assert mark not in text_of(response), (app, model, field)


def test_the_list_of_routes_of_the_admin_has_no_actions(marked: Marked) -> None:
    """Select-across and bulk deletion have no way in."""
    client = sign_in_as(marked.lin)
    data = {"action": "delete_selected", "select_across": "1", "_selected_action": "1", "post": "y"}
    for model, registered in site._registry.items():
        assert registered.actions is None, model
    for address in lists():
        client.post(address, data)
    assert Project.objects.filter(pk=marked.project.pk).exists()
    assert TargetDeclaration.objects.filter(pk=marked.declaration.pk).exists()


def sign_in_as(staff: StaffMember) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


# A posted id of 林's is an error of the field.


PROJECT = {"code": "42011123999T000000009", "name": "示例新项目", "first_fiscal_year": "2023"}


def test_a_foreign_unit_is_an_error_of_the_field(
    marked: Marked, wai: StaffMember, own: Workbook
) -> None:
    client = sign_in_as(wai)
    data = PROJECT | {"unit": str(marked.workbook.unit_id)}
    response = client.post(reverse("work:budgets_project_add"), data)
    assert response.status_code == 200
    assert "unit" in response.context["adminform"].form.errors
    assert REGISTER not in text_of(response)
    assert not Project.objects.filter(code=PROJECT["code"]).exists()
    data["unit"] = str(own.unit_id)
    assert client.post(reverse("work:budgets_project_add"), data).status_code == 302


def test_the_choices_of_a_foreign_key_are_ones_own(
    marked: Marked, wai: StaffMember, own: Workbook
) -> None:
    page = sign_in_as(wai).get(reverse("work:budgets_project_add")).content.decode()
    assert own.unit.name in page
    assert REGISTER not in page


def test_a_project_cannot_be_moved_to_another_department(
    marked: Marked, wai: StaffMember, own: Workbook
) -> None:
    project = factories.make_project(own.unit)
    data = PROJECT | {"unit": str(marked.workbook.unit_id)}
    address = reverse("work:budgets_project_change", args=[project.pk])
    response = sign_in_as(wai).post(address, data)
    assert "unit" in response.context["adminform"].form.errors
    project.refresh_from_db()
    assert project.unit_id == own.unit_id


def test_a_foreign_department_cannot_be_given_a_waiver(marked: Marked) -> None:
    client = enter("bureau_reviewer")
    data = {
        "department": str(marked.filing.department_id),
        "fiscal_year": str(marked.filing.fiscal_year_id),
        "kind": marked.filing.kind,
        "check_id": "FA-102",
        "reason": "x",
        "expires_on": "2099-01-01",
    }
    response = client.post(reverse("work:waivers"), data)
    assert response.status_code == 200
    assert "department" in response.context["form"].errors
    assert Waiver.objects.count() == 1


def test_a_figure_of_a_foreign_project_is_not_taken(
    marked: Marked, wai: StaffMember, own: Workbook
) -> None:
    before = marked.state()
    data = {f"{marked.project.pk}:actual": "1", f"{marked.project.pk}:actual:original": ""}
    address = reverse("work:filing_projects", args=[own.filing.public_id])
    response = sign_in_as(wai).post(address, data)
    assert SECRET not in text_of(response)
    assert marked.state() == before


def test_a_confirmation_of_someone_else_is_worth_nothing(
    marked: Marked, wai: StaffMember, own: Workbook
) -> None:
    """林's own token of her preview, brought by 外 to her own preview and to 林's (T03)."""
    Filing.objects.filter(pk=marked.filing.pk).update(state=State.DRAFT)
    values = [marked.filing.public_id, marked.workbook.unit.code, marked.upload.sha256]
    address = reverse("work:filing_import_preview", args=values)
    token = sign_in_as(marked.lin).get(address).context["token"]
    before = marked.state()
    upload = marked.upload
    upload.pk, upload.filing, upload.workbook = None, own.filing, own
    upload.save()
    mine = reverse(
        "work:filing_import_preview", args=[own.filing.public_id, own.unit.code, upload.sha256]
    )
    client = sign_in_as(wai)
    assert client.post(address, {"token": token}).status_code == 404
    page = client.post(mine, {"token": token}, follow=True).content.decode()
    assert "确认已失效" in page
    assert marked.state() == before
    assert not own.cells.exists()


def test_posted_fields_of_an_account_change_only_what_the_form_has(marked: Marked) -> None:
    """T08: a system administrator's form does not make superusers."""
    client = enter("system_admin")
    address = reverse("work:departments_staffmember_change", args=[marked.lin.pk])
    data = {
        "username": "lin",
        "display_name": "林",
        "is_active": "on",
        "role": Role.PREPARER.value,
        "department": str(marked.filing.department_id),
        "is_superuser": "on",
        "user_permissions": "1",
        "password": "x",
    }
    assert client.post(address, data).status_code == 302
    lin = StaffMember.objects.get(pk=marked.lin.pk)
    assert (lin.display_name, lin.is_superuser, lin.password) == ("林", False, marked.lin.password)


# Rights end with the next request.


def test_a_removed_right_ends_with_the_next_request(marked: Marked) -> None:
    client = sign_in_as(marked.lin)
    address = reverse("work:filing_texts", args=[marked.filing.public_id])
    assert client.get(address).status_code == 200
    StaffMember.objects.filter(pk=marked.lin.pk).update(
        department=colleague(Role.PREPARER).department
    )
    assert client.get(address).status_code == 404
    StaffMember.objects.filter(pk=marked.lin.pk).update(is_active=False)
    assert client.get(address).status_code == 302


def test_an_account_made_by_a_system_administrator_can_sign_in(
    client: Client, marked: Marked
) -> None:
    data = {
        "username": "xinlai",
        "display_name": "新来",
        "role": Role.PREPARER.value,
        "department": str(marked.filing.department_id),
        "password1": "Zhang-2023-xin",
        "password2": "Zhang-2023-xin",
    }
    enter("system_admin").post(reverse("work:departments_staffmember_add"), data)
    entered = {"username": "xinlai", "password": "Zhang-2023-xin"}
    assert client.post(reverse("work:login"), entered).status_code == 302
