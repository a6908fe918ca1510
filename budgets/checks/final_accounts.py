"""FA-1xx: relations within the printed sheets of the final accounts (表内勾稽关系).

Those that derive fill a cell while someone types; the others are independent proofs.
"""

from __future__ import annotations

from collections.abc import Iterator

from budgets.checks.keys import (
    APPROPRIATION,
    BASIC_DETAIL,
    BUDGET,
    EXPENDITURE,
    GENERAL_PUBLIC,
    GOVERNMENT_FUND,
    INTERNAL,
    REVENUE,
    STATE_CAPITAL,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.checks.records import FUNDS, REVENUE_SOURCES, within
from rulebook.checks import Check, Context, Verdict, amount_text
from rulebook.findings import Severity
from rulebook.relations import (
    AllDivisions,
    Each,
    OnSide,
    balance,
    cell,
    equal,
    layout_sums,
    sum_equals,
)


def _sums(id: str, sheet: str, title: str) -> Check:
    hint = "请逐级核对明细：项加到款，款加到类，类加到合计；左右各列加到合计列。"
    return within(id, title, layout_sums(sheet), hint=hint)


SUMS = (
    _sums("FA-112", REVENUE, "收入决算表各级、各列合计"),
    _sums("FA-113", EXPENDITURE, "支出决算表各级、各列合计"),
    _sums("FA-114", APPROPRIATION, "财政拨款总表各列合计"),
    _sums("FA-115", GENERAL_PUBLIC, "一般公共预算财政拨款支出表各级、各列合计"),
    _sums("FA-116", BASIC_DETAIL, "基本支出明细表类级合计"),
    _sums("FA-117", GOVERNMENT_FUND, "政府性基金表各级、各列合计"),
    _sums("FA-118", STATE_CAPITAL, "国有资本经营表各级、各列合计"),
    _sums("FA-119", THREE_PUBLIC, "“三公”经费合计和小计"),
    _sums("FA-120", BUDGET, "年初和全年预算类、款合计"),
    _sums("FA-142", INTERNAL, "部门内部单位间往来各级合计"),
)

APPROPRIATIONS = REVENUE_SOURCES[:3]

SUMMARY_TOTALS = (
    within(
        "FA-101",
        "收入支出总表本年收入合计",
        sum_equals(
            cell(SUMMARY, "revenue_total", "actual"),
            *(cell(SUMMARY, row, "actual") for row in REVENUE_SOURCES),
            derives=True,
        ),
        hint="请核对各项收入来源，合计由各来源相加得出。",
    ),
    within(
        "FA-102",
        "收入支出总表本年支出合计",
        sum_equals(
            cell(SUMMARY, "expenditure_total", "actual"),
            cell(SUMMARY, AllDivisions(), "actual"),
            derives=True,
        ),
        hint="请核对支出各类，合计由各类相加得出。",
    ),
    within(
        "FA-103",
        "收入支出总表收入方总计",
        sum_equals(
            cell(SUMMARY, "revenue_grand_total", "actual"),
            cell(SUMMARY, "revenue_total", "actual"),
            cell(SUMMARY, "use_of_own_source_surplus", "actual"),
            cell(SUMMARY, "opening_carryover", "actual"),
            derives=True,
        ),
        hint="总计 = 本年收入合计 + 使用非财政拨款结余 + 年初结转和结余。",
    ),
    within(
        "FA-104",
        "收入支出总表支出方总计",
        sum_equals(
            cell(SUMMARY, "expenditure_grand_total", "actual"),
            cell(SUMMARY, "expenditure_total", "actual"),
            cell(SUMMARY, "surplus_distribution", "actual"),
            cell(SUMMARY, "closing_carryover", "actual"),
            derives=True,
        ),
        hint="总计 = 本年支出合计 + 结余分配 + 年末结转和结余。",
    ),
    within(
        "FA-105",
        "收入总计等于支出总计",
        equal(
            cell(SUMMARY, "revenue_grand_total", "actual"),
            cell(SUMMARY, "expenditure_grand_total", "actual"),
        ),
        hint="先核对年初、年末结转和结余，再核对本年收入和本年支出。",
    ),
)

APPROPRIATION_TOTALS = (
    within(
        "FA-106",
        "财政拨款总表本年收入合计",
        sum_equals(
            cell(APPROPRIATION, "revenue_total", "actual"),
            *(cell(APPROPRIATION, row, "actual") for row in APPROPRIATIONS),
            derives=True,
        ),
        hint="请核对三本预算的财政拨款收入。",
    ),
    within(
        "FA-107",
        "财政拨款总表年初结转和结余",
        sum_equals(
            cell(APPROPRIATION, "opening_carryover", "actual"),
            *(cell(APPROPRIATION, f"opening_{fund}", "actual") for fund in FUNDS),
            derives=True,
        ),
        hint="年初财政拨款结转和结余 = 三本预算各自的年初数之和。",
    ),
    within(
        "FA-108",
        "财政拨款总表收入方总计",
        sum_equals(
            cell(APPROPRIATION, "revenue_grand_total", "actual"),
            cell(APPROPRIATION, "revenue_total", "actual"),
            cell(APPROPRIATION, "opening_carryover", "actual"),
            derives=True,
        ),
        hint="总计 = 本年收入合计 + 年初财政拨款结转和结余。",
    ),
    within(
        "FA-109",
        "财政拨款总表本年支出合计",
        *(
            sum_equals(
                cell(APPROPRIATION, "expenditure_total", fund),
                cell(APPROPRIATION, AllDivisions(), fund),
                derives=True,
            )
            for fund in FUNDS
        ),
        hint="请核对支出各类，合计由各类相加得出。",
    ),
    within(
        "FA-110",
        "财政拨款总表支出方总计",
        *(
            sum_equals(
                cell(APPROPRIATION, "expenditure_grand_total", fund),
                cell(APPROPRIATION, "expenditure_total", fund),
                cell(APPROPRIATION, "closing_carryover", fund),
                derives=True,
            )
            for fund in FUNDS
        ),
        hint="总计 = 本年支出合计 + 年末财政拨款结转和结余。",
    ),
    within(
        "FA-121",
        "财政拨款分预算收支平衡",
        *(
            balance(
                (
                    cell(APPROPRIATION, f"appropriation_{fund}", "actual"),
                    cell(APPROPRIATION, f"opening_{fund}", "actual"),
                ),
                (
                    cell(APPROPRIATION, "expenditure_total", fund),
                    cell(APPROPRIATION, "closing_carryover", fund),
                ),
            )
            for fund in FUNDS
        ),
        hint="本年收入 + 年初结转和结余 = 本年支出 + 年末结转和结余，请逐本预算核对。",
    ),
    within(
        "FA-122",
        "财政拨款收入总计等于支出总计",
        equal(
            cell(APPROPRIATION, "revenue_grand_total", "actual"),
            cell(APPROPRIATION, "expenditure_grand_total", "total"),
        ),
        hint="请先核对年初、年末财政拨款结转和结余。",
    ),
)

DETAIL_TOTALS = (
    within(
        "FA-123",
        "人员经费、公用经费合计",
        *(
            sum_equals(
                cell(BASIC_DETAIL, f"{side}_total", "actual"),
                cell(BASIC_DETAIL, OnSide(side), "actual"),
                derives=True,
            )
            for side, title in (("personnel", "人员经费合计"), ("operating", "公用经费合计"))
        ),
        hint="人员经费为工资福利支出与对个人和家庭的补助之和，其余各类为公用经费。",
    ),
    within(
        "FA-124",
        "政府性基金逐行平衡",
        balance(
            (
                cell(GOVERNMENT_FUND, Each.ITEM, "opening"),
                cell(GOVERNMENT_FUND, Each.ITEM, "revenue"),
            ),
            (
                cell(GOVERNMENT_FUND, Each.ITEM, "expenditure"),
                cell(GOVERNMENT_FUND, Each.ITEM, "closing"),
            ),
        ),
        hint="每一行：年初结转和结余 + 本年收入 − 本年支出 = 年末结转和结余。",
    ),
)


def _negative_closing(context: Context) -> Iterator[Verdict]:
    for ref, figure in context.figures.items():
        if ref.sheet == GOVERNMENT_FUND and ref.column == "closing" and figure.value < 0:
            yield Verdict(
                places=(context.address(*ref),),
                label=context.label(ref),
                left=figure.value,
                right=None,
                message=f"{context.label(ref)}为 {amount_text(figure.value)}，小于零。",
            )


def unknown_codes(context: Context) -> Iterator[Verdict]:
    """Each code row must be a code of the year's catalogue."""
    rows = {(ref.sheet, ref.row) for ref in (*context.figures, *context.evidence)}
    for sheet, row in sorted(rows):
        if context.layout.sheet(sheet).is_code_row(row) and row not in context.code_names:
            title = context.layout.sheet(sheet).title
            yield Verdict(
                places=(context.address(sheet, row, context.layout.sheet(sheet).columns[0].key),),
                label=f"{title} {row}",
                left=None,
                right=None,
                message=f"{title}用到的科目 {row} 不在本年度科目目录中。",
            )


JUDGED = (
    within(
        "FA-125",
        "政府性基金年末结转和结余不小于零",
        hint="年末结转和结余一般不为负数；如属实请说明原因。",
        severity=Severity.WARNING,
        judge=_negative_closing,
    ),
    within(
        "FA-141",
        "科目编码在本年度目录内",
        hint="请改用本年度目录内的科目；确为新科目的，请财政部门先导入科目目录。",
        severity=Severity.ERROR,
        judge=unknown_codes,
    ),
)

WITHIN_CHECKS: tuple[Check, ...] = (
    *SUMMARY_TOTALS,
    *APPROPRIATION_TOTALS,
    *SUMS,
    *DETAIL_TOTALS,
    *JUDGED,
)
