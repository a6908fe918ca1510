"""Forms as a file leaves them, into rows: only the subjects named, rows that stay keep their id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F

from budgets.models import Project
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import require_editable, touch
from performance.evaluation import (
    DeclarationSnapshot,
    EvaluationSnapshot,
    GoalSnapshot,
    ResultSnapshot,
    unit_subject,
)
from performance.excel.merging import Merged
from performance.excel.pages import FormPage
from performance.fitting import Misfit, misfits
from performance.intake import (
    PerformanceRefused,
    declare_blocks,
    evaluation_values,
    form_amount_values,
    indicator_row,
    judged,
)
from performance.models import (
    DeclaredAsset,
    DeclaredDetail,
    DeclaredFormAmount,
    DeclaredText,
    EvaluationAmount,
    EvaluationText,
    Goal,
    Indicator,
    IndicatorResult,
    SelfEvaluation,
    TargetDeclaration,
)
from performance.scoring.weights import FORM_ROW
from performance.services import rescore
from performance.snapshots import LONG_TERM_PREFIX, goal_key, indicator_keys, subject_of
from rulebook.addresses import declaration_address
from rulebook.forms import Horizon

PARKED = 10_000
"""Added to the numbers of rows while they are renumbered, so that no two ever meet."""
BLOCKS = (DeclaredText, DeclaredFormAmount, DeclaredDetail, DeclaredAsset)


@transaction.atomic
def save_forms(
    *, filing: Filing, staff: StaffMember, forms: Sequence[Merged], pages: Sequence[FormPage]
) -> None:
    """Write the targets and self-evaluations of some subjects, and score them.

    ``pages`` are all forms of the filing as they were read for ``forms``; the others stay as they
    are. Indicators and results that a file keeps stay the same rows, with their deductions and
    their links to the department's indicators. Raises PerformanceRefused, FilingLocked.
    """
    require_editable(filing, staff)
    projects = {p.code: p for p in Project.objects.filter(unit__department=filing.department_id)}
    units = {unit_subject(u.code): u for u in Unit.objects.filter(department=filing.department_id)}
    _refuse(forms, pages, {*projects, *units})
    stored = TargetDeclaration.objects.filter(filing=filing).with_rows()
    rows = {subject_of(row): row for row in stored}
    for form in forms:
        subject, value = form.after.subject, form.after.declaration
        if value is None:
            continue
        row = rows.get(subject) or TargetDeclaration.objects.create(
            filing=filing,
            project=projects.get(subject),
            unit=units.get(subject),
            form=value.form,
        )
        _save(row, form, value)
    touch(filing=filing)


def _refuse(forms: Sequence[Merged], pages: Sequence[FormPage], known: Iterable[str]) -> None:
    """Raise PerformanceRefused for what the rows could not hold. Links are not in a file."""
    after = {page.subject: page for page in pages} | {f.after.subject: f.after for f in forms}
    declarations = [
        _unlinked(page.declaration) for page in after.values() if page.declaration is not None
    ]
    evaluations = [
        replace(page.evaluation, declaration=_unlinked(page.declaration))
        for page in after.values()
        if page.evaluation is not None and page.declaration is not None
    ]
    found = misfits(declarations, evaluations, known)
    before = {page.subject: page.declaration for page in pages}
    found += [misfit for form in forms for misfit in _fixed(before, form.after.declaration)]
    if found:
        raise PerformanceRefused(found)


def _fixed(
    before: Mapping[str, DeclarationSnapshot | None], after: DeclarationSnapshot | None
) -> Iterable[Misfit]:
    """Targets taken from an approved declaration take points from a file, nothing else."""
    known = before.get(after.subject) if after else None
    if after and known and known.source and _pointless(known) != _pointless(after):
        place = declaration_address(after.subject, FORM_ROW, "goals")
        reason = "目标取自批复的绩效目标申报，文件不能改动；需要调整的，请在系统中申请并说明理由"
        yield Misfit(place, reason)


def _pointless(value: DeclarationSnapshot) -> tuple[GoalSnapshot, ...]:
    """The goals without points, which the evaluation's form adds to a declaration's."""
    return tuple(
        replace(
            goal,
            weight=None,
            indicators=tuple(
                replace(row, weight=None, tier_one_weight=None, tier_two_weight=None, feeds="")
                for row in goal.indicators
            ),
        )
        for goal in value.goals
    )


def _unlinked(value: DeclarationSnapshot) -> DeclarationSnapshot:
    return replace(
        value,
        goals=tuple(
            replace(goal, indicators=tuple(replace(row, feeds="") for row in goal.indicators))
            for goal in value.goals
        ),
    )


def _save(row: TargetDeclaration, form: Merged, value: DeclarationSnapshot) -> None:
    TargetDeclaration.objects.filter(pk=row.pk).update(
        objective=value.objective,
        long_term_objective=value.long_term_objective,
        long_term_until=value.long_term_until,
        version=F("version") + 1,
    )
    indicators: dict[str, Indicator] = {}
    for horizon, goals in ((Horizon.ANNUAL, value.goals), (Horizon.LONG_TERM, value.long_term)):
        prefix = "long_" if horizon is Horizon.LONG_TERM else ""
        indicators |= _save_goals(row, horizon, goals, prefix, form.was)
    for model in BLOCKS:
        model._default_manager.filter(declaration=row).delete()
    declare_blocks(row, value)
    evaluation = SelfEvaluation.objects.filter(declaration=row).first()
    if form.after.evaluation is not None:
        evaluation = _save_evaluation(row, evaluation, form, form.after.evaluation, indicators)
    if evaluation is not None:
        rescore(evaluation=evaluation)


def _save_goals(
    row: TargetDeclaration,
    horizon: Horizon,
    goals: Sequence[GoalSnapshot],
    prefix: str,
    was: Mapping[str, Mapping[str, str]],
) -> dict[str, Indicator]:
    """The goals of one horizon with their indicators; those the file lacks are removed."""
    stored = Goal.objects.filter(declaration=row, horizon=horizon.value)
    old_goals = {goal_key(goal): goal for goal in stored}
    old_rows = _parked(row, old_goals.values())
    goals_were, rows_were = was.get(f"{prefix}goals", {}), was.get(f"{prefix}indicators", {})
    saved: dict[str, Indicator] = {}
    kept = []
    for value in goals:
        goal = old_goals.get(goals_were.get(value.key, "")) or Goal(declaration=row)
        goal.horizon, goal.text, goal.weight = horizon.value, value.text, value.weight
        goal.number = int(value.key.removeprefix(LONG_TERM_PREFIX))
        goal.save()
        kept.append(goal.pk)
        for each in value.indicators:
            indicator = indicator_row(goal, each)
            if old := old_rows.get(rows_were.get(each.key, "")):
                indicator.pk, indicator.feeds_id = old.pk, old.feeds_id
            indicator.save()
            saved[each.key] = indicator
    lost = {each.pk for each in old_rows.values()} - {each.pk for each in saved.values()}
    Indicator.objects.filter(pk__in=lost).delete()
    stored.exclude(pk__in=kept).delete()
    return saved


def _parked(row: TargetDeclaration, goals: Iterable[Goal]) -> dict[str, Indicator]:
    """The indicators of goals by key, all numbers out of the way of those to come."""
    stored = Goal.objects.filter(pk__in=[goal.pk for goal in goals])
    indicators = Indicator.objects.filter(goal__in=stored)
    keys = indicator_keys(row)
    found = {keys[each.pk]: each for each in indicators}
    indicators.update(number=F("number") + PARKED)
    stored.update(number=F("number") + PARKED)
    return found


def _save_evaluation(
    row: TargetDeclaration,
    evaluation: SelfEvaluation | None,
    form: Merged,
    value: EvaluationSnapshot,
    indicators: Mapping[str, Indicator],
) -> SelfEvaluation:
    before = form.before.evaluation
    values = evaluation_values(value)
    if before is not None and before.objective_judgement == value.objective_judgement:
        del values["objective_band"], values["objective_percentage"]  # half of one is kept
    if evaluation is None:
        evaluation = SelfEvaluation(filing_id=row.filing_id, declaration=row, version=0)
    for name, content in values.items():
        setattr(evaluation, name, content)
    evaluation.version += 1
    evaluation.save()
    _save_blocks(evaluation, value)
    _save_results(evaluation, form, value, indicators)
    return evaluation


def _save_blocks(evaluation: SelfEvaluation, value: EvaluationSnapshot) -> None:
    EvaluationText.objects.filter(evaluation=evaluation).delete()
    EvaluationText.objects.bulk_create(
        EvaluationText(evaluation=evaluation, key=each.key, text=each.text) for each in value.fields
    )
    EvaluationAmount.objects.filter(evaluation=evaluation).delete()
    EvaluationAmount.objects.bulk_create(
        EvaluationAmount(evaluation=evaluation, **form_amount_values(each))
        for each in value.amounts
    )


def _save_results(
    evaluation: SelfEvaluation,
    form: Merged,
    value: EvaluationSnapshot,
    indicators: Mapping[str, Indicator],
) -> None:
    """What was achieved, in the rows that stand for it; deductions hang on those."""
    stored = {each.indicator_id: each for each in evaluation.results.all()}
    was = form.was.get("indicators", {})
    for each in value.results:
        indicator = indicators[each.indicator]
        row = stored.get(indicator.pk) or IndicatorResult(
            evaluation=evaluation, indicator=indicator
        )
        before = _result_before(form.before, was.get(each.indicator, ""))
        for name, content in _result_values(each, before).items():
            setattr(row, name, content)
        row.save()


def _result_before(page: FormPage, key: str) -> ResultSnapshot | None:
    return page.evaluation.result_of(key) if page.evaluation and key else None


def _result_values(value: ResultSnapshot, before: ResultSnapshot | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "achieved": value.achieved,
        "deviation_reason": value.deviation_reason,
        "improvement_measure": value.improvement_measure,
    }
    if before is None or before.judgement != value.judgement:
        values |= judged(value.judgement)
    return values
