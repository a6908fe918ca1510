"""The lights of monitoring: worked cases as data, the budget's, and what holds for any figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.monitoring.lights import (
    RATE_NOTICE,
    budget_light,
    indicator_light,
    light_of,
    progress_rate,
    worst,
)
from performance.monitoring.rules import load_monitoring
from performance.monitoring.values import IndicatorProgress, Light
from performance.reading import QuestionCode
from rulebook.amounts import half_up_2
from rulebook.editions import editions_of
from tests.performance.monitoring.values import JUNE, board, clean_subject, rules, with_progress
from tests.performance.values import BANDS, PATROLS, TRAINING, cases_of, indicator, wuhan_2023

CASES = cases_of("monitoring/lights.toml")


@pytest.mark.parametrize("case", CASES, ids=[case["名称"] for case in CASES])
def test_a_light_of_the_cases(case: dict[str, Any]) -> None:
    row = indicator("1.1", case)
    band = BANDS[case["评定"]] if "评定" in case else None
    progress = IndicatorProgress("1.1", row.name, row.target, case["完成"], band=band)
    lit = indicator_light(row, progress, case["月"], rules(), wuhan_2023())
    if "问" in case:
        assert lit.light is None
        assert lit.question is not None
        assert lit.question.code == QuestionCode(case["问"])
        return
    assert lit.light is not None
    assert lit.light.label == case["灯"]
    rate = None if lit.rate is None else half_up_2(lit.rate)
    assert rate == (Decimal(case["率"]) if "率" in case else None)
    assert lit.steps


def test_a_rate_against_time_says_so() -> None:
    row = indicator("1.1", {"名称": "合格率", "目标": "≥95%"})
    progress = IndicatorProgress("1.1", row.name, row.target, "90%")
    lit = indicator_light(row, progress, JUNE, rules(), wuhan_2023())
    assert RATE_NOTICE in lit.notices


@pytest.mark.parametrize(
    ("spent", "light"),
    [("29.99", "red"), ("30", "yellow"), ("39.99", "yellow"), ("40", "green"), ("90", "green")],
)
def test_a_budget_has_no_blue(spent: str, light: str) -> None:
    assert budget_light(Decimal(100), Decimal(spent), JUNE, rules()).light == Light(light)


@pytest.mark.parametrize(
    ("budget", "spent", "code"),
    [
        (None, "1", QuestionCode.MONEY_MISSING),
        ("1", None, QuestionCode.MONEY_MISSING),
        ("1", "-1", QuestionCode.MONEY_MISSING),
        ("0", "1", QuestionCode.SPENT_WITHOUT_BUDGET),
    ],
)
def test_a_budget_that_cannot_be_judged_asks(
    budget: str | None, spent: str | None, code: QuestionCode
) -> None:
    money = [None if amount is None else Decimal(amount) for amount in (budget, spent)]
    lit = budget_light(money[0], money[1], JUNE, rules())
    assert lit.light is None
    assert lit.question is not None
    assert lit.question.code is code


def test_nothing_planned_and_nothing_spent_has_no_light_and_asks_nothing() -> None:
    lit = budget_light(Decimal(0), Decimal(0), JUNE, rules())
    assert (lit.light, lit.question) == (None, None)


def test_a_goal_and_a_subject_show_the_worst_light() -> None:
    clean = board(clean_subject()).subjects[0]
    assert (clean.light, clean.goals[0].light) == (Light.GREEN, Light.GREEN)
    late = with_progress(with_progress(clean_subject(), PATROLS, achieved="19次"), TRAINING)
    line = board(late).subjects[0]
    assert line.goals[0].light is Light.YELLOW
    line = board(with_progress(late, TRAINING, achieved="10人次")).subjects[0]
    assert (line.goals[0].light, line.light) == (Light.RED, Light.RED)
    assert (line.count(Light.RED), line.count(Light.YELLOW)) == (1, 1)


def test_a_question_is_counted_and_is_no_light() -> None:
    line = board(with_progress(clean_subject(), PATROLS, achieved="约26次")).subjects[0]
    assert line.open_questions == 1
    assert line.goals[0].light is Light.GREEN


def test_every_edition_has_thresholds_in_order() -> None:
    for edition in editions_of("scoring"):
        found = load_monitoring(edition.id)
        assert 0 < found.red_below < found.yellow_below < found.blue_from
        assert not found.clause.verified


@given(st.decimals(0, 10**9, places=2), st.decimals("0.01", 10**9, places=2), st.integers(1, 12))
def test_more_done_never_has_a_worse_light(done: Decimal, whole: Decimal, month: int) -> None:
    order = list(Light)
    first, second = (
        light_of(progress_rate(each, whole, month), rules(), has_blue=True)
        for each in (done, done + 1)
    )
    assert order.index(second) >= order.index(first)


@given(st.lists(st.sampled_from([None, *Light])))
def test_the_worst_is_one_of_them_and_none_is_worse(lights: list[Light | None]) -> None:
    found = worst(lights)
    known = [light for light in lights if light is not None]
    order = list(Light)
    assert found == (min(known, key=order.index) if known else None)
