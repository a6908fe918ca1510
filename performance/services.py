"""Writes on targets and self-evaluations; every score is stored with its derivation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from departments.models import StaffMember
from filings.models import Filing, FilingKind
from filings.services import require_editable, touch
from performance.entries import EvaluationEntry, weighted_goal
from performance.evaluation import FormAmount
from performance.models import (
    EvaluationAmount,
    EvaluationText,
    Goal,
    Indicator,
    IndicatorResult,
    SelfEvaluation,
    StoredScorecard,
    TargetDeclaration,
)
from performance.scoring import Scorecard, load_parameters, score
from performance.snapshots import (
    Money,
    declaration_snapshot,
    evaluation_snapshot,
    goals_of,
    indicator_keys,
)
from performance.spending import spending_of
from rulebook.codec import to_json
from rulebook.forms import (
    DEPARTMENT_EVALUATION,
    DEPARTMENT_TARGETS,
    PROJECT_EVALUATION,
    PROJECT_TARGETS,
    FormEdition,
    Horizon,
    forms_in_force,
    load_form,
)

EVALUATION_FIELDS = (
    "filled_on", "execution_reason", "objective_achieved", "objective_band",
    "objective_percentage", "objective_reason", "deviation_reason", "improvement_measure",
    "goals_achieved", "last_year_use", "problems", "next_steps", "budget_link",
)  # fmt: skip
RESULT_FIELDS = ("achieved", "band", "percentage", "deviation_reason", "improvement_measure")


class EditConflict(Exception):
    """Someone else saved in between; what they saved stands until a person decides."""


class TargetsFixed(Exception):
    """The targets were taken from the approved declaration: they change by a request only."""


class FormUnknown(Exception):
    """A form that is not in force for the department and year; ``str`` is its id."""


def declares(filing: Filing) -> bool:
    """A budget declares targets; final accounts take them into their evaluation."""
    return bool(filing.kind == FilingKind.DEPARTMENTAL_BUDGET)


def forms_of(filing: Filing, *, is_project: bool) -> tuple[FormEdition, ...]:
    """The variants of the form on which a filing sets targets: a budget declares them, final
    accounts evaluate them. Raises EditionMissing."""
    kinds = (
        (PROJECT_TARGETS, PROJECT_EVALUATION)
        if is_project
        else (DEPARTMENT_TARGETS, DEPARTMENT_EVALUATION)
    )
    return forms_in_force(
        kinds[0] if declares(filing) else kinds[1],
        region=filing.department.region.code,
        fiscal_year=filing.fiscal_year_id,
    )


def form_of(evaluation: SelfEvaluation) -> FormEdition:
    """The edition of a self-evaluation's form, or the one in force where it names none of ours."""
    try:
        return load_form(evaluation.form)
    except KeyError:
        is_project = evaluation.declaration.project_id is not None
        return forms_of(evaluation.filing, is_project=is_project)[0]


def claim(row: TargetDeclaration | SelfEvaluation, version: int) -> None:
    """Take the next version, or find that someone else took it."""
    model: Any = type(row)
    if not model.objects.filter(pk=row.pk, version=version).update(version=F("version") + 1):
        raise EditConflict
    row.version = version + 1


@transaction.atomic
def open_self_evaluation(*, declaration: TargetDeclaration, staff: StaffMember) -> SelfEvaluation:
    """The self-evaluation of a declaration, made when missing."""
    filing = declaration.filing
    require_editable(filing, staff)
    department = filing.department.name_in(filing.fiscal_year_id)
    project = declaration.project
    form = forms_of(filing, is_project=project is not None)[0]
    evaluation, created = SelfEvaluation.objects.get_or_create(
        declaration=declaration,
        defaults={
            "filing": filing,
            "title": project.name if project else f"{department}部门整体",
            "form": form.id,
        },
    )
    if created:
        touch(filing=filing)
        rescore(evaluation=evaluation)
    return evaluation


@transaction.atomic
def save_self_evaluation(
    *, evaluation: SelfEvaluation, staff: StaffMember, version: int, entry: EvaluationEntry
) -> StoredScorecard:
    """Save what was typed into the form, and score it.

    Points are taken only where the targets came from a declaration without any. Raises
    EditConflict when ``version`` is no longer the one in the database.
    """
    require_editable(evaluation.filing, staff)
    claim(evaluation, version)
    for field in EVALUATION_FIELDS:
        if field in entry.fields:
            setattr(evaluation, field, entry.fields[field])
    evaluation.save(update_fields=list(EVALUATION_FIELDS))
    declaration = TargetDeclaration.objects.with_rows().get(pk=evaluation.declaration_id)
    _save_results(evaluation, declaration, entry)
    _save_texts(evaluation, entry)
    _save_amounts(evaluation, entry)
    if declaration.is_generated and entry.weights:
        _save_weights(evaluation.filing, declaration, entry)
    touch(filing=evaluation.filing)
    return rescore(evaluation=evaluation)


def _save_texts(evaluation: SelfEvaluation, entry: EvaluationEntry) -> None:
    EvaluationText.objects.filter(evaluation=evaluation, key__in=entry.texts).delete()
    EvaluationText.objects.bulk_create(
        EvaluationText(evaluation=evaluation, key=key, text=text)
        for key, text in entry.texts.items()
        if text
    )


def _save_amounts(evaluation: SelfEvaluation, entry: EvaluationEntry) -> None:
    for row in EvaluationAmount.objects.filter(evaluation=evaluation):
        if (row.block, row.row, row.column) in entry.amounts:
            row.delete()
    EvaluationAmount.objects.bulk_create(
        EvaluationAmount(evaluation=evaluation, **form_amount_values(amount))
        for amount in entry.amounts.values()
        if amount is not None
    )


def form_amount_values(value: FormAmount) -> dict[str, Any]:
    """The fields of a row for an amount of a form."""
    return {
        "block": value.block,
        "row": value.row,
        "column": value.column,
        "amount": value.amount,
        "declared_unit": value.unit,
        "declared_decimals": value.decimals,
    }


def _save_weights(filing: Filing, declaration: TargetDeclaration, entry: EvaluationEntry) -> None:
    """The points as typed; those of the headers above the rows are their sums."""
    merged = load_parameters(filing.scoring_edition).tier_two_merged
    rows: list[Indicator] = []
    goals = goals_of(declaration, Horizon.ANNUAL)
    for goal, value in zip(goals, declaration_snapshot(declaration).goals, strict=True):
        weighted = weighted_goal(value, entry.weights, tier_two_merged=merged)
        goal.weight = weighted.weight
        for row, indicator in zip(goal.indicators.all(), weighted.indicators, strict=True):
            row.weight = indicator.weight
            row.tier_one_weight = indicator.tier_one_weight
            row.tier_two_weight = indicator.tier_two_weight
            rows.append(row)
    Goal.objects.bulk_update(goals, ["weight"])
    Indicator.objects.bulk_update(rows, ["weight", "tier_one_weight", "tier_two_weight"])


def _save_results(
    evaluation: SelfEvaluation, declaration: TargetDeclaration, entry: EvaluationEntry
) -> None:
    known = {row.indicator_id: row for row in evaluation.results.all()}
    kept: list[IndicatorResult] = []
    new: list[IndicatorResult] = []
    for pk, key in indicator_keys(declaration).items():
        given = entry.results.get(key)
        if given is None or (pk not in known and not any(given.values())):
            continue
        row = known.get(pk) or IndicatorResult(evaluation=evaluation, indicator_id=pk)
        for field in RESULT_FIELDS:
            setattr(row, field, given.get(field, getattr(row, field)))
        (kept if pk in known else new).append(row)
    IndicatorResult.objects.bulk_update(kept, RESULT_FIELDS)
    IndicatorResult.objects.bulk_create(new)


def scored(
    evaluation_id: int, spending: Mapping[str, Money] | None = None
) -> tuple[SelfEvaluation, Scorecard]:
    """A self-evaluation read afresh with all its rows, and its scorecard."""
    rows = SelfEvaluation.objects.with_rows().select_related("filing__department")
    row = rows.get(pk=evaluation_id)
    money = spending_of(row.filing) if spending is None else spending
    parameters = load_parameters(row.filing.scoring_edition)
    return row, score(evaluation_snapshot(row, money), parameters)


@transaction.atomic
def rescore(
    *, evaluation: SelfEvaluation, spending: Mapping[str, Money] | None = None
) -> StoredScorecard:
    """Score a self-evaluation as it stands and keep the score with its derivation."""
    row, scorecard = scored(evaluation.pk, spending)
    stored, _ = StoredScorecard.objects.update_or_create(
        evaluation=row,
        defaults={
            "scoring_edition": scorecard.edition_id,
            "total": scorecard.total,
            "grade": scorecard.grade or "",
            "derivation": to_json(scorecard),
        },
    )
    return stored


@transaction.atomic
def rescore_filing(*, filing: Filing) -> list[StoredScorecard]:
    """Score every self-evaluation of a filing, for example after its cells have changed."""
    money = spending_of(filing)
    rows = SelfEvaluation.objects.filter(filing=filing)
    return [rescore(evaluation=row, spending=money) for row in rows]
