"""A unit's template as a person fills it in: every figure and row of a book typed into its cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from budgets.excel.marks import CODE_COLUMN, FIRST_COLUMN, FIRST_ROW, shown
from budgets.excel.template import row_mark
from budgets.excel.writing import sheet_title
from budgets.list_fields import Holds, file_columns, text_of
from budgets.workbook import BudgetLists, CellSnapshot, WorkbookSnapshot
from rulebook.amounts import MoneyUnit
from rulebook.layouts import ListLayout, SheetLayout, load_layout
from tests.budgets.excel.files import edited

WAN = MoneyUnit.WAN


def line_of(page: Any, text: str) -> int:
    """The line whose first column says so, else the first spare one, which then says so."""
    for line in range(FIRST_ROW, page.max_row + 1):
        cell = page.cell(line, CODE_COLUMN)
        if cell.value in (None, "", text):
            cell.value = text
            return line
    raise AssertionError(text)


def type_cell(page: Any, sheet: SheetLayout, cell: CellSnapshot) -> None:
    columns = [column.key for column in sheet.columns]
    line = line_of(page, row_mark(sheet, cell.row))
    assert cell.value is not None
    typed = shown(cell.value, WAN, sheet.kind_of(cell.row))
    page.cell(line, FIRST_COLUMN + columns.index(cell.column)).value = typed


def type_rows(page: Any, layout: ListLayout, lists: BudgetLists, names: Mapping[str, str]) -> None:
    for line, row in enumerate(getattr(lists, layout.key), FIRST_ROW):
        for at, (_, spec) in enumerate(file_columns(layout), 1):
            if spec.holds in (Holds.SHOWN, Holds.NUMBER):
                continue
            value = text_of(row, spec, names)
            if spec.holds is Holds.AMOUNT and value is not None:
                value = shown(value, WAN, "money")  # type: ignore[arg-type]
            page.cell(line, at).value = value


def filled_template(
    data: bytes, book: WorkbookSnapshot, lists: BudgetLists, names: Mapping[str, str]
) -> bytes:
    """An empty template in 万元 with the figures of a book and the rows of its unit's lists."""
    layout = load_layout(book.layout)

    def fill(xlsx: Any) -> None:
        for cell in book.cells:
            sheet = layout.sheet(cell.sheet)
            type_cell(xlsx[sheet_title(sheet)], sheet, cell)
        for each in layout.lists:
            type_rows(xlsx[sheet_title(each)], each, lists.of(book.book), names)

    return edited(data, fill)
