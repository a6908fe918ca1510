"""Everything of a filing's performance at once: targets, results, scores and findings by subject.

Scores are computed here and now from rows, cells and projects, so that a page never shows one that
a later change of a cell has overtaken. The number of queries does not depend on the data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from departments.models import Unit
from filings.models import Filing
from performance.aggregation import Aggregated, aggregated_indicators
from performance.checks import (
    check_aggregation,
    check_declaration,
    check_evaluation,
    lint_filing,
)
from performance.checks.declarations import is_on_target_form
from performance.elsewhere import findings_from_elsewhere
from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    EvaluationSnapshot,
    is_overall,
    unit_subject,
)
from performance.form_figures import FilingRecords
from performance.models import SelfEvaluation, TargetDeclaration
from performance.records import records_of
from performance.scoring import Scorecard, ScoringParameters, load_parameters, score
from performance.services import declares
from performance.snapshots import (
    UNKNOWN,
    Money,
    declaration_snapshot,
    evaluation_snapshot,
    subject_of,
)
from performance.spending import spending_from
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
    def is_project(self) -> bool:
        return not is_overall(self.subject)

    @property
    def findings(self) -> tuple[Finding, ...]:
        targets = self.declared.findings if self.declared else ()
        return targets + (self.evaluated.findings if self.evaluated else ())


def overview_of(filing: Filing, records: FilingRecords | None = None) -> list[SubjectOverview]:
    """The department first, then its units where it has several, then its projects by code.
    ``records`` are the filing's where they have been read already."""
    parameters = load_parameters(filing.scoring_edition)
    records = records_of(filing) if records is None else records
    spending = spending_from(records, filing.scoring_edition)
    names = {DEPARTMENT: WHOLE} | {p.code: p.name for p in records.projects}
    if declares(filing):
        names, spending = _to_declare(filing, records, spending)
    declared = _declared(filing, records, parameters)
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


def _to_declare(
    filing: Filing, records: FilingRecords, spending: dict[str, Money]
) -> tuple[dict[str, str], dict[str, Money]]:
    """Everything a budget has to declare targets for, and this year's money of each project."""
    year = filing.fiscal_year_id
    units = list(Unit.objects.filter(department=filing.department_id).existing_in(year))
    of_units = {unit_subject(u.code): f"{u.name}整体" for u in units if len(units) > 1}
    rows = records.project_budgets
    money = {row.code: total.value for row in rows if (total := row.sum_of()) is not None}
    names = {DEPARTMENT: WHOLE} | of_units | {row.code: row.name for row in rows}
    return names, spending | {row.code: (money.get(row.code), None) for row in rows}


def _declared(
    filing: Filing, records: FilingRecords, parameters: ScoringParameters
) -> dict[str, Declared]:
    rows = {
        subject_of(row): (row, declaration_snapshot(row))
        for row in TargetDeclaration.objects.filter(filing=filing).with_rows()
    }
    lints = _lints(records, [snapshot for _, snapshot in rows.values()], parameters)
    elsewhere = findings_from_elsewhere(filing)
    return {
        subject: Declared(
            row,
            snapshot,
            (
                *check_declaration(snapshot, parameters, records.name_of(subject)),
                *lints.get(subject, ()),
                *elsewhere.get(subject, ()),
            ),
        )
        for subject, (row, snapshot) in rows.items()
    }


def _lints(
    records: FilingRecords, snapshots: list[DeclarationSnapshot], parameters: ScoringParameters
) -> dict[str, list[Finding]]:
    """Findings of declarations on their own forms, by the subject they say to mend first."""
    found: dict[str, list[Finding]] = {}
    if any(map(is_on_target_form, snapshots)):
        for finding in lint_filing(snapshots, records, parameters.placeholders):
            found.setdefault(finding.places[0].split("/")[1], []).append(finding)
    return found


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
