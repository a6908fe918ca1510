"""A unit's template with lists, and the edits people make in it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from budgets.comparison import Plan, compare
from budgets.excel.list_template import ListsToWrite
from budgets.excel.marks import FIRST_ROW, HEADER_ROW
from budgets.excel.reading import ReadBook, read_template
from budgets.excel.template import write_template
from budgets.list_comparison import KnownProject, ListPlan, compare_lists, fingerprint
from budgets.workbook import BudgetLists
from rulebook.amounts import MoneyUnit
from rulebook.classifications import read_catalogue
from rulebook.layouts import load_layout
from tests.budgets.checks.budget_books import RAW, UNIT, clean_budget, clean_lists
from tests.budgets.excel.files import edited
from tests.budgets.values import make_mark

LAYOUT = "departmental_budget/jianghan_2023"
SHEETS = {
    "project_budgets": "BG11 项目支出预算表",
    "procurement": "BG12 政府采购预算表",
    "purchased_services": "BG13 政府向社会力量购买服务预算表",
}
ELSEWHERE = "42010323118T000000999"
NAMES = {
    row.code: row.name
    for name in ("functional_2023", "departmental_economic_2023")
    for row in read_catalogue(name)
} | dict(RAW["names"])
PROJECTS = {row.code: row.name for row in clean_lists().project_budgets}
KNOWN = {code: KnownProject(code, name, UNIT) for code, name in PROJECTS.items()} | {
    ELSEWHERE: KnownProject(ELSEWHERE, "别的单位的项目", "118002")
}


def mark(lists: BudgetLists) -> Any:
    return make_mark(layout=LAYOUT, department="118", unit=UNIT, lists=fingerprint(lists))


def list_template(
    lists: BudgetLists | None = None, unit: MoneyUnit = MoneyUnit.YUAN, **more: Any
) -> bytes:
    """甲单位's template with rows of lists."""
    lists = clean_lists() if lists is None else lists
    content = ListsToWrite(lists, PROJECTS, **more)
    return write_template(clean_budget(), NAMES, mark(lists), unit, lists=content)


def read_lists_of(data: bytes) -> ReadBook:
    return read_template(data, load_layout(LAYOUT), mark(clean_lists()))


def plan_of(data: bytes, now: BudgetLists | None = None) -> ListPlan:
    """What the file would change in the lists of 甲单位."""
    now = clean_lists() if now is None else now
    read = read_lists_of(data)
    if read.is_refused:
        return ListPlan(findings=tuple(read.findings))
    return compare_lists(read, now, KNOWN, NAMES, load_layout(LAYOUT), UNIT)


def whole_plan_of(data: bytes) -> Plan:
    book = clean_budget()
    return compare(read_lists_of(data), book, book, NAMES).with_lists(plan_of(data))


def column_at(sheet: Any, label: str) -> int:
    """The column under a header; a header that stands twice is told apart by its group."""
    group, _, last = label.rpartition("/")
    found, here = [], ""
    for at in range(1, sheet.max_column + 1):
        here = str(sheet.cell(HEADER_ROW - 1, at).value or "")
        if sheet.cell(HEADER_ROW, at).value == last and (not group or here == group):
            found.append(at)
    (only,) = found
    return only


def with_list_cells(data: bytes, key: str, line: int, cells: dict[str, Any]) -> bytes:
    """Row ``line`` of a list (the first is 1) with some of its cells changed, by their headers."""

    def change(xlsx: Any) -> None:
        sheet = xlsx[SHEETS[key]]
        for label, value in cells.items():
            sheet.cell(FIRST_ROW - 1 + line, column_at(sheet, label)).value = value

    return edited(data, change)


def without_row(data: bytes, key: str, line: int) -> bytes:
    return edited(data, lambda xlsx: xlsx[SHEETS[key]].delete_rows(FIRST_ROW - 1 + line))


def cell_of(data: bytes, key: str, line: int, label: str) -> Any:
    sheet = load_workbook(BytesIO(data))[SHEETS[key]]
    return sheet.cell(FIRST_ROW - 1 + line, column_at(sheet, label))
