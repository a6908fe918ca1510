"""PURE: what a person has typed into a self-evaluation, laid over what is stored.

The same value is saved or, while someone types, only scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from performance.evaluation import (
    Band,
    EvaluationSnapshot,
    FieldText,
    FormAmount,
    GoalSnapshot,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from rulebook.amounts import ZERO

PASSAGES = ("goals_achieved", "last_year_use", "problems", "next_steps", "budget_link")
"""The passages of the report in words, in the order they are printed."""
HEAD = (
    "filled_on", "execution_reason", "objective_achieved", "objective_reason", "deviation_reason",
    "improvement_measure",
)  # fmt: skip
"""Fields of the form that a snapshot holds under the same name."""

Place = tuple[str, str, str]
"""Block, row and column of an amount of the form."""


@dataclass(frozen=True, slots=True)
class EvaluationEntry:
    """The form as typed. A key that is missing keeps what is stored.

    ``results`` are by the key of the indicator, ``weights`` by the key of the indicator or goal.
    ``amounts`` are by place, None for an emptied one.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    results: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[Place, FormAmount | None] = field(default_factory=dict)
    weights: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Points:
    """The points of an indicator with those of the headers printed above it."""

    weight: Decimal | None
    tier_one: Decimal | None
    tier_two: Decimal | None


def entered(
    evaluation: EvaluationSnapshot, entry: EvaluationEntry, *, tier_two_merged: bool
) -> EvaluationSnapshot:
    """The self-evaluation as it would be if the entry were saved."""
    head = {name: entry.fields[name] for name in HEAD if name in entry.fields}
    passages = dict(evaluation.report) | {k: entry.fields[k] for k in PASSAGES if k in entry.fields}
    changed = replace(
        evaluation,
        **head,
        report=tuple((key, text) for key in PASSAGES if (text := passages.get(key))),
        results=tuple(_results(evaluation, entry)),
        fields=_texts(evaluation.fields, entry.texts),
        amounts=_amounts(evaluation.amounts, entry.amounts),
    )
    if "objective_band" in entry.fields:
        share = _judgement(entry.fields, "objective_")
        changed = replace(changed, objective_judgement=share)
    if not entry.weights:
        return changed
    goals = (
        weighted_goal(goal, entry.weights, tier_two_merged=tier_two_merged)
        for goal in changed.declaration.goals
    )
    return replace(changed, declaration=replace(changed.declaration, goals=tuple(goals)))


def weighted_goal(
    goal: GoalSnapshot, weights: Mapping[str, Decimal | None], *, tier_two_merged: bool
) -> GoalSnapshot:
    """The goal with points as typed; the headers above its rows follow from them."""
    rows = [replace(row, weight=weights.get(row.key, row.weight)) for row in goal.indicators]
    found = header_points(rows, tier_two_merged=tier_two_merged)
    return replace(
        goal,
        weight=weights.get(goal.key, goal.weight),
        indicators=tuple(
            replace(row, tier_one_weight=points.tier_one, tier_two_weight=points.tier_two)
            for row, points in zip(rows, found, strict=True)
        ),
    )


def header_points(rows: Iterable[IndicatorSnapshot], *, tier_two_merged: bool) -> Iterator[Points]:
    """The sum of the points under each header, once per row.

    A second-tier header stands above each row by itself unless the edition merges them.
    """
    for _, group in groupby(rows, key=lambda row: row.tier_one):
        members = list(group)
        whole = _sum(members)
        for _, part in groupby(members, key=lambda row: row.tier_two):
            under = list(part)
            for row in under:
                yield Points(row.weight, whole, _sum(under) if tier_two_merged else row.weight)


def _sum(rows: Iterable[IndicatorSnapshot]) -> Decimal | None:
    known = [row.weight for row in rows]
    return None if None in known else sum((w for w in known if w is not None), ZERO)


def _results(evaluation: EvaluationSnapshot, entry: EvaluationEntry) -> Iterator[ResultSnapshot]:
    for row in evaluation.declaration.indicators:
        stored = evaluation.result_of(row.key)
        given = entry.results.get(row.key)
        if given is None:
            if stored:
                yield stored
            continue
        if stored is None and not any(given.values()):
            continue
        base = stored or ResultSnapshot(row.key, "")
        texts = ("achieved", "deviation_reason", "improvement_measure")
        changed = replace(base, **{name: given[name] for name in texts if name in given})
        yield replace(changed, judgement=_judgement(given)) if "band" in given else changed


def _judgement(values: Mapping[str, Any], prefix: str = "") -> Judgement | None:
    """A judgement needs both halves; half of one is none yet."""
    band, percentage = values.get(f"{prefix}band"), values.get(f"{prefix}percentage")
    return Judgement(Band(band), percentage) if band and percentage is not None else None


def _texts(stored: Iterable[FieldText], typed: Mapping[str, str]) -> tuple[FieldText, ...]:
    texts = {each.key: each.text for each in stored} | dict(typed)
    return tuple(FieldText(key, texts[key]) for key in sorted(texts) if texts[key])


def _amounts(
    stored: Iterable[FormAmount], typed: Mapping[Place, FormAmount | None]
) -> tuple[FormAmount, ...]:
    amounts: dict[Place, FormAmount | None] = {(a.block, a.row, a.column): a for a in stored}
    amounts |= typed
    kept = ((place, amount) for place, amount in sorted(amounts.items(), key=lambda x: x[0]))
    return tuple(amount for _, amount in kept if amount is not None)
