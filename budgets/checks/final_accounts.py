"""FA-…: relations within and between the sheets of the final accounts (部门决算报表勾稽关系).

1xx within a sheet, 2xx across sheets. Those that derive fill a cell while someone types; the
others are independent proofs and never derive.
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
    INSTITUTION,
    REVENUE,
    STATE_CAPITAL,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.workbook import UnitKind
from rulebook.addresses import CellRef
from rulebook.checks import Check, Context, Verdict, amount_text
from rulebook.findings import Scope, Severity
from rulebook.relations import (
    AllDivisions,
    Each,
    OnSide,
    Relation,
    at_most,
    balance,
    cell,
    equal,
    layout_sums,
    present,
    sum_equals,
)

SOURCE = "departmental_final_accounts_notice"
FUNDS = ("general_public", "government_fund", "state_capital")


def _within(
    id: str, title: str, *relations: Relation, hint: str, severity: Severity = Severity.ERROR
) -> Check:
    return Check(id, title, severity, Scope.WITHIN_SHEET, hint, relations, citation=SOURCE)


def _across(
    id: str, title: str, *relations: Relation, hint: str, severity: Severity = Severity.ERROR
) -> Check:
    return Check(id, title, severity, Scope.CROSS_SHEET, hint, relations, citation=SOURCE)


def _sums(id: str, sheet: str, title: str) -> Check:
    hint = "请逐级核对明细：项加到款，款加到类，类加到合计；左右各列加到合计列。"
    return _within(id, title, layout_sums(sheet), hint=hint)


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
)

REVENUE_SOURCES = (
    "appropriation_general_public",
    "appropriation_government_fund",
    "appropriation_state_capital",
    "subsidy_from_superior",
    "institutional_revenue",
    "commercial_revenue",
    "remittance_from_affiliates",
    "other_revenue",
)
APPROPRIATIONS = REVENUE_SOURCES[:3]
OTHER_SOURCES = REVENUE_SOURCES[3:]


SUMMARY_TOTALS = (
    _within(
        "FA-101",
        "收入支出总表本年收入合计",
        sum_equals(
            cell(SUMMARY, "revenue_total", "actual"),
            *(cell(SUMMARY, row, "actual") for row in REVENUE_SOURCES),
            derives=True,
        ),
        hint="请核对各项收入来源，合计由各来源相加得出。",
    ),
    _within(
        "FA-102",
        "收入支出总表本年支出合计",
        sum_equals(
            cell(SUMMARY, "expenditure_total", "actual"),
            cell(SUMMARY, AllDivisions(), "actual"),
            derives=True,
        ),
        hint="请核对支出各类，合计由各类相加得出。",
    ),
    _within(
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
    _within(
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
    _within(
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
    _within(
        "FA-106",
        "财政拨款总表本年收入合计",
        sum_equals(
            cell(APPROPRIATION, "revenue_total", "actual"),
            *(cell(APPROPRIATION, row, "actual") for row in APPROPRIATIONS),
            derives=True,
        ),
        hint="请核对三本预算的财政拨款收入。",
    ),
    _within(
        "FA-107",
        "财政拨款总表年初结转和结余",
        sum_equals(
            cell(APPROPRIATION, "opening_carryover", "actual"),
            *(cell(APPROPRIATION, f"opening_{fund}", "actual") for fund in FUNDS),
            derives=True,
        ),
        hint="年初财政拨款结转和结余 = 三本预算各自的年初数之和。",
    ),
    _within(
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
    _within(
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
    _within(
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
    _within(
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
    _within(
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
    _within(
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
    _within(
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

INSTITUTION_TOTALS = (
    _within(
        "FA-131",
        "车辆数等于各用途之和",
        sum_equals(
            cell(INSTITUTION, "vehicles_total", "actual"),
            *(
                cell(INSTITUTION, f"vehicles_{use}", "actual")
                for use in (
                    "provincial_leader",
                    "principal",
                    "confidential",
                    "emergency",
                    "law_enforcement",
                    "special",
                    "retiree",
                    "other",
                )
            ),
            derives=True,
        ),
        hint="请核对各用途车辆数。",
    ),
    _within(
        "FA-132",
        "公务用车保有量等于车辆数",
        equal(
            cell(INSTITUTION, "vehicles_held", "actual"),
            cell(INSTITUTION, "vehicles_total", "actual"),
        ),
        hint="公务用车保有量应当等于各用途车辆数之和。",
    ),
    _within(
        "FA-133",
        "政府采购总额等于货物、工程、服务之和",
        sum_equals(
            cell(INSTITUTION, "procurement_total", "actual"),
            cell(INSTITUTION, "procurement_goods", "actual"),
            cell(INSTITUTION, "procurement_works", "actual"),
            cell(INSTITUTION, "procurement_services", "actual"),
        ),
        hint="请核对货物、工程、服务三项采购支出。",
    ),
    _within(
        "FA-134",
        "授予小微企业合同金额不超过中小企业",
        at_most(
            cell(INSTITUTION, "procurement_micro", "actual"),
            cell(INSTITUTION, "procurement_sme", "actual"),
        ),
        hint="小微企业属于中小企业，金额不应更大。",
    ),
    _within(
        "FA-135",
        "授予中小企业合同金额不超过采购总额",
        at_most(
            cell(INSTITUTION, "procurement_sme", "actual"),
            cell(INSTITUTION, "procurement_total", "actual"),
        ),
        hint="合同可能跨年执行；如属实请说明原因。",
        severity=Severity.WARNING,
    ),
)

BUDGET_TOTALS = (
    _within(
        "FA-136",
        "预算总额等于基本支出与项目支出之和",
        *(
            sum_equals(
                cell(BUDGET, "total", column),
                cell(BUDGET, "basic", column),
                cell(BUDGET, "project", column),
            )
            for column in ("original_budget", "revised_budget")
        ),
        hint="请核对基本支出、项目支出的预算数。",
    ),
    _within(
        "FA-137",
        "分科目预算之和等于一般公共预算财政拨款支出合计",
        *(
            sum_equals(
                cell(BUDGET, "general_public_total", column),
                cell(BUDGET, AllDivisions(), column),
            )
            for column in ("original_budget", "revised_budget")
        ),
        hint="请核对各项级科目的预算数。",
    ),
)

FUND_SHEETS = (
    ("general_public", GENERAL_PUBLIC, "total"),
    ("government_fund", GOVERNMENT_FUND, "expenditure"),
    ("state_capital", STATE_CAPITAL, "total"),
)

DERIVED_ACROSS = (
    _across(
        "FA-201",
        "总表财政拨款收入等于财政拨款总表",
        *(
            equal(cell(SUMMARY, row, "actual"), cell(APPROPRIATION, row, "actual"), derives=True)
            for row in APPROPRIATIONS
        ),
        hint="总表的财政拨款收入取自财政拨款收入支出决算总表。",
    ),
    _across(
        "FA-202",
        "总表各项收入等于收入决算表",
        *(
            equal(cell(SUMMARY, row, "actual"), cell(REVENUE, "total", row), derives=True)
            for row in OTHER_SOURCES
        ),
        hint="总表的各项收入取自收入决算表合计行。",
    ),
    _across(
        "FA-203",
        "总表各类支出等于支出决算表",
        equal(
            cell(SUMMARY, Each.DIVISION, "actual"),
            cell(EXPENDITURE, Each.DIVISION, "total"),
            derives=True,
        ),
        hint="总表的各类支出取自支出决算表的类级行。",
    ),
    _across(
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
    _across(
        "FA-211",
        "收入决算表财政拨款收入等于财政拨款总表本年收入",
        equal(
            cell(REVENUE, "total", "appropriation"), cell(APPROPRIATION, "revenue_total", "actual")
        ),
        hint="请核对收入决算表“财政拨款收入”列与财政拨款总表本年收入。",
    ),
    _across(
        "FA-212",
        "收入决算表合计等于总表本年收入合计",
        equal(cell(REVENUE, "total", "total"), cell(SUMMARY, "revenue_total", "actual")),
        hint="请核对收入决算表与收入支出决算总表。",
    ),
    _across(
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
    _across(
        "FA-214",
        "一般公共预算财政拨款支出不超过全部支出",
        *(
            at_most(cell(GENERAL_PUBLIC, Each.ITEM, column), cell(EXPENDITURE, Each.ITEM, column))
            for column in ("basic", "project")
        ),
        hint="财政拨款支出是全部支出的一部分，请核对同一科目的两个数。",
    ),
    _across(
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
    _across(
        "FA-216",
        "一般公共预算基本支出等于人员经费与公用经费之和",
        sum_equals(
            cell(GENERAL_PUBLIC, "total", "basic"),
            cell(BASIC_DETAIL, "personnel_total", "actual"),
            cell(BASIC_DETAIL, "operating_total", "actual"),
        ),
        hint="请核对基本支出明细表与一般公共预算财政拨款支出表的基本支出。",
    ),
    _across(
        "FA-217",
        "财政拨款总计不超过收入支出总计",
        at_most(
            cell(APPROPRIATION, "revenue_grand_total", "actual"),
            cell(SUMMARY, "revenue_grand_total", "actual"),
        ),
        hint="财政拨款是全部收支的一部分，请核对两张总表。",
        severity=Severity.WARNING,
    ),
    _across(
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
    _across(
        "FA-220",
        "全年预算数不超过可用资金",
        at_most(
            cell(BUDGET, "total", "revised_budget"), cell(SUMMARY, "revenue_grand_total", "actual")
        ),
        hint="全年预算大于本年收入与年初结转之和，请确认全年预算的口径。",
        severity=Severity.NOTICE,
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


def _adjustments(context: Context) -> Iterator[Verdict]:
    """Opening budget + adjustment = revised budget, wherever an adjustment is filled."""
    for ref, figure in context.figures.items():
        if ref.sheet != BUDGET or ref.column != "adjustment":
            continue
        opening = context.figures.get(ref._replace(column="original_budget"))
        revised = context.figures.get(ref._replace(column="revised_budget"))
        if opening is None or revised is None:
            continue
        expected = opening.plus(figure)
        if expected.value != revised.value:
            where = context.label(ref._replace(column="revised_budget"))
            yield Verdict(
                places=(context.address(BUDGET, ref.row, "revised_budget"), context.address(*ref)),
                label=where,
                left=revised.value,
                right=expected.value,
                message=f"{where}为 {amount_text(revised.value)}，年初预算数与预算调整数之和"
                f"为 {amount_text(expected.value)}。",
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


def _unknown_codes(context: Context) -> Iterator[Verdict]:
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
    Check(
        "FA-141",
        "科目编码在本年度目录内",
        Severity.ERROR,
        Scope.WITHIN_SHEET,
        "请改用本年度目录内的科目；确为新科目的，请财政部门先导入科目目录。",
        judge=_unknown_codes,
        citation=SOURCE,
    ),
    Check(
        "FA-125",
        "政府性基金年末结转和结余不小于零",
        Severity.WARNING,
        Scope.WITHIN_SHEET,
        "年末结转和结余一般不为负数；如属实请说明原因。",
        judge=_negative_closing,
        citation=SOURCE,
    ),
    Check(
        "FA-138",
        "全年预算数等于年初预算数与调整数之和",
        Severity.NOTICE,
        Scope.WITHIN_SHEET,
        "请核对预算调整数。",
        judge=_adjustments,
        citation=SOURCE,
    ),
    Check(
        "FA-219",
        "机关运行经费等于公用经费",
        Severity.ERROR,
        Scope.CROSS_SHEET,
        "行政单位和参公事业单位的机关运行经费等于一般公共预算基本支出中的公用经费；"
        "部门含事业单位时不超过公用经费。",
        judge=_operating_funds,
        citation=SOURCE,
    ),
)

FINAL_ACCOUNTS_CHECKS: tuple[Check, ...] = (
    *SUMMARY_TOTALS,
    *APPROPRIATION_TOTALS,
    *SUMS,
    *DETAIL_TOTALS,
    *INSTITUTION_TOTALS,
    *BUDGET_TOTALS,
    *DERIVED_ACROSS,
    *PROVED_ACROSS,
    *JUDGED,
)
