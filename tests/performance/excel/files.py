"""Workbooks of forms and the edits people make in them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from performance.excel.comparison import FormsPlan, plan_forms
from performance.excel.found import ReadForms
from performance.excel.pages import FormPage, forms_mark
from performance.excel.reading import read_forms
from performance.excel.template import write_forms
from rulebook.amounts import MoneyUnit
from tests.budgets.excel.files import edited

YEAR = 2023
MARK = forms_mark("filing", "118", str(YEAR))


def written(pages: Sequence[FormPage], unit: MoneyUnit = MoneyUnit.WAN) -> bytes:
    return write_forms(pages, MARK, unit, title="绩效表格")


def read(data: bytes, pages: Sequence[FormPage]) -> ReadForms:
    return read_forms(data, MARK, {page.subject: [page.form] for page in pages})


def plan(data: bytes, pages: Sequence[FormPage]) -> FormsPlan:
    """What the file would change in forms that stand as ``pages``."""
    return plan_forms(read(data, pages), {page.subject: page for page in pages}, YEAR)


def sheet_of(xlsx: Any, at: int = 1) -> Any:
    """The sheet of the first form, after the cover."""
    return xlsx.worksheets[at]


def line_of(sheet: Any, mark: str) -> int:
    return next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == mark)


def labelled(sheet: Any, label: str) -> Any:
    """The cell right of a label."""
    return next(
        sheet.cell(row[0].row, 3)
        for row in sheet.iter_rows(min_col=2, max_col=2)
        if row[0].value == label
    )


def column_of(sheet: Any, table: str, head: str) -> int:
    line = line_of(sheet, table)
    return next(cell.column for cell in sheet[line] if cell.value == head)


def with_indicator_cell(data: bytes, key: str, head: str, value: object, table: str) -> bytes:
    """One cell of an indicator changed, by the head of its column."""

    def change(xlsx: Any) -> None:
        sheet = sheet_of(xlsx)
        sheet.cell(line_of(sheet, f"指标{key}"), column_of(sheet, table, head)).value = value

    return edited(data, change)


def opened(data: bytes) -> Any:
    return sheet_of(load_workbook(BytesIO(data)))
