"""预算情况说明一至四: revenue, expenditure and appropriations as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.checks.keys import APPROPRIATION, EXPENDITURE, REVENUE, SUMMARY
from disclosures.comparisons.compared import ORIGINAL_BUDGET, PRIOR_YEAR
from disclosures.facts import Fact, ReportFacts, codes_of
from disclosures.narrative.passages import paragraph, reason_clause, totals_change, totals_phrase
from disclosures.narrative.phrases import (
    NOT_FILED,
    amount,
    composition,
    listed,
    spans,
)
from disclosures.reasons import compared
from disclosures.report.blocks import Paragraph

SOURCES = (
    "appropriation_general_public",
    "appropriation_government_fund",
    "appropriation_state_capital",
    "special_account_funds",
    "institutional_revenue",
    "commercial_revenue",
    "subsidy_from_superior",
    "remittance_from_affiliates",
    "other_revenue",
    "opening_carryover",
)
FUNDS = ("general_public", "government_fund", "state_capital")


def last_budget(facts: ReportFacts) -> str:
    """What the figures of last year are called."""
    return f"{facts.prior_year}年预算"


def totals(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """What the budget takes in, and its total against last year's."""
    comparison = compared(facts)[f"grand_total.{PRIOR_YEAR}"]
    revenue, base = comparison.current, comparison.base
    expenditure = facts.cell(SUMMARY, "expenditure_grand_total", ORIGINAL_BUDGET)
    return (
        paragraph(
            "本部门的各项收入和支出全部编入部门预算。",
            _named("收入", [name for name, fact in _sources(facts) if not fact.is_nothing]),
            _named("支出", [name for name, fact in _kinds(facts) if not fact.is_nothing]),
        ),
        paragraph(
            totals_phrase(f"{facts.year}年", "总预算", revenue, expenditure),
            totals_change("总预算", revenue, expenditure, base, last_budget(facts)),
            reason_clause(facts, comparison),
            "。",
            subject=comparison.subject,
        ),
    )


def _named(what: str, names: list[str]) -> str:
    return f"{what}包括：{'、'.join(names)}。" if names else ""


def _sources(facts: ReportFacts) -> list[tuple[str, Fact]]:
    """Every source of revenue as the summary names it, and what was carried over."""
    sheet = facts.layout.sheet(SUMMARY)
    rows = [row for row in sheet.rows if row.key in SOURCES]
    return [(row.name, facts.cell(REVENUE, "total", row.key)) for row in rows]


def _kinds(facts: ReportFacts) -> list[tuple[str, Fact]]:
    """Every kind of expenditure."""
    sheet = facts.layout.sheet(EXPENDITURE)
    kinds = sheet.row_totals[0].of
    return [
        (column.label, facts.cell(EXPENDITURE, "total", column.key))
        for column in sheet.columns
        if column.key in kinds
    ]


def revenue(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Revenue by source with shares."""
    total = facts.cell(REVENUE, "total", "total")
    made_of = composition(_sources(facts), total, "收入预算")
    return (paragraph(f"{facts.year}年收入预算", amount(total), "。", made_of),)


def expenditure(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Expenditure by kind with shares, and what stays for the next year."""
    total = facts.cell(EXPENDITURE, "total", "total")
    closing = facts.cell(SUMMARY, "closing_carryover", ORIGINAL_BUDGET)
    left = () if closing.is_nothing else spans("年终结转结余", amount(closing), "。")
    made_of = composition(_kinds(facts), total, "支出预算")
    return (paragraph(f"{facts.year}年支出预算", amount(total), "。", made_of, left),)


def appropriations(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The funds appropriated and carried over, and the 类 they go to."""
    total = facts.cell(APPROPRIATION, "revenue_grand_total", ORIGINAL_BUDGET)
    spent = facts.cell(APPROPRIATION, "expenditure_grand_total", "total")
    if total.is_nothing and spent.is_nothing:
        return (paragraph(f"本部门{facts.year}年没有财政拨款收支预算。"),)
    return (
        paragraph(totals_phrase(f"{facts.year}年财政拨款", "总预算", total, spent), "。"),
        paragraph("收入包括：", listed(_appropriated(facts)) or NOT_FILED, "。"),
        paragraph("支出包括：", listed(_spent(facts)) or NOT_FILED, "。"),
    )


def _appropriated(facts: ReportFacts) -> Iterator[tuple[str, Fact]]:
    """本年的 and 上年结转的 money of each fund."""
    sheet = facts.layout.sheet(APPROPRIATION)
    for key, lead in (("appropriation", "本年"), ("opening", "上年结转的")):
        for fund in FUNDS:
            row = sheet.row(f"{key}_{fund}")
            if row is not None:
                yield f"{lead}{row.name}", facts.cell(sheet.key, row.key, ORIGINAL_BUDGET)


def _spent(facts: ReportFacts) -> Iterator[tuple[str, Fact]]:
    """Each 类 as the summary names it, and what stays at the end of the year."""
    sheet = facts.layout.sheet(APPROPRIATION)
    codes = {row.key for row in sheet.rows if codes_of(sheet).is_code(row.key)}
    for code in sorted(codes | set(facts.code_rows(sheet))):
        if (sheet.key, code) not in facts.withheld:
            row = sheet.row(code)
            name = row.name if row else facts.code_name("functional", code)
            yield name, facts.cell(sheet.key, code, "total")
    yield "年终结转结余", facts.cell(sheet.key, "closing_carryover", "total")
