"""Reading what people write: every spelling has its reading or its question."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.reading import ReadingKind, compare, read
from tests.performance.values import cases_of

SPELLINGS = cases_of("readings/spellings.toml")
PAIRS = cases_of("readings/pairs.toml")


def _expected_kind(case: dict[str, Any]) -> str:
    implied = "trend" if "趋势" in case else "range" if "至" in case else "number"
    return case.get("类", implied)


@pytest.mark.parametrize("case", SPELLINGS, ids=lambda case: case["原文"] or "空")
def test_a_spelling_has_a_reading_or_a_question(case: dict[str, Any]) -> None:
    reading = read(case["原文"])
    assert reading.kind == _expected_kind(case)
    assert (reading.question == "") == ("问" not in case)
    assert case.get("问", "") in reading.question


@pytest.mark.parametrize(
    "case", [case for case in SPELLINGS if "问" not in case], ids=lambda case: case["原文"]
)
def test_what_was_read_is_exact(case: dict[str, Any]) -> None:
    reading = read(case["原文"])
    assert reading.comparator == case.get("符号", "")
    assert reading.low == (Decimal(case["数"]) if "数" in case else None)
    assert reading.high == (Decimal(case["至"]) if "至" in case else None)
    assert (reading.multiple, reading.unit) == (Decimal(case.get("倍", 1)), case.get("单位", ""))
    assert reading.remainder == case.get("附注", "")
    assert reading.trend == case.get("趋势")


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: f"{case['目标']}·{case['完成']}")
def test_a_pair_is_compared_or_asked_about(case: dict[str, Any]) -> None:
    comparison = compare(read(case["目标"]), read(case["完成"]))
    assert (comparison.question is None) == ("问" not in case)
    if comparison.question is not None:
        assert case["问"] in comparison.question.text
    else:
        assert comparison.achieved == Decimal(case["数"])
        assert case.get("提示", "") in "".join(comparison.notices)
        assert bool(comparison.notices) == ("提示" in case)


@given(st.text(max_size=40))
def test_reading_never_fails(text: str) -> None:
    reading = read(text)
    assert reading.text == text
    assert reading.question or reading.kind is not ReadingKind.WORDS


@given(
    st.text(alphabet="0123456789.,%‰万亿≥≤<>=-~至 元人次/（）以上内下降升约余", max_size=14),
    st.text(alphabet="0123456789.,%‰万亿≥≤<>=-~至 元人次/（）以上内下降升约余", max_size=14),
)
def test_comparing_never_fails(target: str, achieved: str) -> None:
    comparison = compare(read(target), read(achieved))
    assert comparison.question is None or comparison.question.text
