"""PURE: which changes want a reason, and whether they have one.

A reason's subject is "<figure>.<base>": the figure that changed and what it is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgets.checks.keys import (
    APPROPRIATION,
    BUDGET,
    COMPARATIVES,
    GENERAL_PUBLIC,
    INSTITUTION,
    SUMMARY,
    THREE_PUBLIC,
)
from disclosures.facts import Fact, ReportFacts, codes_of, difference
from rulebook.addresses import CellRef
from rulebook.amounts import ZERO

PRIOR_YEAR = "prior_year"
ORIGINAL_BUDGET = "original_budget"
REVISED_BUDGET = "revised_budget"
BASE_NAMES = {PRIOR_YEAR: "上年", ORIGINAL_BUDGET: "年初预算", REVISED_BUDGET: "全年预算"}
ITEM_PREFIX = "item."
REASON_PREFIX = "reason."


def reason_key(subject: str) -> str:
    """The key under which the reasons of a change stand among the texts of a filing."""
    return f"{REASON_PREFIX}{subject}"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure with what it is compared with; ``headline`` changes must have a reason."""

    subject: str
    label: str
    current: Fact
    base: Fact
    headline: bool

    @property
    def base_kind(self) -> str:
        return self.subject.rpartition(".")[2]

    @property
    def change(self) -> Fact:
        return difference(self.current, self.base, f"决算数 − {BASE_NAMES[self.base_kind]}")


@dataclass(frozen=True, slots=True)
class RequiredReason:
    """A change other than zero; ``change`` is signed, in yuan. ``explained`` is the sum of the
    signed reasons, None unless every reason given has an amount."""

    subject: str
    label: str
    change: Decimal
    addresses: tuple[str, ...]
    headline: bool
    given: bool
    explained: Decimal | None

    @property
    def unexplained(self) -> Decimal | None:
        """What the signed reasons leave open, in yuan."""
        return None if self.explained is None else self.change - self.explained


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
_THREE_PUBLIC: dict[str, tuple[str, str]] = {
    "three_public_total": ("“三公”经费支出", "total"),
    "overseas_travel": ("因公出国（境）费", "overseas_travel"),
    "vehicle_purchase": ("公务用车购置费", "vehicle_purchase"),
    "vehicle_operation": ("公务用车运行维护费", "vehicle_operation"),
    "official_hospitality": ("公务接待费", "official_hospitality"),
}


def compared(facts: ReportFacts) -> dict[str, Compared]:
    """Every comparison a report may make, by subject, in the order of the report."""
    found = (
        *_headlines(facts),
        *_items(facts),
        *_three_public(facts),
        *_operating_funds(facts),
    )
    return {comparison.subject: comparison for comparison in found}


def _headlines(facts: ReportFacts) -> Iterator[Compared]:
    for figure, (label, ref) in _AGAINST_LAST_YEAR.items():
        previous = facts.cell(COMPARATIVES, figure, PRIOR_YEAR)
        yield Compared(f"{figure}.{PRIOR_YEAR}", label, facts.at(ref), previous, True)
    label, ref = _AGAINST_LAST_YEAR["general_public_expenditure"]
    budget = facts.cell(BUDGET, "general_public_total", ORIGINAL_BUDGET)
    subject = f"general_public_expenditure.{ORIGINAL_BUDGET}"
    yield Compared(subject, label, facts.at(ref), budget, True)


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


def required_reasons(facts: ReportFacts) -> tuple[RequiredReason, ...]:
    """Every change other than zero, in the order of the report, with what was written about it.

    Rule of the narrative: a change other than zero needs a reason.
    """
    return tuple(
        _required(comparison, comparison.change.value, facts)
        for comparison in compared(facts).values()
        if comparison.change.value
    )


def _required(comparison: Compared, change: Decimal, facts: ReportFacts) -> RequiredReason:
    given = facts.reasons.get(comparison.subject, ())
    amounts = [reason.amount for reason in given if reason.amount is not None]
    complete = bool(given) and len(amounts) == len(given)
    return RequiredReason(
        subject=comparison.subject,
        label=f"{comparison.label}与{BASE_NAMES[comparison.base_kind]}相比",
        change=change,
        addresses=comparison.change.addresses,
        headline=comparison.headline,
        given=bool(given),
        explained=sum(amounts, ZERO) if complete else None,
    )
