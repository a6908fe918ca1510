"""Adding up: the worked example, conversion, what asks, and any figures against a naive sum."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.aggregation import (
    Aggregated,
    Gap,
    Part,
    aggregate,
    aggregated_indicators,
    suggest_feeds,
    weighted_average,
)
from performance.checks import check_aggregation
from performance.evaluation import (
    DEPARTMENT,
    Aggregation,
    EvaluationSnapshot,
    IndicatorSnapshot,
    Judgement,
)
from performance.scoring import score
from performance.snapshots import trimmed
from rulebook.amounts import from_wan
from tests.performance.values import BANDS, evaluation_of, indicator, with_result, wuhan_2023

SUM, AVERAGE, SCORES = Aggregation.SUM, Aggregation.WEIGHTED_AVERAGE, Aggregation.SCORE_AVERAGE


def whole(method: Aggregation | None, achieved: str, **row: Any) -> EvaluationSnapshot:
    """The department with one indicator that is added up."""
    rows = [{"名称": "巡查次数", "目标": "≥50次", "完成": achieved, "分值": 80} | row]
    case = {"名称": "部门整体", "整体": True, "预算": "100", "支出": "100"}
    found = evaluation_of(case | {"年度目标": [{"分值": 80, "指标": rows}]})
    return changed(found, aggregation=method)


def changed(found: EvaluationSnapshot, **changes: Any) -> EvaluationSnapshot:
    goal = found.declaration.goals[0]
    rows = tuple(replace(row, **changes) for row in goal.indicators)
    goals = (replace(goal, indicators=rows),)
    return replace(found, declaration=replace(found.declaration, goals=goals))


def project(number: int, achieved: str, budget: str = "10", **row: Any) -> EvaluationSnapshot:
    """A project with one indicator that is a part; its budget in 万元."""
    rows = [{"名称": "巡查次数", "目标": "≥5次", "完成": achieved, "分值": 60} | row]
    case = {"名称": f"项目{number}", "预算": budget, "支出": budget, "总目标": ["达成", 100]}
    found = evaluation_of(case | {"年度目标": [{"分值": 60, "指标": rows}]})
    code = f"00000000000T00000000{number}"
    found = replace(found, subject=code, declaration=replace(found.declaration, subject=code))
    return changed(found, feeds="1.1")


def added(*forms: EvaluationSnapshot, without_money: bool = False) -> Aggregated:
    budgets = {form.subject: None if without_money else form.budget for form in forms}
    cards = {form.subject: score(form, wuhan_2023()) for form in forms}
    (found,) = aggregated_indicators(forms[0].declaration, forms, cards, budgets)
    return found


def test_rates_are_averaged_by_money() -> None:
    """The worked example of the rule: 30 at 90 % and 70 at 100 % give 97 %."""
    rate = {"目标": "≥95%"}
    found = added(
        whole(AVERAGE, "97%", **rate),
        project(1, "90%", "30", **rate),
        project(2, "100%", "70", **rate),
    )
    assert (found.value, found.text) == (Decimal(97), "97%")
    assert [part.share for part in found.parts] == [Decimal(30), Decimal(70)]
    assert found.steps == ("（90×30＋100×70）÷（30＋70）＝97%（资金单位万元）",)


def test_absolute_values_add_after_conversion() -> None:
    people = {"目标": "≥1.2万人"}
    found = added(
        whole(SUM, "", **people), project(1, "8000人", **people), project(2, "0.5万人", **people)
    )
    assert (found.value, found.text) == (Decimal("1.3"), "1.3万人")
    assert [part.typed for part in found.parts] == ["8000人", "0.5万人"]


def test_scores_are_averaged_by_money() -> None:
    row = {"性质": "定性", "方向": "未定", "目标": "基本满意"}
    found = added(
        whole(SCORES, "满意", **row),
        project(1, "一般", "30", 评定=["部分达成", 60], **row),
        project(2, "满意", "70", 评定=["达成", 100], **row),
    )
    assert (found.percentage, found.text) == (Decimal(88), "按资金加权平均得分率88%")
    assert [part.read for part in found.parts] == ["36/60分", "60/60分"]


def test_a_money_weight_of_the_part_goes_before_its_budget() -> None:
    rate = {"目标": "≥95%"}
    heavy = changed(project(1, "90%", "30", **rate), money_weight=from_wan(Decimal(210)))
    found = added(whole(AVERAGE, "", **rate), heavy, project(2, "100%", "70", **rate))
    assert found.text == "92.5%"


@pytest.mark.parametrize(
    ("method", "achieved", "gap", "said"),
    [
        (SUM, "", Gap.PART, "没有填写"),
        (SUM, "约5次", Gap.PART, "约5次"),
        (SUM, "5人", Gap.PART, "单位不同"),
        (None, "5次", Gap.METHOD, "还没有选择汇总方式"),
    ],
)
def test_what_cannot_be_added_asks_and_gives_no_value(
    method: Aggregation | None, achieved: str, gap: Gap, said: str
) -> None:
    found = added(whole(method, "60次"), project(1, "6次"), project(2, achieved))
    assert (found.value, found.text, found.gap) == (None, "", gap)
    assert said in found.question


def test_rates_do_not_add() -> None:
    rate = {"目标": "≥95%"}
    found = added(whole(SUM, "", **rate), project(1, "90%", **rate))
    assert (found.text, found.gap) == ("", Gap.METHOD)


def test_a_missing_weight_asks() -> None:
    rate = {"目标": "≥95%"}
    found = added(whole(AVERAGE, "", **rate), project(1, "90%", **rate), without_money=True)
    assert (found.text, found.gap) == ("", Gap.WEIGHT)
    findings = check_aggregation(whole(AVERAGE, "", **rate), [found])
    assert [finding.check_id for finding in findings] == ["SE-143"]


def test_a_part_without_an_evaluation_is_not_left_out() -> None:
    department, part = whole(SUM, "6次"), project(1, "6次")
    late = project(2, "")
    (found,) = aggregated_indicators(
        department.declaration, [department, part], {}, {}, [late.declaration]
    )
    assert len(found.parts) == 2
    assert (found.text, found.gap) == ("", Gap.PART)


def test_an_indicator_that_is_not_shared_is_not_added_up() -> None:
    department = whole(None, "6次")
    assert aggregated_indicators(department.declaration, [department], {}, {}) == ()


def fired(department: EvaluationSnapshot, *parts: EvaluationSnapshot) -> dict[str, str]:
    found = check_aggregation(department, [added(department, *parts)])
    return {finding.check_id: finding.severity.value for finding in found}


def test_findings_name_what_is_wrong() -> None:
    assert fired(whole(SUM, "12次"), project(1, "6次"), project(2, "6次")) == {}
    assert fired(whole(SUM, "13次"), project(1, "6次"), project(2, "6次")) == {"SE-142": "warning"}
    assert fired(whole(None, "12次"), project(1, "6次")) == {"SE-140": "error"}
    assert fired(whole(SUM, "12次"), project(1, "")) == {"SE-141": "warning"}
    assert fired(whole(SUM, "12次")) == {"SE-144": "warning"}


def test_a_difference_names_both_values_and_a_reason_answers_it() -> None:
    department = whole(SUM, "13次")
    (finding,) = check_aggregation(department, [added(department, project(1, "12次"))])
    assert (finding.left, finding.right) == ("13次", "12次")
    told = with_result(department, "1.1", deviation_reason="含本级直接开展的一次")
    assert fired(told, project(1, "12次")) == {"SE-142": "notice"}


def test_another_unit_of_the_same_value_is_no_difference() -> None:
    people = {"目标": "≥1.2万人"}
    assert fired(whole(SUM, "13000人", **people), project(1, "1.3万人", **people)) == {}


def test_scores_that_differ() -> None:
    row = {"性质": "定性", "方向": "未定", "目标": "基本满意"}
    department = whole(SCORES, "满意", 评定=["达成", 100], **row)
    part = project(1, "一般", 评定=["部分达成", 60], **row)
    assert fired(department, part) == {"SE-142": "warning"}
    agreed = with_result(department, "1.1", judgement=Judgement(BANDS["部分达成"], Decimal(60)))
    assert fired(agreed, part) == {}


def test_the_same_name_is_suggested_once() -> None:
    rows = [named("1.1", "巡查 次数"), named("1.2", "合格率")]
    assert suggest_feeds(named("1.1", "巡查次数"), rows) == rows[0]
    assert suggest_feeds(named("1.1", "巡查里程"), rows) is None
    assert suggest_feeds(named("1.1", "合格率"), [*rows, named("1.3", "合格率")]) is None


def named(key: str, name: str) -> IndicatorSnapshot:
    return indicator(key, {"名称": name, "目标": "≥5次"})


amounts = st.decimals(0, 10**8, places=2)
rates = st.decimals(0, 200, places=2)


@given(st.lists(st.tuples(rates, amounts), min_size=1).filter(lambda p: any(w for _, w in p)))
def test_the_average_is_the_naive_one(pairs: list[tuple[Decimal, Decimal]]) -> None:
    exact = sum(Fraction(v) * Fraction(w) for v, w in pairs) / sum(Fraction(w) for _, w in pairs)
    found = weighted_average(pairs)
    assert abs(Fraction(found) - exact) <= Fraction(1, 10**40)
    assert min(v for v, _ in pairs) <= found <= max(v for v, _ in pairs)


@given(st.lists(amounts, min_size=1, max_size=8))
def test_the_sum_is_the_naive_one_in_any_order(values: list[Decimal]) -> None:
    row = replace(named("1.1", "x"), aggregation=SUM)
    parts = [Part("p", "p", "1.1", "x", "", "", value, None) for value in values]
    found, turned = aggregate(row, parts), aggregate(row, parts[::-1])
    assert found.value == turned.value == sum(values)
    assert found.text == f"{trimmed(sum(values))}次"


def test_the_department_is_never_its_own_part() -> None:
    department = changed(whole(SUM, "6次"), feeds="1.1")
    assert department.subject == DEPARTMENT
    assert added(department).parts == ()
