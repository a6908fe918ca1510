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
"""The subject of a department's overall declaration and evaluation (整体); otherwise a unit
(:func:`unit_subject`) or a project code."""
UNIT_PREFIX = "unit-"


def unit_subject(code: str) -> str:
    """The subject of a unit's own overall declaration."""
    return f"{UNIT_PREFIX}{code}"


def unit_of_subject(subject: str) -> str:
    """The unit's code, empty for the department and for projects."""
    return subject.removeprefix(UNIT_PREFIX) if subject.startswith(UNIT_PREFIX) else ""


def is_overall(subject: str) -> bool:
    """Whether the subject is the department or a unit as a whole, not a project."""
    return subject == DEPARTMENT or bool(unit_of_subject(subject))


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


NUMERIC = frozenset({IndicatorKind.QUANTITATIVE, IndicatorKind.RANGE})
"""Kinds whose target is a number or two; the others a person reads."""


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


class Aggregation(StrEnum):
    """How the parts of a shared indicator make the department's (scoring.md, adding up)."""

    SUM = "sum"
    WEIGHTED_AVERAGE = "weighted_average"
    SCORE_AVERAGE = "score_average"

    @property
    def label(self) -> str:
        return {
            "sum": "相加",
            "weighted_average": "按资金加权平均",
            "score_average": "得分按资金加权平均",
        }[self.value]


class ChangeKind(StrEnum):
    """What a request about targets taken from the approved declaration asks for."""

    CHANGE = "change"
    ADD = "add"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        return {"change": "调整指标", "add": "增加指标", "remove": "删去指标"}[self.value]


class ChangeState(StrEnum):
    """Where a request stands; only an accepted one changes the targets that score."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"asked": "待审核人决定", "accepted": "已同意", "refused": "未同意"}[self.value]


@dataclass(frozen=True, slots=True)
class FieldText:
    """What was written into a field of a form, by the key of the field."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class FormAmount:
    """An amount written into a form, in yuan, declared in ``unit`` with ``decimals``."""

    block: str
    row: str
    column: str
    amount: Decimal
    unit: str = "yuan"
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class ExpenditureDetail:
    """One row of 项目支出明细及依据; ``calculation`` is as written, amounts in yuan by source."""

    content: str
    calculation: str
    own_level: Decimal | None = None
    transfer: Decimal | None = None
    other: Decimal | None = None
    unit: str = "yuan"
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class AssetPlan:
    """One row of 项目资产配置计划及采购计划; the amount in yuan."""

    name: str
    quantity: str
    amount: Decimal | None
    unit: str = "yuan"
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class IndicatorSnapshot:
    """One third-tier indicator as declared.

    ``key`` is unique in the declaration ("2.3": third row of goal 2; "0.3" when there are no
    goals; "L2.3" of a long-term goal). ``weight`` is in points. The two header weights repeat the
    printed headers (成本指标（2分）) and are ``None`` where the form prints none. ``basis`` and
    ``classification`` are keys of the form's vocabularies. ``last_year`` and ``two_years_before``
    are the values reached then, as typed. ``feeds`` is the key of the department's indicator that
    this one is a part of; the department's indicator says how (``aggregation``), and
    ``money_weight`` is the part's money in yuan, the subject's budget where it is empty.
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
    basis: str = ""
    basis_note: str = ""
    classification: str = ""
    note: str = ""
    last_year: str = ""
    two_years_before: str = ""
    aggregation: Aggregation | None = None
    feeds: str = ""
    money_weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TargetChangeSnapshot:
    """A request to change targets that were approved with the budget.

    ``indicator`` is the name the indicator had when it was asked for, ``row`` its key then; for an
    indicator to be added ``row`` is the goal's key and ``values`` are its fields. ``field`` with
    ``old`` and ``new`` are as typed and belong to a change of one field. ``origin`` names the
    monitoring report that it was accepted in, empty where it was asked with the evaluation.
    """

    kind: ChangeKind
    row: str
    indicator: str
    field: str
    old: str
    new: str
    reason: str
    state: ChangeState
    asked_on: date
    decided_on: date | None = None
    decision_reason: str = ""
    values: tuple[FieldText, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class GoalSnapshot:
    """One goal; ``weight`` is ``None`` where the form has goals without points."""

    key: str
    text: str
    weight: Decimal | None
    indicators: tuple[IndicatorSnapshot, ...]


@dataclass(frozen=True, slots=True)
class DeclarationSnapshot:
    """Targets of a department, a unit or a project for one year.

    ``objective`` and ``goals`` are the year's. A form without annual goals holds one goal with key
    "0", empty text and the weight of all indicators. The long-term ones reach to the end of
    ``long_term_until`` and have keys "L1", "L2" (or "L0"). ``form`` is the id of the form edition,
    empty where the targets stand in the evaluation form only. ``source`` names in words the
    approved declaration that the targets were taken from, empty where they were entered in place;
    ``changes`` are the requests to depart from it, oldest first.
    """

    subject: str
    objective: str
    goals: tuple[GoalSnapshot, ...]
    form: str = ""
    long_term_objective: str = ""
    long_term_until: int | None = None
    long_term: tuple[GoalSnapshot, ...] = ()
    fields: tuple[FieldText, ...] = ()
    amounts: tuple[FormAmount, ...] = ()
    details: tuple[ExpenditureDetail, ...] = ()
    assets: tuple[AssetPlan, ...] = ()
    source: str = ""
    changes: tuple[TargetChangeSnapshot, ...] = ()

    def text(self, key: str) -> str:
        """What was written into a field, empty where nothing was."""
        return next((field.text for field in self.fields if field.key == key), "")

    def amount(self, block: str, row: str, column: str) -> FormAmount | None:
        """The amount written into a cell of the form."""
        place = (block, row, column)
        return next((a for a in self.amounts if (a.block, a.row, a.column) == place), None)

    @property
    def long_term_indicators(self) -> tuple[IndicatorSnapshot, ...]:
        return tuple(row for goal in self.long_term for row in goal.indicators)

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
class ClaimedPoints:
    """Points printed on a form that was filled in elsewhere; ``line`` is a key of the scorecard,
    or "total". They are compared with the rule, never taken for it."""

    line: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class EvaluationSnapshot:
    """One self-evaluation (整体自评 or 项目自评).

    ``budget`` (A) and ``spent`` (B) are in yuan and come from cells or the project's record, they
    are not typed here. ``report`` holds the passages of the report in words by key
    (``last_year_use``, ``problems``, ``next_steps``, ``budget_link``, ``goals_achieved``).
    ``fields`` are the form's other fields (合并明细项目, 说明), ``amounts`` the levels of money of
    its execution block. ``deductions`` lower the indicators as one block, where the edition gives
    points per block. ``claimed`` is what an imported form printed, with ``claimed_grade``.
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
    fields: tuple[FieldText, ...] = ()
    amounts: tuple[FormAmount, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    claimed: tuple[ClaimedPoints, ...] = ()
    claimed_grade: str = ""

    def result_of(self, indicator: str) -> ResultSnapshot | None:
        return next((row for row in self.results if row.indicator == indicator), None)
