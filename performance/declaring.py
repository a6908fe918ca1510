"""Writes on declarations: begun on the form in force, saved whole, rows that stay keep their id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import F

from budgets.models import Project, ProjectBudgetLine
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import require_editable, touch
from performance.declaration_entry import (
    DeclarationEntry,
    GoalEntry,
    IndicatorEntry,
    RowEntry,
    goal_numbers,
)
from performance.evaluation import AssetPlan, ExpenditureDetail
from performance.form_edits import Applied, Edits, apply
from performance.intake import form_amount_values
from performance.models import (
    DeclaredAsset,
    DeclaredDetail,
    DeclaredFormAmount,
    DeclaredText,
    Goal,
    Indicator,
    SelfEvaluation,
    TargetDeclaration,
)
from performance.results import fill_from_last_result
from performance.services import FormUnknown, TargetsFixed, claim, forms_of, rescore
from performance.snapshots import declaration_snapshot, goals_of
from rulebook.amounts import MoneyUnit
from rulebook.forms import FieldKind, FormEdition, Horizon, load_form

PARKED = 10_000
"""Added to the numbers of rows while they are renumbered, so that no two ever meet."""
INDICATOR_FIELDS = (
    "tier_one", "tier_one_weight", "tier_two", "tier_two_weight", "name", "kind", "direction",
    "target", "weight", "basis", "basis_note", "classification", "note", "last_year",
    "two_years_before",
)  # fmt: skip
LINE_FIELDS = {"category": "kind", "frequency": "frequency"}
"""Fields of a project's form which the list of projects answers already."""


@transaction.atomic
def open_declaration(
    *,
    filing: Filing,
    staff: StaffMember,
    project: Project | None = None,
    unit: Unit | None = None,
    form: str = "",
) -> TargetDeclaration:
    """The declaration of a project or of a unit (neither: of the department), made when missing.

    ``form`` chooses among the variants in force, the plain one where it is empty. Raises
    EditionMissing where the region has no such form for the year, FormUnknown for another form.
    """
    require_editable(filing, staff)
    variants = forms_of(filing, is_project=project is not None)
    chosen = next((each for each in variants if each.id == (form or variants[0].id)), None)
    if chosen is None:
        raise FormUnknown(form)
    declaration, created = TargetDeclaration.objects.get_or_create(
        filing=filing, project=project, unit=unit, defaults={"form": chosen.id}
    )
    if created:
        if project is not None:
            _begin(declaration, chosen, project)
        fill_from_last_result(declaration)
        touch(filing=filing)
    return declaration


def _begin(declaration: TargetDeclaration, form: FormEdition, project: Project) -> None:
    """What records say already of a project: its kind, how often it comes, who carries it out."""
    line = ProjectBudgetLine.objects.filter(filing=declaration.filing, project=project).first()
    known = {"executor": project.unit.name_in(declaration.filing.fiscal_year_id)}
    if line is not None:
        known |= {key: getattr(line, name) for key, name in LINE_FIELDS.items()}
    DeclaredText.objects.bulk_create(
        DeclaredText(declaration=declaration, key=field.key, text=known[field.key])
        for field in form.fields()
        if field.kind is not FieldKind.RECORD and field.key in known
    )


def entry_of(row: TargetDeclaration) -> DeclarationEntry:
    """The stored declaration as an entry; fetch it with ``with_rows()``."""
    stored = declaration_snapshot(row)
    return DeclarationEntry(
        objective=row.objective,
        long_term_objective=row.long_term_objective,
        long_term_until=row.long_term_until,
        goals=_goal_entries(row, Horizon.ANNUAL),
        long_term=_goal_entries(row, Horizon.LONG_TERM),
        texts={field.key: field.text for field in stored.fields if field.text},
        amounts=stored.amounts,
        details=_row_entries(row.details.all(), stored.details),
        assets=_row_entries(row.assets.all(), stored.assets),
    )


def _goal_entries(row: TargetDeclaration, horizon: Horizon) -> tuple[GoalEntry, ...]:
    return tuple(
        GoalEntry(
            goal.pk,
            goal.text,
            goal.weight,
            tuple(
                IndicatorEntry(line.pk, {name: getattr(line, name) for name in INDICATOR_FIELDS})
                for line in goal.indicators.all()
            ),
        )
        for goal in goals_of(row, horizon)
    )


def _row_entries(
    rows: Any, values: Sequence[ExpenditureDetail | AssetPlan]
) -> tuple[RowEntry, ...]:
    return tuple(RowEntry(row.pk, value) for row, value in zip(rows, values, strict=True))


@transaction.atomic
def save_declaration(
    *, declaration: TargetDeclaration, staff: StaffMember, version: int, entry: DeclarationEntry
) -> TargetDeclaration:
    """Replace the declaration by what was entered; rows that stay keep their results.

    Raises EditConflict when ``version`` is no longer the one in the database, TargetsFixed where
    the targets were taken from an approved declaration.
    """
    require_editable(declaration.filing, staff)
    _refuse_generated(declaration)
    claim(declaration, version)
    _store(declaration, entry)
    return declaration


def _refuse_generated(declaration: TargetDeclaration) -> None:
    """Targets taken from an approved declaration change by a request that a reviewer decides."""
    if declaration.is_generated:
        raise TargetsFixed


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of edits. ``rows`` is key → id of the rows that were made."""

    applied: Applied
    rows: Mapping[str, int]


@transaction.atomic
def edit_declaration(
    *, declaration: TargetDeclaration, staff: StaffMember, unit: MoneyUnit, edits: Edits
) -> Edited:
    """Change single places of the declaration as it is now, many people at once.

    Refused and contested places come back, the others are kept. Raises FilingLocked, TargetsFixed,
    and KeyError for a block that the form has not.
    """
    require_editable(declaration.filing, staff)
    _refuse_generated(declaration)
    TargetDeclaration.objects.select_for_update().get(pk=declaration.pk)
    now = TargetDeclaration.objects.with_rows().get(pk=declaration.pk)
    applied = apply(entry_of(now), load_form(now.form), unit, edits)
    if not applied.taken and not applied.removed:
        return Edited(applied, {})
    claim(now, now.version)
    return Edited(applied, _store(now, applied.entry))


def _store(declaration: TargetDeclaration, entry: DeclarationEntry) -> dict[str, int]:
    declaration.objective = entry.objective
    declaration.long_term_objective = entry.long_term_objective
    declaration.long_term_until = entry.long_term_until
    declaration.save(update_fields=["objective", "long_term_objective", "long_term_until"])
    made: dict[str, int] = {}
    for horizon in Horizon:
        made |= _store_goals(declaration, horizon, entry.of(horizon))
    _store_texts(declaration, entry.texts)
    _store_amounts(declaration, entry)
    made |= _store_rows(declaration, DeclaredDetail, entry.details)
    made |= _store_rows(declaration, DeclaredAsset, entry.assets)
    touch(filing=declaration.filing)
    for evaluation in SelfEvaluation.objects.filter(declaration=declaration):
        rescore(evaluation=evaluation)
    return made


def _store_goals(
    declaration: TargetDeclaration, horizon: Horizon, goals: tuple[GoalEntry, ...]
) -> dict[str, int]:
    stored = Goal.objects.filter(declaration=declaration, horizon=horizon.value)
    Indicator.objects.filter(goal__in=stored.values("pk")).update(number=F("number") + PARKED)
    stored.update(number=F("number") + PARKED)
    known = {goal.pk: goal for goal in stored.all()}
    kept, made = [], {}
    for number, entry in zip(goal_numbers(goals), goals, strict=True):
        goal = known.get(entry.row or 0) or Goal(declaration=declaration, horizon=horizon.value)
        goal.number, goal.text, goal.weight = number, entry.text, entry.weight
        goal.save()
        kept.append(goal)
        if entry.key:
            made[entry.key] = goal.pk
    made |= _store_indicators(stored, goals, kept)
    stored.exclude(pk__in=[goal.pk for goal in kept]).delete()
    return made


def _store_indicators(
    stored: models.QuerySet[Goal], goals: Sequence[GoalEntry], saved: Sequence[Goal]
) -> dict[str, int]:
    known = {row.pk: row for row in Indicator.objects.filter(goal__in=stored.values("pk"))}
    kept: list[Indicator] = []
    new: list[tuple[str, Indicator]] = []
    for goal, entry in zip(saved, goals, strict=True):
        for number, given in enumerate(entry.indicators, 1):
            found = known.pop(given.row or 0, None)
            row = found or Indicator()
            row.goal, row.number = goal, number
            for name, value in given.values.items():
                setattr(row, name, value)
            if found is None:
                new.append((given.key, row))
            else:
                kept.append(row)
    Indicator.objects.filter(pk__in=list(known)).delete()
    Indicator.objects.bulk_update(kept, ["goal", "number", *INDICATOR_FIELDS])
    Indicator.objects.bulk_create(row for _, row in new)
    return {key: row.pk for key, row in new if key}


def _store_texts(declaration: TargetDeclaration, texts: Mapping[str, str]) -> None:
    stored = DeclaredText.objects.filter(declaration=declaration)
    stored.exclude(key__in=list(texts)).delete()
    DeclaredText.objects.bulk_create(
        (DeclaredText(declaration=declaration, key=key, text=text) for key, text in texts.items()),
        update_conflicts=True,
        unique_fields=["declaration", "key"],
        update_fields=["text"],
    )


def _store_amounts(declaration: TargetDeclaration, entry: DeclarationEntry) -> None:
    DeclaredFormAmount.objects.filter(declaration=declaration).delete()
    DeclaredFormAmount.objects.bulk_create(
        DeclaredFormAmount(declaration=declaration, **form_amount_values(amount))
        for amount in entry.amounts
    )


def _store_rows(
    declaration: TargetDeclaration,
    model: type[DeclaredDetail] | type[DeclaredAsset],
    rows: Sequence[RowEntry],
) -> dict[str, int]:
    manager: Any = model._default_manager
    stored = manager.filter(declaration=declaration)
    stored.update(number=F("number") + PARKED)
    known = {row.pk: row for row in stored.all()}
    kept, new = [], []
    names = [name for name in _fields(model) if name != "number"]
    for number, entry in enumerate(rows, 1):
        found = known.pop(entry.row or 0, None)
        row = found or model(declaration=declaration)
        row.number = number
        for name in names:
            setattr(row, name, getattr(entry.value, name.removeprefix("declared_")))
        if found is None:
            new.append((entry.key, row))
        else:
            kept.append(row)
    manager.filter(pk__in=list(known)).delete()
    manager.bulk_update(kept, ["number", *names])
    manager.bulk_create(row for _, row in new)
    return {key: row.pk for key, row in new if key}


def _fields(model: type[DeclaredDetail] | type[DeclaredAsset]) -> list[str]:
    return [f.name for f in model._meta.fields if f.name not in ("id", "declaration")]
