"""PURE: a declaration as it is being entered: every block in one value, rows with their identity.

An entry is read from rows, changed place by place, and stored whole. A row that is stored already
bears its id; a new one bears the key under which the person's browser knows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from performance.evaluation import (
    AssetPlan,
    DeclarationSnapshot,
    Direction,
    ExpenditureDetail,
    FieldText,
    FormAmount,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
)
from rulebook.forms import Horizon

LONG_TERM_PREFIX = "L"
"""Before the key of a long-term goal and of its indicators."""


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """A row as entered: ``row`` is the id of the row it changes, None for a new one; ``values``
    are fields of :class:`~performance.models.Indicator`."""

    row: int | None
    values: Mapping[str, Any]
    key: str = ""


@dataclass(frozen=True, slots=True)
class GoalEntry:
    """A goal as entered, with its rows in order."""

    row: int | None
    text: str
    weight: Decimal | None
    indicators: tuple[IndicatorEntry, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class RowEntry:
    """A row of the details of expenditure or of the assets."""

    row: int | None
    value: ExpenditureDetail | AssetPlan
    key: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationEntry:
    """One whole declaration as entered. ``texts`` and ``amounts`` hold what is not empty."""

    objective: str = ""
    long_term_objective: str = ""
    long_term_until: int | None = None
    goals: tuple[GoalEntry, ...] = ()
    long_term: tuple[GoalEntry, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    amounts: tuple[FormAmount, ...] = ()
    details: tuple[RowEntry, ...] = ()
    assets: tuple[RowEntry, ...] = ()

    def of(self, horizon: Horizon) -> tuple[GoalEntry, ...]:
        return self.long_term if horizon is Horizon.LONG_TERM else self.goals


def goal_numbers(goals: tuple[GoalEntry, ...]) -> list[int]:
    """1, 2, 3 …; a form without goals has one, with number 0 and no text."""
    if len(goals) == 1 and not goals[0].text.strip():
        return [0]
    return list(range(1, len(goals) + 1))


def goal_prefix(horizon: Horizon) -> str:
    return LONG_TERM_PREFIX if horizon is Horizon.LONG_TERM else ""


def indicator_names(entry: DeclarationEntry, horizon: Horizon) -> Iterator[tuple[str, str]]:
    """(key in the declaration as checks name it, key of the row on screen)."""
    goals = entry.of(horizon)
    for number, goal in zip(goal_numbers(goals), goals, strict=True):
        for at, row in enumerate(goal.indicators, 1):
            yield f"{goal_prefix(horizon)}{number}.{at}", str(row.row or row.key)


def snapshot_of_entry(entry: DeclarationEntry, subject: str, form: str) -> DeclarationSnapshot:
    """The declaration as it would be once stored, for checks while someone types."""
    return DeclarationSnapshot(
        subject=subject,
        objective=entry.objective,
        goals=tuple(_goals(entry.goals, Horizon.ANNUAL)),
        form=form,
        long_term_objective=entry.long_term_objective,
        long_term_until=entry.long_term_until,
        long_term=tuple(_goals(entry.long_term, Horizon.LONG_TERM)),
        fields=tuple(FieldText(key, text) for key, text in sorted(entry.texts.items())),
        amounts=entry.amounts,
        details=tuple(r.value for r in entry.details if isinstance(r.value, ExpenditureDetail)),
        assets=tuple(r.value for r in entry.assets if isinstance(r.value, AssetPlan)),
    )


def _goals(goals: tuple[GoalEntry, ...], horizon: Horizon) -> Iterator[GoalSnapshot]:
    for number, goal in zip(goal_numbers(goals), goals, strict=True):
        key = f"{goal_prefix(horizon)}{number}"
        rows = tuple(_indicator(f"{key}.{n}", r.values) for n, r in enumerate(goal.indicators, 1))
        yield GoalSnapshot(key, goal.text, goal.weight, rows)


def _indicator(key: str, values: Mapping[str, Any]) -> IndicatorSnapshot:
    direction = values.get("direction")
    kind = IndicatorKind(values["kind"])
    blank = {"tier_one": "", "tier_two": "", "name": "", "target": "", "weight": None}
    given = {name: value for name, value in values.items() if name not in ("kind", "direction")}
    return IndicatorSnapshot(
        key=key, kind=kind, direction=Direction(direction) if direction else None, **(blank | given)
    )
