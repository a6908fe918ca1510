"""PURE: totals a department published, beside what its units add up to.

Department tables are never filed: they follow from the units. What a printed department book says
in its totals is kept as evidence and held against the sum; nothing is corrected in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets.problems import problem
from budgets.workbook import BudgetLists, ListRow, ProjectBudget, interval_sum, total_interval
from rulebook.addresses import CellRef
from rulebook.amounts import ZERO, Interval, MoneyUnit
from rulebook.checks import amount_text
from rulebook.findings import Finding, Severity
from rulebook.layouts import WorkbookLayout

NEVER_ADDED = "unit_price"
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class DeclaredFigure:
    """A printed total in yuan, or a count without unit, declared in ``unit`` with ``decimals``.

    ``book`` is the unit it speaks of, empty for the department; ``table`` a sheet or a list.
    ``place`` says where in the file it stands.
    """

    table: str
    book: str
    row: str
    column: str
    value: Decimal
    unit: str
    decimals: int
    place: str

    @property
    def interval(self) -> Interval:
        if not self.unit:
            return Interval(self.value)
        return Interval.declared(self.value, MoneyUnit.from_code(self.unit), self.decimals)

    @property
    def ref(self) -> CellRef:
        return CellRef(self.table, self.row, self.column)


@dataclass(frozen=True, slots=True)
class Derived:
    """What is filed: the figures of each unit and, under the empty code, of the department."""

    layout: WorkbookLayout
    figures: Mapping[str, Mapping[CellRef, Interval]]
    lists: BudgetLists
    names: Mapping[str, str]

    def of(self, declared: DeclaredFigure) -> Interval | None:
        """What a printed total should be; ``None`` where nothing is filed."""
        if self.layout.has_sheet(declared.table):
            return self.figures.get(declared.book, {}).get(declared.ref)
        lists = self.lists.of(declared.book) if declared.book else self.lists
        rows: Iterable[ListRow] = getattr(lists, declared.table)
        return total_interval(_amount(row, declared.column) for row in rows)

    def label_of(self, declared: DeclaredFigure) -> str:
        """The place in words, with the unit's code where it is a unit's."""
        if self.layout.has_sheet(declared.table):
            words = self.layout.label_of(declared.ref, dict(self.names))
        else:
            printed = self.layout.list_named(declared.table)
            labels = {column.key: column.label for column in printed.columns}
            words = f"{printed.name} 合计 {labels[declared.column]}"
        return f"{declared.book} {words}" if declared.book else words


def _amount(row: ListRow, column: str) -> Interval | None:
    if isinstance(row, ProjectBudget) and column == TOTAL:
        return row.sum_of()
    return interval_sum(row, [getattr(row, column)])


@dataclass(frozen=True, slots=True)
class Compared:
    """One printed total with what it should be.

    It agrees where it is the sum but for its own rounding; ``is_rounding`` says that the rounding
    of the parts could explain what is left.
    """

    declared: DeclaredFigure
    label: str
    derived: Decimal | None
    agrees: bool
    is_rounding: bool


def compare_declared(declared: Iterable[DeclaredFigure], filed: Derived) -> list[Compared]:
    """Each printed total beside the sum; an empty side agrees with zero."""
    return [_compared(figure, filed) for figure in declared if figure.column != NEVER_ADDED]


def _compared(figure: DeclaredFigure, filed: Derived) -> Compared:
    derived = filed.of(figure) or Interval(ZERO)
    agrees = figure.interval.can_equal(Interval(derived.value))
    value = derived.value if filed.of(figure) else None
    is_rounding = not agrees and figure.interval.can_equal(derived)
    return Compared(figure, filed.label_of(figure), value, agrees, is_rounding)


def declared_findings(compared: Iterable[Compared]) -> Iterator[Finding]:
    """What disagrees, a notice where rounding explains it; the printed total stays as evidence."""
    for each in compared:
        if not each.agrees:
            values = (each.declared.value, each.derived or ZERO)
            said, summed = (amount_text(value, beside=values) for value in values)
            tail = "，四舍五入可以解释" if each.is_rounding else ""
            found = problem(
                "IM-191",
                f"{each.declared.place}（{each.label}）：公布的是 {said}，"
                f"各单位汇总为 {summed}{tail}。",
                label=each.label,
                places=(f"upload/{each.declared.place}",),
                left=each.declared.value,
                right=each.derived,
            )
            yield replace(found, severity=Severity.NOTICE) if each.is_rounding else found
