"""PURE: the board of a report: every subject with its lights, kept when it is handed in.

The board is what a bureau reads and what history shows: it holds everything as typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from performance.monitoring.lights import Lit, budget_light, indicator_light, worst
from performance.monitoring.rules import MonitoringRules
from performance.monitoring.values import IndicatorProgress, Light, Measure, MonitoredSubject
from performance.scoring.parameters import ScoringParameters
from rulebook.amounts import HUNDRED, half_up_2


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator on the board; ``kind`` and ``direction`` are labels."""

    key: str
    tier_two: str
    kind: str
    progress: IndicatorProgress
    lit: Lit


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal shows the worst light of its indicators."""

    key: str
    text: str
    light: Light | None
    lines: tuple[IndicatorLine, ...]


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject on the board; amounts in yuan, ``rate`` in per cent of the budget."""

    subject: str
    name: str
    budget: Decimal | None
    spent: Decimal | None
    expected: Decimal | None
    rate: Decimal | None
    budget_lit: Lit
    goals: tuple[GoalLine, ...]
    measures: tuple[Measure, ...]

    @property
    def lines(self) -> tuple[IndicatorLine, ...]:
        return tuple(line for goal in self.goals for line in goal.lines)

    @property
    def light(self) -> Light | None:
        """The worst of its budget and its goals."""
        return worst([self.budget_lit.light, *(goal.light for goal in self.goals)])

    @property
    def open_questions(self) -> int:
        """How many places still ask."""
        return sum(lit.question is not None for lit in self._lits())

    def count(self, light: Light) -> int:
        return sum(line.lit.light is light for line in self.lines)

    def _lits(self) -> tuple[Lit, ...]:
        return (self.budget_lit, *(line.lit for line in self.lines))


@dataclass(frozen=True, slots=True)
class Board:
    """A report of a month under an edition."""

    month: int
    edition_id: str
    clause: str
    subjects: tuple[SubjectLine, ...]

    def of(self, subject: str) -> SubjectLine | None:
        return next((each for each in self.subjects if each.subject == subject), None)

    def count(self, light: Light) -> int:
        """How many indicators have a light."""
        return sum(each.count(light) for each in self.subjects)

    @property
    def light(self) -> Light | None:
        return worst([each.light for each in self.subjects])


def board_of(
    subjects: Iterable[MonitoredSubject],
    month: int,
    rules: MonitoringRules,
    parameters: ScoringParameters,
) -> Board:
    """The lights of a report at the end of a month."""
    lines = tuple(_subject(each, month, rules, parameters) for each in subjects)
    return Board(month, rules.edition_id, rules.clause.text, lines)


def _subject(
    value: MonitoredSubject, month: int, rules: MonitoringRules, parameters: ScoringParameters
) -> SubjectLine:
    goals = []
    for goal in value.goals:
        lines = []
        for row in goal.indicators:
            known = value.progress_of(row.key)
            progress = known or IndicatorProgress(row.key, row.name, row.target)
            lit = indicator_light(row, progress, month, rules, parameters)
            lines.append(IndicatorLine(row.key, row.tier_two, row.kind.label, progress, lit))
        light = worst([line.lit.light for line in lines])
        goals.append(GoalLine(goal.key, goal.text, light, tuple(lines)))
    return SubjectLine(
        subject=value.subject, name=value.name, budget=value.budget, spent=value.spent,
        expected=value.expected, rate=_rate(value.spent, value.budget),
        budget_lit=budget_light(value.budget, value.spent, month, rules),
        goals=tuple(goals), measures=value.measures,
    )  # fmt: skip


def _rate(spent: Decimal | None, budget: Decimal | None) -> Decimal | None:
    return half_up_2(spent * HUNDRED / budget) if spent is not None and budget else None
