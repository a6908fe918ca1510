"""PURE: workbooks and projects as values, the budget part of the data package.

``budgets/snapshots.py`` makes them from the database; checks, narrative and print take them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


class ProjectKind(StrEnum):
    """项目类别: the line of the overall declaration on which a project counts."""

    OPERATING = "operating"
    SPECIFIC_TARGET = "specific_target"

    @property
    def label(self) -> str:
        return {"operating": "运转类项目", "specific_target": "特定目标类项目"}[self.value]


class ProjectFrequency(StrEnum):
    """Whether a project comes every year, once, or runs on over several years."""

    RECURRENT = "recurrent"
    ONE_OFF = "one_off"
    MULTI_YEAR = "multi_year"

    @property
    def label(self) -> str:
        return {
            "recurrent": "经常性项目",
            "one_off": "一次性项目",
            "multi_year": "递延性项目",
        }[self.value]


FUND_AMOUNTS = (
    "general_public",
    "government_fund",
    "state_capital",
    "carryover_general_public",
    "carryover_government_fund",
    "carryover_state_capital",
    "special_account_funds",
    "own_source_funds",
)


@dataclass(frozen=True, slots=True)
class ProjectBudget:
    """One row of 项目支出预算表, in yuan: this year's appropriation of three funds, what they
    carried over, and the two other sources; declared in ``unit`` with ``decimals``.

    ``total_budget`` is 项目总预算 over all its years, ``main_use`` 主要用途: the declarations of
    targets print them, no budget table does.
    """

    code: str
    name: str
    book: str
    functional_code: str
    kind: ProjectKind
    frequency: ProjectFrequency
    general_public: Decimal | None = None
    government_fund: Decimal | None = None
    state_capital: Decimal | None = None
    carryover_general_public: Decimal | None = None
    carryover_government_fund: Decimal | None = None
    carryover_state_capital: Decimal | None = None
    special_account_funds: Decimal | None = None
    own_source_funds: Decimal | None = None
    total_budget: Decimal | None = None
    main_use: str = ""
    unit: str = "yuan"
    decimals: int = 2

    def sum_of(self, fields: Iterable[str] = FUND_AMOUNTS) -> Interval | None:
        """Σ of the named amounts; ``None`` when none is filled."""
        return interval_sum(self, (getattr(self, field) for field in fields))


@dataclass(frozen=True, slots=True)
class ProcurementRow:
    """One row of 政府采购预算表, money in yuan; ``number`` counts a unit's rows from 1.

    ``project_code`` is empty where the row stands under a basic operating cell, and
    ``project_name`` is what was printed. The letter of ``item_code`` (A, B, C) says goods, works
    or services. Unit prices are never added.
    """

    book: str
    number: int
    project_code: str
    project_name: str
    item_code: str
    item_name: str
    functional_code: str
    economic_code: str
    funding_source: str
    fund_nature: str
    quantity: Decimal | None
    unit_price: Decimal | None
    measure: str
    amount: Decimal | None
    sme_amount: Decimal | None = None
    micro_amount: Decimal | None = None
    unit: str = "yuan"
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class PurchasedServiceRow:
    """One row of 政府购买服务预算表, in yuan, with the three levels of the guide directory."""

    book: str
    number: int
    includes_procurement: bool
    project_code: str
    project_name: str
    content: str
    quantity: Decimal | None
    amount: Decimal | None
    funding_source: str
    fund_nature: str
    functional_code: str
    economic_code: str
    directory_tier_one: str
    directory_tier_two: str
    directory_tier_three: str
    unit: str = "yuan"
    decimals: int = 2


PurchaseRow = ProcurementRow | PurchasedServiceRow
ListRow = ProjectBudget | PurchaseRow


def interval_sum(row: ListRow, amounts: Iterable[Decimal | None]) -> Interval | None:
    """Σ of amounts as a row declared them; ``None`` when none is filled."""
    money = MoneyUnit.from_code(row.unit)
    filled = [a for a in amounts if a is not None]
    return total_interval(Interval.declared(amount, money, row.decimals) for amount in filled)


def total_interval(parts: Iterable[Interval | None]) -> Interval | None:
    """Σ of the intervals there are; ``None`` without any."""
    result: Interval | None = None
    for part in parts:
        if part is not None:
            result = part if result is None else result.plus(part)
    return result


@dataclass(frozen=True, slots=True)
class BudgetLists:
    """The lists of a budget book: records, not cells."""

    project_budgets: Sequence[ProjectBudget] = ()
    procurement: Sequence[ProcurementRow] = ()
    purchased_services: Sequence[PurchasedServiceRow] = ()

    @property
    def purchases(self) -> tuple[PurchaseRow, ...]:
        """Both lists of purchases."""
        return (*self.procurement, *self.purchased_services)

    def of(self, book: str) -> BudgetLists:
        """One unit's rows."""
        return BudgetLists(
            tuple(row for row in self.project_budgets if row.book == book),
            tuple(row for row in self.procurement if row.book == book),
            tuple(row for row in self.purchased_services if row.book == book),
        )
