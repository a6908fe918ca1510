"""PURE: every number and reason a report may state, each with the address it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from budgets.workbook import BudgetLists, ProjectSnapshot
from disclosures.filing_package import CodeLabel, FilingHead, KeyTask, Reason
from disclosures.outline import Outline
from performance.evaluation import DEPARTMENT, DeclarationSnapshot, EvaluationSnapshot
from performance.form_figures import FilingRecords
from performance.scoring import Scorecard
from rulebook.addresses import CellRef, cell_address
from rulebook.amounts import growth_rate, rate, total
from rulebook.layouts import CodeBlock, LayoutError, ListLayout, SheetLayout, WorkbookLayout


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its origin; ``value`` is in yuan, a count, per cent or points.

    ``None`` is an empty cell and never zero. ``formula`` says in words how a computed number was
    made, ``addresses`` being the cells it was made from.
    """

    value: Decimal | None
    addresses: tuple[str, ...]
    formula: str = ""

    @property
    def is_nothing(self) -> bool:
        """Empty or zero: there was no such money or thing."""
        return not self.value


def _computed(value: Decimal | None, formula: str, *parts: Fact) -> Fact:
    addresses = dict.fromkeys(address for part in parts for address in part.addresses)
    return Fact(value, tuple(addresses), formula)


def difference(left: Fact, right: Fact, formula: str) -> Fact:
    """left − right; unknown as soon as one of them is."""
    known = left.value is not None and right.value is not None
    value = (left.value or Decimal(0)) - (right.value or Decimal(0)) if known else None
    return _computed(value, formula, left, right)


def growth(current: Fact, previous: Fact) -> Fact:
    """Change in per cent of the previous amount; empty where no such rate exists."""
    value = growth_rate(current.value, previous.value)
    return _computed(value, "（本数 − 基数）÷ 基数", current, previous)


def share(part: Fact, whole: Fact, formula: str = "部分 ÷ 合计") -> Fact:
    """Part of a whole in per cent; empty where the whole is not positive."""
    return _computed(rate(part.value, whole.value), formula, part, whole)


def added(parts: list[Fact], formula: str) -> Fact:
    """Σ parts, empty when all of them are."""
    return _computed(total([part.value for part in parts]), formula, *parts)


def sum_of_all(parts: list[Fact], formula: str) -> Fact:
    """Σ parts, unknown as soon as one of them is."""
    known = all(part.value is not None for part in parts)
    return added(parts, formula) if known else _computed(None, formula, *parts)


def codes_of(sheet: SheetLayout) -> CodeBlock:
    """The codes of a sheet that has them. Raises LayoutError for one that has none."""
    if sheet.codes is None:
        raise LayoutError(f"{sheet.key}: rows are not codes")
    return sheet.codes


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """One self-evaluation with its score."""

    evaluation: EvaluationSnapshot
    scorecard: Scorecard | None

    @property
    def is_department(self) -> bool:
        return self.evaluation.subject == DEPARTMENT

    def passage(self, key: str) -> str:
        """A passage people wrote for the report in words, empty when there is none."""
        return dict(self.evaluation.report).get(key, "").strip()


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit's figures as the department publishes them: without what stays between its units,
    so that the units add up to the department."""

    code: str
    name: str
    figures: Mapping[CellRef, Decimal]
    assumed: frozenset[CellRef]


PrintedTable = SheetLayout | ListLayout
"""What is printed as a table of the book."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The department's book resolved, with names, texts, reasons, evaluations and the outline.

    ``withheld`` cells' rows are left out of everything printed; totals still include them.
    """

    head: FilingHead
    layout: WorkbookLayout
    outline: Outline
    figures: Mapping[CellRef, Decimal]
    assumed: frozenset[CellRef]
    withheld: frozenset[tuple[str, str]]
    unit_names: tuple[str, ...]
    code_labels: Mapping[tuple[str, str], CodeLabel]
    texts: Mapping[str, str]
    reasons: Mapping[str, tuple[Reason, ...]]
    key_tasks: tuple[KeyTask, ...]
    projects: tuple[ProjectSnapshot, ...]
    evaluations: tuple[EvaluationFacts, ...]
    declarations: tuple[DeclarationSnapshot, ...]
    records: FilingRecords
    lists: BudgetLists
    units: tuple[UnitFacts, ...]

    @property
    def year(self) -> int:
        return self.head.fiscal_year

    @property
    def prior_year(self) -> int:
        return self.head.fiscal_year - 1

    def address(self, ref: CellRef) -> str:
        return cell_address(self.head.department_code, ref)

    def cell(self, sheet: str, row: str, column: str) -> Fact:
        return self.at(CellRef(sheet, row, column))

    def at(self, ref: CellRef) -> Fact:
        return Fact(self.figures.get(ref), (self.address(ref),))

    def code_rows(self, sheet: SheetLayout) -> list[str]:
        """The classification codes a sheet prints, in order, withheld ones left out."""
        rows = {ref.row for ref in self.figures if ref.sheet == sheet.key}
        codes = {row for row in rows if sheet.is_code_row(row)}
        return sorted(row for row in codes if (sheet.key, row) not in self.withheld)

    def printed_tables(self) -> tuple[PrintedTable, ...]:
        """The tables the report prints, in order: sheets, then lists."""
        sheets = (
            sheet
            for sheet in self.layout.sheets
            if sheet.printed and not (sheet.only_filled and self.is_empty(sheet))
        )
        return (*sheets, *self.layout.lists)

    def is_empty(self, sheet: PrintedTable) -> bool:
        """Whether a sheet holds no amount other than zero, or a list no row."""
        if isinstance(sheet, ListLayout):
            return not getattr(self.lists, sheet.key)
        return not any(value for ref, value in self.figures.items() if ref.sheet == sheet.key)

    def code_name(self, classification: str, code: str) -> str:
        """The name of the day, or the code itself where the catalogue has none."""
        label = self.code_labels.get((classification, code))
        return label.name if label else code

    def filled(self, template: str, name: str = "") -> str:
        """A title or text of the outline with the names of this report."""
        return template.format(
            year=self.year,
            prior_year=self.prior_year,
            department=self.head.department_name,
            name=name,
        )
