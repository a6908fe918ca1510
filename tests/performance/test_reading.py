"""Reading what people write: every spelling has its reading or its question."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performance.evaluation import Direction, IndicatorKind
from performance.reading import ReadingKind, compare, read
from performance.scoring import ScoreLine, score
from tests.effort import examples
from tests.performance.values import (
    CASES,
    PATROLS,
    cases_of,
    clean_evaluation,
    with_indicator,
    with_result,
    wuhan_2023,
)

SPELLINGS = cases_of("readings/spellings.toml")
PAIRS = cases_of("readings/pairs.toml")
HOSTILE = (
    "0123456789０９.,%‰‱万亿千百十〇一二OoIl|≥≤<>=-~至 \n\t元人次/（）()以上内下降升约余不未"
    "①²½㊿㋀۱߂\u200b\u202e\u00ad\u0336eEx*+;；、"
)
hostile = st.one_of(
    st.text(alphabet=HOSTILE, max_size=10),
    st.sampled_from([case["原文"] for case in SPELLINGS]),
    st.builds(
        lambda text, mark, place: text[:place] + mark + text[place:],
        st.sampled_from(["≥95%", "1.2万人", "24小时", "97%-100%", "下降3%", "13,300起"]),
        st.sampled_from(HOSTILE),
        st.integers(0, 9),
    ),
)


def written_in(name: str) -> set[str]:
    """Every target and achieved value of a transcribed document."""
    return set(_values(tomllib.loads((CASES / name).read_text("utf-8"))))


def _values(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("目标", "完成") and isinstance(value, str):
                yield value
            elif key == "rows":
                yield from (value for row in value for value in row[3:])
            elif key == "indicators":
                yield from (value for row in value for value in row[3:5])
            else:
                yield from _values(value)
    elif isinstance(node, list):
        for each in node:
            yield from _values(each)


@pytest.mark.parametrize(
    "name",
    ["jianghan/indicators.toml", "scoring/politics_law_2019.toml", "scoring/hongshan_2023.toml"],
)
def test_every_spelling_of_a_transcribed_document_is_in_the_table(name: str) -> None:
    values = written_in(name)
    assert len(values) > 4
    assert values <= {case["原文"] for case in SPELLINGS}


def test_no_spelling_stands_in_the_table_twice() -> None:
    assert len({case["原文"] for case in SPELLINGS}) == len(SPELLINGS)


def _line(kind: IndicatorKind, direction: Direction, target: str, achieved: str) -> ScoreLine:
    """The line of one row with these texts, judged by nobody."""
    evaluation = with_indicator(
        clean_evaluation(), PATROLS, kind=kind, direction=direction, target=target
    )
    line = score(with_result(evaluation, PATROLS, achieved=achieved), wuhan_2023()).line(PATROLS)
    assert line is not None
    return line


def _plain_numbers(text: str) -> list[Decimal]:
    """The numbers a person sees, read on their own: ASCII or full-width digits, nothing else."""
    visible = re.sub("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", text)
    narrow = unicodedata.normalize("NFKC", re.sub("[²³㎡㎥㎢]", "", visible))
    narrow = re.sub(r"(?<=[mM])[23]|\(含[^()]*\)", "", narrow)
    narrow = re.sub(r"(?<=\d)\s*,\s*(?=\d{3}(?!\d))|(?<=\d)'(?=\d{3}(?!\d))", "", narrow)
    return [Decimal(number) for number in re.findall(r"\d*\.?\d+", narrow, re.ASCII)]


@settings(max_examples=examples(600))
@given(
    st.sampled_from([IndicatorKind.QUANTITATIVE, IndicatorKind.RANGE]),
    st.sampled_from(list(Direction)),
    hostile,
    hostile,
)
def test_points_by_a_formula_come_from_the_numbers_that_everybody_sees(
    kind: IndicatorKind, direction: Direction, target: str, achieved: str
) -> None:
    line = _line(kind, direction, target, achieved)
    if line.points is None:
        assert line.question is not None
        return
    ends = 2 if kind is IndicatorKind.RANGE else 1
    seen, reached = _plain_numbers(target), _plain_numbers(achieved)
    assert len(seen) == ends
    assert len(reached) == 1
    assert read(target).low in (seen[0], -seen[0])
    assert read(achieved).low in (reached[0], -reached[0])


@settings(max_examples=examples(400))
@given(hostile, hostile)
def test_a_trend_is_full_only_for_a_plain_movement_the_same_way(target: str, achieved: str) -> None:
    line = _line(IndicatorKind.TREND, Direction.LOWER_IS_BETTER, target, achieved)
    if line.points is not None:
        assert read(target).trend is read(achieved).trend is not None
        assert len(_plain_numbers(re.sub("[0-9]{4}年", "", achieved))) <= 1


@pytest.mark.parametrize(
    "achieved", ["预计下降", "计划下降5%", "下降困难", "难以下降", "下降①", "未下降", "↓", "34.89%"]
)
def test_a_movement_that_only_a_person_can_weigh_earns_nothing_by_itself(achieved: str) -> None:
    line = _line(IndicatorKind.TREND, Direction.LOWER_IS_BETTER, "较上年下降", achieved)
    assert line.points is None
    assert line.question is not None


@pytest.mark.parametrize(
    "case", [case for case in SPELLINGS if "问" in case], ids=lambda case: case["原文"] or "空"
)
def test_what_needs_a_question_earns_nothing_whatever_the_row_is(case: dict[str, Any]) -> None:
    for kind in IndicatorKind:
        for other in ("100", "较上年下降", case["原文"]):
            assert _line(kind, Direction.LOWER_IS_BETTER, case["原文"], other).points is None
            assert _line(kind, Direction.LOWER_IS_BETTER, other, case["原文"]).points is None


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
