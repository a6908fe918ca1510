"""Whether the points of a declaration add up at every level: scheme, goal, tier one, tier two.

Points are never divided or rescaled: a form whose parts do not add up is not scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from performance.evaluation import DeclarationSnapshot, GoalSnapshot, IndicatorSnapshot
from performance.scoring.parameters import ScoringParameters, SplitPart
from rulebook.amounts import ZERO

FORM_ROW = "form"
"""The row of an address that stands for the form as a whole."""


class WeightLevel(StrEnum):
    SCHEME = "scheme"
    SPLIT = "split"
    GOAL = "goal"
    TIER_ONE = "tier_one"
    TIER_TWO = "tier_two"
    INDICATOR = "indicator"


@dataclass(frozen=True, slots=True)
class WeightConflict:
    """A header and the sum of its parts that disagree; ``row`` and ``field`` say where.

    An indicator without positive points has its weight as ``header`` and no ``parts``; a split
    that the edition does not know says in ``expected`` which it does.
    """

    level: WeightLevel
    row: str
    field: str
    label: str
    header: Decimal | None
    parts: Decimal | None
    expected: str = ""

    @property
    def text(self) -> str:
        if self.expected:
            return f"{self.label}应为{self.expected}"
        if self.parts is None:
            return f"{self.label}没有大于零的分值"
        return f"{self.label}为{self.header}分，其下各项合计{self.parts}分"


def weight_conflicts(
    declaration: DeclarationSnapshot, parameters: ScoringParameters
) -> tuple[WeightConflict, ...]:
    """Every place where the points do not add up, outermost first; none where the edition gives
    points to the indicators as one block."""
    if parameters.scheme_for(declaration.subject).is_per_block:
        return ()
    found = [*_scheme(declaration, parameters), *_split(declaration, parameters)]
    for goal in declaration.goals:
        groups = list(tier_one_groups(goal))
        found += _goal(goal, groups, parameters)
        for rows in groups:
            found += _tier_one(rows, parameters)
        found += [c for row in goal.indicators for c in _indicator(row)]
    return tuple(found)


def tier_one_groups(goal: GoalSnapshot) -> Iterator[tuple[IndicatorSnapshot, ...]]:
    """Neighbouring rows under one first-tier header."""
    for _, rows in groupby(goal.indicators, key=lambda row: row.tier_one):
        yield tuple(rows)


def tier_two_groups(
    rows: tuple[IndicatorSnapshot, ...], parameters: ScoringParameters
) -> Iterator[tuple[IndicatorSnapshot, ...]]:
    """Rows under one second-tier header; where the edition does not merge, each row has its own."""
    if not parameters.tier_two_merged:
        yield from ((row,) for row in rows)
        return
    for _, same in groupby(rows, key=lambda row: row.tier_two):
        yield tuple(same)


def _total(weights: list[Decimal | None]) -> Decimal:
    return sum((weight for weight in weights if weight is not None), ZERO)


def _compared(
    level: WeightLevel, row: str, field: str, label: str, header: Decimal | None, parts: Decimal
) -> list[WeightConflict]:
    if header is None or header == parts:
        return []
    return [WeightConflict(level, row, field, label, header, parts)]


def _scheme(
    declaration: DeclarationSnapshot, parameters: ScoringParameters
) -> list[WeightConflict]:
    scheme = parameters.scheme_for(declaration.subject)
    parts = _total([_goal_points(goal) for goal in declaration.goals])
    label = f"{scheme.title}的指标总分值"
    return _compared(WeightLevel.SCHEME, FORM_ROW, "goals", label, scheme.indicators, parts)


def _split(declaration: DeclarationSnapshot, parameters: ScoringParameters) -> list[WeightConflict]:
    """The points of the first tier against the ways the edition divides them."""
    scheme = parameters.scheme_for(declaration.subject)
    rows = declaration.indicators
    if not scheme.splits or any(_fits(rows, split) for split in scheme.splits):
        return []
    points = {row.tier_one: ZERO for row in rows}
    for row in rows:
        points[row.tier_one] += row.weight or ZERO
    found = "、".join(f"{name} {value}分" for name, value in points.items())
    expected = "，或".join("、".join(part.shown for part in split) for split in scheme.splits)
    label = f"一级指标的分值为{found or '空'}，"
    return [WeightConflict(WeightLevel.SPLIT, FORM_ROW, "goals", label, None, None, expected)]


def _fits(rows: tuple[IndicatorSnapshot, ...], split: tuple[SplitPart, ...]) -> bool:
    named = {name for part in split for name in part.tier_ones}
    return all(row.tier_one in named for row in rows) and all(
        _total([row.weight for row in rows if row.tier_one in part.tier_ones]) == part.points
        for part in split
    )


def _goal_points(goal: GoalSnapshot) -> Decimal:
    return goal.weight if goal.weight is not None else _total([r.weight for r in goal.indicators])


def _goal(
    goal: GoalSnapshot,
    groups: list[tuple[IndicatorSnapshot, ...]],
    parameters: ScoringParameters,
) -> list[WeightConflict]:
    parts = _total([_tier_one_points(rows, parameters) for rows in groups])
    label = f"年度目标{goal.key}的分值" if goal.text else "年度绩效指标的分值"
    return _compared(WeightLevel.GOAL, goal.key, "weight", label, goal.weight, parts)


def _tier_one_points(rows: tuple[IndicatorSnapshot, ...], parameters: ScoringParameters) -> Decimal:
    header = rows[0].tier_one_weight
    groups = tier_two_groups(rows, parameters)
    return header if header is not None else _total([_tier_two_points(group) for group in groups])


def _tier_two_points(rows: tuple[IndicatorSnapshot, ...]) -> Decimal:
    header = rows[0].tier_two_weight
    return header if header is not None else _total([row.weight for row in rows])


def _tier_one(
    rows: tuple[IndicatorSnapshot, ...], parameters: ScoringParameters
) -> list[WeightConflict]:
    groups = list(tier_two_groups(rows, parameters))
    parts = _total([_tier_two_points(group) for group in groups])
    found = [
        conflict
        for row in _first_of_each(rows, [row.tier_one_weight for row in rows])
        for conflict in _compared(
            WeightLevel.TIER_ONE, row.key, "tier_one_weight",
            f"{row.tier_one}（“{row.name}”所在行）的分值", row.tier_one_weight, parts,
        )
    ]  # fmt: skip
    return found + [conflict for group in groups for conflict in _tier_two(group)]


def _tier_two(rows: tuple[IndicatorSnapshot, ...]) -> list[WeightConflict]:
    parts = _total([row.weight for row in rows])
    return [
        conflict
        for row in _first_of_each(rows, [row.tier_two_weight for row in rows])
        for conflict in _compared(
            WeightLevel.TIER_TWO, row.key, "tier_two_weight",
            f"{row.tier_two}（“{row.name}”所在行）的分值", row.tier_two_weight, parts,
        )
    ]  # fmt: skip


def _first_of_each(
    rows: tuple[IndicatorSnapshot, ...], headers: list[Decimal | None]
) -> list[IndicatorSnapshot]:
    """The first row of each value of a header, which every row of a group repeats."""
    return [row for i, row in enumerate(rows) if headers[i] not in headers[:i]]


def _indicator(row: IndicatorSnapshot) -> list[WeightConflict]:
    if row.weight is not None and row.weight > 0:
        return []
    label = f"指标“{row.name}”"
    return [WeightConflict(WeightLevel.INDICATOR, row.key, "weight", label, row.weight, None)]
