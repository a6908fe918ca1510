"""第三部分一至四: revenue, expenditure and appropriations as a whole."""

from __future__ import annotations

from budgets.checks.keys import APPROPRIATION, EXPENDITURE, REVENUE, SUMMARY
from disclosures.facts import Fact, ReportFacts
from disclosures.narrative.passages import paragraph, reason_clause, totals_change, totals_phrase
from disclosures.narrative.phrases import (
    Spans,
    absence,
    amount,
    change_phrase,
    composition,
    listed,
    spans,
)
from disclosures.reasons import PRIOR_YEAR, compared
from disclosures.report.blocks import Paragraph

FUNDS = (
    "appropriation_general_public",
    "appropriation_government_fund",
    "appropriation_state_capital",
)
OPENING, CLOSING = "opening_carryover", "closing_carryover"


def totals(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """收、支总计 against last year."""
    expenditure = facts.cell(SUMMARY, "expenditure_grand_total", "actual")
    received = ("revenue_total", "use_of_own_source_surplus", OPENING)
    spent = ("expenditure_total", "surplus_distribution", CLOSING)
    carried = spans(
        _carried(facts, SUMMARY, "收入总计", "actual", *received),
        _carried(facts, SUMMARY, "支出总计", "actual", *spent),
    )
    return (_grand_total(facts, "grand_total", "", expenditure, carried),)


def revenue(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """本年收入合计 against last year, and what it is made of."""
    return _total_and_parts(facts, "revenue_total", REVENUE, "收入合计", "本年收入合计")


def expenditure(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """本年支出合计 against last year, and what it is made of."""
    return _total_and_parts(facts, "expenditure_total", EXPENDITURE, "支出合计", "本年支出合计")


def appropriations(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """财政拨款收、支总计 against last year, then each fund."""
    present = [fund for fund in FUNDS if not _fund(facts, fund).is_nothing]
    absent = [_fund_name(facts, fund) for fund in FUNDS if fund not in present]
    lead = f"{facts.year}年度财政拨款收入中，"
    funds = [
        span
        for index, fund in enumerate(present)
        for span in spans("" if index else lead, _fund_sentence(facts, fund))
    ]
    spent = facts.cell(APPROPRIATION, "expenditure_grand_total", "total")
    carried = spans(
        _carried(facts, APPROPRIATION, "收入总计", "actual", "revenue_total", "opening_carryover"),
        _carried(
            facts, APPROPRIATION, "支出总计", "total", "expenditure_total", "closing_carryover"
        ),
    )
    whole = _grand_total(facts, "appropriation_grand_total", "财政拨款", spent, carried)
    if not present and all(_fund(facts, fund).value is None for fund in FUNDS):
        return (whole,)  # an empty draft says once that nothing is filed
    return (
        whole,
        paragraph(*funds, absence(absent), subject=f"appropriation_general_public.{PRIOR_YEAR}"),
    )


def _carried(facts: ReportFacts, sheet: str, name: str, column: str, *rows: str) -> Spans:
    """What a grand total is made of, where anything was carried over, used or distributed."""
    layout = facts.layout.sheet(sheet)
    parts = [
        (row.name, fact)
        for row in layout.rows
        if row.key in rows and not (fact := facts.cell(sheet, row.key, column)).is_nothing
    ]
    return spans(f"{name}中，", listed(parts), "。") if len(parts) > 1 else ()


def _grand_total(
    facts: ReportFacts, figure: str, name: str, expenditure: Fact, carried: Spans
) -> Paragraph:
    comparison = compared(facts)[f"{figure}.{PRIOR_YEAR}"]
    revenue, base = comparison.current, comparison.base
    return paragraph(
        totals_phrase(f"{facts.year}年度{name}", "总计", revenue, expenditure),
        totals_change("总计", revenue, expenditure, base, f"{facts.prior_year}年度"),
        reason_clause(facts, comparison),
        "。",
        carried,
        subject=comparison.subject,
    )


def _total_and_parts(
    facts: ReportFacts, figure: str, sheet: str, name: str, whole_name: str
) -> tuple[Paragraph, ...]:
    comparison = compared(facts)[f"{figure}.{PRIOR_YEAR}"]
    layout = facts.layout.sheet(sheet)
    parts = [
        (column.label, facts.cell(sheet, "total", column.key))
        for column in layout.columns
        if column.key in layout.row_totals[0].of
    ]
    return (
        paragraph(
            f"{facts.year}年度{name}",
            amount(comparison.current),
            "，",
            change_phrase(comparison.current, comparison.base, f"{facts.prior_year}年度"),
            reason_clause(facts, comparison),
            "。",
            composition(parts, facts.cell(SUMMARY, figure, "actual"), whole_name),
            subject=comparison.subject,
        ),
    )


def _fund(facts: ReportFacts, fund: str) -> Fact:
    return facts.cell(APPROPRIATION, fund, "actual")


def _fund_name(facts: ReportFacts, fund: str) -> str:
    row = facts.layout.sheet(SUMMARY).row(fund)
    return row.name if row else fund


def _fund_sentence(facts: ReportFacts, fund: str) -> Spans:
    comparison = compared(facts)[f"{fund}.{PRIOR_YEAR}"]
    return spans(
        _fund_name(facts, fund),
        amount(comparison.current),
        "，",
        change_phrase(comparison.current, comparison.base, f"{facts.prior_year}年度"),
        reason_clause(facts, comparison),
        "。",
    )
