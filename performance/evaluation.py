"""PURE: declarations, self-evaluations and their vocabulary as values.

These are the performance parts of the data package. Scoring, checks, narrative and print take
them; ``performance/snapshots.py`` makes them from the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

DEPARTMENT = "department"
"""The subject of a department's overall declaration and evaluation (整体); otherwise a project
code."""


class IndicatorKind(StrEnum):
    """How an indicator is judged; a field set by a person, a sign in the target only proposes."""

    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"
    TREND = "trend"
    RANK = "rank"
    RANGE = "range"
    EXPRESSION = "expression"

    @property
    def label(self) -> str:
        return {
            "quantitative": "定量",
            "qualitative": "定性",
            "trend": "趋势",
            "rank": "名次",
            "range": "区间",
            "expression": "算式",
        }[self.value]


class Direction(StrEnum):
    """Which way is good (正向、反向); EXACT is "= A" as the edition scores it."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"
    EXACT = "exact"

    @property
    def label(self) -> str:
        return {
            "higher_is_better": "正向",
            "lower_is_better": "反向",
            "exact": "等于",
        }[self.value]


class Band(StrEnum):
    """The three bands of a qualitative judgement; their bounds are data of the edition."""

    REACHED = "reached"
    PARTLY_REACHED = "partly_reached"
    NOT_REACHED = "not_reached"

    @property
    def label(self) -> str:
        return {
            "reached": "达成预期指标",
            "partly_reached": "部分达成预期指标并具有一定效果",
            "not_reached": "未达成预期指标且效果较差",
        }[self.value]


@dataclass(frozen=True, slots=True)
class IndicatorSnapshot:
    """One third-tier indicator as declared.

    ``key`` is unique in the declaration ("2.3": third row of goal 2; "0.3" when there are no
    goals). ``weight`` is in points. The two header weights repeat the printed headers
    (成本指标（2分）) and are ``None`` where the form prints none.
    """

    key: str
    tier_one: str
    tier_two: str
    name: str
    kind: IndicatorKind
    direction: Direction | None
    target: str
    weight: Decimal | None
    tier_one_weight: Decimal | None = None
    tier_two_weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GoalSnapshot:
    """One annual goal; ``weight`` is ``None`` where the form has goals without points."""

    key: str
    text: str
    weight: Decimal | None
    indicators: tuple[IndicatorSnapshot, ...]


@dataclass(frozen=True, slots=True)
class DeclarationSnapshot:
    """Targets of a department or a project for one year.

    A form without annual goals holds one goal with key "0", empty text and the weight of all
    indicators.
    """

    subject: str
    objective: str
    goals: tuple[GoalSnapshot, ...]

    @property
    def indicators(self) -> tuple[IndicatorSnapshot, ...]:
        return tuple(row for goal in self.goals for row in goal.indicators)


@dataclass(frozen=True, slots=True)
class Deduction:
    """A score lowered by a person: points taken off (positive), by whom in which role, and why."""

    points: Decimal
    reason: str
    role: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A qualitative judgement: the band and the share of the points in per cent (0–100)."""

    band: Band
    percentage: Decimal


@dataclass(frozen=True, slots=True)
class ResultSnapshot:
    """What was achieved for one indicator, as typed, with the reasons people wrote."""

    indicator: str
    achieved: str
    judgement: Judgement | None = None
    deviation_reason: str = ""
    improvement_measure: str = ""
    deductions: tuple[Deduction, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationSnapshot:
    """One self-evaluation (整体自评 or 项目自评).

    ``budget`` (A) and ``spent`` (B) are in yuan and come from cells or the project's record, they
    are not typed here. ``report`` holds the passages of the report in words by key
    (``last_year_use``, ``problems``, ``next_steps``, ``budget_link``, ``goals_achieved``).
    """

    subject: str
    title: str
    form: str
    declaration: DeclarationSnapshot
    budget: Decimal | None
    spent: Decimal | None
    execution_reason: str
    objective_achieved: str
    objective_judgement: Judgement | None
    objective_reason: str
    results: tuple[ResultSnapshot, ...]
    deviation_reason: str
    improvement_measure: str
    filled_on: date | None
    report: tuple[tuple[str, str], ...] = ()

    def result_of(self, indicator: str) -> ResultSnapshot | None:
        return next((row for row in self.results if row.indicator == indicator), None)
