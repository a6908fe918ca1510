"""Money comes in through one door and is rounded in one way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.amounts import (
    AmountError,
    Interval,
    MoneyUnit,
    from_wan,
    growth_rate,
    half_up,
    half_up_2,
    in_wan,
    parse_amount,
    parse_number,
    rate,
    total,
)

YUAN = st.decimals(min_value=-(10**12), max_value=10**12, places=2)

READ = [
    ("1234.5", "1234.5"),
    ("1,234.50", "1234.50"),
    ("1，234.50", "1234.50"),
    ("13, 119.25", "13119.25"),
    ("72，456.43", "72456.43"),
    ("１２３．４５", "123.45"),
    ("(1,234.50)", "-1234.50"),
    ("（12.30）", "-12.30"),
    ("－5", "-5"),
    ("−5.00", "-5.00"),
    ("+7", "7"),
    (" 0 ", "0"),
    ("0.00", "0.00"),
    (".5", "0.5"),
    ("¥100", "100"),
    ("1\u200b2", "12"),
    ("１２，３４５．６７", "12345.67"),
    ("(１，２３４.５)", "-1234.5"),
    ("\u00a01,234.5\u00a0", "1234.5"),
    ("1 234 567.89", "1234567.89"),
]
EMPTY = ["", "  ", "-", "—", "--", "/", "无"]
REFUSED = ["12,34", "1.2.3", "1e5", "abc", "12元", "(-5)", "--5", "NaN", "Infinity", "1/2", "五百"]
REFUSED += ["1.234,56", "1,234元", "12%", "(--5)"]


@pytest.mark.parametrize(("text", "value"), READ)
def test_a_written_number_is_read(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", EMPTY)
def test_an_empty_mark_is_empty_and_not_zero(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(AmountError, match=r"\S"):
        parse_number(text)


def test_an_amount_in_wan_becomes_yuan() -> None:
    assert parse_amount("71,485.36", MoneyUnit.WAN) == Decimal("714853600.00")


@pytest.mark.parametrize("text", ["0.001", "99999999999999999999"])
def test_what_a_cell_cannot_hold_exactly_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(text)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("19.7289", "19.73")],
)
def test_rounding_is_half_up(value: str, rounded: str) -> None:
    assert half_up_2(Decimal(value)) == Decimal(rounded)


@given(YUAN)
def test_wan_to_yuan_loses_at_most_half_a_display_step(yuan: Decimal) -> None:
    assert abs(from_wan(in_wan(yuan)) - yuan) <= 50


@given(YUAN)
def test_rounding_twice_changes_nothing(value: Decimal) -> None:
    assert half_up(half_up(value, 1), 1) == half_up(value, 1)


@given(st.lists(st.none() | YUAN))
def test_a_sum_of_nothing_but_empties_is_empty(amounts: list[Decimal | None]) -> None:
    filled = [amount for amount in amounts if amount is not None]
    assert total(amounts) == (sum(filled) if filled else None)


@pytest.mark.parametrize(("part", "whole"), [(None, "1"), ("1", None), ("1", "0"), ("1", "-2")])
def test_there_is_no_rate_on_an_unknown_or_non_positive_base(
    part: str | None, whole: str | None
) -> None:
    assert rate(part and Decimal(part), whole and Decimal(whole)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(("now", "before"), [("1", "0"), ("1", "-1"), ("-1", "1")])
def test_there_is_no_growth_from_nothing_or_across_a_change_of_sign(now: str, before: str) -> None:
    assert growth_rate(Decimal(now), Decimal(before)) is None


def test_growth_is_in_per_cent_and_unrounded() -> None:
    assert growth_rate(Decimal(110), Decimal(100)) == Decimal(10)


@given(YUAN, YUAN)
def test_exact_figures_are_equal_only_when_they_are(left: Decimal, right: Decimal) -> None:
    assert Interval(left).can_equal(Interval(right)) == (left == right)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12))
def test_rounded_parts_can_always_equal_their_rounded_total(fen: list[int]) -> None:
    """Whatever the true parts are, rounding them and their total never makes an error."""
    true = [Decimal(value) / 100 for value in fen]
    parts = [Interval.declared(from_wan(in_wan(value)), MoneyUnit.WAN, 2) for value in true]
    whole = Interval.declared(from_wan(in_wan(sum(true, Decimal(0)))), MoneyUnit.WAN, 2)
    summed = parts[0]
    for part in parts[1:]:
        summed = summed.plus(part)
    closed = abs(summed.value - whole.value) <= summed.above + whole.above
    assert closed


def test_a_rounded_figure_is_a_half_open_interval() -> None:
    rounded = Interval.declared(Decimal("10000"), MoneyUnit.WAN, 2)
    assert rounded.can_equal(Interval(Decimal("9950")))
    assert not rounded.can_equal(Interval(Decimal("10050")))
