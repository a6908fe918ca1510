"""The scorecard is its own proof: made of plain values, with every step in words."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from performance.evaluation import Deduction, Direction, Judgement
from performance.scoring import replay, score
from performance.scoring.directions import propose_direction
from performance.scoring.formulas import Formula
from performance.scoring.indicators import indicator_line
from performance.scoring.parameters import ClauseKey, load_parameters
from performance.scoring.scorecard import Scorecard, replay_line
from rulebook.codec import from_json, to_json
from rulebook.editions import edition_for
from tests.performance.values import (
    BANDS,
    PATROLS,
    clean_evaluation,
    indicator,
    result,
    with_result,
    wuhan_2023,
)


def _is_plain(value: Any) -> bool:
    if is_dataclass(value):
        return all(_is_plain(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return all(_is_plain(entry) for entry in value)
    return value is None or isinstance(value, str | Decimal | bool | StrEnum)


def test_a_scorecard_is_made_of_plain_values_only() -> None:
    deduction = Deduction(Decimal("0.5"), "材料不全", "财政审核")
    evaluation = with_result(clean_evaluation(), PATROLS, achieved="?", deductions=(deduction,))
    assert _is_plain(score(clean_evaluation(), wuhan_2023()))
    assert _is_plain(score(evaluation, wuhan_2023()))


def test_a_stored_scorecard_is_read_back_and_replays() -> None:
    card = score(clean_evaluation(), wuhan_2023())
    stored = from_json(Scorecard, to_json(card))
    assert stored == card
    assert replay(stored) == card.total


def test_a_deduction_is_a_line_of_its_own() -> None:
    taken = (
        Deduction(Decimal("0.5"), "材料不全", "部门复核"),
        Deduction(Decimal("1.25"), "口径不符", "财政审核"),
    )
    card = score(with_result(clean_evaluation(), PATROLS, deductions=taken), wuhan_2023())
    line = card.line(PATROLS)
    assert line is not None
    assert (line.earned, line.points) == (Decimal("10.00"), Decimal("8.25"))
    assert [(d.before, d.after) for d in line.deductions] == [
        (Decimal("10.00"), Decimal("9.50")),
        (Decimal("9.50"), Decimal("8.25")),
    ]
    assert replay(card) == card.total == Decimal("98.25")
    assert any("部门复核扣0.5分（材料不全）" in step for step in line.steps)


def test_the_steps_tell_reading_formula_cap_and_rounding() -> None:
    card = score(with_result(clean_evaluation(), PATROLS, achieved="1百万次"), wuhan_2023())
    line = card.line(PATROLS)
    assert line is not None
    text = "\n".join(line.steps)
    for words in ("完成值（B）“1百万次”", "w＝10，A＝50，B＝1000000", "不超过分值", "10.00分"):
        assert words in text
    assert line.clause == wuhan_2023().clause(ClauseKey.QUANTITATIVE).text


def test_a_tampered_derivation_does_not_replay() -> None:
    card = score(clean_evaluation(), wuhan_2023())
    budget, spent = card.lines[0].numbers
    forged = replace(card.lines[0], numbers=(replace(budget, value=budget.value * 2), spent))
    assert replay(replace(card, lines=(forged, *card.lines[1:]))) == Decimal("90.00")


def test_a_withheld_score_replays_to_nothing() -> None:
    card = score(with_result(clean_evaluation(), PATROLS, achieved=""), wuhan_2023())
    assert card.total is None
    assert card.grade is None
    assert replay(card) is None
    assert [replay_line(line) for line in card.lines] == [line.points for line in card.lines]
    assert card.points_so_far == Decimal("90.00")
    assert card.goals[0].points is None


@pytest.mark.parametrize(
    ("reverse", "achieved", "points"),
    [
        ("reverse_linear_decline", "400元/件", "10.00"),
        ("reverse_linear_decline", "500元/件", "7.50"),
        ("reverse_linear_decline", "800元/件", "0.00"),
        ("reverse_linear_decline", "900元/件", "0.00"),
        ("reverse_ratio", "800元/件", "5.00"),
    ],
)
def test_an_edition_may_choose_another_reverse_formula(
    reverse: str, achieved: str, points: str
) -> None:
    row = {"名称": "成本", "目标": "≤400元/件", "完成": achieved, "方向": "反向"}
    parameters = replace(wuhan_2023(), reverse_formula=Formula(reverse))
    line = indicator_line(indicator("1.1", row), "1", result("1.1", row), parameters)
    assert line.points == Decimal(points)


@pytest.mark.parametrize(
    ("equal", "achieved", "points"),
    [("symmetric", "12台", "8.00"), ("symmetric", "8台", "8.00"), ("symmetric", "25台", "0.00"),
     ("exact", "10台", "10.00"), ("exact", "11台", "0.00"), ("forward", "11台", "10.00")],
)  # fmt: skip
def test_an_edition_may_choose_another_formula_for_equal(
    equal: str, achieved: str, points: str
) -> None:
    row = {"名称": "购置数量", "目标": "=10台", "完成": achieved, "方向": "等于"}
    parameters = replace(wuhan_2023(), equal_formula=Formula(equal))
    line = indicator_line(indicator("1.1", row), "1", result("1.1", row), parameters)
    assert line.points == Decimal(points)


def test_rows_of_one_second_tier_share_a_header_only_where_the_edition_merges() -> None:
    evaluation = clean_evaluation()
    assert score(evaluation, wuhan_2023()).total == Decimal(100)
    merged = replace(wuhan_2023(), tier_two_merged=True)
    texts = [question.text for question in score(evaluation, merged).questions]
    assert texts == [
        "年度目标1的分值为60分，其下各项合计50分",
        "数量指标（“巡查次数”所在行）的分值为10分，其下各项合计20分",
    ]


@pytest.mark.parametrize(
    ("name", "target", "direction", "asks"),
    [
        ("巡查次数", "≥50次", Direction.HIGHER_IS_BETTER, False),
        ("投诉率", "≤2%", Direction.LOWER_IS_BETTER, False),
        ("购置数量", "=2台", Direction.EXACT, False),
        ("破案率", "100%", Direction.HIGHER_IS_BETTER, False),
        ("责任事故", "0起", Direction.LOWER_IS_BETTER, True),
        ("办理成本", "3000元/件", Direction.LOWER_IS_BETTER, True),
    ],
)
def test_signs_and_words_only_propose_a_direction(
    name: str, target: str, direction: Direction, asks: bool
) -> None:
    row = indicator("1.1", {"名称": name, "目标": target, "方向": "未定"})
    assert propose_direction(row, wuhan_2023()) == (direction, asks)


def test_the_bands_leave_no_gap() -> None:
    parameters = wuhan_2023()
    proposed = [parameters.propose_band(Decimal(p) / 10) for p in range(1001)]
    assert [proposed.count(band) for band in BANDS.values()] == [201, 300, 500]
    assert parameters.propose_band(Decimal("100.01")) is None
    assert parameters.propose_band(Decimal("-0.01")) is None


def test_the_edition_in_force_for_a_district_is_the_citys() -> None:
    edition = edition_for("scoring", "self_evaluation", region="420111", fiscal_year=2023)
    assert load_parameters(edition.id).edition_id == edition.id == "self_evaluation/wuhan_2023"


def test_a_judgement_outside_every_band_is_asked_about() -> None:
    judged = Judgement(BANDS["达成"], Decimal(101))
    evaluation = replace(clean_evaluation(), objective_judgement=judged)
    assert score(evaluation, wuhan_2023()).total is None
