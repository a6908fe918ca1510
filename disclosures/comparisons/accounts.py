"""PURE: what the final accounts compare: with last year, the opening and the adjusted budget."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.checks.keys import (
    APPROPRIATION,
    BUDGET,
    COMPARATIVES,
    GENERAL_PUBLIC,
    INSTITUTION,
    SUMMARY,
    THREE_PUBLIC,
)
from disclosures.comparisons.compared import (
    ITEM_PREFIX,
    ORIGINAL_BUDGET,
    PRIOR_YEAR,
    REVISED_BUDGET,
    Compared,
)
from disclosures.facts import Fact, ReportFacts, codes_of
from rulebook.addresses import CellRef
from rulebook.amounts import ZERO

# figure → (name, its cell, the row of last year's figure)
_AGAINST_LAST_YEAR: dict[str, tuple[str, CellRef]] = {
    "grand_total": ("收、支总计", CellRef(SUMMARY, "revenue_grand_total", "actual")),
    "revenue_total": ("收入合计", CellRef(SUMMARY, "revenue_total", "actual")),
    "expenditure_total": ("支出合计", CellRef(SUMMARY, "expenditure_total", "actual")),
    "appropriation_grand_total": (
        "财政拨款收、支总计",
        CellRef(APPROPRIATION, "revenue_grand_total", "actual"),
    ),
    "appropriation_general_public": (
        "一般公共预算财政拨款收入",
        CellRef(APPROPRIATION, "appropriation_general_public", "actual"),
    ),
    "general_public_expenditure": (
        "一般公共预算财政拨款支出",
        CellRef(GENERAL_PUBLIC, "total", "total"),
    ),
}
_OTHER_FUNDS: dict[str, str] = {
    "appropriation_government_fund": "政府性基金预算财政拨款收入",
    "appropriation_state_capital": "国有资本经营预算财政拨款收入",
}
_THREE_PUBLIC: dict[str, tuple[str, str]] = {
    "three_public_total": ("“三公”经费支出", "total"),
    "overseas_travel": ("因公出国（境）费", "overseas_travel"),
    "vehicle_purchase": ("公务用车购置费", "vehicle_purchase"),
    "vehicle_operation": ("公务用车运行维护费", "vehicle_operation"),
    "official_hospitality": ("公务接待费", "official_hospitality"),
}


def comparisons(facts: ReportFacts) -> Iterator[Compared]:
    """Every comparison the final accounts may make, in the order of the report."""
    yield from _headlines(facts)
    yield from _other_funds(facts)
    yield from _items(facts)
    yield from _three_public(facts)
    yield from _operating_funds(facts)


def _headlines(facts: ReportFacts) -> Iterator[Compared]:
    for figure, (label, ref) in _AGAINST_LAST_YEAR.items():
        previous = facts.cell(COMPARATIVES, figure, PRIOR_YEAR)
        yield Compared(f"{figure}.{PRIOR_YEAR}", label, facts.at(ref), previous, True)
    label, ref = _AGAINST_LAST_YEAR["general_public_expenditure"]
    budget = facts.cell(BUDGET, "general_public_total", ORIGINAL_BUDGET)
    subject = f"general_public_expenditure.{ORIGINAL_BUDGET}"
    yield Compared(subject, label, facts.at(ref), budget, True)


def _other_funds(facts: ReportFacts) -> Iterator[Compared]:
    for fund, label in _OTHER_FUNDS.items():
        previous = facts.cell(COMPARATIVES, fund, PRIOR_YEAR)
        actual = facts.cell(APPROPRIATION, fund, "actual")
        yield Compared(f"{fund}.{PRIOR_YEAR}", label, actual, previous, False)


def item_codes(facts: ReportFacts) -> list[str]:
    """The 项 with general public expenditure, and those for which only a budget was set; none in
    a year of which only the self-evaluations are filed."""
    if not facts.layout.has_sheet(GENERAL_PUBLIC):
        return []
    sheet = facts.layout.sheet(GENERAL_PUBLIC)
    block = codes_of(sheet)
    budgeted = {
        ref.row
        for ref, value in facts.figures.items()
        if ref.sheet == BUDGET and ref.column == ORIGINAL_BUDGET and value
    }
    codes = set(facts.code_rows(sheet)) | {
        row
        for row in budgeted
        if block.is_code(row) and (GENERAL_PUBLIC, row) not in facts.withheld
    }
    return sorted(code for code in codes if len(code) == block.entry_length)


def _items(facts: ReportFacts) -> Iterator[Compared]:
    for code in item_codes(facts):
        actual = facts.cell(GENERAL_PUBLIC, code, "total")
        budget = facts.cell(BUDGET, code, ORIGINAL_BUDGET)
        if actual.value is None:
            actual = Fact(ZERO, budget.addresses, "本年无支出")
        subject = f"{ITEM_PREFIX}{code}.{ORIGINAL_BUDGET}"
        label = f"{facts.code_name('functional', code)}（{code}）"
        yield Compared(subject, label, actual, budget, False)


def _three_public(facts: ReportFacts) -> Iterator[Compared]:
    for figure, (label, column) in _THREE_PUBLIC.items():
        actual = facts.cell(THREE_PUBLIC, "actual", column)
        budget = facts.cell(THREE_PUBLIC, REVISED_BUDGET, column)
        previous = facts.cell(COMPARATIVES, figure, PRIOR_YEAR)
        headline = column == "total"
        yield Compared(f"{figure}.{REVISED_BUDGET}", label, actual, budget, headline)
        yield Compared(f"{figure}.{PRIOR_YEAR}", label, actual, previous, headline)


def _operating_funds(facts: ReportFacts) -> Iterator[Compared]:
    actual = facts.cell(INSTITUTION, "operating_funds", "actual")
    budget = facts.cell(BUDGET, "operating_funds", ORIGINAL_BUDGET)
    previous = facts.cell(COMPARATIVES, "operating_funds", PRIOR_YEAR)
    label = "机关运行经费"
    yield Compared(f"operating_funds.{ORIGINAL_BUDGET}", label, actual, budget, True)
    yield Compared(f"operating_funds.{PRIOR_YEAR}", label, actual, previous, True)
