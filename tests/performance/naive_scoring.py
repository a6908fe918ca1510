"""Scoring a second time, for the tests only: fractions, and the tables of the rules word by word.

Nothing here comes from ``performance.scoring``; the two must agree to the last hundredth. A value
of None means that the rules ask a person instead of giving points.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

WHOLE = Fraction(100)


def half_up(value: Fraction) -> Fraction:
    """Two decimals, a half goes up; points are never negative."""
    return Fraction(floor(value * 100 + Fraction(1, 2)), 100)


def within(value: Fraction, weight: Fraction) -> Fraction:
    """Never above the points available and never below nothing; a finer weight stays the cap."""
    return min(half_up(min(max(value, Fraction(0)), weight)), weight)


@dataclass(frozen=True)
class Choices:
    """What an edition may choose among the printed formulas."""

    reverse: str = "ratio"
    equal: str = "forward"


@dataclass(frozen=True)
class Components:
    """Points of budget execution, overall objective (None: not scored) and indicators."""

    execution: int
    objective: int | None
    indicators: int


WUHAN = {"reached": (80, 100), "partly_reached": (50, 80), "not_reached": (0, 50)}
NATIONAL = {"reached": (80, 100), "partly_reached": (60, 80), "not_reached": (0, 60)}
PROJECT = {
    "wuhan_2019": Components(20, 20, 60),
    "wuhan_2023": Components(20, 20, 60),
    "hubei_2020": Components(20, None, 80),
    "national_2020": Components(10, None, 90),
    "national_2021": Components(10, None, 90),
}
DEPARTMENT = {
    "wuhan_2023": Components(20, None, 80),
    "hubei_2020": Components(20, None, 80),
    "national_2020": Components(10, None, 90),
    "national_2021": Components(10, None, 90),
}
BANDS = {
    "wuhan_2019": WUHAN,
    "wuhan_2023": WUHAN,
    "hubei_2020": WUHAN,
    "national_2020": NATIONAL,
    "national_2021": NATIONAL,
}
SPLITS: dict[str, list[list[tuple[tuple[str, ...], int]]]] = {
    "hubei_2020": [[(("产出指标",), 40), (("效益指标", "满意度指标"), 40)]],
    "national_2020": [[(("产出指标",), 50), (("效益指标",), 30), (("满意度指标",), 10)]],
    "national_2021": [
        [(("产出指标",), 50), (("效益指标",), 30), (("满意度指标",), 10)],
        [(("成本指标",), 20), (("产出指标",), 40), (("效益指标",), 20), (("满意度指标",), 10)],
    ],
}
GRADES = [(90, "优"), (80, "良"), (60, "中"), (0, "差")]


def execution(weight: Fraction, budget: Fraction, spent: Fraction) -> Fraction | str:
    """W × min(B / A, 1); both nothing: "left out"; spent without a budget: "error"."""
    if budget == 0:
        return "left out" if spent == 0 else "error"
    return within(weight * min(spent / budget, Fraction(1)), weight)


def forward(weight: Fraction, target: Fraction, achieved: Fraction) -> Fraction | None:
    if target <= 0:
        return None
    return within(weight * max(achieved, Fraction(0)) / target, weight)


def reverse(
    weight: Fraction, target: Fraction, achieved: Fraction, choices: Choices
) -> Fraction | None:
    if target < 0:
        return None
    if achieved <= 0:
        return weight
    if target == 0:
        return Fraction(0)
    if choices.reverse == "ratio":
        return within(weight * target / achieved, weight)
    if achieved <= target:
        return weight
    if achieved >= 2 * target:
        return Fraction(0)
    return within(weight * (1 - (achieved - target) / target), weight)


def equal(
    weight: Fraction, target: Fraction, achieved: Fraction, choices: Choices
) -> Fraction | None:
    if target < 0:
        return None
    if target == 0 or choices.equal == "exact":
        return weight if achieved == target else Fraction(0)
    if choices.equal == "symmetric":
        return within(weight * (1 - abs(achieved - target) / target), weight)
    return forward(weight, target, achieved)


def ranged(
    weight: Fraction, low: Fraction, high: Fraction, achieved: Fraction, choices: Choices
) -> Fraction | None:
    """Full inside; outside forward to the lower bound or reverse from the upper one."""
    value = max(achieved, Fraction(0))
    if low <= value <= high:
        return weight
    if value < low:
        return forward(weight, low, value)
    return reverse(weight, high, value, choices)


def judged(
    weight: Fraction, band: str, share: Fraction, bands: dict[str, tuple[int, int]]
) -> Fraction | None:
    """A share of the points that lies in its band; the upper bound belongs to the band above."""
    low, high = bands[band]
    inside = low <= share < high or share == high == 100
    return within(weight * share / 100, weight) if inside else None


def deducted(earned: Fraction | None, deductions: list[Fraction]) -> Fraction | None:
    """Lowered by hand, never raised, never below nothing."""
    if earned is None or any(points <= 0 for points in deductions):
        return None
    rest = earned - sum(deductions)
    return rest if rest >= 0 else None


def grade(total: Fraction) -> str:
    return next(label for bound, label in GRADES if total >= bound)


def added(
    weight: Fraction, money: Fraction | str, others: list[Fraction | None]
) -> tuple[Fraction | None, Fraction, str | None]:
    """(total, out of how many points, grade) from budget execution and everything else."""
    if money == "error" or None in others:
        return None, WHOLE - (weight if money == "left out" else 0), None
    known = sum((points for points in others if points is not None), Fraction(0))
    if isinstance(money, str):
        return known, WHOLE - weight, None
    return money + known, WHOLE, grade(money + known)


def splits_agree(name: str, points: dict[str, Fraction]) -> bool:
    """Whether the points of the first tier are divided in one of the printed ways."""
    ways = SPLITS.get(name)
    if ways is None:
        return True
    return any(
        set(points) <= {tier for tiers, _ in way for tier in tiers}
        and all(sum(points.get(tier, Fraction(0)) for tier in tiers) == due for tiers, due in way)
        for way in ways
    )


@dataclass(frozen=True)
class Part:
    """A project's or unit's part of an indicator of the department: what was achieved in the unit
    of the department's target (None: not written, or of another unit), points earned of points
    available, and the money it weighs."""

    achieved: Fraction | None = None
    earned: Fraction | None = None
    available: Fraction = WHOLE
    money: Fraction | None = None


def added_up(method: str | None, is_rate: bool, parts: list[Part]) -> Fraction | None:
    """Absolute values add; rates and scores are averaged by money; anything missing asks."""
    if method == "sum" and not is_rate:
        values = [part.achieved for part in parts]
        return sum(filter(None, values), Fraction(0)) if parts and None not in values else None
    if method == "weighted_average":
        return averaged([(part.achieved, part.money) for part in parts])
    if method == "score_average":
        return averaged(
            [
                (None if part.earned is None else part.earned / part.available * 100, part.money)
                for part in parts
            ]
        )
    return None


def averaged(pairs: list[tuple[Fraction | None, Fraction | None]]) -> Fraction | None:
    products, whole = Fraction(0), Fraction(0)
    for value, money in pairs:
        if value is None or money is None or money < 0:
            return None
        products += value * money
        whole += money
    return products / whole if whole else None
