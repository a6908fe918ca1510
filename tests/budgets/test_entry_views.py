"""What the grid asks of the server: check, save, and the page of a cell."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import Cell, CellChange, Workbook
from budgets.services import write_note
from departments.models import StaffMember
from filings.models import Filing
from filings.services import FilingLocked
from filings.states import State
from rulebook.addresses import CellRef
from tests import factories
from tests.budgets.test_pages import SHEET, field, sheet_url
from tests.conftest import SignIn

PROJECT = CellRef(SHEET, "2040202", "project")


@pytest.fixture
def client_of_lin(lin: StaffMember, sign_in: SignIn) -> Client:
    return sign_in(lin)


@pytest.fixture
def save(client_of_lin: Client, clean_book: Workbook) -> str:
    return sheet_url(clean_book, page="filing_sheet_save")


def cell_url(book: Workbook, ref: CellRef = PROJECT, more: str = "") -> str:
    address = sheet_url(book, ref.sheet, "filing_cell")
    return f"{address}?row={ref.row}&column={ref.column}{more}"


def stored(ref: CellRef = PROJECT) -> Cell:
    return Cell.objects.get(**ref._asdict())


def test_saving_answers_with_the_sheet_as_it_is_now(client_of_lin: Client, save: str) -> None:
    data = field("2040202", "project", "5，000", 1, "2,345.67")
    data |= field("2040202", "basic", "约三千") | field("total", "basic", "1")
    answer = client_of_lin.post(save, data).json()
    assert answer["cells"]["2040202:project"] == {
        "text": "5,000.00",
        "original": "2|5,000.00",
        "why": answer["cells"]["2040202:project"]["why"],
    }
    assert answer["cells"]["total:total"]["text"] == "105,000.00"
    assert answer["errors"]["2040202:basic"] == "“约三千”不是一个数字。"
    assert "由系统计算" in answer["errors"]["total:basic"]
    assert "张表已填" in answer["progress"]
    assert stored().value == 5000


def test_a_colleagues_figure_comes_back_with_both_values(client_of_lin: Client, save: str) -> None:
    Cell.objects.filter(**PROJECT._asdict()).update(value="777.00", version=2)
    data = field("2040202", "project", "888", 1, "2,345.67")
    answer = client_of_lin.post(save, data).json()
    assert "mine|2|777.00" in answer["conflicts"]["2040202:project"]
    assert stored().value == 777
    chosen = {"k:2040202:project": "theirs|2|777.00"}
    assert not client_of_lin.post(save, data | chosen).json()["conflicts"]
    assert stored().value == 777
    chosen = {"k:2040202:project": "mine|2|777.00"}
    assert not client_of_lin.post(save, data | chosen).json()["conflicts"]
    assert stored().value == 888


def test_the_other_unit_changes_no_figure_and_no_version(client_of_lin: Client, save: str) -> None:
    data = {"unit": "wan"} | field("2040202", "project", "0.234567", 1, "0.234567")
    answer = client_of_lin.post(save, data).json()
    assert answer["cells"]["2040202:project"]["original"] == "1|0.234567"
    data = {"unit": "wan"} | field("2040202", "project", "0.12345678", 1, "0.234567")
    assert "小数位过多" in client_of_lin.post(save, data).json()["errors"]["2040202:project"]
    assert not CellChange.objects.exists()


def test_the_plain_form_saves_before_it_shows_the_other_unit(
    client_of_lin: Client, clean_book: Workbook
) -> None:
    data = field("2040202", "project", "6", 1, "2,345.67") | {"unit": "yuan", "then": "wan"}
    answer = client_of_lin.post(sheet_url(clean_book), data)
    assert answer["Location"].endswith("?unit=wan")
    assert stored().value == 6


@pytest.mark.parametrize("page", ["filing_sheet_check", "filing_sheet_save"])
def test_an_answer_asks_as_often_for_many_cells_as_for_few(
    client_of_lin: Client, clean_book: Workbook, page: str
) -> None:
    counts = []
    client_of_lin.get(sheet_url(clean_book))  # the first request also opens a session
    for size in (1, 50):
        data: dict[str, str] = {}
        for number in range(1, size + 1):
            data |= field("2080505", "basic", str(number))
            data |= field(f"20805{number:02d}", "project", str(size))
        with CaptureQueriesContext(connection) as queries:
            client_of_lin.post(sheet_url(clean_book, page=page), data)
        counts.append(len(queries))
    assert counts[0] <= {"filing_sheet_check": 13, "filing_sheet_save": 32}[page]
    assert counts[1] <= counts[0] + 2  # new and known cells are written apart


def test_a_total_says_how_it_is_computed(client_of_lin: Client, clean_book: Workbook) -> None:
    ref = CellRef(SHEET, "20402", "total")
    page = client_of_lin.get(cell_url(clean_book, ref)).content.decode()
    assert "= 基本支出 + 项目支出" in page
    assert "102,345.67" in page
    ref = CellRef(SHEET, "20402", "basic")
    page = client_of_lin.get(cell_url(clean_book, ref, "&unit=wan&part=1")).content.decode()
    assert page.lstrip().startswith("<h2>")
    assert "= 行政运行" in page
    assert "10.00" in page
    assert "<textarea" not in page


def test_a_cell_tells_its_history(client_of_lin: Client, clean_book: Workbook, save: str) -> None:
    client_of_lin.post(save, field("2040202", "project", "5", 1, "2,345.67"))
    client_of_lin.post(save, field("2040202", "project", "", 2, "5.00"))
    page = client_of_lin.get(cell_url(clean_book)).content.decode()
    assert page.index("5.00 → 空") < page.index("2,345.67 → 5.00")
    assert "手工填报" in page


def test_a_note_is_kept_with_its_history_and_no_new_version(
    client_of_lin: Client, clean_book: Workbook
) -> None:
    address = cell_url(clean_book)
    assert client_of_lin.post(address, {"note": "按批复", "seen": ""}).status_code == 302
    assert (stored().note, stored().version) == ("按批复", 1)
    page = client_of_lin.post(address, {"note": "另一备注", "seen": "旧"}).content.decode()
    assert "同事刚把备注改为“按批复”" in page
    assert "另一备注</textarea>" in page
    assert stored().note == "按批复"
    assert "备注改为“按批复”" in CellChange.objects.get().reason
    empty = CellRef(SHEET, "2040202", "commercial_expenditure")
    client_of_lin.post(cell_url(clean_book, empty), {"note": "<b>", "seen": ""})
    assert "&lt;b&gt;" in client_of_lin.get(sheet_url(clean_book)).content.decode()
    assert stored(empty).value is None


def test_no_note_at_a_computed_cell_or_by_a_reader(
    client_of_lin: Client,
    clean_book: Workbook,
    internal_reviewer: StaffMember,
    lin: StaffMember,
    sign_in: SignIn,
) -> None:
    total = CellRef(SHEET, "total", "basic")
    data = {"note": "x", "seen": ""}
    assert client_of_lin.post(cell_url(clean_book, total), data).status_code == 403
    with pytest.raises(KeyError):
        write_note(workbook=clean_book, staff=lin, ref=total, note="x", seen="")
    assert sign_in(internal_reviewer).post(cell_url(clean_book), data).status_code == 403
    Filing.objects.update(state=State.SUBMITTED)
    assert client_of_lin.post(cell_url(clean_book), data).status_code == 403
    clean_book.filing.refresh_from_db()
    with pytest.raises(FilingLocked):
        write_note(workbook=clean_book, staff=lin, ref=PROJECT, note="x", seen="")
    assert not CellChange.objects.exists()


def test_a_place_that_is_no_cell_does_not_exist(
    client_of_lin: Client, clean_book: Workbook
) -> None:
    places = [("", ""), ("2040202", "nothing"), ("9999999", "basic"), ("x" * 200, "\x00")]
    for row, column in places:
        address = cell_url(clean_book, CellRef(SHEET, row, column))
        assert client_of_lin.get(address).status_code == 404


def test_rows_wanted_by_a_draft_are_shown(client_of_lin: Client, clean_book: Workbook) -> None:
    page = client_of_lin.get(f"{sheet_url(clean_book)}?rows=2080505&rows=208&rows=x")
    assert 'name="c:2080505:basic"' in page.content.decode()
    assert not Cell.objects.filter(row="2080505").exists()


def test_nobody_else_reaches_a_cell_or_saves_into_it(
    clean_book: Workbook,
    wai: StaffMember,
    system_admin: StaffMember,
    sign_in: SignIn,
    lin: StaffMember,
) -> None:
    write_note(workbook=clean_book, staff=lin, ref=PROJECT, note="机密备注", seen="")
    save = sheet_url(clean_book, page="filing_sheet_save")
    for person in (wai, system_admin):
        client = sign_in(person)
        for address in (cell_url(clean_book), cell_url(clean_book, more="&part=1"), save):
            data = field("2040202", "project", "9", 1, "2,345.67") | {
                "note": "y",
                "seen": "机密备注",
            }
            for answer in (client.get(address), client.post(address, data)):
                assert answer.status_code in (403, 404, 405)
                assert "机密" not in answer.content.decode()
    assert (f"{stored().value}", stored().note) == ("2345.67", "机密备注")


def test_a_cell_is_not_reached_through_another_filing(
    clean_book: Workbook, wai: StaffMember, sign_in: SignIn
) -> None:
    theirs = factories.make_filing(wai.department, wai)
    args = [theirs.public_id, clean_book.unit.code, SHEET]
    client = sign_in(wai)
    query = f"?row={PROJECT.row}&column={PROJECT.column}"
    assert client.get(reverse("work:filing_cell", args=args) + query).status_code == 404
    assert client.post(reverse("work:filing_sheet_save", args=args)).status_code == 404
