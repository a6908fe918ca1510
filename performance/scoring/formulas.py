"""The shapes of the scoring formulas; which one applies is data of the edition.

Each takes w, the points available, and its named numbers, and returns the points unrounded and
uncapped. :func:`settle` caps and rounds every one of them in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum

from rulebook.amounts import HUNDRED, ZERO, half_up

TARGET = "A"
ACHIEVED = "B"
PERCENTAGE = "p"
Numbers = Mapping[str, Decimal]


class Formula(StrEnum):
    """The name of a formula, stored with every score that used it."""

    EXECUTION_CAPPED = "execution_capped"
    FORWARD = "forward"
    REVERSE_RATIO = "reverse_ratio"
    REVERSE_LINEAR_DECLINE = "reverse_linear_decline"
    SYMMETRIC = "symmetric"
    EXACT = "exact"
    ZERO_TARGET = "zero_target"
    WITHIN_RANGE = "within_range"
    SAME_TREND = "same_trend"
    BANDED = "banded"
    BLOCK = "block"

    @property
    def label(self) -> str:
        return _LABELS[self.value]

    @property
    def expression(self) -> str:
        """The formula as people write it; w are the points available."""
        return _EXPRESSIONS[self.value]


_LABELS = {
    "execution_capped": "预算执行率",
    "forward": "正向指标",
    "reverse_ratio": "反向指标（比值）",
    "reverse_linear_decline": "反向指标（线性递减）",
    "symmetric": "等于指标（按偏离程度）",
    "exact": "等于指标（一致得满分）",
    "zero_target": "目标为零",
    "within_range": "区间内",
    "same_trend": "趋势一致",
    "banded": "分档评定",
    "block": "按块计分",
}
_EXPRESSIONS = {
    "execution_capped": "min(w×B/A, w)",
    "forward": "min(w×B/A, w)",
    "reverse_ratio": "min(w×A/B, w)",
    "reverse_linear_decline": "w×(1−(B−A)/A)，在0和w之间",
    "symmetric": "w×max(0, 1−|B−A|/A)",
    "exact": "B＝A得w，否则得0",
    "zero_target": "B不大于0得w，否则得0",
    "within_range": "w",
    "same_trend": "w",
    "banded": "w×p%",
    "block": "w",
}


def forward(points: Decimal, numbers: Numbers) -> Decimal:
    """w × B / A, a negative B counting as zero (clause ``quantitative``, ``execution``)."""
    return points * max(numbers[ACHIEVED], ZERO) / numbers[TARGET]


def reverse_ratio(points: Decimal, numbers: Numbers) -> Decimal:
    """w × A / B; nothing achieved is full (clause ``quantitative``)."""
    achieved = numbers[ACHIEVED]
    return points if achieved <= 0 else points * numbers[TARGET] / achieved


def reverse_linear_decline(points: Decimal, numbers: Numbers) -> Decimal:
    """Full up to A, then w × (1 − (B − A) / A), zero from 2A (clause ``quantitative``)."""
    target, achieved = numbers[TARGET], numbers[ACHIEVED]
    return points * (target - (achieved - target)) / target


def symmetric(points: Decimal, numbers: Numbers) -> Decimal:
    """w × (1 − |B − A| / A): either side of the target loses (clause ``quantitative``)."""
    target, achieved = numbers[TARGET], numbers[ACHIEVED]
    return points * (target - abs(achieved - target)) / target


def exact(points: Decimal, numbers: Numbers) -> Decimal:
    """Full at the target, otherwise nothing (clause ``quantitative``)."""
    return points if numbers[ACHIEVED] == numbers[TARGET] else ZERO


def zero_target(points: Decimal, numbers: Numbers) -> Decimal:
    """A target of nothing: any occurrence costs all (clause ``quantitative``)."""
    return points if numbers[ACHIEVED] <= 0 else ZERO


def full(points: Decimal, numbers: Numbers) -> Decimal:
    """Inside the range, moving the same way, or a block before deductions (clauses
    ``quantitative``, ``trend``, ``block``)."""
    return points


def banded(points: Decimal, numbers: Numbers) -> Decimal:
    """The share of the points that a person judged (clauses ``qualitative``, ``objective``)."""
    return points * numbers[PERCENTAGE] / HUNDRED


FORMULAS: Mapping[Formula, Callable[[Decimal, Numbers], Decimal]] = {
    Formula.EXECUTION_CAPPED: forward,
    Formula.FORWARD: forward,
    Formula.REVERSE_RATIO: reverse_ratio,
    Formula.REVERSE_LINEAR_DECLINE: reverse_linear_decline,
    Formula.SYMMETRIC: symmetric,
    Formula.EXACT: exact,
    Formula.ZERO_TARGET: zero_target,
    Formula.WITHIN_RANGE: full,
    Formula.SAME_TREND: full,
    Formula.BANDED: banded,
    Formula.BLOCK: full,
}


def compute(formula: Formula, points: Decimal, numbers: Numbers) -> Decimal:
    """The formula's value, neither capped nor rounded."""
    return FORMULAS[formula](points, numbers)


def settle(computed: Decimal, points: Decimal, decimals: int) -> Decimal:
    """Never above w, never below zero, rounded half up; a weight finer than that stays the cap."""
    return min(half_up(min(max(computed, ZERO), points), decimals), points)
