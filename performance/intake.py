"""Performance from a data package into rows: whole or nothing, read back as equal values."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from budgets.models import Project
from departments.models import StaffMember
from filings.models import Filing
from filings.services import require_editable, touch
from performance.evaluation import (
    DeclarationSnapshot,
    EvaluationSnapshot,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.fitting import Misfit, misfits
from performance.models import (
    Goal,
    Indicator,
    IndicatorResult,
    ScoreDeduction,
    SelfEvaluation,
    TargetDeclaration,
)
from performance.services import rescore_filing


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
    found = misfits(declarations, evaluations, projects)
    if found:
        raise PerformanceRefused(found)
    TargetDeclaration.objects.filter(filing=filing).delete()
    rows = {d.subject: _declare(filing, projects.get(d.subject), d) for d in declarations}
    for evaluation in evaluations:
        _evaluate(filing, staff, *rows[evaluation.subject], evaluation)
    touch(filing=filing)
    rescore_filing(filing=filing)


Declared = tuple[TargetDeclaration, dict[str, Indicator]]


def _declare(filing: Filing, project: Project | None, value: DeclarationSnapshot) -> Declared:
    declaration = TargetDeclaration.objects.create(
        filing=filing, project=project, objective=value.objective
    )
    rows: dict[str, Indicator] = {}
    for goal in value.goals:
        row = Goal.objects.create(
            declaration=declaration, number=int(goal.key), text=goal.text, weight=goal.weight
        )
        rows |= {indicator.key: _indicator(row, indicator) for indicator in goal.indicators}
    Indicator.objects.bulk_create(rows.values())
    return declaration, rows


def _indicator(goal: Goal, value: IndicatorSnapshot) -> Indicator:
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
        title=value.title,
        form=value.form,
        filled_on=value.filled_on,
        execution_reason=value.execution_reason,
        objective_achieved=value.objective_achieved,
        **_judged(value.objective_judgement, "objective_"),
        objective_reason=value.objective_reason,
        deviation_reason=value.deviation_reason,
        improvement_measure=value.improvement_measure,
        **dict(value.report),
    )
    rows = [_result(evaluation, indicators[r.indicator], r) for r in value.results]
    IndicatorResult.objects.bulk_create(rows)
    ScoreDeduction.objects.bulk_create(
        ScoreDeduction(result=row, points=d.points, reason=d.reason, role=d.role, made_by=staff)
        for row, result in zip(rows, value.results, strict=True)
        for d in result.deductions
    )


def _result(
    evaluation: SelfEvaluation, indicator: Indicator, value: ResultSnapshot
) -> IndicatorResult:
    return IndicatorResult(
        evaluation=evaluation,
        indicator=indicator,
        achieved=value.achieved,
        **_judged(value.judgement),
        deviation_reason=value.deviation_reason,
        improvement_measure=value.improvement_measure,
    )


def _judged(judgement: Judgement | None, prefix: str = "") -> dict[str, str | Decimal | None]:
    return {
        f"{prefix}band": judgement.band.value if judgement else "",
        f"{prefix}percentage": judgement.percentage if judgement else None,
    }
