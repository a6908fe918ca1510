"""FA-2xx: relations between the sheets of the final accounts (表间勾稽关系)."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.checks.keys import (
    APPROPRIATION,
    BASIC_DETAIL,
    BUDGET,
    EXPENDITURE,
    GENERAL_PUBLIC,
    GOVERNMENT_FUND,
    INSTITUTION,
    INTERNAL,
    REVENUE,
    STATE_CAPITAL,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.checks.records import REVENUE_SOURCES, across
from budgets.workbook import UnitKind
from rulebook.addresses import CellRef
from rulebook.checks import Check, Context, Verdict, amount_text
from rulebook.findings import Severity
from rulebook.relations import Each, at_most, cell, equal, present, sum_equals

APPROPRIATIONS, OTHER_SOURCES = REVENUE_SOURCES[:3], REVENUE_SOURCES[3:]
FUND_SHEETS = (
    ("general_public", GENERAL_PUBLIC, "total"),
    ("government_fund", GOVERNMENT_FUND, "expenditure"),
    ("state_capital", STATE_CAPITAL, "total"),
)

DERIVED_ACROSS = (
    across(
        "FA-201",
        "总表财政拨款收入等于财政拨款总表",
        *(
            equal(cell(SUMMARY, row, "actual"), cell(APPROPRIATION, row, "actual"), derives=True)
            for row in APPROPRIATIONS
        ),
        hint="总表的财政拨款收入取自财政拨款收入支出决算总表。",
    ),
    across(
        "FA-202",
        "总表各项收入等于收入决算表",
        *(
            equal(cell(SUMMARY, row, "actual"), cell(REVENUE, "total", row), derives=True)
            for row in OTHER_SOURCES
        ),
        hint="总表的各项收入取自收入决算表合计行。",
    ),
    across(
        "FA-203",
        "总表各类支出等于支出决算表",
        equal(
            cell(SUMMARY, Each.DIVISION, "actual"),
            cell(EXPENDITURE, Each.DIVISION, "total"),
            derives=True,
        ),
        hint="总表的各类支出取自支出决算表的类级行。",
    ),
    across(
        "FA-204",
        "财政拨款总表各类支出等于分预算支出表",
        *(
            equal(
                cell(APPROPRIATION, Each.DIVISION, fund),
                cell(sheet, Each.DIVISION, column),
                derives=True,
            )
            for fund, sheet, column in FUND_SHEETS
        ),
        hint="财政拨款总表的各类支出取自对应预算的支出决算表。",
    ),
)

PROVED_ACROSS = (
    across(
        "FA-211",
        "收入决算表财政拨款收入等于财政拨款总表本年收入",
        equal(
            cell(REVENUE, "total", "appropriation"), cell(APPROPRIATION, "revenue_total", "actual")
        ),
        hint="请核对收入决算表“财政拨款收入”列与财政拨款总表本年收入。",
    ),
    across(
        "FA-212",
        "收入决算表合计等于总表本年收入合计",
        equal(cell(REVENUE, "total", "total"), cell(SUMMARY, "revenue_total", "actual")),
        hint="请核对收入决算表与收入支出决算总表。",
    ),
    across(
        "FA-213",
        "财政拨款总表政府性基金等于政府性基金表",
        *(
            equal(cell(APPROPRIATION, row, where), cell(GOVERNMENT_FUND, "total", column))
            for row, where, column in (
                ("opening_government_fund", "actual", "opening"),
                ("appropriation_government_fund", "actual", "revenue"),
                ("closing_carryover", "government_fund", "closing"),
            )
        ),
        hint="请核对政府性基金的年初数、收入数和年末数。",
    ),
    across(
        "FA-214",
        "一般公共预算财政拨款支出不超过全部支出",
        *(
            at_most(cell(GENERAL_PUBLIC, Each.ITEM, column), cell(EXPENDITURE, Each.ITEM, column))
            for column in ("basic", "project")
        ),
        hint="财政拨款支出是全部支出的一部分，请核对同一科目的两个数。",
    ),
    across(
        "FA-215",
        "财政拨款支出科目应当列入支出决算表",
        *(
            present(
                cell(EXPENDITURE, Each.ITEM, column),
                where=cell(GENERAL_PUBLIC, Each.ITEM, column),
            )
            for column in ("basic", "project")
        ),
        hint="请在支出决算表补填该科目，全部支出包括财政拨款支出。",
    ),
    across(
        "FA-216",
        "一般公共预算基本支出等于人员经费与公用经费之和",
        sum_equals(
            cell(GENERAL_PUBLIC, "total", "basic"),
            cell(BASIC_DETAIL, "personnel_total", "actual"),
            cell(BASIC_DETAIL, "operating_total", "actual"),
        ),
        hint="请核对基本支出明细表与一般公共预算财政拨款支出表的基本支出。",
    ),
    across(
        "FA-217",
        "财政拨款总计不超过收入支出总计",
        at_most(
            cell(APPROPRIATION, "revenue_grand_total", "actual"),
            cell(SUMMARY, "revenue_grand_total", "actual"),
        ),
        hint="财政拨款是全部收支的一部分，请核对两张总表。",
        severity=Severity.WARNING,
    ),
    across(
        "FA-218",
        "基本支出中的“三公”科目不超过“三公”经费决算",
        *(
            at_most(cell(BASIC_DETAIL, code, "actual"), cell(THREE_PUBLIC, "actual", item))
            for code, item in (
                ("30212", "overseas_travel"),
                ("30217", "official_hospitality"),
                ("30231", "vehicle_operation"),
                ("31013", "vehicle_purchase"),
            )
        ),
        hint="基本支出的该科目只是“三公”经费的一部分；没有项目开支时两者相等。",
        severity=Severity.WARNING,
    ),
    across(
        "FA-220",
        "全年预算数不超过可用资金",
        at_most(
            cell(BUDGET, "total", "revised_budget"), cell(SUMMARY, "revenue_grand_total", "actual")
        ),
        hint="全年预算大于本年收入与年初结转之和，请确认全年预算的口径。",
        severity=Severity.NOTICE,
    ),
)


TRANSFERS = (
    (REVENUE, "subsidy_from_superior"),
    (REVENUE, "remittance_from_affiliates"),
    (EXPENDITURE, "remittance_to_superior"),
    (EXPENDITURE, "subsidy_to_affiliates"),
)

INTERNAL_TRANSFERS = (
    across(
        "FA-221",
        "内部往来不超过同一科目的全部往来",
        *(
            relation
            for sheet, column in TRANSFERS
            for relation in (
                at_most(cell(INTERNAL, Each.ITEM, column), cell(sheet, Each.ITEM, column)),
                present(cell(sheet, Each.ITEM, column), where=cell(INTERNAL, Each.ITEM, column)),
            )
        ),
        hint="内部往来是收入决算表、支出决算表同一科目同一栏的一部分，请核对两处。",
    ),
)


def counts_as_agency(context: Context) -> bool:
    """Whether the book belongs to administrative and 参公 units only."""
    return context.book_kind in {UnitKind.ADMINISTRATIVE, UnitKind.CIVIL_SERVICE_STANDARD}


def _operating_funds(context: Context) -> Iterator[Verdict]:
    """机关运行经费 = 公用经费 of administrative and civil-service-standard units, ≤ otherwise."""
    declared = context.figures.get(CellRef(INSTITUTION, "operating_funds", "actual"))
    detail = context.figures.get(CellRef(BASIC_DETAIL, "operating_total", "actual"))
    if declared is None or detail is None or declared.can_equal(detail):
        return
    if not counts_as_agency(context) and declared.can_be_at_most(detail):
        return
    ref = CellRef(INSTITUTION, "operating_funds", "actual")
    yield Verdict(
        places=(context.address(*ref), context.address(BASIC_DETAIL, "operating_total", "actual")),
        label=context.label(ref),
        left=declared.value,
        right=detail.value,
        message=f"机关运行经费为 {amount_text(declared.value)}，基本支出明细表公用经费合计"
        f"为 {amount_text(detail.value)}。",
    )


ACROSS_CHECKS: tuple[Check, ...] = (
    *DERIVED_ACROSS,
    *PROVED_ACROSS,
    *INTERNAL_TRANSFERS,
    across(
        "FA-219",
        "机关运行经费等于公用经费",
        hint=(
            "行政单位和参公事业单位的机关运行经费等于一般公共预算基本支出中的公用经费；"
            "部门含事业单位时不超过公用经费。"
        ),
        severity=Severity.ERROR,
        judge=_operating_funds,
    ),
)
