"""Declarations and self-evaluations from the database as values, in a constant number of queries.

Points and percentages lose the zeros the database pads them with, so that a value prints and
compares the same whether it was read from a row or from a data package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from filings.models import Filing
from performance.entries import PASSAGES
from performance.evaluation import (
    DEPARTMENT,
    Aggregation,
    AssetPlan,
    Band,
    ChangeKind,
    ChangeState,
    ClaimedPoints,
    DeclarationSnapshot,
    Deduction,
    Direction,
    EvaluationSnapshot,
    ExpenditureDetail,
    FieldText,
    FormAmount,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
    TargetChangeSnapshot,
    unit_subject,
)
from performance.models import (
    BlockDeduction,
    DeclaredAsset,
    DeclaredDetail,
    DeclaredFormAmount,
    EvaluationAmount,
    Goal,
    Indicator,
    IndicatorResult,
    ScoreDeduction,
    SelfEvaluation,
    TargetChange,
    TargetDeclaration,
)
from rulebook.forms import Horizon

Money = tuple[Decimal | None, Decimal | None]
"""Budget (A) and spending (B) of a subject, in yuan."""
UNKNOWN: Money = (None, None)
LONG_TERM_PREFIX = "L"
"""Before the key of a long-term goal and of its indicators."""


def declarations_of(filing: Filing) -> tuple[DeclarationSnapshot, ...]:
    """All target declarations of a filing, ordered by subject; a constant number of
    queries."""
    rows = TargetDeclaration.objects.filter(filing=filing).with_rows()
    return tuple(sorted(map(declaration_snapshot, rows), key=attrgetter("subject")))


@dataclass(frozen=True, slots=True)
class FiledForms:
    """Declarations and self-evaluations of a filing, each ordered by subject."""

    declarations: tuple[DeclarationSnapshot, ...]
    evaluations: tuple[EvaluationSnapshot, ...]


def filed_forms(filing: Filing, spending: Mapping[str, Money]) -> FiledForms:
    """All forms of a filing, the self-evaluations with the money of each subject; every
    declaration is read once, in a constant number of queries."""
    declared = {row.pk: row for row in TargetDeclaration.objects.filter(filing=filing).with_rows()}
    evaluated = list(SelfEvaluation.objects.filter(filing=filing).with_results())
    for row in evaluated:
        row.declaration = declared[row.declaration_id]
    return FiledForms(
        tuple(sorted(map(declaration_snapshot, declared.values()), key=attrgetter("subject"))),
        tuple(
            sorted(
                (evaluation_snapshot(row, spending) for row in evaluated),
                key=attrgetter("subject"),
            )
        ),
    )


def subject_of(declaration: TargetDeclaration) -> str:
    """ "department", the unit's subject, or the project's code."""
    if declaration.project:
        return declaration.project.code
    return unit_subject(declaration.unit.code) if declaration.unit else DEPARTMENT


def declaration_snapshot(row: TargetDeclaration) -> DeclarationSnapshot:
    """One declaration; fetch it with ``with_rows()``."""
    return DeclarationSnapshot(
        subject=subject_of(row),
        objective=row.objective,
        goals=tuple(_goal(goal) for goal in goals_of(row, Horizon.ANNUAL)),
        form=row.form,
        long_term_objective=row.long_term_objective,
        long_term_until=row.long_term_until,
        long_term=tuple(_goal(goal) for goal in goals_of(row, Horizon.LONG_TERM)),
        fields=tuple(FieldText(field.key, field.text) for field in row.texts.all()),
        amounts=tuple(_amount(amount) for amount in row.amounts.all()),
        details=tuple(_detail(detail) for detail in row.details.all()),
        assets=tuple(_asset(asset) for asset in row.assets.all()),
        source=row.source,
        changes=tuple(target_change(change) for change in row.changes.all()),
    )


def target_change(row: TargetChange) -> TargetChangeSnapshot:
    """A request to change targets."""
    return TargetChangeSnapshot(
        kind=ChangeKind(row.kind),
        row=row.row,
        indicator=row.indicator_name,
        field=row.field,
        old=row.old,
        new=row.new,
        reason=row.reason,
        state=ChangeState(row.state),
        asked_on=row.asked_on,
        decided_on=row.decided_on,
        decision_reason=row.decision_reason,
        values=tuple(FieldText(key, row.values[key]) for key in sorted(row.values)),
        origin=row.origin,
    )


def goals_of(row: TargetDeclaration, horizon: Horizon) -> list[Goal]:
    """The goals of a horizon in order; fetch the declaration with ``with_rows()``."""
    return [goal for goal in row.goals.all() if goal.horizon == horizon]


def _amount(row: DeclaredFormAmount | EvaluationAmount) -> FormAmount:
    return FormAmount(
        row.block, row.row, row.column, row.amount, row.declared_unit, row.declared_decimals
    )


def _detail(row: DeclaredDetail) -> ExpenditureDetail:
    return ExpenditureDetail(
        row.content, row.calculation, row.own_level, row.transfer, row.other,
        row.declared_unit, row.declared_decimals,
    )  # fmt: skip


def _asset(row: DeclaredAsset) -> AssetPlan:
    return AssetPlan(row.name, row.quantity, row.amount, row.declared_unit, row.declared_decimals)


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
        fields=tuple(FieldText(field.key, field.text) for field in row.texts.all()),
        amounts=tuple(_amount(amount) for amount in row.amounts.all()),
        deductions=tuple(_deduction(each) for each in row.deductions.all()),
        claimed=tuple(ClaimedPoints(c.line, _short(c.points)) for c in row.claimed.all()),
        claimed_grade=row.claimed_grade,
    )


def indicator_keys(declaration: TargetDeclaration) -> dict[int, str]:
    """Row id → key of every indicator of a declaration fetched with ``with_rows()``."""
    return {
        indicator.pk: indicator_key(goal, indicator)
        for goal in declaration.goals.all()
        for indicator in goal.indicators.all()
    }


def goal_key(goal: Goal) -> str:
    """ "2", or "L2" of a long-term goal."""
    prefix = LONG_TERM_PREFIX if goal.horizon == Horizon.LONG_TERM else ""
    return f"{prefix}{goal.number}"


def indicator_key(goal: Goal, indicator: Indicator) -> str:
    return f"{goal_key(goal)}.{indicator.number}"


def _goal(goal: Goal) -> GoalSnapshot:
    rows = tuple(indicator_snapshot(goal, indicator) for indicator in goal.indicators.all())
    return GoalSnapshot(goal_key(goal), goal.text, trimmed(goal.weight), rows)


def indicator_snapshot(goal: Goal, row: Indicator) -> IndicatorSnapshot:
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
        basis=row.basis,
        basis_note=row.basis_note,
        classification=row.classification,
        note=row.note,
        last_year=row.last_year,
        two_years_before=row.two_years_before,
        aggregation=Aggregation(row.aggregation) if row.aggregation else None,
        feeds=indicator_key(row.feeds.goal, row.feeds) if row.feeds else "",
        money_weight=row.money_weight,
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
        deductions=tuple(_deduction(each) for each in row.deductions.all()),
    )


def _deduction(row: ScoreDeduction | BlockDeduction) -> Deduction:
    return Deduction(_short(row.points), row.reason, row.role)


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
