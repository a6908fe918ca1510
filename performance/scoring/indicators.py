"""Points for one indicator: quantitative, range, trend, or judged by a person."""

from __future__ import annotations

from decimal import Decimal

from performance.evaluation import Direction, IndicatorKind, IndicatorSnapshot, ResultSnapshot
from performance.reading import (
    Comparator,
    Comparison,
    Question,
    QuestionCode,
    Reading,
    ReadingKind,
    compare,
    read,
)
from performance.scoring.directions import direction_question
from performance.scoring.formulas import ACHIEVED, TARGET, Formula
from performance.scoring.judgements import judged
from performance.scoring.lines import Outcome, Place, build_line
from performance.scoring.parameters import ClauseKey, Component, ScoringParameters
from performance.scoring.scorecard import Fulfilment, Input, ScoreLine
from rulebook.amounts import ZERO

_REVERSE = frozenset({Formula.REVERSE_RATIO, Formula.REVERSE_LINEAR_DECLINE})
_TWO_SIDED = frozenset({Formula.SYMMETRIC, Formula.EXACT, Formula.ZERO_TARGET})
_STRICT = frozenset({Comparator.LESS, Comparator.MORE})
CLIFF = "目标为零：完成值为零得满分，大于零即为零分，没有中间分"


def indicator_line(
    indicator: IndicatorSnapshot,
    goal: str,
    result: ResultSnapshot,
    parameters: ScoringParameters,
) -> ScoreLine:
    """One line per third-tier indicator, whatever its kind."""
    weight = indicator.weight if indicator.weight is not None else ZERO
    place = Place(indicator.key, Component.INDICATORS, indicator.name, weight, goal)
    return build_line(place, _outcome(indicator, result, parameters), parameters, result.deductions)


def _outcome(
    indicator: IndicatorSnapshot, result: ResultSnapshot, parameters: ScoringParameters
) -> Outcome:
    target, achieved = read(indicator.target), read(result.achieved)
    match indicator.kind:
        case IndicatorKind.QUANTITATIVE:
            return _quantitative(indicator, target, achieved, parameters)
        case IndicatorKind.RANGE:
            return _range(target, achieved, parameters)
        case IndicatorKind.TREND:
            return _trend(result, target, achieved, parameters)
        case _:
            return _judged(result, ClauseKey.QUALITATIVE, target, achieved, parameters)


def _inputs(target: Reading, achieved: Reading) -> tuple[Input, ...]:
    return (
        Input(TARGET, "目标值（A）", target.text, target.shown),
        Input(ACHIEVED, "完成值（B）", achieved.text, achieved.shown),
    )


def _quantitative(
    indicator: IndicatorSnapshot, target: Reading, achieved: Reading, parameters: ScoringParameters
) -> Outcome:
    clause, inputs = ClauseKey.QUANTITATIVE, _inputs(target, achieved)
    comparison = compare(target, achieved)
    question = comparison.question or direction_question(indicator, target, parameters)
    if question or indicator.direction is None:
        return Outcome(clause, inputs=inputs, question=question)
    formula = _formula(indicator.direction, comparison.target, parameters)
    fulfilment, ratio = _fulfilment(formula, comparison.target, comparison.achieved, parameters)
    return Outcome(
        clause,
        formula,
        {TARGET: comparison.target, ACHIEVED: comparison.achieved},
        inputs,
        _notices(target, comparison),
        fulfilment=fulfilment,
        ratio=ratio,
    )


def _formula(direction: Direction, target: Decimal, parameters: ScoringParameters) -> Formula:
    """Which formula a direction takes in this edition; a target of zero never divides."""
    if target == 0:
        return Formula.ZERO_TARGET if direction is Direction.LOWER_IS_BETTER else Formula.EXACT
    return {
        Direction.HIGHER_IS_BETTER: Formula.FORWARD,
        Direction.LOWER_IS_BETTER: parameters.reverse_formula,
        Direction.EXACT: parameters.equal_formula,
    }[direction]


def _fulfilment(
    formula: Formula, target: Decimal, achieved: Decimal, parameters: ScoringParameters
) -> tuple[Fulfilment, Decimal | None]:
    """Under, met, or over the edition's bound, with the ratio where it can be computed."""
    if formula in _TWO_SIDED:
        met = achieved <= target if formula is Formula.ZERO_TARGET else achieved == target
        return (Fulfilment.MET if met else Fulfilment.UNDER), None
    good, base = (target, achieved) if formula in _REVERSE else (achieved, target)
    ratio = good / base if base > 0 else None
    if good >= parameters.over_fulfilment_bound * base:
        return Fulfilment.OVER, ratio
    return (Fulfilment.MET if good >= base else Fulfilment.UNDER), ratio


def _notices(target: Reading, comparison: Comparison) -> tuple[str, ...]:
    notices = list(comparison.notices)
    if target.comparator in _STRICT and comparison.achieved == comparison.target:
        notices.append(f"目标值写作“{target.comparator}”而完成值恰好相等，按包含等于计分")
    if comparison.target == 0:
        notices.append(CLIFF)
    return tuple(notices)


def _range(target: Reading, achieved: Reading, parameters: ScoringParameters) -> Outcome:
    """Full inside; outside forward to the lower bound or reverse from the upper one."""
    clause, inputs = ClauseKey.QUANTITATIVE, _inputs(target, achieved)
    comparison = compare(target, achieved, is_range=True)
    low, high, value = comparison.target, comparison.target_high, max(comparison.achieved, ZERO)
    if comparison.question or high is None:
        return Outcome(clause, inputs=inputs, question=comparison.question)
    formula, bound = Formula.WITHIN_RANGE, low
    if value < low:
        formula = Formula.FORWARD
    elif value > high:
        formula, bound = _formula(Direction.LOWER_IS_BETTER, high, parameters), high
    met = Fulfilment.MET if formula is Formula.WITHIN_RANGE else Fulfilment.UNDER
    numbers = {TARGET: bound, ACHIEVED: value}
    return Outcome(clause, formula, numbers, inputs, comparison.notices, fulfilment=met)


def _trend(
    result: ResultSnapshot, target: Reading, achieved: Reading, parameters: ScoringParameters
) -> Outcome:
    """Same direction full, else a band chosen by a person."""
    if same_trend(target, achieved):
        met = Fulfilment.MET
        return Outcome(
            ClauseKey.TREND, Formula.SAME_TREND, {}, _inputs(target, achieved), fulfilment=met
        )
    return _judged(result, ClauseKey.TREND, target, achieved, parameters)


def same_trend(target: Reading, achieved: Reading) -> bool:
    """Whether both move the same way, and as far as a target with a size asks for.

    Words in what was achieved that only a person can weigh (预计下降, 下降缓慢) leave it to them.
    """
    if target.question or target.trend is None or target.trend is not achieved.trend:
        return False
    if achieved.question or achieved.remainder not in ("", target.remainder):
        return False
    if target.low is None:
        return True
    if achieved.low is None or target.unit != achieved.unit:
        return False
    at_least = target.comparator not in (Comparator.AT_MOST, Comparator.LESS)
    return at_least and achieved.low * achieved.multiple >= target.low * target.multiple


def _judged(
    result: ResultSnapshot,
    clause: ClauseKey,
    target: Reading,
    achieved: Reading,
    parameters: ScoringParameters,
) -> Outcome:
    inputs = _inputs(target, achieved)
    if achieved.kind is ReadingKind.EMPTY:
        question = Question(QuestionCode.ACHIEVED_MISSING, "没有填写实际完成情况")
        return Outcome(clause, inputs=inputs, question=question)
    return judged(result.judgement, clause, parameters, inputs)
