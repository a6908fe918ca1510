"""Each check: the clean form raises nothing; one change raises exactly the named set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from performance.checks import CATALOGUE, check_declaration, check_evaluation
from performance.evaluation import (
    Band,
    ChangeKind,
    ChangeState,
    Deduction,
    Direction,
    EvaluationSnapshot,
    GoalSnapshot,
    IndicatorKind,
    Judgement,
    ResultSnapshot,
    TargetChangeSnapshot,
)
from performance.scoring import score
from rulebook.editions import DATA, read_toml
from rulebook.findings import Finding, Severity, blocking
from tests.performance.monitoring.test_checks import FIRED as MONITORED
from tests.performance.values import (
    ACCEPTANCE,
    COST,
    INCIDENTS,
    PATROLS,
    SATISFACTION,
    TRAINING,
    clean_evaluation,
    declared_with,
    with_indicator,
    with_result,
    wuhan_2023,
)

Change = Callable[[EvaluationSnapshot], EvaluationSnapshot]


def findings_of(evaluation: EvaluationSnapshot) -> list[Finding]:
    parameters = wuhan_2023()
    card = score(evaluation, parameters)
    found = check_declaration(evaluation.declaration, parameters)
    return found + check_evaluation(evaluation, card, parameters)


def ids_of(evaluation: EvaluationSnapshot) -> list[str]:
    return sorted(finding.check_id for finding in findings_of(evaluation))


def indicator(key: str, **changes: object) -> Change:
    return lambda evaluation: with_indicator(evaluation, key, **changes)


def result(key: str, **changes: object) -> Change:
    return lambda evaluation: with_result(evaluation, key, **changes)


def form(**changes: object) -> Change:
    return lambda evaluation: replace(evaluation, **changes)


def goal(**changes: object) -> Change:
    """Change the one annual goal."""

    def changed(evaluation: EvaluationSnapshot) -> EvaluationSnapshot:
        first = replace(evaluation.declaration.goals[0], **changes)
        return replace(evaluation, declaration=replace(evaluation.declaration, goals=(first,)))

    return changed


def empty_goal(evaluation: EvaluationSnapshot) -> EvaluationSnapshot:
    extra = GoalSnapshot("2", "没有指标的目标", Decimal(0), ())
    goals = (*evaluation.declaration.goals, extra)
    return replace(evaluation, declaration=replace(evaluation.declaration, goals=goals))


def no_objective(evaluation: EvaluationSnapshot) -> EvaluationSnapshot:
    return replace(evaluation, declaration=replace(evaluation.declaration, objective=" "))


def repeated(evaluation: EvaluationSnapshot) -> EvaluationSnapshot:
    declaration = declared_with(evaluation.declaration, PATROLS, name="辖区安全巡查次数")
    declaration = declared_with(declaration, TRAINING, name="本辖区安全巡查次数", target="≥50次")
    return with_result(replace(evaluation, declaration=declaration), TRAINING, achieved="52次")


def stray(evaluation: EvaluationSnapshot) -> EvaluationSnapshot:
    return replace(evaluation, results=(*evaluation.results, ResultSnapshot("9.9", "3次")))


def asked(evaluation: EvaluationSnapshot) -> EvaluationSnapshot:
    change = TargetChangeSnapshot(
        ChangeKind.CHANGE, PATROLS, "巡查次数", "target", "≥50次", "≥40次", "范围缩小",
        ChangeState.ASKED, date(2024, 1, 5),
    )  # fmt: skip
    return replace(evaluation, declaration=replace(evaluation.declaration, changes=(change,)))


PARTLY, FULLY = Band.PARTLY_REACHED, Band.REACHED
CASES: dict[str, tuple[Change, list[str]]] = {
    "目标分值之和不等于指标总分": (
        lambda e: goal(weight=Decimal(50))(e), ["PT-101", "PT-102", "SE-101"]),
    "一级指标的分值之和不等于目标的分值": (
        indicator(COST, tier_one_weight=Decimal(12)), ["PT-102", "PT-103", "SE-101"]),
    "二级指标的分值之和不等于一级指标的分值": (
        indicator(PATROLS, tier_one_weight=Decimal(30), tier_two_weight=Decimal(9)),
        ["PT-103", "PT-104", "SE-101"]),
    "同一表头各行所写的分值不一": (
        indicator(TRAINING, tier_one_weight=Decimal(29)), ["PT-103", "SE-101"]),
    "指标没有分值": (
        indicator(PATROLS, weight=None, tier_two_weight=Decimal(10)),
        ["PT-104", "PT-105", "SE-101"]),
    "年度目标下没有指标": (empty_goal, ["PT-106"]),
    "同一指标设置两次": (repeated, ["PT-107"]),
    "定量目标写成文字": (indicator(PATROLS, target="按计划"), ["PT-108", "SE-101"]),
    "区间目标不是区间": (indicator(ACCEPTANCE, target="98%"), ["PT-108", "SE-101"]),
    "定量目标写成区间": (indicator(PATROLS, target="50-60次"), ["PT-108", "SE-101"]),
    "目标为负数": (indicator(PATROLS, target="≥-50次"), ["PT-109", "SE-101"]),
    "正向目标为零": (indicator(PATROLS, target="≥0次"), ["PT-110", "SE-101"]),
    "没有方向": (indicator(PATROLS, direction=None), ["PT-111", "SE-101"]),
    "符号与方向相反": (
        lambda e: with_result(
            with_indicator(e, PATROLS, direction=Direction.LOWER_IS_BETTER),
            PATROLS, achieved="48次"),
        ["PT-112"]),
    "定性目标只写定性": (indicator(SATISFACTION, target="定性"), ["PT-113"]),
    "没有总目标": (no_objective, ["PT-114"]),
    "缺少成本指标": (
        indicator(COST, tier_one="产出指标"), ["PT-115"]),
    "没有执行数": (form(spent=None), ["SE-102"]),
    "执行数为负": (form(spent=Decimal("-1.00")), ["SE-102"]),
    "没有预算而有支出": (form(budget=Decimal(0)), ["SE-103"]),
    "没有预算也没有支出": (form(budget=Decimal(0), spent=Decimal(0)), ["SE-104"]),
    "执行数大于预算数": (form(spent=Decimal("1000000.01")), ["SE-105"]),
    "总目标没有评定": (form(objective_judgement=None), ["SE-106"]),
    "总目标百分比不在档内": (
        form(objective_judgement=Judgement(FULLY, Decimal(75))), ["SE-107"]),
    "指标百分比不在档内": (
        result(SATISFACTION, judgement=Judgement(PARTLY, Decimal(80))), ["SE-107"]),
    "总目标部分达成": (
        form(objective_judgement=Judgement(PARTLY, Decimal(75))), ["SE-108"]),
    "总目标达成而未评满分": (
        form(objective_judgement=Judgement(FULLY, Decimal(90))), ["SE-109"]),
    "没有总目标完成情况": (form(objective_achieved=""), ["SE-110"]),
    "没有完成值": (result(PATROLS, achieved=""), ["SE-111"]),
    "定性指标没有完成情况": (result(SATISFACTION, achieved=" "), ["SE-111"]),
    "没有填写这一行": (
        lambda e: replace(e, results=tuple(r for r in e.results if r.indicator != PATROLS)),
        ["SE-111"]),
    "完成值不能判读": (result(PATROLS, achieved="五十多次"), ["SE-112"]),
    "单位不同": (result(PATROLS, achieved="52%"), ["SE-113"]),
    "完成值带符号": (result(PATROLS, achieved="≥52次"), ["SE-113"]),
    "定性没有评定": (result(SATISFACTION, judgement=None), ["SE-114"]),
    "趋势相反而没有评定": (result(INCIDENTS, achieved="上升5%"), ["SE-114"]),
    "正向超额完成": (result(PATROLS, achieved="65次"), ["SE-115"]),
    "反向超额完成": (result(COST, achieved="300元/件"), ["SE-115"]),
    "反向完成值为零": (result(COST, achieved="0元/件"), ["SE-115"]),
    "未完成": (result(PATROLS, achieved="49次"), ["SE-116"]),
    "定性未评满分": (
        result(SATISFACTION, judgement=Judgement(FULLY, Decimal(99))), ["SE-116"]),
    "扣分为负": (
        result(PATROLS, deductions=(Deduction(Decimal(-1), "误扣退回", "财政审核"),)),
        ["SE-117"]),
    "扣分没有理由": (
        result(PATROLS, deductions=(Deduction(Decimal(1), " ", "财政审核"),)), ["SE-117"]),
    "扣分超过得分": (
        result(PATROLS, deductions=(Deduction(Decimal("10.01"), "材料不全", "财政审核"),)),
        ["SE-117"]),
    "多出一行完成情况": (stray, ["SE-118"]),
    "同一指标填写两次": (
        lambda e: replace(e, results=(*e.results, e.results[0])), ["SE-118"]),
    "目标调整没有决定": (asked, ["SE-131"]),
    "必填的填报日期没有填": (
        form(form="project_evaluation/wuhan_2023", filled_on=None), ["SE-132"]),
}  # fmt: skip


FIRED_ELSEWHERE = {
    "PT-116", "SE-119", "SE-120", "SE-121",
    "MO-103", "MO-113",
    "SE-133",
    "SE-140", "SE-141", "SE-142", "SE-143", "SE-144",
    "RU-101", "RU-102", "RU-103", "RU-104", "RU-105",
}  # fmt: skip
"""Lints of declarations (PT-2…): test_lints.py. Of editions that split the points or give them per
block: tests/performance/scoring; of two reports: monitoring/test_checks.py; test_aggregation.py;
test_results.py; SE-133: tests/reviews/test_target_requests.py."""


def test_the_clean_form_raises_nothing_and_scores_full() -> None:
    evaluation = clean_evaluation()
    assert findings_of(evaluation) == []
    assert score(evaluation, wuhan_2023()).total == Decimal(100)


@pytest.mark.parametrize("name", CASES)
def test_one_change_fires_exactly_the_named_set(name: str) -> None:
    change, expected = CASES[name]
    assert ids_of(change(clean_evaluation())) == expected


def test_every_check_has_a_firing_case() -> None:
    fired = {check_id for _, ids in CASES.values() for check_id in ids}
    fired |= {check_id for _, _, ids in MONITORED for check_id in ids}
    elsewhere = FIRED_ELSEWHERE | {e.id for e in CATALOGUE if e.id.startswith("PT-2")}
    assert fired | elsewhere == {entry.id for entry in CATALOGUE}


@pytest.mark.parametrize("name", CASES)
def test_a_finding_says_where_and_how_to_mend(name: str) -> None:
    change, _ = CASES[name]
    known = {entry.id: entry for entry in CATALOGUE}
    for finding in findings_of(change(clean_evaluation())):
        assert finding.places
        assert finding.label
        assert finding.message.endswith("。")
        assert finding.hint == known[finding.check_id].hint
        assert finding.severity is known[finding.check_id].severity


@pytest.mark.parametrize("name", CASES)
def test_only_errors_withhold_the_score(name: str) -> None:
    change, _ = CASES[name]
    evaluation = change(clean_evaluation())
    errors = [f for f in blocking(findings_of(evaluation)) if f.check_id not in _NOT_ABOUT_POINTS]
    assert (score(evaluation, wuhan_2023()).total is None) == bool(errors)


_NOT_ABOUT_POINTS = {"PT-114", "SE-118"}


@pytest.mark.parametrize(
    ("change", "answer", "check_id"),
    [
        (result(PATROLS, achieved="65次"), result(PATROLS, deviation_reason="目标偏低。"),
         "SE-115"),
        (result(PATROLS, achieved="49次"),
         result(PATROLS, deviation_reason="雨季。", improvement_measure="补巡。"), "SE-116"),
        (form(objective_judgement=Judgement(PARTLY, Decimal(75))),
         form(objective_reason="未完工。"), "SE-108"),
        (form(budget=Decimal(0), spent=Decimal(0)), form(execution_reason="项目取消。"), "SE-104"),
        (form(spent=Decimal("1000000.01")), form(execution_reason="年底追加。"), "SE-105"),
    ],
)  # fmt: skip
def test_a_written_reason_answers_the_warning(
    change: Change, answer: Change, check_id: str
) -> None:
    (open_finding,) = findings_of(change(clean_evaluation()))
    (answered,) = findings_of(answer(change(clean_evaluation())))
    assert (open_finding.check_id, open_finding.severity) == (check_id, Severity.WARNING)
    assert (answered.check_id, answered.severity) == (check_id, Severity.NOTICE)
    assert answered.identity == open_finding.identity
    assert "已说明" in answered.message


def test_under_fulfilment_wants_both_the_reason_and_the_measure() -> None:
    evaluation = with_result(
        clean_evaluation(), PATROLS, achieved="49次", deviation_reason="雨季。"
    )
    (finding,) = findings_of(evaluation)
    assert finding.severity is Severity.WARNING
    assert "须写明改进措施" in finding.message


def test_a_conflict_of_weights_names_both_sums() -> None:
    evaluation = with_indicator(clean_evaluation(), COST, tier_one_weight=Decimal(12))
    finding = next(f for f in findings_of(evaluation) if f.check_id == "PT-103")
    assert (finding.left, finding.right) == (Decimal(12), Decimal(10))
    assert finding.difference == Decimal(2)
    assert finding.places[0].endswith(f"/{COST}/tier_one_weight")


def test_a_kind_judged_by_a_person_needs_no_number() -> None:
    evaluation = with_indicator(
        clean_evaluation(), PATROLS, kind=IndicatorKind.RANK, direction=None, target="前3名"
    )
    evaluation = with_result(
        evaluation, PATROLS, achieved="第2名", judgement=Judgement(FULLY, Decimal(100))
    )
    assert ids_of(evaluation) == []


@pytest.mark.parametrize(
    ("target", "achieved"),
    [
        ("≥0.00000000000001次", "999999999999999亿次"),
        ("≥999999999999999亿次", "0.00000000000001次"),
    ],
)
def test_extreme_numbers_are_scored_like_any_other(target: str, achieved: str) -> None:
    evaluation = with_indicator(clean_evaluation(), PATROLS, target=target)
    (finding,) = findings_of(with_result(evaluation, PATROLS, achieved=achieved))
    assert finding.check_id in {"SE-115", "SE-116"}


def test_every_check_and_clause_cites_a_known_document() -> None:
    documents = {entry["key"] for entry in read_toml(DATA / "documents.toml")["document"]}
    assert {entry.citation for entry in CATALOGUE} <= documents
    assert {clause.citation for clause in wuhan_2023().clauses.values()} <= documents
