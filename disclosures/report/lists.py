"""PURE: lists of a budget (项目支出, 政府采购, 购买服务) → tables, one row for each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.list_columns import Kind, ListColumn, amount_words, columns_of, values_of
from budgets.workbook import ListRow, ProcurementRow, ProjectBudget, PurchasedServiceRow
from disclosures.facts import ReportFacts
from disclosures.report.blocks import NAME, Cell, Table
from disclosures.report.fitting import fitted
from disclosures.report.tables import Rows, amount_text, grouped_header, table_of
from rulebook.addresses import (
    list_total_address,
    procurement_address,
    project_budget_address,
    purchased_service_address,
)
from rulebook.amounts import total
from rulebook.layouts import ListLayout

SUM = "total"
"""Style of the cells of a sum."""
NAMED_BY = frozenset({"name", "item", "content"})
"""Columns that say what a row is: the project, what is bought."""
CLASSIFICATIONS = {Kind.FUNCTIONAL: "functional", Kind.ECONOMIC: "departmental_economic"}


def list_table(facts: ReportFacts, layout: ListLayout) -> Table:
    """The records under their sum, unit by unit; with the sum of each unit where the edition
    prints it and there are several."""
    printed = _Printed(facts, layout, tuple(c for c in columns_of(layout) if not c.is_added))
    records: Sequence[ListRow] = getattr(facts.lists, layout.key)
    of_units = _by_unit(records)
    summed = layout.unit_sums and of_units and len(facts.unit_names) > 1
    rows: Rows = [printed.whole(records)]
    if summed:
        head = facts.head
        rows.append(printed.part(records, head.department_code, head.department_name))
    for code, own in of_units.items():
        if summed:
            rows.append(printed.part(own, code, facts.records.unit_name(code)))
        rows += [printed.record(record) for record in own]
    equal = [Decimal(1)] * len(printed.columns)
    header = grouped_header(layout.columns)
    return fitted(table_of(facts, layout, header, rows, equal), lines=2)


def _by_unit(records: Sequence[ListRow]) -> Mapping[str, list[ListRow]]:
    """Unit → its records, units in the order of their codes."""
    found: dict[str, list[ListRow]] = {}
    for record in sorted(records, key=_order):
        found.setdefault(record.book, []).append(record)
    return found


def _order(record: ListRow) -> tuple[str, str, int]:
    """Projects by their code, purchases by their number."""
    if isinstance(record, ProjectBudget):
        return record.book, record.code, 0
    return record.book, "", record.number


@dataclass(frozen=True, slots=True)
class _Printed:
    """The rows of one list."""

    facts: ReportFacts
    layout: ListLayout
    columns: tuple[ListColumn, ...]

    @property
    def _before(self) -> int:
        """How many columns stand before the first figure."""
        return next(at for at, column in enumerate(self.columns) if column.is_figure)

    def whole(self, records: Sequence[ListRow]) -> tuple[Cell, ...]:
        label = Cell("合计", "center", colspan=self._before, style=SUM)
        return (label, *self._sums(records, self.facts.head.department_code))

    def part(self, records: Sequence[ListRow], book: str, name: str) -> tuple[Cell, ...]:
        code = Cell(book)
        named = Cell(name, colspan=self._before - 1, style=SUM)
        return (code, named, *self._sums(records, book))

    def _sums(self, records: Sequence[ListRow], book: str) -> tuple[Cell, ...]:
        return tuple(self._sum(column, records, book) for column in self.columns[self._before :])

    def _sum(self, column: ListColumn, records: Sequence[ListRow], book: str) -> Cell:
        if column.key not in self.layout.sums:
            return Cell("", "right" if column.is_figure else "left", style=SUM)
        added = total([_figure(column, record) for record in records])
        address = list_total_address(book, self.layout.key, column.key)
        return Cell(amount_text(self.facts, added), "right", address, style=SUM)

    def record(self, record: ListRow) -> tuple[Cell, ...]:
        return tuple(self._cell(column, record) for column in self.columns)

    def _cell(self, column: ListColumn, record: ListRow) -> Cell:
        if not column.is_figure:
            style = NAME if column.key in NAMED_BY else ""
            return Cell(_words(self.facts, column, record), style=style)
        value, is_count = _figure(column, record), column.kind is Kind.COUNT
        text = amount_words(value, None) if is_count else amount_text(self.facts, value)
        return Cell(text, "right", _address(record, column.key))


def _figure(column: ListColumn, record: ListRow) -> Decimal | None:
    value = values_of(column, record)[column.fields[0]]
    return value if isinstance(value, Decimal) else None


def _address(record: ListRow, field: str) -> str:
    match record:
        case ProjectBudget():
            return project_budget_address(record.code, field)
        case ProcurementRow():
            return procurement_address(record.book, record.number, field)
        case PurchasedServiceRow():
            return purchased_service_address(record.book, record.number, field)


def _words(facts: ReportFacts, column: ListColumn, record: ListRow) -> str:
    """A field in words: codes in brackets before their names, a project and a unit by name."""
    values = values_of(column, record)
    first, *more = (str(values[field]) for field in column.fields)
    if column.kind is Kind.FLAG:
        return "是" if values[column.fields[0]] else "否"
    if column.kind in CLASSIFICATIONS:
        return _coded(first, facts.code_name(CLASSIFICATIONS[column.kind], first))
    if column.kind is Kind.ITEM:
        return _coded(first, *more)
    if column.kind is Kind.FIXED and (isinstance(record, ProjectBudget) or column.key != "book"):
        return facts.records.unit_name(first)
    return more[0] if more else first


def _coded(code: str, name: str) -> str:
    """[2040201]行政运行; a code without a name stands alone."""
    return f"[{code}]{name}" if code and name != code else name
