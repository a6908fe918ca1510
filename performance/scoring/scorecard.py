"""The scorecard: a score with the whole derivation that led to it.

Nothing but strings, decimals, tuples and enums, so that it can be stored as it is and
:func:`replay` gives the stored score again from the stored derivation alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from performance.reading import Question
from performance.scoring.formulas import Formula, compute, settle
from performance.scoring.parameters import Component
from rulebook.amounts import ZERO

ROUNDING_PREFIX = "HALF_UP_"


class Fulfilment(StrEnum):
    """How far a quantitative target was met, before caps; NONE where a person judges."""

    NONE = "none"
    UNDER = "under"
    MET = "met"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Input:
    """What was typed into a field and how it was read."""

    name: str
    label: str
    typed: str
    read: str


@dataclass(frozen=True, slots=True)
class Number:
    """A named number that went into the formula, exact."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class DeductionLine:
    """A deduction by hand: the points before and after, by whom and why."""

    before: Decimal
    points: Decimal
    after: Decimal
    reason: str
    role: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One scored part. ``points`` is None while a question stands or the part does not apply.

    ``computed`` is the formula's value before cap and rounding; ``earned`` the points by the
    rule, before deductions by hand. ``ratio`` is the degree of fulfilment (1 = just met).
    """

    key: str
    component: Component
    goal: str
    label: str
    max_points: Decimal
    points: Decimal | None
    formula: Formula | None
    clause: str
    citation: str
    clause_verified: bool
    inputs: tuple[Input, ...]
    numbers: tuple[Number, ...]
    computed: Decimal | None
    capped: bool
    rounding: str
    earned: Decimal | None
    deductions: tuple[DeductionLine, ...]
    steps: tuple[str, ...]
    notices: tuple[str, ...]
    question: Question | None
    fulfilment: Fulfilment = Fulfilment.NONE
    ratio: Decimal | None = None
    applicable: bool = True

    @property
    def is_below_full(self) -> bool:
        """Whether the rule itself, before any rounding or deduction, gave less than the points."""
        return self.computed is not None and self.computed < self.max_points


@dataclass(frozen=True, slots=True)
class GoalSubtotal:
    """The points of one annual goal; ``points`` is None while a line of it waits."""

    key: str
    label: str
    max_points: Decimal
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The result of one self-evaluation.

    ``total`` is None while a question stands; ``out_of`` is 100, or less where the execution does
    not apply; ``grade`` is None when withheld. ``execution_rate`` is as printed, in per cent.
    """

    edition_id: str
    edition_title: str
    subject: str
    lines: tuple[ScoreLine, ...]
    goals: tuple[GoalSubtotal, ...]
    execution_rate: Decimal | None
    total: Decimal | None
    out_of: Decimal
    grade: str | None
    steps: tuple[str, ...]
    questions: tuple[Question, ...]

    def line(self, key: str) -> ScoreLine | None:
        return next((line for line in self.lines if line.key == key), None)

    def component_points(self, component: Component) -> Decimal | None:
        """Σ points of one component, None while one of its lines waits or does not apply."""
        return component_points(self.lines, component)

    @property
    def points_so_far(self) -> Decimal:
        """Σ of the points already certain, for a form that is being filled in."""
        return sum((line.points for line in self.lines if line.points is not None), ZERO)


def total_points(points: list[Decimal | None]) -> Decimal | None:
    """Σ points, None as soon as one of them is unknown: an unknown score is never zero."""
    known = [value for value in points if value is not None]
    return sum(known, ZERO) if len(known) == len(points) else None


def component_points(lines: tuple[ScoreLine, ...], component: Component) -> Decimal | None:
    """Σ points of one component; None where it has no line that applies or one that waits."""
    points = [x.points for x in lines if x.component is component and x.applicable]
    return total_points(points) if points else None


def replay(scorecard: Scorecard) -> Decimal | None:
    """The total recomputed from the stored derivation alone; None where it was withheld."""
    if scorecard.questions:
        return None
    return total_points([replay_line(line) for line in scorecard.lines if line.applicable])


def replay_line(line: ScoreLine) -> Decimal | None:
    """The points of one line recomputed from its stored formula, numbers and deductions."""
    if line.formula is None or line.question is not None:
        return None
    numbers = {number.name: number.value for number in line.numbers}
    computed = compute(line.formula, line.max_points, numbers)
    earned = settle(computed, line.max_points, rounding_decimals(line.rounding))
    for deduction in line.deductions:
        earned -= deduction.points
    return earned


def rounding_name(decimals: int) -> str:
    return f"{ROUNDING_PREFIX}{decimals}"


@cache
def rounding_decimals(name: str) -> int:
    return int(name.removeprefix(ROUNDING_PREFIX))
