"""The totals which the published Jianghan tables print, by the cell or list they state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from budgets.workbook import BudgetLists, ListRow, ProjectBudget
from rulebook.addresses import CellRef
from rulebook.headers import without_ordinal
from rulebook.layouts import load_layout
from tests.budgets.jianghan import DEPARTMENT, UNITS, amount, filled, read_table, side
from tests.budgets.jianghan_books import LAYOUT, total, yuan

Printed = Iterator[tuple[CellRef, Decimal | None]]
LEVELS = ("total", "basic", "project")


def coded(name: str, sheet: str, columns: tuple[str, ...]) -> Printed:
    """A published table with a code and a name in front of its figures."""
    for code, _, *figures in read_table(name).rows:
        for column, text in zip(columns, figures, strict=True):
            if load_layout(LAYOUT).has_cell(CellRef(sheet, code or "total", column)):
                yield CellRef(sheet, code or "total", column), amount(text)


def two_sided(name: str, sheet: str, expenditure: str) -> Printed:
    """A published table with revenue left and expenditure right, found by its row names."""
    rows = load_layout(LAYOUT).sheet(sheet).rows
    for printed, key, column in (
        ("收入", "revenue", "original_budget"),
        ("支出", "expenditure", expenditure),
    ):
        names = [(without_ordinal(row.label), row.key) for row in rows if row.side == key]
        for label, value in side(name, printed):
            at = next(at for at, known in enumerate(names) if known[0] == without_ordinal(label))
            yield CellRef(sheet, names.pop(at)[1], column), value


BY_FUNCTION = ("total", "basic", "personnel", "operating", "project")
THREE_PUBLIC = (
    "total", "overseas_travel", "vehicles", "vehicle_purchase", "vehicle_operation",
    "official_hospitality",
)  # fmt: skip


def three_public() -> Printed:
    (figures,) = read_table("three_public").rows
    for column, text in zip(THREE_PUBLIC, figures, strict=True):
        yield CellRef("three_public_expenses", "original_budget", column), amount(text)


def by_unit(unit: str) -> Printed:
    (row,) = [row for row in read_table("by_unit").rows if row[0] == unit]
    for column, text in zip(BY_FUNCTION, row[2:], strict=True):
        yield CellRef("general_public_expenditure_by_unit", "total", column), amount(text)


PUBLISHED: dict[str, Callable[[], Printed]] = {
    "summary": lambda: two_sided("summary", "revenue_expenditure_summary", "original_budget"),
    "expenditure_summary": lambda: coded(
        "expenditure_summary",
        "expenditure_sheet",
        (*LEVELS, "commercial_expenditure", "remittance_to_superior", "subsidy_to_affiliates"),
    ),
    "appropriation_summary": lambda: two_sided(
        "appropriation_summary", "appropriation_summary", "total"
    ),
    "by_function": lambda: coded("by_function", "general_public_expenditure", BY_FUNCTION),
    "by_unit": lambda: by_unit(DEPARTMENT),
    "basic_by_economic": lambda: coded(
        "basic_by_economic", "general_public_basic_expenditure", ("total", "personnel", "operating")
    ),
    "three_public": three_public,
}


def misprinted(name: str, figures: Mapping[CellRef, Decimal], unit: str = "") -> list[str]:
    """The table, row, column and both values in 元 of every printed figure that is not filed.

    ``unit`` asks for the unit's own row of the table by unit.
    """
    printed = by_unit(unit) if unit else PUBLISHED[name]()
    return [
        f"{read_table(name).title} {ref.row} {ref.column}: {yuan(value)} 印出, {figures.get(ref)}"
        for ref, value in printed
        if figures.get(ref, Decimal(0)) != (yuan(value) or Decimal(0))
    ]


class ListTotal(NamedTuple):
    """A printed total of a list, in 万元; ``book`` is empty for the department."""

    table: str
    row: str
    column: str
    book: str
    key: str
    field: str
    printed: str

    def filed(self, lists: BudgetLists) -> Decimal:
        rows = getattr(lists.of(self.book) if self.book else lists, self.key)
        return total(_amount(row, self.field) for row in rows)


def _amount(row: ListRow, field: str) -> Decimal | None:
    if field != "total":
        value: Decimal | None = getattr(row, field)
        return value
    assert isinstance(row, ProjectBudget)
    whole = row.sum_of()
    return whole and whole.value


def project_totals() -> Iterator[ListTotal]:
    """Of the department, of each unit and of its own projects."""
    table, book = read_table("projects"), ""
    for row in table.rows:
        if "T" not in row[0]:
            book = row[0] if row[0] in UNITS else book
            for at, field in ((3, "total"), (4, "general_public")):
                label = row[1] or "合计"
                key = "project_budgets"
                yield ListTotal("projects", label, table.columns[at], book, key, field, row[at])


PURCHASES = {
    "procurement": {
        "采购金额合计(万元)": "amount",
        "其中面向中小企业": "sme_amount",
        "其中面向小微企业": "micro_amount",
    },
    "purchased_services": {"购买金额": "amount"},
}


def purchase_totals() -> Iterator[ListTotal]:
    for key, fields in PURCHASES.items():
        table = read_table(key)
        printed = dict(zip(table.columns, table.rows[0], strict=True))
        for column, field in fields.items():
            yield ListTotal(key, table.rows[0][1], column, "", key, field, printed[column])


def misprinted_totals(lists: BudgetLists) -> list[tuple[str, str, str]]:
    """The table, row and column of every printed total of a list that is not what is filed."""
    return [
        (each.table, each.row, each.column)
        for each in (*project_totals(), *purchase_totals())
        if each.filed(lists) != yuan(filled(each.printed))
    ]
