"""BG-1xx: relations within the sheets of the budget book (部门预算表内勾稽关系).

Revenue is entered by unit, expenditure by 项, basic expenditure by 款. Where one printed figure
follows from another it is derived, and an imported one that differs is what the check compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from budgets.checks.final_accounts import unknown_codes
from budgets.checks.keys import (
    APPROPRIATION,
    BASIC_DETAIL,
    EXPENDITURE,
    GENERAL_PUBLIC,
    GENERAL_PUBLIC_BY_UNIT,
    GOVERNMENT_FUND_EXPENDITURE,
    INSTITUTION,
    INTERNAL,
    OVERALL_FUNDS,
    REVENUE,
    STATE_CAPITAL,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.checks.records import FUNDS, within
from rulebook.checks import Check
from rulebook.relations import (
    AllDivisions,
    Term,
    at_most,
    balance,
    cell,
    equal,
    layout_sums,
    sum_equals,
)

CITATION = "mof_local_disclosure_rules_2016"
PLANNED = "original_budget"
REVENUE_LINES = (
    "appropriation_general_public",
    "appropriation_government_fund",
    "appropriation_state_capital",
    "special_account_funds",
    "institutional_revenue",
    "commercial_revenue",
    "subsidy_from_superior",
    "remittance_from_affiliates",
    "other_revenue",
)
DECLARED_YEARS = (PLANNED, "prior_year", "second_prior_year")

_within = partial(within, citation=CITATION)


def _sums(id: str, sheet: str, title: str) -> Check:
    hint = "请逐级核对明细：项加到款，款加到类，类加到合计；左右各列加到合计列。"
    return _within(id, title, layout_sums(sheet), hint=hint)


def summary_cell(row: str) -> Term:
    return cell(SUMMARY, row, PLANNED)


def appropriation_cell(row: str) -> Term:
    return cell(APPROPRIATION, row, PLANNED)


SUMMARY_TOTALS = (
    _within(
        "BG-101",
        "收支预算总表本年收入合计",
        sum_equals(summary_cell("revenue_total"), *map(summary_cell, REVENUE_LINES), derives=True),
        hint="请核对各项收入来源，合计由各来源相加得出。",
    ),
    _within(
        "BG-102",
        "收支预算总表本年支出合计",
        sum_equals(
            summary_cell("expenditure_total"), cell(SUMMARY, AllDivisions(), PLANNED), derives=True
        ),
        hint="请核对支出各类，合计由各类相加得出。",
    ),
    _within(
        "BG-103",
        "收支预算总表收入总计",
        sum_equals(
            summary_cell("revenue_grand_total"),
            summary_cell("revenue_total"),
            summary_cell("opening_carryover"),
            derives=True,
        ),
        hint="收入总计 = 本年收入合计 + 上年结转结余。",
    ),
    _within(
        "BG-104",
        "收支预算总表支出总计",
        sum_equals(
            summary_cell("expenditure_grand_total"),
            summary_cell("expenditure_total"),
            summary_cell("closing_carryover"),
            derives=True,
        ),
        hint="支出总计 = 本年支出合计 + 年终结转结余。",
    ),
    _within(
        "BG-105",
        "预算收入总计等于支出总计",
        equal(summary_cell("revenue_grand_total"), summary_cell("expenditure_grand_total")),
        hint="先核对上年结转和年终结转，再核对本年收入和本年支出。",
    ),
)

APPROPRIATION_TOTALS = (
    _within(
        "BG-106",
        "财政拨款总表本年收入",
        sum_equals(
            appropriation_cell("revenue_total"),
            *(appropriation_cell(f"appropriation_{fund}") for fund in FUNDS),
            derives=True,
        ),
        hint="请核对三本预算的财政拨款收入。",
    ),
    _within(
        "BG-107",
        "财政拨款总表上年结转",
        sum_equals(
            appropriation_cell("opening_carryover"),
            *(appropriation_cell(f"opening_{fund}") for fund in FUNDS),
            derives=True,
        ),
        hint="上年结转 = 三本预算各自的上年结转之和。",
    ),
    _within(
        "BG-108",
        "财政拨款总表收入总计",
        sum_equals(
            appropriation_cell("revenue_grand_total"),
            appropriation_cell("revenue_total"),
            appropriation_cell("opening_carryover"),
            derives=True,
        ),
        hint="收入总计 = 本年收入 + 上年结转。",
    ),
    _within(
        "BG-109",
        "财政拨款总表本年支出",
        *(
            sum_equals(
                cell(APPROPRIATION, "expenditure_total", fund),
                cell(APPROPRIATION, AllDivisions(), fund),
                derives=True,
            )
            for fund in FUNDS
        ),
        hint="请核对支出各类，本年支出由各类相加得出。",
    ),
    _within(
        "BG-110",
        "财政拨款总表支出总计",
        *(
            sum_equals(
                cell(APPROPRIATION, "expenditure_grand_total", fund),
                cell(APPROPRIATION, "expenditure_total", fund),
                cell(APPROPRIATION, "closing_carryover", fund),
                derives=True,
            )
            for fund in FUNDS
        ),
        hint="支出总计 = 本年支出 + 年终结转结余。",
    ),
    _within(
        "BG-121",
        "财政拨款分预算收支平衡",
        *(
            balance(
                (
                    appropriation_cell(f"appropriation_{fund}"),
                    appropriation_cell(f"opening_{fund}"),
                ),
                (
                    cell(APPROPRIATION, "expenditure_total", fund),
                    cell(APPROPRIATION, "closing_carryover", fund),
                ),
            )
            for fund in FUNDS
        ),
        hint="本年收入 + 上年结转 = 本年支出 + 年终结转结余，请逐本预算核对。",
    ),
    _within(
        "BG-122",
        "财政拨款收入总计等于支出总计",
        equal(
            appropriation_cell("revenue_grand_total"),
            cell(APPROPRIATION, "expenditure_grand_total", "total"),
        ),
        hint="请先核对上年结转和年终结转结余。",
    ),
)

SUMS = (
    _sums("BG-111", REVENUE, "收入预算总表各列合计"),
    _sums("BG-112", EXPENDITURE, "支出预算总表各级、各列合计"),
    _sums("BG-113", APPROPRIATION, "财政拨款总表各列合计"),
    _sums("BG-114", GENERAL_PUBLIC, "一般公共预算支出表各级、各列合计"),
    _sums("BG-115", GENERAL_PUBLIC_BY_UNIT, "一般公共预算分单位支出表各列合计"),
    _sums("BG-116", BASIC_DETAIL, "一般公共预算基本支出表各级、各列合计"),
    _sums("BG-117", GOVERNMENT_FUND_EXPENDITURE, "政府性基金预算支出表各级、各列合计"),
    _sums("BG-118", STATE_CAPITAL, "国有资本经营预算支出表各级、各列合计"),
    _sums("BG-119", THREE_PUBLIC, "“三公”经费预算合计和小计"),
    _sums("BG-126", INTERNAL, "部门内部单位间往来各级合计"),
)


def _declared_total(total: str, *parts: str) -> Iterator[tuple[Term, tuple[Term, ...]]]:
    for year in DECLARED_YEARS:
        yield (
            cell(OVERALL_FUNDS, total, year),
            tuple(cell(OVERALL_FUNDS, part, year) for part in parts),
        )


UNPRINTED = (
    _within(
        "BG-120",
        "整体绩效目标申报表收入合计、支出合计",
        *(
            sum_equals(total, *parts, derives=True)
            for total, parts in (
                *_declared_total(
                    "revenue_total", "appropriation", "special_account_funds", "own_source_funds"
                ),
                *_declared_total("expenditure_total", "personnel", "operating", "specific_target"),
            )
        ),
        hint="合计由各项相加得出；占比由系统计算。",
    ),
    _within(
        "BG-123",
        "整体绩效目标申报表收入合计等于支出合计",
        *(
            equal(
                cell(OVERALL_FUNDS, "revenue_total", year),
                cell(OVERALL_FUNDS, "expenditure_total", year),
            )
            for year in DECLARED_YEARS
        ),
        hint="请核对当年和近两年的收入构成与支出构成。",
    ),
    _within(
        "BG-124",
        "政府采购预算总额等于货物、工程、服务之和",
        sum_equals(
            cell(INSTITUTION, "procurement_total", PLANNED),
            *(
                cell(INSTITUTION, f"procurement_{kind}", PLANNED)
                for kind in ("goods", "works", "services")
            ),
        ),
        hint="请核对货物、工程、服务三项采购预算。",
    ),
    _within(
        "BG-125",
        "面向小微企业采购不超过面向中小企业采购",
        at_most(
            cell(INSTITUTION, "procurement_micro", PLANNED),
            cell(INSTITUTION, "procurement_sme", PLANNED),
        ),
        at_most(
            cell(INSTITUTION, "procurement_sme", PLANNED),
            cell(INSTITUTION, "procurement_total", PLANNED),
        ),
        hint="小微企业属于中小企业，面向中小企业的又是采购总额的一部分。",
    ),
    _within(
        "BG-141",
        "科目编码在本年度目录内",
        hint="请改用本年度目录内的科目；确为新科目的，请财政部门先导入科目目录。",
        judge=unknown_codes,
    ),
)

BUDGET_WITHIN_CHECKS: tuple[Check, ...] = (
    *SUMMARY_TOTALS,
    *APPROPRIATION_TOTALS,
    *SUMS,
    *UNPRINTED,
)
