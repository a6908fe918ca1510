"""The published tables of the Jianghan budget as another program would export them.

Title rows, merged headers, 合计 rows, every amount as text in 万元: a recorded layout for the
import of foreign workbooks. `python -m tests.budgets.published_tables` writes the file anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.budgets.jianghan import CASES, Row, Table, read_table

FILE = CASES / "published_tables.xlsx"
SHEETS = {
    "summary": "收支总表",
    "expenditure_summary": "支出总表",
    "appropriation_summary": "财政拨款收支总表",
    "by_function": "一般公共预算支出表(分功能科目)",
    "by_unit": "一般公共预算支出表(分单位)",
    "basic_by_economic": "基本支出表",
    "three_public": "三公经费支出表",
    "government_fund": "政府性基金支出表",
    "projects": "项目支出表",
    "procurement": "政府采购表",
    "purchased_services": "政府购买服务表",
}
# The only table that prints its number.
NUMBERS = {"procurement": "预算11表"}
TITLE_ROWS = 2
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
RIGHT = Alignment(horizontal="right")
LINE = Side(style="thin")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)

# First row, first column, last row, last column, counted from the top left of the header.
Area = tuple[int, int, int, int]


def is_spanned(upper: Row, lower: Row, at: int) -> bool:
    """Say whether a blank of the upper header row belongs to the heading left of it."""
    return not upper[at] and bool(lower[at])


def merged_areas(upper: Row, lower: Row) -> Iterator[Area]:
    """Find the merged cells of two header rows: headings over columns, headings over rows."""
    starts = [at for at in range(len(upper)) if not is_spanned(upper, lower, at)]
    for first, beyond in pairwise([*starts, len(upper)]):
        if beyond - first > 1:
            yield 0, first, 0, beyond - 1
        elif upper[first] and not lower[first]:
            yield 0, first, 1, first


def add_title(sheet: Worksheet, table: Table) -> None:
    width = len(table.columns)
    sheet.append([table.title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = CENTRE
    sheet.append([NUMBERS.get(table.name)])
    unit = sheet.cell(TITLE_ROWS, width, f"单位：{table.unit_printed}")
    unit.alignment = RIGHT


def add_header(sheet: Worksheet, table: Table) -> None:
    for row in table.header:
        sheet.append([text or None for text in row])
    if len(table.header) < 2:
        return
    for top, left, bottom, right in merged_areas(*table.header):
        sheet.merge_cells(
            start_row=TITLE_ROWS + 1 + top,
            start_column=left + 1,
            end_row=TITLE_ROWS + 1 + bottom,
            end_column=right + 1,
        )


def add_rows(sheet: Worksheet, table: Table) -> None:
    for row in table.rows:
        sheet.append([text or None for text in row])
    framed = sheet.iter_rows(min_row=TITLE_ROWS + 1, max_col=len(table.columns))
    for number, cells in enumerate(framed):
        for cell in cells:
            cell.border = FRAME
            if number < len(table.header):
                cell.alignment = CENTRE
            elif cell.value is not None:
                # Text, so that a code and an amount are kept as printed.
                cell.number_format = "@"


def build() -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, title in SHEETS.items():
        table = read_table(name)
        sheet = book.create_sheet(title)
        add_title(sheet, table)
        add_header(sheet, table)
        add_rows(sheet, table)
        for at in range(1, len(table.columns) + 1):
            sheet.column_dimensions[get_column_letter(at)].width = 22
    return book


def write(path: Path = FILE) -> Path:
    build().save(path)
    return path


if __name__ == "__main__":
    print(write())
