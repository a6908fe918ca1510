"""BG-2xx: relations between the sheets of the budget book (部门预算表间勾稽关系)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from budgets.checks.budget import (
    CITATION,
    PLANNED,
    REVENUE_LINES,
    appropriation_cell,
    summary_cell,
)
from budgets.checks.final_accounts_across import counts_as_agency
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
from budgets.checks.records import FUNDS, across
from rulebook.addresses import CellRef
from rulebook.checks import Check, Context, Verdict, amount_text
from rulebook.findings import Severity
from rulebook.relations import Each, at_most, balance, cell, equal, present

FUND_SHEETS = (
    ("general_public", GENERAL_PUBLIC),
    ("government_fund", GOVERNMENT_FUND_EXPENDITURE),
    ("state_capital", STATE_CAPITAL),
)
_across = partial(across, citation=CITATION)

DERIVED_ACROSS = (
    _across(
        "BG-201",
        "收支预算总表各项收入等于收入预算总表",
        *(
            equal(summary_cell(row), cell(REVENUE, "total", row), derives=True)
            for row in (*REVENUE_LINES, "opening_carryover")
        ),
        hint="总表的各项收入和上年结转取自收入预算总表。",
    ),
    _across(
        "BG-202",
        "收支预算总表各类支出等于支出预算总表",
        equal(
            cell(SUMMARY, Each.DIVISION, PLANNED),
            cell(EXPENDITURE, Each.DIVISION, "total"),
            derives=True,
        ),
        hint="总表的各类支出取自支出预算总表的类级行。",
    ),
    _across(
        "BG-203",
        "财政拨款总表各类支出等于分预算支出表",
        *(
            equal(
                cell(APPROPRIATION, Each.DIVISION, fund),
                cell(sheet, Each.DIVISION, "total"),
                derives=True,
            )
            for fund, sheet in FUND_SHEETS
        ),
        hint="财政拨款总表的各类支出取自一般公共、政府性基金、国有资本经营预算支出表。",
    ),
    _across(
        "BG-204",
        "财政拨款总表收入等于收入预算总表",
        *(
            equal(appropriation_cell(row), cell(REVENUE, "total", row), derives=True)
            for fund in FUNDS
            for row in (f"appropriation_{fund}", f"opening_{fund}")
        ),
        hint="财政拨款总表的本年收入和上年结转取自收入预算总表。",
    ),
    _across(
        "BG-205",
        "分单位支出等于分功能科目支出",
        *(
            equal(
                cell(GENERAL_PUBLIC_BY_UNIT, "total", column),
                cell(GENERAL_PUBLIC, "total", column),
                derives=True,
            )
            for column in ("personnel", "operating", "project")
        ),
        hint="一般公共预算支出表（分单位）取自本单位分功能科目表的合计行。",
    ),
)

PROVED_ACROSS = (
    _across(
        "BG-213",
        "一般公共预算支出不超过全部支出",
        *(
            at_most(cell(GENERAL_PUBLIC, Each.ITEM, column), cell(EXPENDITURE, Each.ITEM, column))
            for column in ("basic", "project")
        ),
        hint="一般公共预算支出是全部支出的一部分，请核对同一科目的两个数。",
    ),
    _across(
        "BG-214",
        "一般公共预算支出科目应当列入支出预算总表",
        *(
            present(
                cell(EXPENDITURE, Each.ITEM, column),
                where=cell(GENERAL_PUBLIC, Each.ITEM, column),
            )
            for column in ("basic", "project")
        ),
        hint="请在支出预算总表补填该科目，全部支出包括一般公共预算支出。",
    ),
    _across(
        "BG-215",
        "分功能科目的基本支出等于基本支出表",
        *(
            equal(cell(GENERAL_PUBLIC, "total", whole), cell(BASIC_DETAIL, "total", detail))
            for whole, detail in (
                ("basic", "total"),
                ("personnel", "personnel"),
                ("operating", "operating"),
            )
        ),
        hint="请核对人员经费、公用经费在分功能科目表与基本支出表中的数。",
    ),
    _across(
        "BG-218",
        "基本支出中的“三公”科目不超过“三公”经费预算",
        *(
            at_most(cell(BASIC_DETAIL, code, "operating"), cell(THREE_PUBLIC, PLANNED, item))
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
    _across(
        "BG-219",
        "整体绩效目标申报表人员类支出等于人员经费",
        equal(
            cell(OVERALL_FUNDS, "personnel", PLANNED), cell(GENERAL_PUBLIC, "total", "personnel")
        ),
        hint="请核对整体绩效目标申报表的人员类项目支出与一般公共预算人员经费。",
        severity=Severity.WARNING,
    ),
    _across(
        "BG-220",
        "整体绩效目标申报表运转类、特定目标类支出等于公用经费与项目支出之和",
        balance(
            (
                cell(OVERALL_FUNDS, "operating", PLANNED),
                cell(OVERALL_FUNDS, "specific_target", PLANNED),
            ),
            (
                cell(GENERAL_PUBLIC, "total", "operating"),
                cell(EXPENDITURE, "total", "project"),
            ),
        ),
        hint="请核对整体绩效目标申报表的运转类、特定目标类支出。",
        severity=Severity.WARNING,
    ),
)

RECEIVED = ("subsidy_from_superior", "remittance_from_affiliates")
PAID = ("remittance_to_superior", "subsidy_to_affiliates")
TRANSFERS: tuple[tuple[str, str | Each, str], ...] = (
    *((REVENUE, "total", column) for column in RECEIVED),
    *((EXPENDITURE, Each.ITEM, column) for column in PAID),
)
INTERNAL_TRANSFERS = (
    _across(
        "BG-222",
        "内部往来不超过同一科目的全部往来",
        *(
            relation
            for sheet, row, column in TRANSFERS
            for relation in (
                at_most(cell(INTERNAL, row, column), cell(sheet, row, column)),
                present(cell(sheet, row, column), where=cell(INTERNAL, row, column)),
            )
        ),
        hint="内部往来是收入预算总表、支出预算总表同一科目同一栏的一部分，请核对两处。",
    ),
)


def _operating_funds(context: Context) -> Iterator[Verdict]:
    """机关运行经费 = 公用经费 of administrative and civil-service-standard units, ≤ otherwise."""
    ref = CellRef(INSTITUTION, "operating_funds", PLANNED)
    whole = CellRef(GENERAL_PUBLIC, "total", "operating")
    declared, costs = context.figures.get(ref), context.figures.get(whole)
    if declared is None or costs is None or declared.can_equal(costs):
        return
    if not counts_as_agency(context) and declared.can_be_at_most(costs):
        return
    yield Verdict(
        places=(context.address(*ref), context.address(*whole)),
        label=context.label(ref),
        left=declared.value,
        right=costs.value,
        message=f"机关运行经费为 {amount_text(declared.value)}，一般公共预算公用经费"
        f"为 {amount_text(costs.value)}。",
    )


BUDGET_ACROSS_CHECKS: tuple[Check, ...] = (
    *DERIVED_ACROSS,
    *PROVED_ACROSS,
    *INTERNAL_TRANSFERS,
    _across(
        "BG-221",
        "机关运行经费等于公用经费",
        hint=(
            "行政单位和参公事业单位的机关运行经费等于一般公共预算基本支出中的公用经费；"
            "部门含事业单位时不超过公用经费。"
        ),
        judge=_operating_funds,
    ),
)
