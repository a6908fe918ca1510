"""FA-23x: the projects' own figures against the accounts (项目与支出决算表的衔接)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from budgets.checks.keys import BUDGET, EXPENDITURE
from budgets.checks.records import SOURCE
from budgets.workbook import ProjectSnapshot
from rulebook.addresses import CellRef, project_address
from rulebook.amounts import Interval
from rulebook.checks import Check, Context, Verdict, amount_text, finding_of
from rulebook.findings import Finding, Scope, Severity

HINT = "项目自评口径与项目支出可以不同（例如不含其他资金）；请确认并说明口径。"

EXECUTED = Check(
    "FA-231",
    "各项目执行数之和与项目支出",
    Severity.NOTICE,
    Scope.CROSS_SHEET,
    HINT,
    citation=SOURCE,
)
BUDGETED = Check(
    "FA-232",
    "各项目全年预算数之和与项目支出全年预算数",
    Severity.NOTICE,
    Scope.CROSS_SHEET,
    HINT,
    citation=SOURCE,
)
OVERSPENT = Check(
    "FA-233",
    "项目执行数不超过全年预算数",
    Severity.WARNING,
    Scope.CROSS_SHEET,
    "项目支出超过全年预算应当有调整手续；请核对两个数或说明原因。",
    citation=SOURCE,
)
PROJECT_CHECKS: tuple[Check, ...] = (EXECUTED, BUDGETED, OVERSPENT)


def _sum_of(projects: Iterable[ProjectSnapshot], field: str) -> Interval | None:
    result: Interval | None = None
    for project in projects:
        amount: Decimal | None = getattr(project, field)
        if amount is not None:
            figure = project.interval(amount)
            result = figure if result is None else result.plus(figure)
    return result


def _against(
    check: Check, projects: Sequence[ProjectSnapshot], field: str, ref: CellRef, context: Context
) -> list[Finding]:
    total, declared = _sum_of(projects, field), context.figures.get(ref)
    if total is None or declared is None or total.value == declared.value:
        return []
    places = (context.address(*ref), *(project_address(p.code, field) for p in projects))
    difference = amount_text(abs(total.value - declared.value))
    verdict = Verdict(
        places=places,
        label=context.label(ref),
        left=total.value,
        right=declared.value,
        message=f"{len(projects)} 个项目合计 {amount_text(total.value)}，{context.label(ref)}"
        f"为 {amount_text(declared.value)}，相差 {difference}。",
    )
    return [finding_of(check, verdict)]


def _overspent(projects: Iterable[ProjectSnapshot]) -> list[Finding]:
    over = [p for p in projects if p.actual is not None and p.revised_budget is not None]
    return [
        finding_of(
            OVERSPENT,
            Verdict(
                places=(
                    project_address(p.code, "actual"),
                    project_address(p.code, "revised_budget"),
                ),
                label=p.name,
                left=p.actual,
                right=p.revised_budget,
                message=f"项目“{p.name}”执行数 {amount_text(p.actual)} 大于全年预算数"
                f" {amount_text(p.revised_budget)}。",
            ),
        )
        for p in over
        if not p.interval(p.actual or Decimal(0)).can_be_at_most(
            p.interval(p.revised_budget or Decimal(0))
        )
    ]


def check_projects(projects: Sequence[ProjectSnapshot], context: Context) -> list[Finding]:
    """The findings between a book and its projects; none when there are no projects."""
    if not projects:
        return []
    return [
        *_against(EXECUTED, projects, "actual", CellRef(EXPENDITURE, "total", "project"), context),
        *_against(
            BUDGETED,
            projects,
            "revised_budget",
            CellRef(BUDGET, "project", "revised_budget"),
            context,
        ),
        *_overspent(projects),
    ]
