"""The published Jianghan tables in three printed forms, recorded from the document itself.

Header rows, labels, column order, units, blanks and trailing columns are those of the published
document (the header of each table is kept in ``tests/cases/jianghan``):

- ``sheets``: one worksheet per table, title over the table, unit on the right, merged two-row
  headers; 收支总表 to 政府购买服务表 as the department published them.
- ``document``: the document's part five as a PDF or text converter gives it: all tables one below
  the other in a single worksheet, nothing merged, titles with the year, notes between tables.
- ``system``: 预算11表 as the finance system prints it: number of the table and unit in one row
  under the title, a row of column numbers that goes on to 14 under the header, empty columns
  behind the last one, ``[code]name`` cells, “会计” for 合计; with the two other lists.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from tests.budgets.jianghan import Table, read_table
from tests.budgets.published_tables import FILE, SHEETS

LISTS = ("projects", "procurement", "purchased_services")
NOTES = {"summary": "备注：财政专户管理资金收入是指教育收费收入；事业收入不含教育收费收入，下同。"}
TRAILING_COLUMNS = 4  # of 预算11表: the number 14 stands over the first of them


def saved(xlsx: Any) -> bytes:
    stream = BytesIO()
    xlsx.save(stream)
    return stream.getvalue()


def sheets() -> bytes:
    return FILE.read_bytes()


def put(sheet: Any, table: Table, *over: list[str]) -> None:
    for row in (*over, *table.header, *table.rows):
        sheet.append([text or None for text in row])


def document() -> bytes:
    xlsx = Workbook()
    sheet = xlsx.active
    sheet.title = "第五部分"
    sheet.append(["第五部分 预算公开报表"])
    for name in SHEETS:
        table = read_table(name)
        put(sheet, table, [table.title], [*[""] * 3, f"单位：{table.unit_printed}"])
        if name in NOTES:
            sheet.append([NOTES[name]])
    return saved(xlsx)


def system() -> bytes:
    xlsx = Workbook()
    xlsx.remove(xlsx.active)
    for name in LISTS:
        table = read_table(name)
        sheet = xlsx.create_sheet(SHEETS[name])
        number = "预算11表" if name == "procurement" else ""
        unit = [number, *[""] * (len(table.columns) - 1), f"单位: {table.unit_printed}"]
        put(sheet, table, [table.title], unit)
        if name == "procurement":
            sheet.cell(4, len(table.columns) + 1, "14")
            for at in range(TRAILING_COLUMNS):
                sheet.column_dimensions[chr(ord("O") + at)].width = 8
    return saved(xlsx)


FORMS: dict[str, Callable[[], bytes]] = {
    "sheets": sheets,
    "document": document,
    "system": system,
}
