"""PURE: what is reported in the middle of a year, as values, with its vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from performance.evaluation import Band, IndicatorSnapshot


class Light(StrEnum):
    """How an indicator or a budget stands; the order of the members is from bad to good."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"

    @property
    def label(self) -> str:
        return {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "blue": "蓝灯"}[self.value]


class Obstacle(StrEnum):
    """What stands in the way of a target (偏差原因类别)."""

    FUNDS = "funds"
    RULES = "rules"
    STAFF = "staff"
    HARDWARE = "hardware"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "funds": "经费保障",
            "rules": "制度保障",
            "staff": "人员保障",
            "hardware": "硬件条件",
            "other": "其他",
        }[self.value]


class Likelihood(StrEnum):
    """Whether the target of the year will be reached (完成目标可能性)."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"

    @property
    def label(self) -> str:
        return {"certain": "确定能", "possible": "有可能", "impossible": "完全不可能"}[self.value]


class MeasureKind(StrEnum):
    """What is done about a deviation."""

    PAUSE = "pause"
    SLOW_PAYMENT = "slow_payment"
    REDUCE = "reduce"
    ADJUST_TARGET = "adjust_target"

    @property
    def label(self) -> str:
        return {
            "pause": "暂停项目",
            "slow_payment": "暂缓拨款",
            "reduce": "调减预算",
            "adjust_target": "调整绩效目标",
        }[self.value]


@dataclass(frozen=True, slots=True)
class IndicatorProgress:
    """What was reported for one indicator, as typed; ``band`` is the judgement of a qualitative
    one. ``name`` and ``target`` are the indicator's when it was reported on."""

    key: str
    name: str
    target: str
    achieved: str = ""
    expected: str = ""
    obstacle: Obstacle | None = None
    likelihood: Likelihood | None = None
    band: Band | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure; ``indicator`` is empty for one about the subject as a whole, ``new_target`` is
    what an adjusted target shall be."""

    kind: MeasureKind
    text: str
    indicator: str = ""
    new_target: str = ""


@dataclass(frozen=True, slots=True)
class MonitoredGoal:
    """A goal of the year with the indicators declared under it, targets as they stand now."""

    key: str
    text: str
    indicators: tuple[IndicatorSnapshot, ...]


@dataclass(frozen=True, slots=True)
class MonitoredSubject:
    """A department, unit or project in a report: ``budget`` in yuan comes from records, ``spent``
    and ``expected`` (for the whole year) were reported. Without a declaration there are no goals.
    """

    subject: str
    name: str
    budget: Decimal | None
    spent: Decimal | None
    expected: Decimal | None
    goals: tuple[MonitoredGoal, ...] = ()
    progress: tuple[IndicatorProgress, ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def indicators(self) -> tuple[IndicatorSnapshot, ...]:
        return tuple(row for goal in self.goals for row in goal.indicators)

    def progress_of(self, indicator: str) -> IndicatorProgress | None:
        return next((row for row in self.progress if row.key == indicator), None)

    def measures_for(self, indicator: str) -> tuple[Measure, ...]:
        """The measures about an indicator, those about the subject as a whole included."""
        return tuple(each for each in self.measures if each.indicator in {"", indicator})
