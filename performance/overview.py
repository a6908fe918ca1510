"""Everything of a filing's performance at once: targets, results, scores and findings by subject.

Scores are computed here and now from rows, cells and projects, so that a page never shows one that
a later change of a cell has overtaken. The number of queries does not depend on the data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from budgets.snapshots import projects_of
from filings.models import Filing, FilingKind
from performance.aggregation import Aggregated, aggregated_indicators
from performance.checks import check_aggregation, check_declaration, check_evaluation
from performance.evaluation import DEPARTMENT, DeclarationSnapshot, EvaluationSnapshot
from performance.models import SelfEvaluation, TargetDeclaration
from performance.result_use import check_continued
from performance.results import last_results
from performance.scoring import Scorecard, ScoringParameters, load_parameters, score
from performance.snapshots import (
    UNKNOWN,
    Money,
    declaration_snapshot,
    evaluation_snapshot,
    subject_of,
)
from performance.spending import spending_of
from rulebook.findings import Finding

WHOLE = "部门整体"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A self-evaluation with its row, score and findings."""

    row: SelfEvaluation
    snapshot: EvaluationSnapshot
    scorecard: Scorecard
    findings: tuple[Finding, ...]
    aggregated: tuple[Aggregated, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """A target declaration with its row and findings."""

    row: TargetDeclaration
    snapshot: DeclarationSnapshot
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class SubjectOverview:
    """The department as a whole or a project: its money in yuan and what is filed for it."""

    subject: str
    name: str
    money: Money
    declared: Declared | None
    evaluated: Evaluated | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        targets = self.declared.findings if self.declared else ()
        return targets + (self.evaluated.findings if self.evaluated else ())


def overview_of(filing: Filing) -> list[SubjectOverview]:
    """The department first, then its projects by code."""
    parameters = load_parameters(filing.scoring_edition)
    spending = spending_of(filing)
    names = {DEPARTMENT: WHOLE} | {p.code: p.name for p in projects_of(filing)}
    declared = _declared(filing, parameters)
    snapshots = [each.snapshot for each in declared.values()]
    evaluated = _evaluated(filing, spending, parameters, snapshots)
    names |= {s: str(d.row) for s, d in declared.items() if s not in names}
    return [
        SubjectOverview(
            subject, name, spending.get(subject, UNKNOWN),
            declared.get(subject), evaluated.get(subject),
        )
        for subject, name in names.items()
    ]  # fmt: skip


def _declared(filing: Filing, parameters: ScoringParameters) -> dict[str, Declared]:
    found = {}
    rows = list(TargetDeclaration.objects.filter(filing=filing).with_rows())
    continued = _continued(filing, rows)
    for row in rows:
        snapshot = declaration_snapshot(row)
        findings = (*check_declaration(snapshot, parameters), *continued.get(row.pk, ()))
        found[subject_of(row)] = Declared(row, snapshot, findings)
    return found


def _continued(filing: Filing, rows: Iterable[TargetDeclaration]) -> dict[int, list[Finding]]:
    """Declaration id → what last year's result means for a project a budget goes on with."""
    if filing.kind != FilingKind.DEPARTMENTAL_BUDGET:
        return {}
    declared = {row.project_id: row.pk for row in rows if row.project_id}
    results = last_results(filing, declared)
    return {
        declared[project]: list(check_continued(found.result, found.measures))
        for project, found in results.items()
    }


def _evaluated(
    filing: Filing,
    spending: dict[str, Money],
    parameters: ScoringParameters,
    declarations: Iterable[DeclarationSnapshot],
) -> dict[str, Evaluated]:
    found = {}
    for row in SelfEvaluation.objects.filter(filing=filing).with_rows():
        snapshot = evaluation_snapshot(row, spending)
        scorecard = score(snapshot, parameters)
        findings = tuple(check_evaluation(snapshot, scorecard, parameters))
        found[snapshot.subject] = Evaluated(row, snapshot, scorecard, findings)
    if whole := found.get(DEPARTMENT):
        found[DEPARTMENT] = _added_up(whole, found.values(), declarations, spending)
    return found


def _added_up(
    whole: Evaluated,
    evaluated: Iterable[Evaluated],
    declarations: Iterable[DeclarationSnapshot],
    spending: dict[str, Money],
) -> Evaluated:
    """The department's evaluation with what its indicators add up to from their parts."""
    every = list(evaluated)
    aggregated = aggregated_indicators(
        whole.snapshot.declaration,
        [each.snapshot for each in every],
        {each.snapshot.subject: each.scorecard for each in every},
        {subject: budget for subject, (budget, _) in spending.items()},
        declarations,
    )
    more = check_aggregation(whole.snapshot, aggregated)
    return replace(whole, findings=(*whole.findings, *more), aggregated=aggregated)


def find(overview: Iterable[SubjectOverview], subject: str) -> SubjectOverview | None:
    return next((each for each in overview if each.subject == subject), None)
