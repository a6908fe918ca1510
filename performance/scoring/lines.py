"""From an outcome (which formula, with which numbers) to a score line with its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from performance.evaluation import Deduction
from performance.reading import Question, QuestionCode
from performance.scoring.formulas import Formula, compute, settle
from performance.scoring.parameters import ClauseKey, Component, ScoringParameters
from performance.scoring.scorecard import (
    DeductionLine,
    Fulfilment,
    Input,
    Number,
    ScoreLine,
    rounding_name,
)
from performance.scoring.steps import plain, steps_of


@dataclass(frozen=True, slots=True)
class Place:
    """Which line of the scorecard: its key, component, goal, label and points available."""

    key: str
    component: Component
    label: str
    max_points: Decimal
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a line is to be scored: a formula with its numbers, or a question, or neither where
    the part does not apply."""

    clause: ClauseKey
    formula: Formula | None = None
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    notices: tuple[str, ...] = ()
    question: Question | None = None
    fulfilment: Fulfilment = Fulfilment.NONE
    ratio: Decimal | None = None
    remarks: tuple[str, ...] = ()


def build_line(
    place: Place,
    outcome: Outcome,
    parameters: ScoringParameters,
    deductions: tuple[Deduction, ...] = (),
) -> ScoreLine:
    """Compute, cap, round and deduct, keeping each step."""
    formula, points = outcome.formula, place.max_points
    computed = earned = after = None
    taken: tuple[DeductionLine, ...] = ()
    question = outcome.question
    if formula is not None and question is None:
        computed = compute(formula, points, outcome.numbers)
        earned = settle(computed, points, parameters.indicator_decimals)
        question = deduction_question(earned, deductions)
        taken = () if question else _deduct(earned, deductions)
        after = None if question else (taken[-1].after if taken else earned)
    clause = parameters.clause(outcome.clause)
    line = ScoreLine(
        key=place.key, component=place.component, goal=place.goal, label=place.label,
        max_points=points, points=after, formula=formula,
        clause=clause.text, citation=clause.citation, clause_verified=clause.verified,
        inputs=outcome.inputs,
        numbers=tuple(Number(name, value) for name, value in outcome.numbers.items()),
        computed=computed, capped=computed is not None and computed > points,
        rounding=rounding_name(parameters.indicator_decimals), earned=earned, deductions=taken,
        steps=(), notices=outcome.notices, question=question, fulfilment=outcome.fulfilment,
        ratio=outcome.ratio, applicable=formula is not None or question is not None,
    )  # fmt: skip
    return replace(line, steps=steps_of(line, outcome.remarks))


def deduction_question(earned: Decimal, deductions: tuple[Deduction, ...]) -> Question | None:
    """A deduction lowers, says why, and takes no more than there is."""
    if any(deduction.points <= 0 for deduction in deductions):
        text = "扣分须大于零：人工调整只能降低得分，不能提高得分"
    elif any(not deduction.reason.strip() for deduction in deductions):
        text = "扣分须写明理由"
    elif sum(deduction.points for deduction in deductions) > earned:
        text = f"扣分合计超过按规则应得的 {plain(earned)} 分"
    else:
        return None
    return Question(QuestionCode.DEDUCTION_INVALID, text)


def _deduct(earned: Decimal, deductions: tuple[Deduction, ...]) -> tuple[DeductionLine, ...]:
    lines: list[DeductionLine] = []
    before = earned
    for deduction in deductions:
        after = before - deduction.points
        lines.append(
            DeductionLine(before, deduction.points, after, deduction.reason, deduction.role)
        )
        before = after
    return tuple(lines)
