"""From the rows of a monitoring report to values, and from a stored board back to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from budgets.aggregate import department_book
from budgets.checks import resolve
from budgets.lists import lists_of
from budgets.snapshots import books_of, projects_of
from filings.models import Filing
from performance.changing import asked_in_monitoring
from performance.checks import check_monitoring
from performance.evaluation import (
    DEPARTMENT,
    Band,
    ChangeState,
    DeclarationSnapshot,
    unit_subject,
)
from performance.models import (
    MonitoredIndicator,
    MonitoringMeasure,
    MonitoringReport,
)
from performance.monitoring.board import Board, board_of
from performance.monitoring.rules import load_monitoring
from performance.monitoring.values import (
    IndicatorProgress,
    Likelihood,
    Measure,
    MeasureKind,
    MonitoredGoal,
    MonitoredSubject,
    Obstacle,
)
from performance.scoring import load_parameters
from performance.snapshots import declarations_of
from rulebook.codec import from_json
from rulebook.findings import Finding

WHOLE = "部门整体"
Targets = Mapping[tuple[str, str], str]
"""(subject, indicator) → a target that was agreed to after the declaration."""


def monitored_subjects(report: MonitoringReport) -> list[MonitoredSubject]:
    """Everything a report covers: the department, its units and projects with a budget or
    targets; what was reported for each. A constant number of queries."""
    filing = report.filing
    declared = {each.subject: each for each in declarations_of(filing)}
    names = _names(filing, declared)
    budgets = budgets_of(filing)
    targets = agreed_targets(report)
    spending = {row.subject: row for row in report.monitoredspendings.all()}
    progress: dict[str, list[IndicatorProgress]] = defaultdict(list)
    for row in report.monitoredindicators.all():
        progress[row.subject].append(_progress(row))
    measures: dict[str, list[Measure]] = defaultdict(list)
    for each in report.monitoringmeasures.all():
        measures[each.subject].append(_measure(each))
    found = []
    for subject, name in names.items():
        money = spending.get(subject)
        found.append(
            MonitoredSubject(
                subject=subject,
                name=name,
                budget=budgets.get(subject),
                spent=money.spent if money else None,
                expected=money.expected if money else None,
                goals=_goals(declared.get(subject), targets),
                progress=tuple(progress[subject]),
                measures=tuple(measures[subject]),
            )
        )
    return found


def _names(filing: Filing, declared: Mapping[str, DeclarationSnapshot]) -> dict[str, str]:
    """Subject → name: the department first, then units and projects by code."""
    projects = {row.code: row.name for row in lists_of(filing).project_budgets}
    projects |= {each.code: each.name for each in projects_of(filing)}
    declarations = filing.declarations.select_related("project", "unit")
    units = {unit_subject(row.unit.code): str(row) for row in declarations if row.unit}
    projects |= {row.project.code: row.project.name for row in declarations if row.project}
    return {DEPARTMENT: WHOLE} | dict(sorted(units.items())) | dict(sorted(projects.items()))


def budgets_of(filing: Filing) -> dict[str, Decimal | None]:
    """Subject → budget in yuan: the department's and the units' from their books, the projects'
    from the list of project budgets or their record."""
    books = books_of(filing)
    place = load_monitoring(filing.scoring_edition).budget
    budgets = {unit_subject(book.book): resolve(book).get(place) for book in books}
    if books:
        budgets[DEPARTMENT] = resolve(department_book(books, DEPARTMENT, "")).get(place)
    found: dict[str, Decimal | None] = {
        subject: None if figure is None else figure.value for subject, figure in budgets.items()
    }
    found |= {p.code: p.revised_budget or p.original_budget for p in projects_of(filing)}
    listed = {row.code: row.sum_of() for row in lists_of(filing).project_budgets}
    return found | {code: amount.value for code, amount in listed.items() if amount is not None}


def _goals(value: DeclarationSnapshot | None, targets: Targets) -> tuple[MonitoredGoal, ...]:
    if value is None:
        return ()
    return tuple(
        MonitoredGoal(
            goal.key,
            goal.text,
            tuple(
                replace(row, target=targets.get((value.subject, row.key), row.target))
                for row in goal.indicators
            ),
        )
        for goal in value.goals
    )


def agreed_targets(report: MonitoringReport) -> dict[tuple[str, str], str]:
    """The targets adjusted by earlier reports of the year, the latest last."""
    agreed = asked_in_monitoring(report.filing).filter(
        report__filing=report.filing_id,
        report__month__lt=report.month,
        state=ChangeState.ACCEPTED,
    )
    return {(row.subject, row.row): row.new for row in agreed}


def _progress(row: MonitoredIndicator) -> IndicatorProgress:
    return IndicatorProgress(
        key=row.key,
        name=row.name,
        target=row.target,
        achieved=row.achieved,
        expected=row.expected,
        obstacle=Obstacle(row.obstacle) if row.obstacle else None,
        likelihood=Likelihood(row.likelihood) if row.likelihood else None,
        band=Band(row.band) if row.band else None,
        note=row.note,
    )


def _measure(row: MonitoringMeasure) -> Measure:
    return Measure(MeasureKind(row.kind), row.text, row.indicator, row.new_target)


def stored_board(report: MonitoringReport) -> Board | None:
    """What was handed in last, None where nothing was."""
    return from_json(Board, report.board) if report.board else None


def assessed(report: MonitoringReport) -> tuple[Board, list[Finding]]:
    """The board of a report as it stands now, with its findings."""
    subjects = monitored_subjects(report)
    edition = report.filing.scoring_edition
    board = board_of(subjects, report.month, load_monitoring(edition), load_parameters(edition))
    return board, check_monitoring(subjects, board, _earlier(report))


def _earlier(report: MonitoringReport) -> Board | None:
    """The board of the report before, where one was handed in."""
    before = MonitoringReport.objects.filter(
        filing=report.filing_id, month__lt=report.month, board__isnull=False
    )
    last = before.order_by("-month").first()
    return stored_board(last) if last else None
