"""PURE: what the records of a subject say in the fields and cells of its form.

The keys are the ``source`` of a form's fields and rows (``rulebook/data/forms``); money of
declarations comes from :mod:`performance.form_figures`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from budgets.checks.keys import EXPENDITURE
from budgets.workbook import ProjectBudget, ProjectSnapshot
from disclosures.facts import EvaluationFacts, Fact, ReportFacts
from disclosures.narrative.phrases import points, text_of
from performance.evaluation import is_overall, unit_of_subject
from performance.form_figures import FormFigures, ProjectLine
from rulebook.addresses import evaluation_address


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one subject: the department, a unit or a project."""

    facts: ReportFacts
    subject: str
    figures: FormFigures = field(default_factory=FormFigures)
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

    def spending(self, source: str) -> Fact | None:
        """An amount in yuan a field prints; None where the source is a text."""
        match source:
            case "spending.basic":
                return self.facts.cell(EXPENDITURE, "total", "basic")
            case "spending.project":
                return self.facts.cell(EXPENDITURE, "total", "project")
        return None

    def amount(self, block: str, row: str, column: str) -> Fact:
        """An amount in yuan of a cell of the form; empty where the records hold none."""
        found = self.figures.amounts.get((block, row, column))
        return Fact(found.amount.value, found.places) if found else Fact(None, ())

    def projects(self) -> Iterator[ProjectLine]:
        """The projects of the subject, by code."""
        yield from self.figures.projects

    def _recorded(self) -> ProjectSnapshot | ProjectBudget | None:
        records = chain[ProjectSnapshot | ProjectBudget](
            self.facts.projects, self.facts.records.project_budgets
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
        return self.facts.records.unit_name(code) or "、".join(self.facts.unit_names)
