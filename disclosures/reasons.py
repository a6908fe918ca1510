"""PURE: which changes want a reason, and whether they have one.

A reason's subject is "<figure>.<base>": the figure that changed and what it is compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from budgets.checks import BUDGET, FINAL_ACCOUNTS
from disclosures.comparisons import accounts, budget
from disclosures.comparisons.compared import (
    BASE_NAMES,
    ITEM_PREFIX,
    ORIGINAL_BUDGET,
    PRIOR_YEAR,
    REVISED_BUDGET,
    Compared,
)
from disclosures.facts import ReportFacts
from rulebook.amounts import ZERO

__all__ = [
    "BASE_NAMES",
    "ITEM_PREFIX",
    "ORIGINAL_BUDGET",
    "PRIOR_YEAR",
    "REVISED_BUDGET",
    "Compared",
    "RequiredReason",
    "compared",
    "reason_key",
    "required_reasons",
]
REASON_PREFIX = "reason."
BOOKS: Mapping[str, Callable[[ReportFacts], Iterator[Compared]]] = {
    FINAL_ACCOUNTS: accounts.comparisons,
    BUDGET: budget.comparisons,
}
"""Kind of layout → the comparisons of its book."""


def reason_key(subject: str) -> str:
    """The key under which the reasons of a change stand among the texts of a filing."""
    return f"{REASON_PREFIX}{subject}"


def compared(facts: ReportFacts) -> dict[str, Compared]:
    """Every comparison a report may make, by subject, in the order of the report."""
    found = BOOKS[facts.layout.edition.kind](facts)
    return {comparison.subject: comparison for comparison in found}


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


def required_reasons(facts: ReportFacts) -> tuple[RequiredReason, ...]:
    """Every change other than zero that asks for a reason, in the order of the report, with what
    was written about it.

    Rule of the narrative: a change other than zero needs a reason.
    """
    return tuple(
        _required(comparison, comparison.change.value, facts)
        for comparison in compared(facts).values()
        if comparison.asks and comparison.change.value
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
