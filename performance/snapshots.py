"""Declarations and self-evaluations from the database as values, in a constant number of queries.

Points and percentages lose the zeros the database pads them with, so that a value prints and
compares the same whether it was read from a row or from a data package.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from filings.models import Filing
from performance.evaluation import (
    DEPARTMENT,
    Band,
    DeclarationSnapshot,
    Deduction,
    Direction,
    EvaluationSnapshot,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.models import (
    Goal,
    Indicator,
    IndicatorResult,
    SelfEvaluation,
    TargetDeclaration,
)

Money = tuple[Decimal | None, Decimal | None]
"""Budget (A) and spending (B) of a subject, in yuan."""
UNKNOWN: Money = (None, None)
PASSAGES = ("goals_achieved", "last_year_use", "problems", "next_steps", "budget_link")
"""The passages of the report in words, in the order they are printed."""


def declarations_of(filing: Filing) -> tuple[DeclarationSnapshot, ...]:
    """All target declarations of a filing, ordered by subject; three queries."""
    rows = TargetDeclaration.objects.filter(filing=filing).with_rows()
    return tuple(sorted(map(declaration_snapshot, rows), key=lambda found: found.subject))


def evaluations_of(filing: Filing, spending: Mapping[str, Money]) -> tuple[EvaluationSnapshot, ...]:
    """All self-evaluations of a filing with the money of each subject, ordered by subject; five
    queries."""
    rows = SelfEvaluation.objects.filter(filing=filing).with_rows()
    found = (evaluation_snapshot(row, spending) for row in rows)
    return tuple(sorted(found, key=lambda evaluation: evaluation.subject))


def subject_of(declaration: TargetDeclaration) -> str:
    """ "department", or the project's code."""
    return declaration.project.code if declaration.project else DEPARTMENT


def declaration_snapshot(row: TargetDeclaration) -> DeclarationSnapshot:
    """One declaration; fetch it with ``with_rows()``."""
    goals = tuple(_goal(goal) for goal in row.goals.all())
    return DeclarationSnapshot(subject_of(row), row.objective, goals)


def evaluation_snapshot(row: SelfEvaluation, spending: Mapping[str, Money]) -> EvaluationSnapshot:
    """One self-evaluation; fetch it with ``with_rows()``."""
    declaration = declaration_snapshot(row.declaration)
    budget, spent = spending.get(declaration.subject, UNKNOWN)
    return EvaluationSnapshot(
        subject=declaration.subject,
        title=row.title,
        form=row.form,
        declaration=declaration,
        budget=budget,
        spent=spent,
        execution_reason=row.execution_reason,
        objective_achieved=row.objective_achieved,
        objective_judgement=_judgement(row.objective_band, row.objective_percentage),
        objective_reason=row.objective_reason,
        results=_results(row),
        deviation_reason=row.deviation_reason,
        improvement_measure=row.improvement_measure,
        filled_on=row.filled_on,
        report=tuple((key, text) for key in PASSAGES if (text := getattr(row, key))),
    )


def indicator_keys(declaration: TargetDeclaration) -> dict[int, str]:
    """Row id → key of every indicator of a declaration fetched with ``with_rows()``."""
    return {
        indicator.pk: indicator_key(goal, indicator)
        for goal in declaration.goals.all()
        for indicator in goal.indicators.all()
    }


def indicator_key(goal: Goal, indicator: Indicator) -> str:
    return f"{goal.number}.{indicator.number}"


def _goal(goal: Goal) -> GoalSnapshot:
    rows = tuple(_indicator(goal, indicator) for indicator in goal.indicators.all())
    return GoalSnapshot(str(goal.number), goal.text, trimmed(goal.weight), rows)


def _indicator(goal: Goal, row: Indicator) -> IndicatorSnapshot:
    return IndicatorSnapshot(
        key=indicator_key(goal, row),
        tier_one=row.tier_one,
        tier_two=row.tier_two,
        name=row.name,
        kind=IndicatorKind(row.kind),
        direction=Direction(row.direction) if row.direction else None,
        target=row.target,
        weight=trimmed(row.weight),
        tier_one_weight=trimmed(row.tier_one_weight),
        tier_two_weight=trimmed(row.tier_two_weight),
    )


def _results(row: SelfEvaluation) -> tuple[ResultSnapshot, ...]:
    """What was achieved, in the order of the indicators."""
    results = {result.indicator_id: result for result in row.results.all()}
    keys = indicator_keys(row.declaration)
    return tuple(_result(key, results[pk]) for pk, key in keys.items() if pk in results)


def _result(key: str, row: IndicatorResult) -> ResultSnapshot:
    return ResultSnapshot(
        indicator=key,
        achieved=row.achieved,
        judgement=_judgement(row.band, row.percentage),
        deviation_reason=row.deviation_reason,
        improvement_measure=row.improvement_measure,
        deductions=tuple(
            Deduction(_short(deduction.points), deduction.reason, deduction.role)
            for deduction in row.deductions.all()
        ),
    )


def _judgement(band: str, percentage: Decimal | None) -> Judgement | None:
    """A judgement needs both halves; half of one is none yet."""
    if not band or percentage is None:
        return None
    return Judgement(Band(band), _short(percentage))


def trimmed(points: Decimal | None) -> Decimal | None:
    """Points as people write them: 16.00 → 16, 2.50 → 2.5."""
    return None if points is None else _short(points)


def _short(points: Decimal) -> Decimal:
    text = f"{points:f}"
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else points
