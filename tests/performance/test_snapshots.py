"""Rows read back as the values that were written, in a constant number of queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import StaffMember
from filings.models import Filing
from performance.evaluation import (
    DEPARTMENT,
    Aggregation,
    AssetPlan,
    Band,
    ClaimedPoints,
    DeclarationSnapshot,
    Deduction,
    EvaluationSnapshot,
    ExpenditureDetail,
    FieldText,
    FormAmount,
    GoalSnapshot,
    Judgement,
    unit_subject,
)
from performance.fitting import misfits
from performance.intake import PerformanceRefused, replace_performance
from performance.models import ScoreDeduction, SelfEvaluation, StoredScorecard, TargetDeclaration
from performance.published import published_declaration
from performance.snapshots import PASSAGES, declarations_of, filed_forms
from performance.spending import spending_of
from rulebook.codec import to_json
from tests import factories
from tests.performance.rows import BUDGET, department_evaluation, file_project
from tests.performance.values import (
    ACCEPTANCE,
    PATROLS,
    PROJECT_CODE,
    clean_evaluation,
    declared_with,
    with_result,
)


def filed(
    filing: Filing, staff: StaffMember, *evaluations: EvaluationSnapshot
) -> tuple[EvaluationSnapshot, ...]:
    """Write the evaluations with their declarations and read them back."""
    declarations = [evaluation.declaration for evaluation in evaluations]
    replace_performance(
        filing=filing, staff=staff, declarations=declarations, evaluations=evaluations
    )
    return filed_forms(filing, spending_of(filing)).evaluations


def rich_evaluation() -> EvaluationSnapshot:
    """A value in every field."""
    evaluation = with_result(
        clean_evaluation(),
        ACCEPTANCE,
        achieved="９５％",
        deviation_reason="原因",
        improvement_measure="措施",
        judgement=Judgement(Band.PARTLY_REACHED, Decimal("66.5")),
        deductions=(Deduction(Decimal("0.5"), "资料不全", "部门复核"),),
    )
    return replace(
        evaluation,
        declaration=declared_with(
            evaluation.declaration, PATROLS, weight=Decimal("9.75"), tier_two_weight=None
        ),
        execution_reason="说明",
        objective_reason="理由",
        deviation_reason="偏差",
        improvement_measure="改进",
        filled_on=date(2024, 1, 22),
        report=tuple((key, f"段落 {key}") for key in PASSAGES),
        fields=(FieldText("merged_projects", "甲、乙"),),
        amounts=(FormAmount("execution", "district", "budget", Decimal("79.13"), "wan", 2),),
        deductions=(Deduction(Decimal(2), "按块扣分", "部门复核"),),
        claimed=(ClaimedPoints("total", Decimal("92.76")),),
        claimed_grade="优",
    )


def test_what_is_replaced_reads_back_equal(filing: Filing, lin: StaffMember) -> None:
    file_project(filing)
    evaluations = (rich_evaluation(), department_evaluation())
    read = filed(filing, lin, *evaluations)
    assert read == evaluations
    assert declarations_of(filing) == tuple(e.declaration for e in evaluations)
    assert to_json(read) == to_json(evaluations)


def whole_declaration(unit: str) -> tuple[DeclarationSnapshot, ...]:
    """A department, one of its units and a project, with every block of their forms."""
    (goal,) = clean_evaluation().declaration.goals
    shared = replace(goal.indicators[0], aggregation=Aggregation.SUM)
    long_term = GoalSnapshot(
        "L1", "长期目标", None, tuple(replace(row, key=f"L{row.key}") for row in goal.indicators)
    )
    whole = DeclarationSnapshot(
        DEPARTMENT,
        "年度总目标",
        (replace(goal, indicators=(shared, *goal.indicators[1:])),),
        form="department_targets/jianghan_2023",
        long_term_objective="长期总目标",
        long_term_until=2025,
        long_term=(long_term,),
        fields=(FieldText("duties", "第一段\n第二段"), FieldText("filler", "不公开")),
        amounts=(FormAmount("revenue", "appropriation", "last_year", Decimal("10.50"), "wan", 2),),
    )
    first = replace(
        goal.indicators[0],
        basis="plan",
        basis_note="计划",
        classification="basic",
        note="说明",
        last_year="≥90%",
        two_years_before="≥85%",
        feeds=shared.key,
        money_weight=Decimal("70.00"),
    )
    project = DeclarationSnapshot(
        PROJECT_CODE,
        "项目目标",
        (replace(goal, indicators=(first, *goal.indicators[1:])),),
        form="project_targets/jianghan_2023",
        details=(ExpenditureDetail("设备", "2台×3元", Decimal("6.00"), None, Decimal("0.00")),),
        assets=(AssetPlan("设备", "2台", Decimal("6.00")), AssetPlan("软件", "", None)),
    )
    return whole, replace(whole, subject=unit_subject(unit), goals=(goal,)), project


def test_every_block_of_a_declaration_reads_back_equal(filing: Filing, lin: StaffMember) -> None:
    project = file_project(filing)
    declarations = whole_declaration(project.unit.code)
    replace_performance(filing=filing, staff=lin, declarations=declarations, evaluations=[])
    assert sorted(declarations_of(filing), key=lambda d: d.subject) == sorted(
        declarations, key=lambda d: d.subject
    )


def test_private_fields_of_a_form_are_not_published() -> None:
    whole, _, _ = whole_declaration("000001001")
    assert [field.key for field in published_declaration(whole).fields] == ["duties"]


def test_a_part_of_an_indicator_nobody_declared_does_not_fit() -> None:
    _, unit, project = whole_declaration("000001001")
    found = misfits([unit, project], [], [unit.subject, PROJECT_CODE])
    assert [misfit.address for misfit in found] == [
        f"declaration/{PROJECT_CODE}/{project.indicators[0].key}/feeds"
    ]


def test_replacing_twice_leaves_the_second(filing: Filing, lin: StaffMember) -> None:
    file_project(filing)
    filed(filing, lin, rich_evaluation(), department_evaluation())
    assert filed(filing, lin, clean_evaluation()) == (clean_evaluation(),)
    assert TargetDeclaration.objects.filter(filing=filing).count() == 1
    assert not ScoreDeduction.objects.exists()


def test_a_form_without_goals_or_targets(filing: Filing, lin: StaffMember) -> None:
    declaration = DeclarationSnapshot(DEPARTMENT, "", ())
    replace_performance(filing=filing, staff=lin, declarations=[declaration], evaluations=[])
    assert declarations_of(filing) == (declaration,)
    assert filed_forms(filing, {}).evaluations == ()


def test_replacing_scores(filing: Filing, lin: StaffMember) -> None:
    file_project(filing)
    filed(filing, lin, clean_evaluation())
    stored = StoredScorecard.objects.get(evaluation__filing=filing)
    assert (stored.total, stored.grade) == (Decimal(100), "优")


def test_half_a_judgement_is_none(filing: Filing, lin: StaffMember) -> None:
    file_project(filing)
    filed(filing, lin, clean_evaluation())
    SelfEvaluation.objects.update(objective_percentage=None)
    (read,) = filed_forms(filing, {}).evaluations
    assert read.objective_judgement is None


def test_queries_do_not_grow_with_the_rows(filing: Filing, lin: StaffMember) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as declared:
            declarations_of(filing)
        with CaptureQueriesContext(connection) as evaluated:
            filed_forms(filing, {})
        return len(declared), len(evaluated)

    file_project(filing)
    filed(filing, lin, clean_evaluation())
    few = queries()
    filed(filing, lin, rich_evaluation(), department_evaluation())
    assert queries() == few == (8, 15)


def test_money_comes_from_cells_and_projects(filing: Filing, lin: StaffMember) -> None:
    file_project(filing)
    factories.make_workbook(
        filing,
        cells={
            ("budget_comparison", "basic", "original_budget"): "300",
            ("budget_comparison", "project", "original_budget"): "100",
            ("expenditure_sheet", "2040201", "basic"): "250",
            ("expenditure_sheet", "2040201", "project"): "90.50",
        },
    )
    spending = spending_of(filing)
    assert spending[PROJECT_CODE] == (BUDGET, BUDGET)
    assert spending[DEPARTMENT][1] == Decimal("340.50")


def test_money_is_unknown_without_workbooks(filing: Filing) -> None:
    assert spending_of(filing) == {DEPARTMENT: (None, None)}


DECLARATION = clean_evaluation().declaration
GOAL = DECLARATION.goals[0]
EMPTY = replace(GOAL, indicators=())
ROW = GOAL.indicators[0]
TURNED = replace(DECLARATION, goals=(replace(GOAL, indicators=GOAL.indicators[::-1]),))


def with_row_key(key: str) -> DeclarationSnapshot:
    rows = (replace(ROW, key=key), *GOAL.indicators[1:])
    return replace(DECLARATION, goals=(replace(GOAL, indicators=rows),))


@pytest.mark.parametrize(
    ("declaration", "address", "reason"),
    [
        (replace(DECLARATION, subject="99999999999T000000009"), "form/subject", "没有编码为"),
        (replace(DECLARATION, goals=(EMPTY, EMPTY)), "1/key", "年度目标 1 重复"),
        (replace(DECLARATION, goals=(replace(EMPTY, key="x"),)), "x/key", "不是 0 至 999 的整数"),
        (replace(DECLARATION, goals=(replace(GOAL, weight=Decimal(0)),)), "1/weight", "大于 0"),
        (replace(DECLARATION, goals=(replace(GOAL, weight=Decimal("1.005")),)), "1/weight", "两位"),
        (with_row_key("1.x"), "1.x/key", "应为“1.”加行号"),
        (with_row_key("2.1"), "2.1/key", "应为“1.”加行号"),
        (with_row_key("1.2"), "1.2/key", "指标 1.2 重复"),
        (replace(DECLARATION, goals=(replace(EMPTY, key="2"), EMPTY)), "form/goals", "按序号"),
        (TURNED, "1/indicators", "按行号"),
        (declared_with(DECLARATION, ROW.key, name="长" * 201), "1.1/name", "超过 200 个字"),
        (declared_with(DECLARATION, ROW.key, weight=Decimal(101)), "1.1/weight", "不大于 100"),
    ],
)
def test_targets_that_rows_cannot_hold(
    declaration: DeclarationSnapshot, address: str, reason: str
) -> None:
    (found,) = misfits([declaration], [], [PROJECT_CODE])
    assert found.address == f"declaration/{declaration.subject}/{address}"
    assert reason in found.reason


CLEAN = clean_evaluation()
LONG = Deduction(Decimal(1), "长" * 301, "填报")


@pytest.mark.parametrize(
    ("evaluation", "address", "reason"),
    [
        (replace(CLEAN, title="长" * 201), "form/title", "超过 200 个字"),
        (replace(CLEAN, report=(("nowhere", "a"),)), "form/report", "没有名为 nowhere"),
        (replace(CLEAN, report=(("problems", "a"),) * 2), "form/report", "problems 重复"),
        (replace(CLEAN, objective_judgement=Judgement(Band.REACHED, Decimal(101))),
         "form/objective_judgement", "0 至 100"),
        (with_result(CLEAN, PATROLS, indicator="7.7"), "7.7/achieved", "没有指标 7.7"),
        (with_result(CLEAN, PATROLS, indicator=ACCEPTANCE), "1.4/achieved", "1.4 的完成情况重复"),
        (with_result(CLEAN, PATROLS, achieved="长" * 201), "1.2/achieved", "超过 200 个字"),
        (with_result(CLEAN, PATROLS, deductions=(LONG,)), "1.2/reason", "超过 300 个字"),
    ],
)  # fmt: skip
def test_results_that_rows_cannot_hold(
    evaluation: EvaluationSnapshot, address: str, reason: str
) -> None:
    (found,) = misfits([CLEAN.declaration], [evaluation], [PROJECT_CODE])
    assert found.address == f"evaluation/{PROJECT_CODE}/{address}"
    assert reason in found.reason


def test_an_evaluation_of_other_targets_does_not_fit() -> None:
    other = replace(CLEAN.declaration, objective="另一个目标")
    assert [m.address for m in misfits([other], [CLEAN], [PROJECT_CODE])] == [
        f"evaluation/{PROJECT_CODE}/form/declaration"
    ]


def test_twice_the_same_subject_does_not_fit() -> None:
    found = misfits([CLEAN.declaration] * 2, [CLEAN] * 2, [PROJECT_CODE])
    assert [m.reason for m in found] == [
        f"{PROJECT_CODE} 的绩效目标重复",
        f"{PROJECT_CODE} 的绩效自评重复",
    ]


def test_what_does_not_fit_leaves_everything_as_it_was(filing: Filing, lin: StaffMember) -> None:
    file_project(filing)
    filed(filing, lin, clean_evaluation())
    with pytest.raises(PerformanceRefused) as caught:
        filed(filing, lin, replace(CLEAN, title="长" * 201))
    assert caught.value.misfits[0].reason == "名称超过 200 个字"
    assert filed_forms(filing, spending_of(filing)).evaluations == (CLEAN,)
