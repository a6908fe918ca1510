"""PURE: workbooks and projects as values, the budget part of the data package.

``budgets/snapshots.py`` makes them from the database; checks, narrative and print take them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from rulebook.addresses import CellRef
from rulebook.amounts import Interval, MoneyUnit


class Provenance(StrEnum):
    """Where a value came from; ASSUMED prints with a footnote."""

    ENTERED = "entered"
    IMPORTED = "imported"
    ASSUMED = "assumed"
    CARRIED_FORWARD = "carried_forward"

    @property
    def label(self) -> str:
        return {
            "entered": "手工填报",
            "imported": "导入",
            "assumed": "示例拆分",
            "carried_forward": "上年结转带入",
        }[self.value]


class UnitKind(StrEnum):
    """单位性质; operating funds (机关运行经费) count the first two only."""

    ADMINISTRATIVE = "administrative"
    CIVIL_SERVICE_STANDARD = "civil_service_standard"
    PUBLIC_INSTITUTION = "public_institution"

    @property
    def label(self) -> str:
        return {
            "administrative": "行政单位",
            "civil_service_standard": "参公事业单位",
            "public_institution": "事业单位",
        }[self.value]


@dataclass(frozen=True, slots=True)
class CellSnapshot:
    """One filed cell: money in yuan, or a count (``unit`` empty).

    ``value`` is what was entered; it is ``None`` where the cell is derived and only an imported
    total is kept as ``evidence``. ``unit`` and ``decimals`` say how the figure was declared.
    """

    sheet: str
    row: str
    column: str
    value: Decimal | None
    provenance: Provenance = Provenance.ENTERED
    unit: str = "yuan"
    decimals: int = 2
    evidence: Decimal | None = None
    note: str = ""

    @property
    def ref(self) -> CellRef:
        return CellRef(self.sheet, self.row, self.column)

    def interval(self, amount: Decimal) -> Interval:
        """The real values ``amount`` stands for, as this cell was declared."""
        if not self.unit:
            return Interval(amount)
        return Interval.declared(amount, MoneyUnit.from_code(self.unit), self.decimals)


@dataclass(frozen=True, slots=True)
class WithheldRow:
    """A row left out of publication with its legal basis (涉密); totals still include it."""

    sheet: str
    row: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class WithheldRemainder:
    """What the withheld rows of a public book add to one of its totals, in yuan."""

    sheet: str
    row: str
    column: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class WorkbookSnapshot:
    """One unit's workbook of one filing; cells in the order (sheet, row, column)."""

    book: str
    name: str
    unit_kind: UnitKind
    layout: str
    cells: tuple[CellSnapshot, ...]
    withheld: tuple[WithheldRow, ...] = ()
    remainders: tuple[WithheldRemainder, ...] = ()

    def by_ref(self) -> dict[CellRef, CellSnapshot]:
        return {cell.ref: cell for cell in self.cells}

    def with_cells(self, changed: Iterable[CellSnapshot]) -> WorkbookSnapshot:
        """The same book with some cells replaced or added."""
        cells: Mapping[CellRef, CellSnapshot] = self.by_ref() | {c.ref: c for c in changed}
        return replace(self, cells=tuple(cells[ref] for ref in sorted(cells)))


@dataclass(frozen=True, slots=True)
class ProjectSnapshot:
    """One project's figures of the year, in yuan, declared in ``unit`` with ``decimals``."""

    code: str
    name: str
    book: str
    original_budget: Decimal | None
    revised_budget: Decimal | None
    actual: Decimal | None
    unit: str = "yuan"
    decimals: int = 2

    def interval(self, amount: Decimal) -> Interval:
        return Interval.declared(amount, MoneyUnit.from_code(self.unit), self.decimals)
