"""YY-3xx and BG-4xx: this year's opening against last year's closing (年初结转和结余衔接)."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.checks.budget import CITATION
from budgets.checks.keys import APPROPRIATION, COMPARATIVES, REVENUE, SUMMARY
from budgets.checks.records import FUNDS, SOURCE
from rulebook.checks import Check, Context, Verdict, amount_text
from rulebook.findings import Scope, Severity
from rulebook.relations import cell, sum_equals


def adjusted_openings(context: Context) -> Iterator[Verdict]:
    """An adjustment other than zero, which has to be explained."""
    for ref, figure in context.figures.items():
        if ref.sheet == COMPARATIVES and ref.column == "adjustment" and figure.value:
            label = context.label(ref)
            yield Verdict(
                places=(context.address(*ref),),
                label=label,
                left=figure.value,
                right=None,
                message=f"{label}为 {amount_text(figure.value)}，"
                "年初结转和结余与上年年末数不同，请写明调整原因。",
            )


YEAR_ON_YEAR_CHECKS: tuple[Check, ...] = (
    Check(
        "YY-301",
        "年初结转和结余等于上年年末数加调整数",
        Severity.WARNING,
        Scope.CROSS_YEAR,
        "请核对上年年末结转和结余；确有调整的，在“上年主要数据”填写年初调整数并说明原因。",
        (
            sum_equals(
                cell(SUMMARY, "opening_carryover", "actual"),
                cell(COMPARATIVES, "closing_carryover", "prior_year"),
                cell(COMPARATIVES, "closing_carryover", "adjustment"),
            ),
            *(
                sum_equals(
                    cell(APPROPRIATION, f"opening_{fund}", "actual"),
                    cell(COMPARATIVES, f"closing_{fund}", "prior_year"),
                    cell(COMPARATIVES, f"closing_{fund}", "adjustment"),
                )
                for fund in FUNDS
            ),
        ),
        citation=SOURCE,
    ),
    Check(
        "YY-302",
        "年初结转和结余有调整",
        Severity.WARNING,
        Scope.CROSS_YEAR,
        "年初调整数不为零时应当说明原因，例如会计差错更正或收回结余资金。",
        judge=adjusted_openings,
        citation=SOURCE,
    ),
)

BUDGET_YEAR_ON_YEAR_CHECKS: tuple[Check, ...] = (
    Check(
        "BG-401",
        "上年结转等于上年预算年终结转结余加调整数",
        Severity.WARNING,
        Scope.CROSS_YEAR,
        "请核对上年预算的年终结转结余；执行中有变化的，在“上年预算主要数据”填写年初调整数并说明原因。",
        tuple(
            sum_equals(
                cell(REVENUE, "total", opening),
                cell(COMPARATIVES, closing, "prior_year"),
                cell(COMPARATIVES, closing, "adjustment"),
            )
            for opening, closing in (
                ("opening_carryover", "closing_carryover"),
                *((f"opening_{fund}", f"closing_{fund}") for fund in FUNDS),
            )
        ),
        citation=CITATION,
    ),
    Check(
        "BG-402",
        "上年结转有调整",
        Severity.WARNING,
        Scope.CROSS_YEAR,
        "年初调整数不为零时应当说明原因，例如上年预算执行中的变化或收回的结余资金。",
        judge=adjusted_openings,
        citation=CITATION,
    ),
)
