"""How figures read in sentences: worked cases, and what holds for any amounts."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosures.facts import Fact
from disclosures.narrative.phrases import (
    AmountStyle,
    Movement,
    amount,
    change_phrase,
    completion_phrase,
    composition,
    count,
    difference_phrase,
    movement,
    percent,
    share_phrase,
    text_of,
    wan_text,
)
from disclosures.report.blocks import BoundFigure
from tests.disclosures.values import phrase_cases, wan_fact

YEAR = "2022年度"
CENTS = st.decimals(Decimal("-1e12"), Decimal("1e12"), places=2, allow_nan=False)
FILED = st.builds(lambda value: Fact(value, ("cell/1/s/r/c",)), CENTS)
MAYBE = st.one_of(FILED, st.just(Fact(None, ("cell/1/s/r/c",))))


@pytest.mark.parametrize("case", phrase_cases("change"), ids=lambda case: case["name"])
def test_change_reads_as_in_the_cases(case):
    current, previous = wan_fact(case.get("current")), wan_fact(case.get("previous"))
    assert text_of(change_phrase(current, previous, YEAR)) == case["reads"]


@pytest.mark.parametrize("case", phrase_cases("rates"), ids=lambda case: case["name"])
def test_rates_read_as_in_the_cases(case):
    part, whole = wan_fact(case.get("part")), wan_fact(case.get("whole"))
    assert text_of(share_phrase(part, whole, "本年收入合计")) == case["share"]
    assert text_of(completion_phrase(part, whole, "年初预算")) == case["completion"]


@pytest.mark.parametrize("case", phrase_cases("amounts"), ids=lambda case: case["name"])
def test_amounts_read_as_in_the_cases(case):
    yuan = Decimal(case["yuan"]) if "yuan" in case else None
    assert text_of(amount(Fact(yuan, ("a",)))) == case["plain"]
    if yuan is not None:
        assert wan_text(yuan, AmountStyle.GROUPED) == case["table"]


@given(MAYBE, MAYBE)
def test_the_verb_follows_the_sign(current, previous):
    reads = text_of(change_phrase(current, previous, YEAR))
    assert ("增加" in reads) == (movement(current, previous) is Movement.UP)
    assert ("减少" in reads) == (movement(current, previous) is Movement.DOWN)
    assert "增加0万元" not in reads
    assert "减少0万元" not in reads


@given(MAYBE, MAYBE)
def test_no_rate_without_a_positive_base_or_across_zero(current, previous):
    reads = text_of(change_phrase(current, previous, YEAR))
    has_rate = "%" in reads
    if current.value is None or previous.value is None or current.value == previous.value:
        assert not has_rate
    else:
        assert has_rate == (previous.value > 0 and current.value >= 0)


@given(MAYBE, MAYBE)
def test_every_digit_of_a_change_is_bound_to_its_cells(current, previous):
    for span in change_phrase(current, previous, YEAR):
        if isinstance(span, str):
            assert not re.search(r"\d", span.replace(YEAR, ""))
        else:
            assert span.addresses


@given(FILED)
def test_a_value_other_than_zero_never_reads_as_zero(fact):
    (figure, unit) = amount(fact)
    assert isinstance(figure, BoundFigure)
    assert unit == "万元"
    assert (figure.text == "0") == (fact.value == 0)
    assert not re.fullmatch(r"-?0\.00", figure.text)


@given(FILED)
def test_printed_amount_is_within_half_a_step(fact):
    printed = wan_text(fact.value, AmountStyle.GROUPED)
    assert abs(Decimal(printed.replace(",", "")) * 10_000 - fact.value) <= 50
    assert printed != "-0.00"


def test_two_totals_change_alike():
    reads = text_of(change_phrase(wan_fact("3"), wan_fact("2"), YEAR, "各"))
    assert reads == "比2022年度各增加1.00万元，增长50.00%"


def test_an_outturn_equal_to_its_budget_is_said_to_be_so():
    assert text_of(difference_phrase(wan_fact("3"), wan_fact("3"), "全年预算")) == "与全年预算持平"
    assert difference_phrase(wan_fact("3"), wan_fact(None), "全年预算") == ()


def test_composition_names_what_there_was_and_what_there_was_not():
    parts = [("甲收入", wan_fact("75")), ("乙收入", wan_fact("25")), ("丙收入", wan_fact(None))]
    reads = text_of(composition(parts, wan_fact("100"), "本年收入合计"))
    assert reads == (
        "其中：甲收入75.00万元，占本年收入合计的75.00%；"
        "乙收入25.00万元，占本年收入合计的25.00%。本年度无丙收入。"
    )


def test_composition_of_nothing_adds_no_words_to_the_total():
    parts = [("甲收入", wan_fact(None)), ("乙收入", wan_fact("0"))]
    assert text_of(composition(parts, wan_fact(None), "合计")) == ""


def test_figures_not_filed_are_shown_as_such():
    empty = Fact(None, ("a",))
    assert text_of(count(empty, "辆")) == "（未填报）"
    assert text_of(percent(empty)) == "（未填报）"


def test_a_count_reads_the_same_from_the_database_and_from_a_file():
    assert text_of(count(Fact(Decimal("156.00"), ()), "辆")) == "156辆"
    assert text_of(count(Fact(Decimal("100"), ()), "辆")) == "100辆"
    assert text_of(count(Fact(Decimal("74484.45"), ()), "平方米")) == "74484.45平方米"
    assert text_of(count(Fact(Decimal("0.00"), ()), "辆")) == "0辆"


def test_counts_are_bound():
    (figure, unit) = count(Fact(Decimal(156), ("cell/1/s/vehicles_held/actual",)), "辆")
    assert figure == BoundFigure("156", Decimal(156), "辆", ("cell/1/s/vehicles_held/actual",))
    assert unit == "辆"
