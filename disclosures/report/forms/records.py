"""PURE: what the records say where a form prints a record: names, codes, amounts, scores.

The keys are the ``source`` of a form's fields and rows (``rulebook/data/forms``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from budgets.checks import resolve
from budgets.checks.keys import EXPENDITURE, OVERALL_FUNDS
from budgets.workbook import ProjectBudget, ProjectSnapshot
from disclosures.facts import EvaluationFacts, Fact, ReportFacts, added
from disclosures.narrative.phrases import points, text_of
from performance.evaluation import is_overall, unit_of_subject
from rulebook.addresses import CellRef, cell_address, evaluation_address, project_budget_address

FUNDS = "funds."
FUND_ROWS = {
    "other": ("special_account_funds", "own_source_funds"),
    "basic": ("personnel", "operating"),
    "project": ("specific_target",),
}
"""Rows of a form that are sums of rows of the sheet; every other key is a row of the sheet."""
FUND_COLUMNS = {
    "this_year": "original_budget",
    "last_year": "prior_year",
    "two_years_before": "second_prior_year",
}
"""Column of a form → column of the sheet."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one subject: the department, a unit or a project."""

    facts: ReportFacts
    subject: str
    title: str = ""
    scored: EvaluationFacts | None = None

    @property
    def name(self) -> str:
        """The department's, the unit's or the project's."""
        if not is_overall(self.subject):
            return self._project_name()
        unit = unit_of_subject(self.subject)
        return self._unit_name(unit) if unit else self.facts.head.department_name

    def text(self, source: str) -> str:
        """What a field says; empty for an unknown source."""
        match source:
            case "subject.name":
                return self.name
            case "project.name":
                return self._project_name()
            case "project.code":
                return self.subject
            case "department.name":
                return self.facts.head.department_name
            case "unit.name":
                return self._unit_name(self._unit())
            case "filing.fiscal_year":
                return str(self.facts.year)
            case "score.total":
                return text_of(points(self.total())) if self.scored else ""
            case "score.grade":
                card = self.scored.scorecard if self.scored else None
                return (card.grade or "") if card else ""
        return ""

    def total(self) -> Fact:
        """The total score of the self-evaluation."""
        card = self.scored.scorecard if self.scored else None
        address = evaluation_address(self.subject, "total", "points")
        return Fact(card.total if card else None, (address,))

    def amount(self, source: str, column: str = "this_year") -> Fact:
        """An amount in yuan; empty where the record has none."""
        if source.startswith(FUNDS):
            return self._fund(source.removeprefix(FUNDS), column)
        match source:
            case "spending.basic":
                return self.facts.cell(EXPENDITURE, "total", "basic")
            case "spending.project":
                return self.facts.cell(EXPENDITURE, "total", "project")
            case "project.budget":
                return self.budget_of(self._listed())
        return Fact(None, ())

    def _fund(self, row: str, column: str) -> Fact:
        keys = FUND_ROWS.get(row, (row,))
        parts = [self._cell(CellRef(OVERALL_FUNDS, key, FUND_COLUMNS[column])) for key in keys]
        return parts[0] if len(parts) == 1 else added(parts, "各项之和")

    def _cell(self, ref: CellRef) -> Fact:
        """A cell of the subject's own book: the unit's, else the department's."""
        unit = unit_of_subject(self.subject)
        book = next((book for book in self.facts.books if unit and book.book == unit), None)
        if book is None:
            return self.facts.at(ref)
        figure = resolve(book).get(ref)
        return Fact(figure.value if figure else None, (cell_address(unit, ref),))

    def projects(self) -> Iterator[ProjectBudget]:
        """The projects of the subject, by code."""
        unit = unit_of_subject(self.subject)
        yield from (p for p in self.facts.project_budgets if not unit or p.book == unit)

    def budget_of(self, project: ProjectBudget | None) -> Fact:
        """This year's budget of a listed project."""
        if project is None:
            return Fact(None, ())
        whole = project.sum_of()
        address = project_budget_address(project.code, "total")
        return Fact(whole.value if whole else None, (address,))

    def _listed(self) -> ProjectBudget | None:
        return next((p for p in self.facts.project_budgets if p.code == self.subject), None)

    def _recorded(self) -> ProjectSnapshot | ProjectBudget | None:
        records = chain[ProjectSnapshot | ProjectBudget](
            self.facts.projects, self.facts.project_budgets
        )
        return next((each for each in records if each.code == self.subject), None)

    def _project_name(self) -> str:
        found = self._recorded()
        return found.name if found else self.title

    def _unit(self) -> str:
        found = self._recorded()
        return found.book if found else ""

    def _unit_name(self, code: str) -> str:
        """The unit's, or those of all units where it is not known which."""
        found = next((book.name for book in self.facts.books if book.book == code), "")
        return found or "、".join(self.facts.unit_names)
