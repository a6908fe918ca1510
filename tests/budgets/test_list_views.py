"""The pages of a budget's lists: what they show, save and ask, and for whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.checks.keys import INSTITUTION
from budgets.list_saving import RowEdit, save_rows
from budgets.models import (
    ListChange,
    ProcurementItem,
    ProcurementLine,
    Project,
    ProjectBudgetLine,
    ServiceDirectoryEntry,
)
from departments.models import Role, StaffMember, Unit
from filings.models import Filing
from filings.states import State
from tests import factories
from tests.budgets.budget_filings import file_clean_budget
from tests.budgets.checks.budget_books import UNIT
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db
PAGES = ("filing_list", "filing_list_save", "filing_list_history")
LISTS = ("project_budgets", "procurement", "purchased_services")
MARKER = "机密标记甲"


@pytest.fixture
def filed(db: None) -> tuple[Filing, StaffMember]:
    return file_clean_budget()


@pytest.fixture
def budget(filed: tuple[Filing, StaffMember]) -> Filing:
    return filed[0]


@pytest.fixture
def lin(filed: tuple[Filing, StaffMember]) -> StaffMember:
    return filed[1]


@pytest.fixture
def client_of_lin(lin: StaffMember, sign_in: SignIn) -> Client:
    return sign_in(lin)


def url(budget: Filing, list_key: str = "procurement", page: str = "filing_list") -> str:
    return reverse(f"work:{page}", args=[budget.public_id, UNIT, list_key])


def cell(key: object, column: str, text: str, original: str = "0|") -> dict[str, str]:
    return {f"c:{key}:{column}": text, f"o:{key}:{column}": original}


def first() -> ProcurementLine:
    found = ProcurementLine.objects.order_by("number").first()
    assert found is not None
    return found


def save(
    client: Client, budget: Filing, data: dict[str, str], list_key: str = "procurement"
) -> Any:
    answer = client.post(url(budget, list_key, "filing_list_save"), data)
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("list_key", LISTS)
def test_a_list_shows_its_rows_sums_and_look_ups(
    client_of_lin: Client, budget: Filing, list_key: str
) -> None:
    page = client_of_lin.get(url(budget, list_key)).content.decode()
    assert "办案业务经费" in page
    assert 'name="c:n1:' in page
    assert "17 张表已填 16 张，0 张有误" in page
    assert 'value="2040202 一般行政管理事务"' in page
    assert client_of_lin.get(url(budget, "nothing")).status_code == 404


def test_what_the_bureau_listed_is_offered(client_of_lin: Client, budget: Filing) -> None:
    ProcurementItem.objects.create(code="A02010105", name="台式计算机", first_fiscal_year=2023)
    ProcurementItem.objects.create(code="A02010104", name="服务器", first_fiscal_year=2024)
    ServiceDirectoryEntry.objects.create(code="A01", name="公共安全服务", first_fiscal_year=2023)
    items = client_of_lin.get(url(budget, "procurement")).content.decode()
    assert "A02010105 台式计算机" in items
    assert "A02010104" not in items
    services = client_of_lin.get(url(budget, "purchased_services")).content.decode()
    assert "公共安全服务" in services


def test_a_row_filled_in_is_stored_and_answered_with_the_list_as_it_is(
    client_of_lin: Client, budget: Filing
) -> None:
    data = cell("n1", "project_name", "视频监控") | cell("n1", "item", "A0201 电脑")
    data |= cell("n1", "amount", "1,0", "0|") | cell("n1", "quantity", "２")
    answer = save(client_of_lin, budget, data | {"a:n1": str(first().pk)})
    key = answer["rows"]["n1"]
    line = ProcurementLine.objects.get(pk=key)
    assert (line.number, line.item_name, line.quantity) == (2, "电脑", 2)
    assert line.project is not None
    assert line.project.name == "视频监控"
    assert answer["cells"][f"{key}:item"]["anchor"] == "cell-2-item"
    assert "千位分隔符" in answer["errors"][f"{key}:amount"]
    assert answer["numbers"][key] == ["2", 1]
    assert "张有误" in answer["progress"]
    assert "BG-305" in answer["findings"]
    assert answer["cells"][f"{key}:functional_code"]["why"]


def test_the_sum_follows_and_an_amount_too_high_is_counted_as_an_error(
    client_of_lin: Client, budget: Filing
) -> None:
    line = first()
    answer = save(client_of_lin, budget, cell(line.pk, "amount", "500", "1|50.00"))
    assert answer["cells"]["sum:amount"]["text"] == "630.00"
    assert "BG-312" in answer["findings"]
    assert f'href="{url(budget)}#cell-1-amount"' in answer["findings"]
    assert "张表已填 16 张，2 张有误" in answer["progress"]
    books = reverse("work:filing_workbooks", args=[budget.public_id])
    assert "2 张有误" in client_of_lin.get(books).content.decode()
    sheet = reverse("work:filing_sheet", args=[budget.public_id, UNIT, INSTITUTION])
    page = client_of_lin.get(sheet).content.decode()
    assert f'href="{url(budget)}#cell-1-amount"' in page
    assert "张表已填 16 张，2 张有误" in page


def test_a_project_name_that_is_not_sure_is_asked_about(
    client_of_lin: Client, budget: Filing
) -> None:
    line = first()
    typed = cell(line.pk, "project_name", "办案经费", "1|办案业务经费 42010323118T000000001")
    answer = save(client_of_lin, budget, typed)
    asked = answer["conflicts"][f"{line.pk}:project_name"]
    assert "不是本单位的项目" in asked
    assert "办案业务经费 42010323118T000000001" in asked
    line.refresh_from_db()
    assert line.project is not None
    answered = typed | {f"q:{line.pk}:project_name": "written"}
    assert not save(client_of_lin, budget, answered)["conflicts"]
    line.refresh_from_db()
    assert (line.project, line.project_name) == (None, "办案经费")


def test_a_new_project_row_waits_until_it_is_whole(client_of_lin: Client, budget: Filing) -> None:
    data = cell("n1", "name", "新设备") | cell("n1", "general_public", "5")
    answer = save(client_of_lin, budget, data, "project_budgets")
    assert answer["waiting"] == ["n1"]
    assert "新项目的，请填写项目编码" in answer["conflicts"]["n1:name"]
    data |= cell("n1", "code", "42010323118T000000009")
    answer = save(client_of_lin, budget, data, "project_budgets")
    assert answer["errors"] == {
        "n1:kind": "请填写项目类别。",
        "n1:frequency": "请填写项目类型。",
    }
    assert not Project.objects.filter(name="新设备").exists()
    data |= cell("n1", "kind", "运转类项目") | cell("n1", "frequency", "一次性项目")
    answer = save(client_of_lin, budget, data, "project_budgets")
    assert ProjectBudgetLine.objects.get(pk=answer["rows"]["n1"]).project.name == "新设备"


def test_both_values_come_back_when_a_colleague_was_first(
    client_of_lin: Client, budget: Filing
) -> None:
    mei = factories.make_staff("mei", department=budget.department, display_name="梅")
    line, unit = first(), Unit.objects.get(code=UNIT)
    edit = RowEdit(str(line.pk), {"measure": {"measure": "套"}}, version=1)
    save_rows(filing=budget, unit=unit, list_key="procurement", staff=mei, edits=[edit])
    data = cell(line.pk, "measure", "件", "1|台")
    answer = save(client_of_lin, budget, data)
    assert "梅刚把这一格改为 套，您填的是 件" in answer["conflicts"][f"{line.pk}:measure"]
    page = client_of_lin.post(url(budget), data).content.decode()
    assert 'value="mine|2|套"' in page
    assert 'value="1|台"' in page
    client_of_lin.post(url(budget), data | {f"k:{line.pk}:measure": "mine|2|套"})
    line.refresh_from_db()
    assert line.measure == "件"


def test_the_plain_form_adds_changes_and_removes_rows(
    client_of_lin: Client, budget: Filing
) -> None:
    line = first()
    data = {"unit": "yuan", "add": "1", "add_after": str(line.pk)} | cell("n1", "item", "A1 笔")
    page = client_of_lin.post(url(budget), data).content.decode()
    assert not ProcurementLine.objects.filter(item_name="笔").exists()
    assert f'name="a:n2" value="{line.pk}"' in page
    assert 'value="A1 笔"' in page
    data = {"unit": "yuan", "a:n2": str(line.pk), f"d:{line.pk}": "1"}
    data |= cell("n2", "item", "A1 笔") | cell("n1", "item", "A2 纸")
    answer = client_of_lin.post(url(budget), data)
    assert answer.status_code == 302
    names = [found.item_name for found in ProcurementLine.objects.order_by("number")]
    assert "打印机" not in names
    assert names[-1] == "纸"
    wrong = client_of_lin.post(url(budget), cell("n1", "amount", "七")).content.decode()
    assert "不是一个数字" in wrong
    assert 'value="七"' in wrong


def test_amounts_in_ten_thousands_change_nothing_by_being_shown(
    client_of_lin: Client, budget: Filing
) -> None:
    page = client_of_lin.get(f"{url(budget)}?unit=wan").content.decode()
    assert 'value="1|0.005"' in page
    data = {"unit": "yuan", "then": "wan"} | cell(first().pk, "amount", "50.00", "1|50.00")
    answer = client_of_lin.post(url(budget), data)
    assert answer["Location"].endswith("?unit=wan")
    assert not ListChange.objects.exists()


def test_the_history_tells_who_changed_what(client_of_lin: Client, budget: Filing) -> None:
    line = first()
    save(client_of_lin, budget, cell(line.pk, "amount", "49", "1|50.00"))
    address = url(budget, page="filing_list_history")
    for query in ("", f"?row={line.pk}", f"?row={line.pk}&part=1"):
        page = client_of_lin.get(f"{address}{query}").content.decode()
        assert "50.00 → 49.00" in page
        assert "林" in page
    assert "50.00" not in client_of_lin.get(f"{address}?row=999999").content.decode()


def test_a_list_asks_as_often_for_many_rows_as_for_few(
    client_of_lin: Client, budget: Filing
) -> None:
    counts = []
    client_of_lin.get(url(budget))
    for size in (1, 40):
        with CaptureQueriesContext(connection) as queries:
            client_of_lin.get(url(budget))
        counts.append(len(queries))
        data = {}
        for number in range(size):
            data |= cell(f"n{number}", "item", f"A{number} 物")
        save(client_of_lin, budget, data)
    assert counts[0] == counts[1] <= 32


@pytest.mark.parametrize("state", [State.INTERNAL_REVIEW, State.SUBMITTED, State.PUBLISHED])
def test_a_closed_list_is_read_and_not_changed(
    client_of_lin: Client, budget: Filing, state: State
) -> None:
    Filing.objects.filter(pk=budget.pk).update(state=state)
    page = client_of_lin.get(url(budget))
    assert "打印机" in page.content.decode()
    assert '<input type="text"' not in page.content.decode()
    data = cell(first().pk, "amount", "1", "1|50.00")
    for name in PAGES[:2]:
        assert client_of_lin.post(url(budget, page=name), data).status_code == 403
    assert first().amount == 50


def test_reviewers_read_a_list_and_do_not_change_it(budget: Filing, sign_in: SignIn) -> None:
    shen = factories.make_staff("shen", Role.INTERNAL_REVIEWER, department=budget.department)
    region = budget.department.region
    wang = factories.make_staff("wang", Role.BUREAU_REVIEWER, region=region)
    Filing.objects.filter(pk=budget.pk).update(state=State.SUBMITTED)
    for person in (shen, wang):
        client = sign_in(person)
        page = client.get(url(budget)).content.decode()
        assert "打印机" in page
        assert '<input type="text"' not in page
        assert client.post(url(budget), cell("n1", "amount", "1")).status_code == 403
        assert client.post(url(budget, page=PAGES[1]), {}).status_code == 403
    assert ProcurementLine.objects.count() == 4


def test_an_outsider_finds_nothing(
    budget: Filing, wai: StaffMember, system_admin: StaffMember, sign_in: SignIn
) -> None:
    Project.objects.filter(unit__code=UNIT).update(name=f"{MARKER}项目")
    ProcurementLine.objects.update(item_name=f"{MARKER}品目")
    before = list(ProcurementLine.objects.values())
    data = cell(first().pk, "amount", "1", "1|50.00") | {f"d:{first().pk}": "1"}
    for person in (wai, system_admin):
        client = sign_in(person)
        for list_key in LISTS:
            for page in PAGES:
                for answer in (
                    client.get(url(budget, list_key, page)),
                    client.post(url(budget, list_key, page), data),
                ):
                    assert answer.status_code in {403, 404, 405}
                    assert MARKER not in answer.content.decode()
    assert list(ProcurementLine.objects.values()) == before
    assert not ListChange.objects.exists()


def test_a_row_of_others_is_not_reached_through_ones_own_list(
    budget: Filing, wai: StaffMember, sign_in: SignIn
) -> None:
    """外 posts 林's row id, and 林's project code, to a list of her own."""
    unit = wai.department.units.get()  # type: ignore[union-attr]
    own = factories.make_filing(
        wai.department,  # type: ignore[arg-type]
        wai,
        kind=budget.kind,
        layout_edition=budget.layout_edition,
        outline_edition=budget.outline_edition,
    )
    factories.make_workbook(own, unit)
    Project.objects.filter(unit__code=UNIT).update(name=f"{MARKER}项目")
    address = reverse("work:filing_list_save", args=[own.public_id, unit.code, "procurement"])
    data = cell(first().pk, "amount", "1", "1|50.00") | {f"d:{first().pk}": "1"}
    data |= cell("n1", "project_name", "42010323118T000000001")
    answer = sign_in(wai).post(address, data)
    assert answer.status_code == 200
    assert MARKER not in answer.content.decode()
    assert first().amount == 50
    assert ProcurementLine.objects.filter(filing=own).count() == 0
