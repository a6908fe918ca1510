"""PURE: a filing and what was computed from it → the facts its report may state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from budgets.aggregate import department_book
from budgets.workbook import Provenance
from disclosures.facts import EvaluationFacts, ReportFacts
from disclosures.filing_package import FilingPackage, Reason
from disclosures.outline import load_outline
from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    EvaluationSnapshot,
    is_overall,
)
from performance.form_figures import FilingRecords
from performance.scoring import Scorecard
from rulebook.addresses import CellRef
from rulebook.amounts import Interval
from rulebook.layouts import load_layout


def collect(
    package: FilingPackage,
    figures: Mapping[CellRef, Interval],
    scorecards: Sequence[Scorecard] = (),
) -> ReportFacts:
    """``figures`` are the department's book resolved: the sum of its units' books."""
    book = department_book(package.books, package.head.department_code, "")
    scores = {card.subject: card for card in scorecards}
    return ReportFacts(
        head=package.head,
        layout=load_layout(package.head.editions.layout),
        outline=load_outline(package.head.editions.outline),
        figures={ref: interval.value for ref, interval in figures.items()},
        assumed=frozenset(c.ref for c in book.cells if c.provenance is Provenance.ASSUMED),
        withheld=frozenset((row.sheet, row.row) for row in book.withheld),
        unit_names=tuple(unit.name for unit in package.books),
        code_labels={(label.classification, label.code): label for label in package.codes},
        texts={text.key: text.body.strip() for text in package.texts if text.body.strip()},
        reasons=_by_subject(package.reasons),
        key_tasks=package.key_tasks,
        projects=package.projects,
        evaluations=tuple(
            EvaluationFacts(evaluation, scores.get(evaluation.subject))
            for evaluation in _department_first(package.evaluations)
        ),
        declarations=tuple(sorted(package.declarations, key=_declared_order)),
        records=FilingRecords(
            fiscal_year=package.head.fiscal_year,
            department_code=package.head.department_code,
            department_name=package.head.department_name,
            books=package.books,
            project_budgets=package.project_budgets,
            project_names={project.code: project.name for project in package.projects},
        ),
        lists=package.lists,
    )


def _declared_order(declaration: DeclarationSnapshot) -> tuple[bool, bool, str]:
    """The department, its units, then projects."""
    subject = declaration.subject
    return subject != DEPARTMENT, not is_overall(subject), subject


def _by_subject(reasons: Iterable[Reason]) -> dict[str, tuple[Reason, ...]]:
    found: dict[str, tuple[Reason, ...]] = {}
    for reason in reasons:
        if reason.text.strip():
            found[reason.subject] = (*found.get(reason.subject, ()), reason)
    return found


def _department_first(evaluations: Iterable[EvaluationSnapshot]) -> list[EvaluationSnapshot]:
    return sorted(evaluations, key=lambda evaluation: evaluation.subject != DEPARTMENT)
