"""What the page of a self-evaluation shows: the blocks of its form in order, and the score.

While someone types, the same parts are computed from what was typed and sent one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.forms import BoundField
from django.template.loader import render_to_string

from filings.models import Filing
from performance.cards import GoalCard, Part, Row, cards_of, part_of
from performance.checks import check_declaration, check_evaluation
from performance.composing import BOXES, composed_lines
from performance.entries import entered
from performance.evaluation import FormAmount
from performance.evaluation_forms import EvaluationForms, level_name
from performance.form_figures import FilingRecords, FormFigures, form_figures
from performance.links import shown
from performance.models import SelfEvaluation
from performance.overview import Evaluated
from performance.scoring import load_parameters, score
from performance.scoring.parameters import Component, Scheme
from performance.scoring.steps import plain
from performance.services import EVALUATION_FIELDS, form_of
from performance.snapshots import Money, evaluation_snapshot, subject_of
from rulebook.amounts import half_up, in_wan, rate
from rulebook.forms import BlockKind, FieldKind, FormBlock

TEMPLATES = {
    BlockKind.FIELDS: "performance/evaluation_fields.html",
    BlockKind.EXECUTION: "performance/evaluation_execution.html",
    BlockKind.OBJECTIVE: "performance/evaluation_objective.html",
    BlockKind.INDICATORS: "performance/evaluation_indicators.html",
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the form: typed (``bound``), or read from a record (``text``). ``composed`` are
    the lines that the rows of the form say for its box."""

    key: str
    label: str
    is_required: bool
    bound: BoundField | None
    text: str
    composed: tuple[str, ...]
    is_box: bool


@dataclass(frozen=True, slots=True)
class LevelView:
    """A row of the execution block; the whole is read from records, a level of it is typed."""

    key: str
    label: str
    budget: Decimal | None
    spent: Decimal | None
    rate: Decimal | None
    budget_field: BoundField | None
    spent_field: BoundField | None


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the form with what is in it, and the template that shows it."""

    block: FormBlock
    template: str
    fields: tuple[FieldView, ...] = ()
    levels: tuple[LevelView, ...] = ()
    heads: Mapping[str, str] | None = None


def forms_for(
    row: SelfEvaluation, filing: Filing, data: Mapping[str, Any] | None = None
) -> EvaluationForms:
    """The page's forms by the edition of the self-evaluation."""
    return EvaluationForms(row, form_of(row), scheme_of(row, filing), data)


def scheme_of(row: SelfEvaluation, filing: Filing) -> Scheme:
    return load_parameters(filing.scoring_edition).scheme_for(subject_of(row.declaration))


def evaluated_as_typed(
    filing: Filing, row: SelfEvaluation, forms: EvaluationForms, spending: Mapping[str, Money]
) -> Evaluated:
    """The self-evaluation scored as it would be if what was typed were saved."""
    parameters = load_parameters(filing.scoring_edition)
    stored = evaluation_snapshot(row, spending)
    snapshot = entered(stored, forms.entry, tier_two_merged=parameters.tier_two_merged)
    scorecard = score(snapshot, parameters)
    holder = row.declaration.project or row.declaration.unit
    findings = [
        *check_declaration(snapshot.declaration, parameters, holder.name if holder else ""),
        *check_evaluation(snapshot, scorecard, parameters),
    ]
    return Evaluated(row, snapshot, scorecard, tuple(findings))


def evaluation_context(
    filing: Filing, evaluated: Evaluated, forms: EvaluationForms, records: FilingRecords
) -> dict[str, Any]:
    """What page and check have in common, beside the filing."""
    edition = form_of(evaluated.row)
    return {
        "card": evaluated.scorecard,
        "evaluation": evaluated.snapshot,
        "edition": edition,
        "forms": forms,
        "head": forms.head,
        "blocks": tuple(_blocks(filing, evaluated, forms, records)),
        "goals": cards_of(filing, evaluated, forms),
        "execution": part_of(filing, evaluated, Component.EXECUTION),
        "objective": part_of(filing, evaluated, Component.OBJECTIVE),
        "shared": part_of(filing, evaluated, Component.INDICATORS),
        "findings": [shown(filing, finding) for finding in evaluated.findings],
    }


def _blocks(
    filing: Filing, evaluated: Evaluated, forms: EvaluationForms, records: FilingRecords
) -> Iterator[BlockView]:
    edition, snapshot = form_of(evaluated.row), evaluated.snapshot
    card = evaluated.scorecard
    figures = form_figures(edition, snapshot.subject, records, card, snapshot.title)
    for block in edition.blocks:
        heads = {column.key: column.label for column in block.columns}
        yield BlockView(
            block,
            TEMPLATES[block.kind],
            tuple(_fields(block, evaluated, forms, figures)),
            tuple(_levels(block, evaluated, forms, filing)),
            heads,
        )


def _fields(
    block: FormBlock, evaluated: Evaluated, forms: EvaluationForms, figures: FormFigures
) -> Iterator[FieldView]:
    for field in block.fields:
        bound = None
        if field.kind is not FieldKind.RECORD:
            bound = (forms.head if field.key in EVALUATION_FIELDS else forms.texts)[field.key]
        is_box = field.key in BOXES
        lines = composed_lines(evaluated.snapshot, evaluated.scorecard, field.key) if is_box else ()
        text = _recorded(figures, field.key)
        yield FieldView(field.key, field.label, field.is_required, bound, text, lines, is_box)


def _recorded(figures: FormFigures, key: str) -> str:
    """What the records say in a field: an amount in 万元, or words."""
    found = figures.sums.get(key)
    return plain(in_wan(found.amount.value)) if found else figures.text(key)


def _levels(
    block: FormBlock, evaluated: Evaluated, forms: EvaluationForms, filing: Filing
) -> Iterator[LevelView]:
    decimals = load_parameters(filing.scoring_edition).rate_decimals
    snapshot = evaluated.snapshot
    amounts = {(a.row, a.column): a for a in snapshot.amounts if a.block == block.key}
    for row in block.rows:
        budget, spent = snapshot.budget, snapshot.spent
        budget_field = spent_field = None
        if not row.is_total:
            budget = _amount(amounts.get((row.key, "budget")))
            spent = _amount(amounts.get((row.key, "spent")))
            budget_field = forms.levels[level_name(row.key, "budget")]
            spent_field = forms.levels[level_name(row.key, "spent")]
        found = rate(spent, budget)
        shown_rate = None if found is None else half_up(found, decimals)
        yield LevelView(row.key, row.label, budget, spent, shown_rate, budget_field, spent_field)


def _amount(amount: FormAmount | None) -> Decimal | None:
    return amount.amount if amount else None


def changing_parts(context: Mapping[str, Any]) -> dict[str, str]:
    """Name of a part of the page → its HTML, for everything that typing changes."""
    parts = {"score": _html("score", context), "steps": _html("steps", context)}
    for name in ("execution", "objective", "shared"):
        part: Part | None = context[name]
        if part is not None:
            parts |= _line_parts(name, part)
    for card in context["goals"]:
        parts[f"goal-{card.goal.key}"] = _html("subtotal", {"card": card})
        for row in card.rows:
            parts |= _line_parts(row.indicator.key, row)
    for view in context["blocks"]:
        for level in view.levels:
            parts[f"rate-{level.key}"] = _html("rate", {"level": level})
        for field in view.fields:
            if field.is_box:
                parts[f"box-{field.key}"] = _html("box", {"field": field})
    parts["findings"] = render_to_string("components/findings_panel.html", dict(context))
    return parts


def _line_parts(name: str, part: Part | Row) -> dict[str, str]:
    return {
        f"points-{name}": _html("points", {"line": part.line}),
        f"notes-{name}": _html("notes", {"findings": part.findings, "line": part.line}),
    }


def _html(name: str, context: Mapping[str, Any]) -> str:
    return render_to_string(f"performance/evaluation_{name}.html", dict(context))


def asking(context: Mapping[str, Any]) -> list[str]:
    """The keys of the rows that now want a reason."""
    return [row.indicator.key for row in _rows(context) if row.asks_reason]


def questioned(context: Mapping[str, Any]) -> list[str]:
    """The anchors of the rows that wait for an answer before they score."""
    return [row.anchor for row in _rows(context) if row.line and row.line.question]


def _rows(context: Mapping[str, Any]) -> Iterator[Row]:
    cards: list[GoalCard] = context["goals"]
    for card in cards:
        yield from card.rows
