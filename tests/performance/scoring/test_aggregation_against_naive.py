"""Adding up to the department agrees with the naive implementation, from words to value.

Parts are written as people write them, some in another unit, some not at all; some have no money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performance.aggregation import Aggregated, aggregated_indicators
from performance.evaluation import (
    Aggregation,
    Band,
    EvaluationSnapshot,
    IndicatorKind,
    Judgement,
)
from performance.scoring import Scorecard, score
from tests.effort import examples
from tests.performance import naive_scoring as naive
from tests.performance.test_aggregation import changed, project, whole
from tests.performance.values import with_result, wuhan_2023

TARGETS = {"≥50次": {"次": 1}, "≥1.2万人": {"人": Fraction(1, 10000), "万人": 1}, "≥95%": {"%": 1}}
"""Target of the department → units its parts may be written in, on the scale of the target."""
OTHERS = {"≥50次": "人", "≥1.2万人": "次", "≥95%": "次"}
"""Target → a unit it cannot be compared with."""
numbers = st.decimals("0", "99999", places=2)
monies = st.one_of(
    st.none(),
    st.sampled_from([Decimal(0), Decimal("0.01")]),
    st.decimals("1", "99999999", places=2),
)
weights = st.one_of(
    st.none(), st.none(), st.sampled_from([Decimal(-1), Decimal(0), Decimal("1e6")])
)


@dataclass(frozen=True)
class Drawn:
    """A part as written, and as the naive implementation is told of it."""

    written: str
    budget: Decimal | None
    money_weight: Decimal | None
    judgement: Judgement | None
    told: naive.Part


@st.composite
def parts(draw: st.DrawFn, target: str, *, sound: bool) -> Drawn:
    unit = draw(st.sampled_from(sorted(TARGETS[target])))
    number = draw(numbers)
    written, achieved = f"{number:f}{unit}", Fraction(number) * TARGETS[target][unit]
    if not sound and draw(st.integers(0, 5)) == 0:
        written = draw(st.sampled_from(["", "约好", f"{number:f}{OTHERS[target]}"]))
        achieved = None
    budget, weight = draw(monies), draw(weights)
    if sound:
        budget, weight = budget or Decimal(1), None if weight is None else abs(weight)
    band = draw(st.sampled_from(sorted(naive.WUHAN)))
    percentage = Decimal(draw(st.integers(*naive.WUHAN[band])))
    judgement = Judgement(Band(band), percentage) if sound or draw(st.integers(0, 5)) else None
    scored = judgement if written else None  # without what was achieved nothing is scored
    earned = scored and naive.judged(Fraction(60), band, Fraction(percentage), naive.WUHAN)
    money = budget if weight is None else weight
    told = naive.Part(achieved, earned, Fraction(60), None if money is None else Fraction(money))
    return Drawn(written, budget, weight, judgement, told)


def filed(number: int, part: Drawn, method: Aggregation | None, target: str) -> EvaluationSnapshot:
    """The evaluation of one project with the part; judged where scores are averaged."""
    found = changed(project(number, part.written, 目标=target), money_weight=part.money_weight)
    if method is Aggregation.SCORE_AVERAGE:
        found = changed(found, kind=IndicatorKind.QUALITATIVE, direction=None)
        found = with_result(found, "1.1", judgement=part.judgement)
    return replace(found, budget=part.budget, spent=part.budget)


def added(drawn: list[Drawn], method: Aggregation | None, target: str) -> Aggregated:
    department = whole(method, "", 目标=target)
    forms = [filed(number, part, method, target) for number, part in enumerate(drawn, 1)]
    cards: dict[str, Scorecard] = {each.subject: score(each, wuhan_2023()) for each in forms}
    budgets = {each.subject: each.budget for each in forms}
    (found,) = aggregated_indicators(department.declaration, [department, *forms], cards, budgets)
    return found


def agree(found: Aggregated, drawn: list[Drawn], method: Aggregation | None, target: str) -> None:
    due = naive.added_up(method and method.value, "%" in target, [each.told for each in drawn])
    if due is None:
        assert (found.value, found.text) == (None, "")
        assert found.question
        return
    assert found.value is not None
    assert abs(Fraction(found.value) - due) <= Fraction(1, 10**40)
    assert not found.question
    if method is Aggregation.SCORE_AVERAGE:
        assert found.percentage is not None
        assert Fraction(found.percentage) == naive.half_up(due)
    if method is not Aggregation.SUM:
        money = [each.told.money or Fraction(0) for each in drawn]
        shares = [naive.half_up(each * 100 / sum(money)) for each in money]
        assert [Fraction(part.share or 0) for part in found.parts] == shares


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("method", list(Aggregation))
@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_what_is_whole_adds_up_to_the_same(
    method: Aggregation, target: str, data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(parts(target, sound=True), min_size=1, max_size=5))
    agree(added(drawn, method, target), drawn, method, target)


@settings(max_examples=examples(150), deadline=None)
@given(st.data(), st.sampled_from(sorted(TARGETS)), st.sampled_from([None, *Aggregation]))
def test_what_is_not_whole_asks_in_both(
    data: st.DataObject, target: str, method: Aggregation | None
) -> None:
    drawn = data.draw(st.lists(parts(target, sound=False), min_size=1, max_size=5))
    agree(added(drawn, method, target), drawn, method, target)
