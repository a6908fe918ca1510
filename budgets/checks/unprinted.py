"""FA-13x: relations within the sheets that are not printed: budgets, institution information."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.checks.keys import BUDGET, INSTITUTION
from budgets.checks.records import within
from rulebook.checks import Check, Context, Verdict, amount_text
from rulebook.findings import Severity
from rulebook.relations import AllDivisions, at_most, cell, equal, sum_equals

INSTITUTION_TOTALS = (
    within(
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
    within(
        "FA-132",
        "公务用车保有量等于车辆数",
        equal(
            cell(INSTITUTION, "vehicles_held", "actual"),
            cell(INSTITUTION, "vehicles_total", "actual"),
        ),
        hint="公务用车保有量应当等于各用途车辆数之和。",
    ),
    within(
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
    within(
        "FA-134",
        "授予小微企业合同金额不超过中小企业",
        at_most(
            cell(INSTITUTION, "procurement_micro", "actual"),
            cell(INSTITUTION, "procurement_sme", "actual"),
        ),
        hint="小微企业属于中小企业，金额不应更大。",
    ),
    within(
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
    within(
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
    within(
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


UNPRINTED_CHECKS: tuple[Check, ...] = (
    *INSTITUTION_TOTALS,
    *BUDGET_TOTALS,
    within(
        "FA-138",
        "全年预算数等于年初预算数与调整数之和",
        hint="请核对预算调整数。",
        severity=Severity.NOTICE,
        judge=_adjustments,
    ),
)
