"""The pages of a workbook, as 林 uses them and as 外 must not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import Cell, CellChange, Workbook
from departments.models import StaffMember
from filings.models import Filing
from filings.states import State
from tests.conftest import SignIn

SHEET = "expenditure_sheet"


def sheet_url(book: Workbook, sheet: str = SHEET, page: str = "filing_sheet") -> str:
    return reverse(f"work:{page}", args=[book.filing.public_id, book.unit.code, sheet])


def field(row: str, column: str, value: str, version: int = 0, shown: str = "") -> dict[str, str]:
    return {f"c:{row}:{column}": value, f"o:{row}:{column}": f"{version}|{shown}"}


@pytest.fixture
def client_of_lin(lin: StaffMember, sign_in: SignIn) -> Client:
    return sign_in(lin)


def test_a_sheet_shows_inputs_computed_cells_and_progress(
    client_of_lin: Client, clean_book: Workbook
) -> None:
    page = client_of_lin.get(sheet_url(clean_book)).content.decode()
    assert 'name="c:2040201:basic" value="100,000.00"' in page
    assert 'data-derived="total:total"' in page
    assert 'name="c:total:total"' not in page
    assert "行政运行" in page
    assert "13 张表已填 8 张，0 张有误" in page
    assert "<script>" not in page
    assert "style=" not in page


def test_the_unit_switch_shows_exact_amounts(client_of_lin: Client, clean_book: Workbook) -> None:
    page = client_of_lin.get(sheet_url(clean_book) + "?unit=wan").content.decode()
    assert 'value="0.234567"' in page
    assert 'value="10.00"' in page


def test_saving_keeps_what_is_right_and_gives_back_what_is_wrong(
    client_of_lin: Client, clean_book: Workbook
) -> None:
    data = field("2040202", "project", "约三千", 1, "2,345.67")
    data |= field("2040202", "commercial_expenditure", "1，000.50")
    page = client_of_lin.post(sheet_url(clean_book), data | {"unit": "yuan"}).content.decode()
    assert 'value="约三千"' in page
    assert "“约三千”不是一个数字" in page
    stored = Cell.objects.get(row="2040202", column="commercial_expenditure")
    assert f"{stored.value}" == "1000.50"
    assert f"{Cell.objects.get(sheet=SHEET, row='2040202', column='project').value}" == "2345.67"


def test_a_sheet_in_wan_is_read_in_wan(client_of_lin: Client, clean_book: Workbook) -> None:
    data = field("2040202", "project", "12.34", 1, "0.234567") | {"unit": "wan"}
    assert client_of_lin.post(sheet_url(clean_book), data).status_code == 302
    cell = Cell.objects.get(sheet=SHEET, row="2040202", column="project")
    assert (f"{cell.value}", cell.declared_unit, cell.declared_decimals) == (
        "123400.00",
        "wan",
        2,
    )


def test_untouched_inputs_are_no_edits(client_of_lin: Client, clean_book: Workbook) -> None:
    data = field("2040201", "basic", "100,000.00", 1, "100,000.00")
    assert client_of_lin.post(sheet_url(clean_book), data).status_code == 302
    assert not CellChange.objects.exists()


def test_two_people_in_one_cell_are_both_shown(client_of_lin: Client, clean_book: Workbook) -> None:
    Cell.objects.filter(sheet=SHEET, row="2040202", column="project").update(
        value="777.00", version=2
    )
    data = field("2040202", "project", "888", 1, "2,345.67")
    page = client_of_lin.post(sheet_url(clean_book), data).content.decode()
    assert "777.00" in page
    assert 'value="888"' in page
    assert 'value="mine|2|777.00"' in page
    assert Cell.objects.get(sheet=SHEET, row="2040202", column="project").value == 777


def test_a_code_row_is_added_from_the_catalogue_without_losing_what_was_typed(
    client_of_lin: Client, clean_book: Workbook
) -> None:
    data = field("2040202", "project", "5", 1, "2,345.67")
    data |= {"add": "1", "new_code": "2080505 机关事业单位基本养老保险缴费支出"}
    page = client_of_lin.post(sheet_url(clean_book), data).content.decode()
    assert 'name="c:2080505:basic"' in page
    assert 'name="c:2040202:project" value="5"' in page
    data["new_code"] = "2080999999"
    page = client_of_lin.post(sheet_url(clean_book), data).content.decode()
    assert "不是本表的明细科目编码" in page


def test_a_posted_computed_cell_is_refused(client_of_lin: Client, clean_book: Workbook) -> None:
    client_of_lin.post(sheet_url(clean_book), field("total", "basic", "1"))
    assert not Cell.objects.filter(sheet=SHEET, row="total").exists()


def test_the_live_check_answers_without_saving(client_of_lin: Client, clean_book: Workbook) -> None:
    data = field("2040201", "basic", "50000", 1, "100,000.00")
    answer = client_of_lin.post(sheet_url(clean_book, page="filing_sheet_check"), data).json()
    assert answer["derived"]["total:total"] == "52,345.67"
    assert "FA-214" in answer["ids"]
    assert any("FA-214" in answer["findings"] and words for words in answer["cells"].values())
    assert not answer["errors"]
    assert Cell.objects.get(sheet=SHEET, row="2040201", column="basic").value == 100000


def test_findings_stand_beside_the_cell_and_in_the_panel(
    client_of_lin: Client, clean_book: Workbook
) -> None:
    client_of_lin.post(sheet_url(clean_book), field("2040201", "basic", "99000", 1, "100,000.00"))
    page = client_of_lin.get(sheet_url(clean_book)).content.decode()
    assert "FA-214" in page
    assert 'class="figure wrong" id="cell-2040201-basic"' in page
    assert "相差" in page
    assert "，0 张有误" not in page


def test_a_submitted_filing_is_read_only(
    client_of_lin: Client, wang: StaffMember, sign_in: SignIn, clean_book: Workbook
) -> None:
    Filing.objects.update(state=State.SUBMITTED)
    assert 'name="c:' not in client_of_lin.get(sheet_url(clean_book)).content.decode()
    posted = client_of_lin.post(sheet_url(clean_book), field("2040201", "basic", "1"))
    assert posted.status_code == 403
    page = sign_in(wang).get(sheet_url(clean_book)).content.decode()
    assert "100,000.00" in page
    assert 'name="c:' not in page


def test_a_reviewer_may_not_write_a_draft(
    internal_reviewer: StaffMember, sign_in: SignIn, clean_book: Workbook
) -> None:
    client = sign_in(internal_reviewer)
    assert client.post(sheet_url(clean_book), field("2040201", "basic", "1")).status_code == 403
    assert Cell.objects.get(sheet=SHEET, row="2040201", column="basic").value == 100000


def test_unknown_books_and_sheets_do_not_exist(client_of_lin: Client, clean_book: Workbook) -> None:
    assert client_of_lin.get(sheet_url(clean_book, "nothing")).status_code == 404
    address = reverse("work:filing_sheet", args=[clean_book.filing.public_id, "000", SHEET])
    assert client_of_lin.get(address).status_code == 404


def test_a_page_asks_as_often_for_many_cells_as_for_few(
    client_of_lin: Client, clean_book: Workbook
) -> None:
    client_of_lin.get(sheet_url(clean_book))  # the first request also opens a session
    with CaptureQueriesContext(connection) as few:
        client_of_lin.get(sheet_url(clean_book))
    Cell.objects.bulk_create(
        Cell(workbook=clean_book, sheet=SHEET, row=f"20805{n:02d}", column="basic", value=n)
        for n in range(1, 60)
    )
    with CaptureQueriesContext(connection) as many:
        client_of_lin.get(sheet_url(clean_book))
    assert len(many) == len(few)
    assert len(few) <= 14
