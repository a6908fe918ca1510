"""BG-3xx: the lists of the budget book against its sheets and against each other.

Projects add up to the unit's project expenditure; purchases stand under a project or a basic
operating cell and are at most that amount. Held against one unit at a time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from budgets.checks.budget import CITATION, PLANNED
from budgets.checks.budget_across import FUND_SHEETS
from budgets.checks.keys import (
    BASIC_DETAIL,
    EXPENDITURE,
    GENERAL_PUBLIC,
    INSTITUTION,
    OVERALL_FUNDS,
    PROCUREMENT,
    PROJECT_BUDGETS,
    PURCHASED_SERVICES,
)
from budgets.workbook import (
    BudgetLists,
    ListRow,
    ProcurementRow,
    ProjectBudget,
    ProjectKind,
    PurchaseRow,
    interval_sum,
    total_interval,
)
from rulebook.addresses import (
    CellRef,
    cell_address,
    procurement_address,
    project_budget_address,
    purchased_service_address,
)
from rulebook.amounts import Interval
from rulebook.checks import Check, Context, Verdict, amount_text, finding_of
from rulebook.findings import Finding, Scope, Severity

ListJudge = Callable[[BudgetLists, Context], Iterable[Verdict]]
ITEM_CODE = re.compile(r"[ABC]\d+", re.ASCII)
LETTERS = (("A", "goods"), ("B", "works"), ("C", "services"))
ZERO = Interval(Decimal(0))


def _check(id: str, title: str, hint: str, severity: Severity = Severity.ERROR) -> Check:
    return Check(id, title, severity, Scope.CROSS_SHEET, hint, citation=CITATION)


def _place(row: ListRow, field: str) -> str:
    if isinstance(row, ProjectBudget):
        return project_budget_address(row.code, field)
    if isinstance(row, ProcurementRow):
        return procurement_address(row.book, row.number, field)
    return purchased_service_address(row.book, row.number, field)


def _label(row: ListRow, context: Context) -> str:
    if isinstance(row, ProjectBudget):
        return f"{context.layout.list_named(PROJECT_BUDGETS).name} {row.name}"
    key = PROCUREMENT if isinstance(row, ProcurementRow) else PURCHASED_SERVICES
    return f"{context.layout.list_named(key).name}第 {row.number} 行"


def _against(
    left: Interval, right: Interval, name: str, other: str, places: Iterable[str]
) -> Iterator[Verdict]:
    """What differs; a difference that rounding explains is a notice."""
    if left.value == right.value:
        return
    pair = (left.value, right.value)
    gap = amount_text(abs(left.value - right.value), beside=pair)
    tail = "，四舍五入可以解释" if left.can_equal(right) else ""
    yield Verdict(
        tuple(places),
        name,
        *pair,
        message=f"{name}为 {amount_text(left.value, beside=pair)}，{other}为"
        f" {amount_text(right.value, beside=pair)}，相差 {gap}{tail}。",
        severity=Severity.NOTICE if tail else None,
    )


def _compared(
    rows: Iterable[ListRow], total: Interval | None, ref: CellRef, field: str, context: Context
) -> Iterator[Verdict]:
    """A sum over rows against a cell; an empty side makes it not applicable."""
    cell = context.figures.get(ref)
    if total is not None and cell is not None:
        places = (cell_address(context.book, ref), *(_place(row, field) for row in rows))
        yield from _against(cell, total, context.label(ref), "各行合计", places)


def _projects_add_up(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    rows = lists.project_budgets
    total = total_interval(row.sum_of() for row in rows)
    yield from _compared(rows, total, CellRef(EXPENDITURE, "total", "project"), "total", context)


def _projects_by_item(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    """Per 项, where the sheet's project column and the projects are filled at all."""
    codes = context.layout.sheet(EXPENDITURE).codes
    if context.value(EXPENDITURE, "total", "project") is None or not lists.project_budgets:
        return
    sums: dict[str, list[ProjectBudget]] = defaultdict(list)
    for row in lists.project_budgets:
        sums[row.functional_code].append(row)
    for ref in context.figures:
        is_item = codes is not None and codes.is_code(ref.row) and not codes.level_of(ref.row) < 2
        if ref.sheet == EXPENDITURE and ref.column == "project" and is_item:
            sums.setdefault(ref.row, [])
    for code, rows in sorted(sums.items()):
        ref = CellRef(EXPENDITURE, code, "project")
        total = total_interval(row.sum_of() for row in rows) or ZERO
        places = (cell_address(context.book, ref), *(_place(row, "total") for row in rows))
        figure = context.figures.get(ref, ZERO)
        yield from _against(figure, total, context.label(ref), "该科目各项目合计", places)


def _projects_by_fund(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    rows = lists.project_budgets
    for fund, sheet in FUND_SHEETS:
        total = total_interval(row.sum_of((fund, f"carryover_{fund}")) for row in rows)
        yield from _compared(rows, total, CellRef(sheet, "total", "project"), fund, context)


def _projects_by_kind(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    """运转类 = 公用经费 + 运转类项目; 特定目标类 = 特定目标类项目."""
    costs = context.figures.get(CellRef(GENERAL_PUBLIC, "total", "operating"))
    if not lists.project_budgets:
        return
    for kind, more in ((ProjectKind.OPERATING, costs), (ProjectKind.SPECIFIC_TARGET, None)):
        rows = [row for row in lists.project_budgets if row.kind is kind]
        total = total_interval((more, *(row.sum_of() for row in rows))) or ZERO
        yield from _compared(rows, total, CellRef(OVERALL_FUNDS, kind, PLANNED), "kind", context)


def _coded(lists: BudgetLists) -> Iterator[tuple[ListRow, str, str, int]]:
    """Row, field, code and the length of a code people enter."""
    for project in lists.project_budgets:
        yield project, "functional_code", project.functional_code, 7
    for row in lists.purchases:
        yield row, "functional_code", row.functional_code, 7
        yield row, "economic_code", row.economic_code, 5


def _unknown_codes(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    for row, field, code, length in _coded(lists):
        if code not in context.code_names or len(code) != length:
            label = _label(row, context)
            what = f"科目 {code} 不是本年度目录中的明细科目" if code else "没有填写科目"
            yield Verdict((_place(row, field),), label, None, None, f"{label}{what}。")


def _known(lists: BudgetLists) -> dict[str, ProjectBudget]:
    return {project.code: project for project in lists.project_budgets}


def _without_ground(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    projects = _known(lists)
    for row in lists.purchases:
        label = _label(row, context)
        if row.project_code and row.project_code not in projects:
            message = f"{label}的项目 {row.project_code} 不在本单位项目支出预算中。"
            yield Verdict((_place(row, "project_code"),), label, None, None, message)
        elif not row.project_code and _operating(row.economic_code) not in context.figures:
            message = (
                f"{label}“{row.project_name}”不在任何项目之下，"
                f"本单位的公用经费也没有安排经济科目 {row.economic_code}。"
            )
            yield Verdict((_place(row, "project_code"),), label, None, None, message)


def _operating(economic_code: str) -> CellRef:
    return CellRef(BASIC_DETAIL, economic_code, "operating")


def _ground(
    project: str, economic: str, lists: BudgetLists, context: Context
) -> tuple[str, Interval | None]:
    """What purchases stand under: a project or a basic operating cell, with its amount."""
    if not project:
        ref = _operating(economic)
        return context.label(ref), context.figures.get(ref)
    found = _known(lists).get(project)
    return (f"项目“{found.name}”", found.sum_of()) if found else ("", None)


def _over_ground(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    for rows in (lists.procurement, lists.purchased_services):
        groups: dict[tuple[str, str], list[PurchaseRow]] = defaultdict(list)
        for row in rows:
            groups[row.project_code, "" if row.project_code else row.economic_code].append(row)
        for (project, economic), below in groups.items():
            name, limit = _ground(project, economic, lists, context)
            total = total_interval(interval_sum(row, (row.amount,)) for row in below)
            if total is not None and limit is not None and not total.can_be_at_most(limit):
                key = PROCUREMENT if rows is lists.procurement else PURCHASED_SERVICES
                yield Verdict(
                    tuple(_place(row, "amount") for row in below),
                    name,
                    total.value,
                    limit.value,
                    f"{context.layout.list_named(key).name}中{name}之下共"
                    f" {amount_text(total.value)}，大于安排的 {amount_text(limit.value)}。",
                )


def _other_item(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    projects = _known(lists)
    for row in lists.purchases:
        project = projects.get(row.project_code)
        if project is not None and row.functional_code != project.functional_code:
            label = _label(row, context)
            message = (
                f"{label}的功能科目为 {row.functional_code}，"
                f"项目“{project.name}”为 {project.functional_code}。"
            )
            yield Verdict((_place(row, "functional_code"),), label, None, None, message)


def _other_name(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    projects = _known(lists)
    for row in lists.purchases:
        project = projects.get(row.project_code)
        if project is not None and row.project_name not in {"", project.name}:
            label = _label(row, context)
            message = f"{label}写作“{row.project_name}”，项目名称为“{project.name}”。"
            yield Verdict((_place(row, "project_name"),), label, None, None, message)


def _declared(
    row: str, rows: Iterable[PurchaseRow], field: str, context: Context
) -> Iterator[Verdict]:
    below = list(rows)
    total = total_interval(interval_sum(each, (getattr(each, field),)) for each in below) or ZERO
    yield from _compared(below, total, CellRef(INSTITUTION, row, PLANNED), field, context)


def _letters(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    rows = lists.procurement
    if not rows:
        return
    for letter, kind in LETTERS:
        below = [row for row in rows if row.item_code.startswith(letter)]
        yield from _declared(f"procurement_{kind}", below, "amount", context)
    for key, field in (("total", "amount"), ("sme", "sme_amount"), ("micro", "micro_amount")):
        yield from _declared(f"procurement_{key}", rows, field, context)


def _services(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    if lists.purchased_services:
        yield from _declared("purchased_services", lists.purchased_services, "amount", context)


def _set_aside(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    """面向小微 ≤ 面向中小 ≤ 金额 in every row."""
    names = {"micro_amount": "面向小微企业", "sme_amount": "面向中小企业", "amount": "采购金额"}
    for row in lists.procurement:
        for smaller, larger in (("micro_amount", "sme_amount"), ("sme_amount", "amount")):
            part: Decimal | None = getattr(row, smaller)
            whole: Decimal = getattr(row, larger) or Decimal(0)
            if part is not None and part > whole:
                label = _label(row, context)
                message = (
                    f"{label}{names[smaller]} {amount_text(part)}，"
                    f"大于{names[larger]} {amount_text(whole)}。"
                )
                places = (_place(row, smaller), _place(row, larger))
                yield Verdict(places, label, part, whole, message)


def _item_codes(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    for row in lists.procurement:
        if not ITEM_CODE.fullmatch(row.item_code):
            label = _label(row, context)
            message = f"{label}的采购品目编码“{row.item_code}”不是 A、B、C 类编码。"
            yield Verdict((_place(row, "item_code"),), label, None, None, message)


def _directory(lists: BudgetLists, context: Context) -> Iterator[Verdict]:
    for row in lists.purchased_services:
        tiers = (row.directory_tier_one, row.directory_tier_two, row.directory_tier_three)
        if not all(tiers):
            label = _label(row, context)
            message = f"{label}没有写全指导目录的一级、二级、三级目录。"
            yield Verdict((_place(row, "directory_tier_one"),), label, None, None, message)


_ADD_UP = "请核对项目支出预算表各行与对应的支出预算表。"
_JUDGED: tuple[tuple[Check, ListJudge], ...] = (
    (_check("BG-301", "各项目预算之和等于项目支出", _ADD_UP), _projects_add_up),
    (_check("BG-302", "分科目项目预算之和等于该科目项目支出", _ADD_UP), _projects_by_item),
    (_check("BG-303", "分资金项目预算之和等于各本预算项目支出", _ADD_UP), _projects_by_fund),
    (
        _check(
            "BG-304",
            "整体绩效目标申报表按项目类别分列",
            "运转类 = 公用经费 + 运转类项目；特定目标类 = 特定目标类项目。",
            Severity.WARNING,
        ),
        _projects_by_kind,
    ),
    (
        _check("BG-305", "清单中的科目编码在本年度目录内", "请改用本年度目录内的明细科目。"),
        _unknown_codes,
    ),
    (
        _check(
            "BG-311",
            "采购和购买服务列在项目或公用经费之下",
            "请选择本单位的项目；由公用经费开支的，请核对经济科目。",
        ),
        _without_ground,
    ),
    (
        _check(
            "BG-312",
            "采购和购买服务不超过所在项目或公用经费",
            "请核对该项目（该经济科目）之下各行金额之和。",
        ),
        _over_ground,
    ),
    (
        _check(
            "BG-313",
            "政府采购货物、工程、服务等于采购预算表各行之和",
            "品目 A 为货物、B 为工程、C 为服务；请核对采购预算表与填报的分类金额。",
        ),
        _letters,
    ),
    (
        _check(
            "BG-314",
            "面向小微企业不超过面向中小企业，且不超过采购金额",
            "小微企业属于中小企业；请核对本行三个金额。",
        ),
        _set_aside,
    ),
    (
        _check("BG-315", "采购品目编码为 A、B、C 类", "请按政府采购品目分类目录填写编码。"),
        _item_codes,
    ),
    (
        _check("BG-316", "采购和购买服务的功能科目与项目一致", "请改为所在项目的功能科目。"),
        _other_item,
    ),
    (
        _check(
            "BG-317",
            "项目名称前后一致",
            "同一项目在各表使用同一名称，请按项目支出预算表改写。",
            Severity.WARNING,
        ),
        _other_name,
    ),
    (
        _check(
            "BG-323",
            "政府购买服务金额等于购买服务预算表各行之和",
            "请核对购买服务预算表与填报的购买服务金额。",
        ),
        _services,
    ),
    (
        _check(
            "BG-324",
            "购买服务写明三级指导目录",
            "请按政府购买服务指导目录填写三级目录。",
            Severity.WARNING,
        ),
        _directory,
    ),
)
LIST_CHECKS: tuple[Check, ...] = tuple(check for check, _ in _JUDGED)


def judge_lists(lists: BudgetLists, context: Context) -> list[Finding]:
    """All findings of one unit's lists; none where the layout prints no lists."""
    if not context.layout.lists:
        return []
    return [
        finding_of(check, verdict) for check, judge in _JUDGED for verdict in judge(lists, context)
    ]
