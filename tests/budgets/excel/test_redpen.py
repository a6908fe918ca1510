"""The person's own file back: red cells, comments as plain text, nothing that runs."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from budgets.excel.gate import inspect
from budgets.excel.marks import PROBLEMS_TITLE
from budgets.excel.reading import read_template
from budgets.excel.redpen import AUTHOR, with_findings
from budgets.excel.template import write_template
from budgets.problems import problem
from rulebook.amounts import MoneyUnit
from rulebook.findings import Finding
from rulebook.layouts import load_layout
from tests.budgets.excel.files import EXPENDITURE, edited, find, with_cell
from tests.budgets.values import catalogue_names, make_book, make_mark
from tests.factories import LAYOUT

YUAN = write_template(make_book(), catalogue_names(), make_mark(), MoneyUnit.YUAN)
LINE = find(YUAN, EXPENDITURE, "2040201")
RED = "00FFC7CE"


def findings_of(data: bytes) -> list[Finding]:
    return read_template(data, load_layout(LAYOUT), make_mark()).findings


def opened(data: bytes) -> Any:
    return load_workbook(BytesIO(data))


def test_a_wrong_cell_is_red_with_the_reason_and_the_rest_is_as_it_was() -> None:
    data = with_cell(YUAN, EXPENDITURE, f"D{LINE}", "约三千")
    findings = findings_of(data)
    marked = opened(with_findings(data, findings))
    cell = marked[EXPENDITURE][f"D{LINE}"]
    assert cell.fill.fgColor.rgb == RED
    assert "IM-131" in cell.comment.text
    assert findings[0].hint in cell.comment.text
    assert cell.value == "约三千"
    original = opened(data)
    for sheet in original.worksheets:
        same = marked[sheet.title]
        values = [[c.value for c in row] for row in sheet.iter_rows()]
        assert [[c.value for c in row] for row in same.iter_rows()] == values
        assert same.protection.sheet == sheet.protection.sheet
    red = [c for row in marked[EXPENDITURE].iter_rows() for c in row if c.comment]
    assert [c.coordinate for c in red] == [f"D{LINE}"]


def test_every_finding_stands_in_the_list_those_without_a_cell_too() -> None:
    findings = [problem("IM-126", "文件里没有工作表“=1+1”。", label="=cmd|'/c calc'!A1")]
    sheet = opened(with_findings(YUAN, findings))[PROBLEMS_TITLE]
    assert [c.value for c in sheet[2]][:3] == ["错误", "IM-126", "=cmd|'/c calc'!A1"]
    assert sheet["C2"].data_type == "s"
    assert sheet["C2"].quotePrefix


def test_the_marked_file_mended_and_sent_again_is_clean() -> None:
    data = with_cell(YUAN, EXPENDITURE, f"D{LINE}", "约三千")
    marked = with_findings(data, findings_of(data))
    assert inspect(marked, most_bytes=len(marked)) == []
    mended = with_cell(marked, EXPENDITURE, f"D{LINE}", 5)
    assert findings_of(mended) == []
    again = opened(with_findings(mended, []))
    assert again[EXPENDITURE][f"D{LINE}"].comment is None
    assert again[EXPENDITURE][f"D{LINE}"].fill.fgColor.rgb != RED
    assert again.sheetnames.count(PROBLEMS_TITLE) == 1


def test_a_finding_in_merged_cells_and_a_colleagues_comment() -> None:
    def change(xlsx: Any) -> None:
        sheet = xlsx[EXPENDITURE]
        sheet.merge_cells(f"D{LINE}:E{LINE}")
        sheet[f"D{LINE}"].comment = Comment("请核对", "同事")

    found = problem("IM-131", "单元格是文本。", places=(f"upload/{EXPENDITURE}/E{LINE}",))
    cell = opened(with_findings(edited(YUAN, change), [found]))[EXPENDITURE][f"D{LINE}"]
    assert cell.fill.fgColor.rgb == RED
    assert "原批注：请核对" in cell.comment.text
    assert cell.comment.author == AUTHOR


@pytest.mark.parametrize(
    "formula",
    [
        "=cmd|'/c calc'!A0",
        '=HYPERLINK("x","点这里")',
        "=[1]Sheet1!A1",
        '=WEBSERVICE("x")',
        r'=INDIRECT("\\server\a")',
    ],
)
def test_formulas_that_reach_out_come_back_as_words(formula: str) -> None:
    data = with_cell(YUAN, EXPENDITURE, f"D{LINE}", formula)
    cell = opened(with_findings(data, []))[EXPENDITURE][f"D{LINE}"]
    assert cell.data_type == "s"
    assert cell.value == formula
    assert cell.quotePrefix


def test_an_innocent_formula_stays_one() -> None:
    data = with_cell(YUAN, EXPENDITURE, f"D{LINE}", "=SUM(E9:E10)")
    assert opened(with_findings(data, []))[EXPENDITURE][f"D{LINE}"].data_type == "f"


def test_markup_in_a_cell_is_text_in_the_comment() -> None:
    data = with_cell(YUAN, EXPENDITURE, f"D{LINE}", "<script>alert(1)</script>&\u202e")
    marked = with_findings(data, findings_of(data))
    assert "<script>alert(1)" in opened(marked)[EXPENDITURE][f"D{LINE}"].comment.text
    parts = zipfile.ZipFile(BytesIO(marked))
    comments = [parts.read(n) for n in parts.namelist() if "comment" in n and n.endswith(".xml")]
    assert comments
    assert not any(b"<script" in part for part in comments)


def test_places_that_are_no_cells_and_control_characters_harm_nothing() -> None:
    found = problem(
        "IM-131", "a\x01b", label="\x02", places=("upload/不存在/A1", "upload/x/../B", "cell/a/b")
    )
    assert PROBLEMS_TITLE in opened(with_findings(YUAN, [found])).sheetnames
