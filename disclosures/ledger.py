"""PURE: the ledger of reasons: of every change, what its signed reasons explain and leave open.

A reason against the direction of its change is allowed and counts with its sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from disclosures.facts import ReportFacts
from disclosures.filing_package import Reason
from disclosures.reasons import RequiredReason, required_reasons
from rulebook.amounts import ZERO, Interval, MoneyUnit, in_wan

WAN_DECIMALS = 2


class Standing(StrEnum):
    """How far the reasons of a change carry."""

    UNSIGNED = "unsigned"  # no reason has an amount
    PARTLY = "partly"  # what the amounts leave open, reasons without an amount may explain
    WHOLE = "whole"
    UNDER = "under"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Account:
    """One change with the reasons given for it; all amounts signed, in yuan."""

    change: RequiredReason
    reasons: tuple[Reason, ...]

    @property
    def amounts(self) -> list[Decimal]:
        return [reason.amount for reason in self.reasons if reason.amount is not None]

    @property
    def explained(self) -> Decimal:
        return sum(self.amounts, ZERO)

    @property
    def remainder(self) -> Decimal:
        return self.change.change - self.explained

    @property
    def standing(self) -> Standing:
        if not self.amounts:
            return Standing.UNSIGNED
        if self._explains_all():
            return Standing.WHOLE
        if (self.remainder > 0) is not (self.change.change > 0):
            return Standing.OVER
        return Standing.UNDER if len(self.amounts) == len(self.reasons) else Standing.PARTLY

    def _explains_all(self) -> bool:
        """Amounts written in 万元 with two decimals stand for what rounds to them."""
        stated = Interval(ZERO)
        for amount in self.amounts:
            stated = stated.plus(_as_written(amount))
        return stated.can_equal(Interval(self.change.change))


def _as_written(amount: Decimal) -> Interval:
    """Two decimals of 万元 where the amount has no more, otherwise the amount to the fen."""
    if in_wan(amount) * MoneyUnit.WAN.value != amount:
        return Interval(amount)
    return Interval.declared(amount, MoneyUnit.WAN, WAN_DECIMALS)


def ledger_of(facts: ReportFacts) -> tuple[Account, ...]:
    """The account of every change that wants a reason, in the order of the report."""
    given = [reason for reasons in facts.reasons.values() for reason in reasons]
    return accounts_of(required_reasons(facts), given)


def accounts_of(
    required: Iterable[RequiredReason], reasons: Iterable[Reason]
) -> tuple[Account, ...]:
    """The account of each change with these reasons."""
    by_subject: dict[str, list[Reason]] = {}
    for reason in reasons:
        by_subject.setdefault(reason.subject, []).append(reason)
    return tuple(Account(each, tuple(by_subject.get(each.subject, ()))) for each in required)
