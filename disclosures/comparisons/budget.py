"""PURE: what a budget compares: this year's budget with last year's."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.checks.keys import COMPARATIVES, GENERAL_PUBLIC, SUMMARY, THREE_PUBLIC
from disclosures.comparisons.compared import (
    ITEM_PREFIX,
    ORIGINAL_BUDGET,
    PLAN,
    PRIOR_YEAR,
    Compared,
)
from disclosures.facts import Fact, ReportFacts, codes_of, sum_of_all
from rulebook.addresses import CellRef
from rulebook.amounts import ZERO

_HEADLINES: dict[str, tuple[str, CellRef]] = {
    "grand_total": ("收、支总预算", CellRef(SUMMARY, "revenue_grand_total", ORIGINAL_BUDGET)),
    "general_public_expenditure": (
        "一般公共预算支出",
        CellRef(GENERAL_PUBLIC, "total", "total"),
    ),
}
THREE_PUBLIC_ITEMS: dict[str, str] = {
    "overseas_travel": "因公出国（境）费",
    "official_hospitality": "公务接待费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
}


def comparisons(facts: ReportFacts) -> Iterator[Compared]:
    """Every comparison a budget may make, in the order of the report."""
    if not facts.layout.has_sheet(GENERAL_PUBLIC):
        return
    for figure, (label, ref) in _HEADLINES.items():
        yield _against(facts, figure, label, facts.at(ref), headline=True)
    yield from _divisions(facts)
    yield from _three_public(facts)


def _against(
    facts: ReportFacts,
    figure: str,
    label: str,
    current: Fact,
    *,
    headline: bool = False,
    asks: bool = True,
) -> Compared:
    """A figure with the row of the same key among last year's."""
    previous = facts.cell(COMPARATIVES, figure.removeprefix(ITEM_PREFIX), PRIOR_YEAR)
    subject = f"{figure}.{PRIOR_YEAR}"
    return Compared(subject, label, current, previous, headline, PLAN, asks)


def _divisions(facts: ReportFacts) -> Iterator[Compared]:
    """The 类 of this year and of last; the reasons of the whole speak for them."""
    sheet = facts.layout.sheet(GENERAL_PUBLIC)
    length = codes_of(sheet).levels[0]
    before = facts.code_rows(facts.layout.sheet(COMPARATIVES))
    known = {code for code in facts.code_rows(sheet) if len(code) == length}
    gone = {code for code in before if (GENERAL_PUBLIC, code) not in facts.withheld} - known
    for code in sorted(known | gone):
        current = facts.cell(GENERAL_PUBLIC, code, "total")
        if code in gone:
            last_year = facts.cell(COMPARATIVES, code, PRIOR_YEAR)
            current = Fact(ZERO, last_year.addresses, "本年没有安排")
        label = f"{facts.code_name('functional', code)}（{code}）"
        yield _against(facts, f"{ITEM_PREFIX}{code}", label, current, asks=False)


def _three_public(facts: ReportFacts) -> Iterator[Compared]:
    """The total against the sum of last year's items, which is known when all of them are."""
    before = [facts.cell(COMPARATIVES, item, PRIOR_YEAR) for item in THREE_PUBLIC_ITEMS]
    total = facts.cell(THREE_PUBLIC, ORIGINAL_BUDGET, "total")
    base = sum_of_all(before, "上年各项之和")
    subject = f"three_public_total.{PRIOR_YEAR}"
    yield Compared(subject, "“三公”经费", total, base, False, PLAN, asks=False)
    for item, label in THREE_PUBLIC_ITEMS.items():
        yield _against(facts, item, label, facts.cell(THREE_PUBLIC, ORIGINAL_BUDGET, item))
