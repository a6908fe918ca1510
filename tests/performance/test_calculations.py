"""测算依据 read exactly: every spelling of the table, and generated ones against fractions."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from performance.calculations import estimate
from rulebook.amounts import MAX_SIGNIFICANT_DIGITS
from tests.performance.values import CASES

TABLE = tomllib.loads((CASES / "performance" / "calculations.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["text"][:20])
def test_a_text_is_read_as_the_table_says(case: dict[str, Any]) -> None:
    found = estimate(case["text"])
    assert found.offered == (Decimal(case["amount"]) if "amount" in case else None)
    wrong = [(d.written.amount.value, d.computed.amount.value) for d in found.disagreements]
    expected = [(Decimal(case["written"]), Decimal(case["computed"]))] if "written" in case else []
    assert wrong == expected


NUMBERS = st.decimals(0, 10**6, places=2, allow_nan=False).map(lambda d: d.normalize() + 0)
COUNTS = st.sampled_from(["人", "个", "月", "台次", "", "万人", "%"])
SCALES = {"万人": 10_000, "%": Fraction(1, 100)}
TIMES = st.sampled_from(["×", "*", " × ", "＊"])


@st.composite
def products(draw: Any) -> tuple[str, Fraction]:
    """A price and counts in any order, with what they make."""
    price = draw(NUMBERS)
    unit, scale = draw(st.sampled_from([("元", 1), ("万元", 10_000), ("元/人", 1)]))
    factors = [(f"{price:f}{unit}", Fraction(price) * scale)]
    for _ in range(draw(st.integers(1, 4))):
        number, measure = draw(NUMBERS), draw(COUNTS)
        factors.append((f"{number:f}{measure}", Fraction(number) * SCALES.get(measure, 1)))
    factors = draw(st.permutations(factors))
    value = Fraction(1)
    for _, each in factors:
        value *= each
    return draw(TIMES).join(text for text, _ in factors), value


@given(products())
def test_a_product_is_exact(product: tuple[str, Fraction]) -> None:
    text, value = product
    offered = estimate(text).offered
    assert offered is not None
    assert Fraction(offered) == value


@given(st.lists(products(), min_size=2, max_size=4))
def test_a_sum_of_products_is_exact(parts: list[tuple[str, Fraction]]) -> None:
    offered = estimate("+".join(text for text, _ in parts)).offered
    assert offered is not None
    assert Fraction(offered) == sum(value for _, value in parts)


@given(products(), st.integers(1, 10**6))
def test_a_result_that_is_off_is_found_and_a_right_one_is_not(
    product: tuple[str, Fraction], off: int
) -> None:
    text, value = product
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(exact) != value or len(exact.as_tuple().digits) > 14:
        return
    assume(len((exact + off).as_tuple().digits) <= MAX_SIGNIFICANT_DIGITS)
    assert estimate(f"{text}={exact:f}元").disagreements == ()
    (wrong,) = estimate(f"{text}={exact + off:f}元").disagreements
    assert Fraction(wrong.computed.amount.value) == value


@given(
    st.text("0123456789.,元万%人×*+=()（）、；：:;。 约每其中-xX\n", max_size=60)
    | st.text(max_size=40)
)
def test_no_text_breaks_it(text: str) -> None:
    found = estimate(text)
    assert found.total is None or found.total.amount.value.is_finite()
