"""The worked examples of the scoring notes and of published forms, as cases in TOML."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from performance.checks import check_declaration, check_evaluation
from performance.evaluation import ResultSnapshot
from performance.scoring import replay, score
from performance.scoring.indicators import indicator_line
from performance.scoring.parameters import Component
from performance.scoring.scorecard import ScoreLine
from rulebook.amounts import from_wan
from tests.performance.values import (
    cases_of,
    clean_evaluation,
    evaluation_of,
    indicator,
    result,
    wuhan_2023,
)


def _cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["名称"]) for case in cases_of(name)]


def _expect(line: ScoreLine, case: dict[str, Any]) -> None:
    expected = Decimal(case["得分"]) if "得分" in case else None
    assert line.points == expected
    assert (line.question is None) == ("提问" not in case)
    if line.question is not None:
        assert case["提问"] in line.question.text
    assert case.get("提示", "") in "".join(line.notices)
    assert bool(line.notices) == ("提示" in case)


@pytest.mark.parametrize("case", _cases("scoring/formulas_2023.toml"))
def test_one_indicator(case: dict[str, Any]) -> None:
    row = indicator("1.1", case)
    answer: ResultSnapshot = result("1.1", case)
    line = indicator_line(row, "1", answer, wuhan_2023())
    _expect(line, case)
    assert "得分" not in case or line.formula == case["公式"]


@pytest.mark.parametrize("case", _cases("scoring/execution_2023.toml"))
def test_budget_execution(case: dict[str, Any]) -> None:
    evaluation = replace(
        clean_evaluation(),
        budget=from_wan(Decimal(case["预算"])),
        spent=from_wan(Decimal(case["支出"])),
    )
    card = score(evaluation, wuhan_2023())
    line = card.lines[0]
    _expect(line, case)
    assert card.execution_rate == (Decimal(case["执行率"]) if "执行率" in case else None)


@pytest.mark.parametrize("case", _cases("scoring/hongshan_2023.toml"))
def test_published_form(case: dict[str, Any]) -> None:
    evaluation, parameters, expected = evaluation_of(case), wuhan_2023(), case["应得"]
    card = score(evaluation, parameters)
    assert card.component_points(Component.EXECUTION) == Decimal(expected["预算执行"])
    assert str(card.component_points(Component.OBJECTIVE) or "") == expected.get("总目标", "")
    assert card.component_points(Component.INDICATORS) == Decimal(expected["指标"])
    assert (card.total, card.grade) == (Decimal(expected["总分"]), expected["等级"])
    assert replay(card) == card.total
    findings = check_declaration(evaluation.declaration, parameters)
    findings += check_evaluation(evaluation, card, parameters)
    assert sorted(finding.check_id for finding in findings) == expected["检查"]
    assert {finding.severity.value for finding in findings} == {"notice"}


@pytest.mark.parametrize(
    ("total", "grade"),
    [("100", "优"), ("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "中"), ("60", "中"),
     ("59.99", "差"), ("0", "差")],
)  # fmt: skip
def test_grades_begin_at_their_bound(total: str, grade: str) -> None:
    assert wuhan_2023().grade_of(Decimal(total)) == grade


def test_without_budget_the_rest_is_not_rescaled() -> None:
    card = score(replace(clean_evaluation(), budget=Decimal(0), spent=Decimal(0)), wuhan_2023())
    assert (card.total, card.out_of, card.grade) == (Decimal("80.00"), Decimal(80), None)
    assert replay(card) == Decimal("80.00")
