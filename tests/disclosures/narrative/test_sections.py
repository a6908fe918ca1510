"""Sections that the sample leaves empty or unknown, filled: funds, counts, last year."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from disclosures.facts import ReportFacts
from disclosures.narrative.accounts import appropriations
from disclosures.narrative.funds import (
    basic_expenditure,
    general_public_items,
    general_public_structure,
    government_fund,
    state_capital,
)
from disclosures.narrative.operations import operating_funds, procurement, state_assets
from disclosures.narrative.overview import organisation
from disclosures.narrative.performance import performance_work, score_phrase
from disclosures.narrative.phrases import text_of
from disclosures.narrative.three_public import three_public_details, three_public_overall
from disclosures.report.blocks import Paragraph
from rulebook.addresses import CellRef
from tests.disclosures.values import facts, package, with_figures

BUDGET = "budget_comparison"
THREE = "three_public_expenses"
INSTITUTION = "institution_information"
LAST = "comparatives"


def read(paragraphs: tuple[Paragraph, ...]) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs)


def counted(changes: dict[str, str]) -> ReportFacts:
    """The sample with counts of the institution sheet."""
    known = facts()
    added = {CellRef(INSTITUTION, row, "actual"): Decimal(n) for row, n in changes.items()}
    return replace(known, figures={**known.figures, **added})


def test_government_fund_states_the_whole_movement_and_its_items():
    sheet = "government_fund_sheet"
    filled = {
        CellRef(sheet, "total", "opening"): "1.00",
        CellRef(sheet, "total", "revenue"): "9.00",
        CellRef(sheet, "total", "expenditure"): "10.00",
        CellRef(sheet, "total", "closing"): "0",
        CellRef(sheet, "2040201", "expenditure"): "10.00",
    }
    assert read(government_fund(with_figures(filled))) == (
        "2023年度政府性基金预算财政拨款年初结转和结余1.00万元，本年收入9.00万元，"
        "本年支出10.00万元，年末结转和结余0万元。\n"
        "1.公共安全支出（类）公安（款）行政运行（项）：支出决算10.00万元。"
    )


def test_state_capital_states_its_expenditure():
    sheet = "state_capital_expenditure"
    filled = {CellRef(sheet, "total", "total"): "3.00", CellRef(sheet, "2040201", "total"): "3.00"}
    assert read(state_capital(with_figures(filled))).startswith(
        "2023年度国有资本经营预算财政拨款支出3.00万元。\n1."
    )


def test_a_second_fund_is_compared_with_its_own_last_year():
    fund = "appropriation_government_fund"
    known = with_figures(
        {
            CellRef("appropriation_summary", fund, "actual"): "6.00",
            CellRef(LAST, fund, "prior_year"): "5.00",
        }
    )
    written = read(appropriations(known))
    assert (
        "政府性基金预算财政拨款收入6.00万元，比2022年度增加1.00万元，增长20.00%。"
        "本年度无国有资本经营预算财政拨款收入。"
    ) in written


def test_three_public_against_last_year_when_it_is_known():
    known = with_figures(
        {
            CellRef(LAST, "three_public_total", "prior_year"): "500.00",
            CellRef(LAST, "vehicle_purchase", "prior_year"): "0",
        }
    )
    assert "“三公”经费支出比2022年度增加23.11万元，增长4.62%。" in read(three_public_overall(known))
    details = read(three_public_details(known))
    assert "；比2022年度增加35.96万元（2022年度为0万元）" in details


def test_counts_follow_the_item_they_belong_to():
    known = counted({"trips": "2", "travellers": "5", "receptions": "3", "guests": "20"})
    details = read(three_public_details(known)).splitlines()
    assert details[0].endswith("均为0万元。全年出国（境）团组2个，出国（境）5人次。")
    assert details[-1].endswith("国内公务接待3批次，接待20人次。")


def test_no_vehicles_no_split():
    none = {
        CellRef(THREE, row, column): "0"
        for row in ("actual", "revised_budget")
        for column in ("vehicles", "vehicle_purchase", "vehicle_operation")
    }
    details = read(three_public_details(with_figures(none)))
    assert "2.公务用车购置及运行维护费全年预算和支出决算均为0万元。" in details
    assert "（1）" not in details


def test_budget_not_filed_is_not_taken_for_zero():
    ref = CellRef(BUDGET, "2040201", "original_budget")
    items = read(general_public_items(with_figures({ref: None})))
    assert "行政运行（项）：支出决算49764.17万元。" in items


@pytest.mark.parametrize(
    ("budget", "reads"),
    [
        ("49764.17", "完成年初预算的100.00%，决算数与年初预算数持平。"),
        ("50000.00", "完成年初预算的99.53%，决算数小于年初预算数的主要原因是："),
    ],
)
def test_words_follow_the_side_on_which_the_outturn_lies(budget, reads):
    ref = CellRef(BUDGET, "2040201", "original_budget")
    assert reads in read(general_public_items(with_figures({ref: budget})))


def test_operating_funds_name_last_year_where_it_is_known():
    ref = CellRef(LAST, "operating_funds", "prior_year")
    written = read(operating_funds(with_figures({ref: "21092.78"})))
    assert written.endswith("机关运行经费支出与2022年度持平。")
    nothing = with_figures({CellRef(INSTITUTION, "operating_funds", "actual"): None})
    assert read(operating_funds(nothing)) == "本部门2023年度没有机关运行经费支出。"


def test_procurement_from_smaller_enterprises_has_its_share():
    ref = CellRef(INSTITUTION, "procurement_sme", "actual")
    written = read(procurement(with_figures({ref: "3272.26"})))
    assert "授予中小企业合同金额3272.26万元，占政府采购支出总额的50.00%。" in written
    none = with_figures({CellRef(INSTITUTION, "procurement_total", "actual"): None})
    assert read(procurement(none)) == "本部门2023年度没有政府采购支出。"


def test_equipment_not_filed_is_left_out():
    ref = CellRef(INSTITUTION, "equipment_over_one_million", "actual")
    assert "设备" not in read(state_assets(with_figures({ref: None})))


def test_basic_expenditure_names_only_what_has_an_amount():
    ref = CellRef("general_public_basic_expenditure", "30201", "actual")
    assert "办公费" in read(basic_expenditure(facts()))
    assert "办公费" not in read(basic_expenditure(with_figures({ref: "0"})))
    none = with_figures({CellRef("general_public_expenditure", "total", "basic"): None})
    assert read(basic_expenditure(none)) == "本部门2023年度没有一般公共预算财政拨款基本支出。"


def test_structure_leaves_out_classes_without_amount():
    ref = CellRef("general_public_expenditure", "201", "total")
    assert "一般公共服务" not in read(general_public_structure(with_figures({ref: "0"})))


def test_units_are_counted_and_named():
    filed = package()
    second = replace(filed.books[0], book="999001002", name="示例二大队", cells=())
    written = read(organisation(facts(replace(filed, books=(*filed.books, second)))))
    assert "的单位共2个，包括：武汉市公安局洪山区分局本级、示例二大队。" in written


def test_a_department_without_evaluated_projects_says_so():
    filed = package()
    department = tuple(e for e in filed.evaluations if e.subject == "department")
    written = read(performance_work(facts(replace(filed, evaluations=department))))
    assert "2023年度本部门没有开展绩效自评的项目。" in written


def test_a_withheld_grade_shows_what_the_points_are_out_of():
    each = facts().evaluations[0]
    card = replace(each.scorecard, total=Decimal("80.00"), out_of=Decimal(80), grade=None)
    reads = text_of(score_phrase(replace(each, scorecard=card)))
    assert reads == "绩效自评得分80.00分（满分80.00分）"
    assert text_of(score_phrase(replace(each, scorecard=None))) == "绩效自评得分尚未确定"
