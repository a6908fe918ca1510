"""Performance from a data package into rows: whole or nothing, read back as equal values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from budgets.models import Project
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import require_editable, touch
from performance.evaluation import (
    DEPARTMENT,
    ChangeState,
    DeclarationSnapshot,
    EvaluationSnapshot,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
    unit_subject,
)
from performance.fitting import Misfit, misfits
from performance.models import (
    BlockDeduction,
    ClaimedScore,
    DeclaredAsset,
    DeclaredDetail,
    DeclaredFormAmount,
    DeclaredText,
    EvaluationAmount,
    EvaluationText,
    Goal,
    Indicator,
    IndicatorResult,
    ScoreDeduction,
    SelfEvaluation,
    TargetChange,
    TargetDeclaration,
)
from performance.services import form_amount_values, rescore_filing
from performance.snapshots import LONG_TERM_PREFIX, PASSAGES
from rulebook.forms import Horizon


class PerformanceRefused(Exception):
    """Nothing was written; ``misfits`` say why."""

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        super().__init__("；".join(misfit.reason for misfit in misfits))
        self.misfits = tuple(misfits)


@transaction.atomic
def replace_performance(
    *,
    filing: Filing,
    staff: StaffMember,
    declarations: Sequence[DeclarationSnapshot],
    evaluations: Sequence[EvaluationSnapshot],
) -> None:
    """Replace all targets and self-evaluations of a filing, and score them.

    Projects must stand in the database already, and cells and project years be written before.
    ``budget`` and ``spent`` are not stored, they come from there. A deduction keeps its role and
    is entered in the name of ``staff``. Raises PerformanceRefused.
    """
    require_editable(filing, staff)
    projects = {p.code: p for p in Project.objects.filter(unit__department=filing.department_id)}
    units = {unit_subject(u.code): u for u in Unit.objects.filter(department=filing.department_id)}
    found = misfits(declarations, evaluations, {*projects, *units})
    if found:
        raise PerformanceRefused(found)
    TargetDeclaration.objects.filter(filing=filing).delete()
    rows = {
        d.subject: _declare(filing, projects.get(d.subject), units.get(d.subject), d)
        for d in declarations
    }
    for declared in declarations:
        _ask(staff, *rows[declared.subject], declared)
    _connect(declarations, rows)
    for evaluation in evaluations:
        _evaluate(filing, staff, *rows[evaluation.subject], evaluation)
    touch(filing=filing)
    rescore_filing(filing=filing)


Declared = tuple[TargetDeclaration, dict[str, Indicator]]


def _declare(
    filing: Filing, project: Project | None, unit: Unit | None, value: DeclarationSnapshot
) -> Declared:
    declaration = TargetDeclaration.objects.create(
        filing=filing,
        project=project,
        unit=unit,
        form=value.form,
        objective=value.objective,
        long_term_objective=value.long_term_objective,
        long_term_until=value.long_term_until,
        source=value.source,
    )
    rows: dict[str, Indicator] = {}
    for horizon, goals in ((Horizon.ANNUAL, value.goals), (Horizon.LONG_TERM, value.long_term)):
        for goal in goals:
            row = Goal.objects.create(
                declaration=declaration,
                horizon=horizon.value,
                number=int(goal.key.removeprefix(LONG_TERM_PREFIX)),
                text=goal.text,
                weight=goal.weight,
            )
            rows |= {indicator.key: indicator_row(row, indicator) for indicator in goal.indicators}
    Indicator.objects.bulk_create(rows.values())
    declare_blocks(declaration, value)
    return declaration, rows


def declare_blocks(declaration: TargetDeclaration, value: DeclarationSnapshot) -> None:
    """The blocks of the form beside its goals."""
    DeclaredText.objects.bulk_create(
        DeclaredText(declaration=declaration, key=field.key, text=field.text)
        for field in value.fields
    )
    DeclaredFormAmount.objects.bulk_create(
        DeclaredFormAmount(declaration=declaration, **form_amount_values(amount))
        for amount in value.amounts
    )
    DeclaredDetail.objects.bulk_create(
        DeclaredDetail(
            declaration=declaration, number=number, content=row.content,
            calculation=row.calculation, own_level=row.own_level, transfer=row.transfer,
            other=row.other, declared_unit=row.unit, declared_decimals=row.decimals,
        )
        for number, row in enumerate(value.details, 1)
    )  # fmt: skip
    DeclaredAsset.objects.bulk_create(
        DeclaredAsset(
            declaration=declaration, number=number, name=row.name, quantity=row.quantity,
            amount=row.amount, declared_unit=row.unit, declared_decimals=row.decimals,
        )
        for number, row in enumerate(value.assets, 1)
    )  # fmt: skip


def _ask(
    staff: StaffMember,
    declaration: TargetDeclaration,
    indicators: Mapping[str, Indicator],
    value: DeclarationSnapshot,
) -> None:
    """The requests to change targets, entered and decided in the name of ``staff``."""
    TargetChange.objects.bulk_create(
        TargetChange(
            declaration=declaration,
            kind=change.kind.value,
            indicator=indicators.get(change.row) if change.state is ChangeState.ASKED else None,
            row=change.row,
            indicator_name=change.indicator,
            field=change.field,
            old=change.old,
            new=change.new,
            values={field.key: field.text for field in change.values},
            reason=change.reason,
            asked_by=staff,
            asked_on=change.asked_on,
            state=change.state.value,
            decided_by=staff if change.decided_on else None,
            decided_on=change.decided_on,
            decision_reason=change.decision_reason,
            origin=change.origin,
        )
        for change in value.changes
    )


def _connect(declarations: Sequence[DeclarationSnapshot], rows: Mapping[str, Declared]) -> None:
    """Link the parts of shared indicators to the department's."""
    whole = rows[DEPARTMENT][1] if DEPARTMENT in rows else {}
    linked = []
    for declaration in declarations:
        for value in declaration.indicators:
            if value.feeds:
                row = rows[declaration.subject][1][value.key]
                row.feeds = whole[value.feeds]
                linked.append(row)
    Indicator.objects.bulk_update(linked, ["feeds"])


def indicator_row(goal: Goal, value: IndicatorSnapshot) -> Indicator:
    """A row for an indicator, not stored yet and without the link to what it feeds."""
    return Indicator(
        goal=goal,
        number=int(value.key.partition(".")[2]),
        tier_one=value.tier_one,
        tier_one_weight=value.tier_one_weight,
        tier_two=value.tier_two,
        tier_two_weight=value.tier_two_weight,
        name=value.name,
        kind=value.kind.value,
        direction=value.direction.value if value.direction else "",
        target=value.target,
        weight=value.weight,
        basis=value.basis,
        basis_note=value.basis_note,
        classification=value.classification,
        note=value.note,
        last_year=value.last_year,
        two_years_before=value.two_years_before,
        aggregation=value.aggregation.value if value.aggregation else "",
        money_weight=value.money_weight,
    )


def _evaluate(
    filing: Filing,
    staff: StaffMember,
    declaration: TargetDeclaration,
    indicators: dict[str, Indicator],
    value: EvaluationSnapshot,
) -> None:
    evaluation = SelfEvaluation.objects.create(
        filing=filing,
        declaration=declaration,
        **evaluation_values(value),
    )
    evaluate_blocks(evaluation, staff, value)
    rows = [_result(evaluation, indicators[r.indicator], r) for r in value.results]
    IndicatorResult.objects.bulk_create(rows)
    ScoreDeduction.objects.bulk_create(
        ScoreDeduction(result=row, points=d.points, reason=d.reason, role=d.role, made_by=staff)
        for row, result in zip(rows, value.results, strict=True)
        for d in result.deductions
    )


def evaluation_values(value: EvaluationSnapshot) -> dict[str, Any]:
    """The fields of a row for a self-evaluation; a passage that is not there is empty."""
    report = dict(value.report)
    return {
        "title": value.title,
        "form": value.form,
        "filled_on": value.filled_on,
        "execution_reason": value.execution_reason,
        "objective_achieved": value.objective_achieved,
        **judged(value.objective_judgement, "objective_"),
        "objective_reason": value.objective_reason,
        "deviation_reason": value.deviation_reason,
        "improvement_measure": value.improvement_measure,
        "claimed_grade": value.claimed_grade,
        **{key: report.get(key, "") for key in PASSAGES},
    }


def evaluate_blocks(
    evaluation: SelfEvaluation, staff: StaffMember, value: EvaluationSnapshot
) -> None:
    """The blocks of the form beside its indicators."""
    EvaluationText.objects.bulk_create(
        EvaluationText(evaluation=evaluation, key=field.key, text=field.text)
        for field in value.fields
    )
    EvaluationAmount.objects.bulk_create(
        EvaluationAmount(evaluation=evaluation, **form_amount_values(amount))
        for amount in value.amounts
    )
    ClaimedScore.objects.bulk_create(
        ClaimedScore(evaluation=evaluation, line=claim.line, points=claim.points)
        for claim in value.claimed
    )
    BlockDeduction.objects.bulk_create(
        BlockDeduction(
            evaluation=evaluation, points=d.points, reason=d.reason, role=d.role, made_by=staff
        )
        for d in value.deductions
    )


def _result(
    evaluation: SelfEvaluation, indicator: Indicator, value: ResultSnapshot
) -> IndicatorResult:
    return IndicatorResult(
        evaluation=evaluation,
        indicator=indicator,
        achieved=value.achieved,
        **judged(value.judgement),
        deviation_reason=value.deviation_reason,
        improvement_measure=value.improvement_measure,
    )


def judged(judgement: Judgement | None, prefix: str = "") -> dict[str, str | Decimal | None]:
    """The two fields of a judgement, empty without one."""
    return {
        f"{prefix}band": judgement.band.value if judgement else "",
        f"{prefix}percentage": judgement.percentage if judgement else None,
    }
