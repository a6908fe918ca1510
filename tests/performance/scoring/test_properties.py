"""What holds for every target, result and weight."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from performance.evaluation import EvaluationSnapshot
from performance.scoring import replay, score
from performance.scoring.formulas import FORMULAS, Formula, compute, settle
from performance.scoring.scorecard import replay_line
from rulebook.amounts import half_up_2
from tests.performance.values import (
    COST,
    PATROLS,
    clean_evaluation,
    with_indicator,
    with_result,
    wuhan_2023,
)

numbers = st.decimals("-1000000", "1000000", places=2)
targets = st.decimals("0.01", "1000000", places=2)
weights = st.decimals("0.5", "60", places=1)
money = st.decimals("0.01", "99999999999", places=2)
MONOTONE = {
    Formula.EXECUTION_CAPPED: 1,
    Formula.FORWARD: 1,
    Formula.REVERSE_RATIO: -1,
    Formula.REVERSE_LINEAR_DECLINE: -1,
}


def points(formula: Formula, weight: Decimal, target: Decimal, achieved: Decimal) -> Decimal:
    given_numbers = {"A": target, "B": achieved, "p": Decimal(80)}
    return settle(compute(formula, weight, given_numbers), weight, 2)


@given(st.sampled_from(sorted(FORMULAS)), weights, targets, numbers)
def test_points_stay_between_zero_and_the_weight(
    formula: Formula, weight: Decimal, target: Decimal, achieved: Decimal
) -> None:
    assert 0 <= points(formula, weight, target, achieved) <= weight


@given(st.sampled_from(sorted(MONOTONE)), weights, targets, numbers, targets)
def test_a_better_result_never_scores_less(
    formula: Formula, weight: Decimal, target: Decimal, achieved: Decimal, more: Decimal
) -> None:
    change = points(formula, weight, target, achieved + more)
    change -= points(formula, weight, target, achieved)
    assert change * MONOTONE[formula] >= 0


@given(weights, targets, numbers)
def test_points_are_rounded_half_up_to_two_decimals(
    weight: Decimal, target: Decimal, achieved: Decimal
) -> None:
    for formula in FORMULAS:
        earned = points(formula, weight, target, achieved)
        assert earned == half_up_2(earned)


@given(weights, targets)
def test_just_met_is_full_for_every_formula_with_a_target(weight: Decimal, target: Decimal) -> None:
    judged_or_zero = {Formula.BANDED, Formula.ZERO_TARGET}
    for formula in set(FORMULAS) - judged_or_zero:
        assert points(formula, weight, target, target) == weight


@given(money, money)
def test_the_execution_is_computed_from_the_unrounded_rate(budget: Decimal, spent: Decimal) -> None:
    card = score(replace(clean_evaluation(), budget=budget, spent=spent), wuhan_2023())
    assert card.lines[0].points == half_up_2(min(20 * spent / budget, Decimal(20)))


@given(targets, numbers, money, money, st.integers(80, 100))
def test_the_replay_gives_the_score_exactly(
    target: Decimal, achieved: Decimal, budget: Decimal, spent: Decimal, share: int
) -> None:
    evaluation = _evaluation(target, achieved, budget, spent)
    card = score(evaluation, wuhan_2023())
    assert card.total is not None
    assert replay(card) == card.total
    assert [replay_line(line) for line in card.lines] == [line.points for line in card.lines]


@given(targets, numbers, st.randoms(use_true_random=False))
def test_the_order_of_results_does_not_matter(
    target: Decimal, achieved: Decimal, order: object
) -> None:
    evaluation = _evaluation(target, achieved, Decimal(100), Decimal(90))
    shuffled = list(evaluation.results)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    again = score(replace(evaluation, results=tuple(shuffled)), wuhan_2023())
    assert again == score(evaluation, wuhan_2023())


@given(st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_typed_there_is_a_score_or_a_question(target: str, achieved: str) -> None:
    evaluation = with_indicator(clean_evaluation(), PATROLS, target=target)
    card = score(with_result(evaluation, PATROLS, achieved=achieved), wuhan_2023())
    line = card.line(PATROLS)
    assert line is not None
    assert (line.points is None) == (line.question is not None)
    assert (card.total is None) == bool(card.questions)


def _evaluation(
    target: Decimal, achieved: Decimal, budget: Decimal, spent: Decimal
) -> EvaluationSnapshot:
    """The clean form with one forward and one reverse row replaced."""
    evaluation = replace(clean_evaluation(), budget=budget, spent=spent)
    evaluation = with_indicator(evaluation, PATROLS, target=f"≥{target}次")
    evaluation = with_indicator(evaluation, COST, target=f"≤{target}元/件")
    evaluation = with_result(evaluation, PATROLS, achieved=f"{achieved}次")
    return with_result(evaluation, COST, achieved=f"{achieved}元/件")
