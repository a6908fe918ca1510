"""What the page of texts shows of the ledger: accounts with their rows, movements to propose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.links import cell_link
from disclosures.facts import ReportFacts
from disclosures.filing_package import Reason
from disclosures.forms import AmountField, typed_reasons
from disclosures.ledger import Account, accounts_of
from disclosures.movements import Movement, MovementFinder
from disclosures.reasons import Compared, RequiredReason, compared
from filings.models import Filing

TEXT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Proposal:
    """A movement one click makes a reason of. ``value`` is what the button sends; ``wan`` the
    amount as a person would type it."""

    value: str
    label: str
    amount: Decimal
    wan: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """A change with the rows of its reasons; ``account`` is None where nothing changed."""

    subject: str
    account: Account | None
    rows: tuple[Any, ...]
    proposals: tuple[Proposal, ...]


def ledger_page(
    filing: Filing,
    facts: ReportFacts,
    required: Sequence[RequiredReason],
    rows: Iterable[Any],
    finder: MovementFinder,
) -> list[ShownAccount]:
    """Every change with its rows, then reasons written where nothing changed."""
    forms = list(rows)
    by_subject: dict[str, list[Any]] = {}
    for form in forms:
        by_subject.setdefault(form["subject"].value() or "", []).append(form)
    every = compared(facts)
    given = typed_reasons(forms) if forms and forms[0].is_bound else _given(facts)
    shown = [
        ShownAccount(
            account.change.subject,
            account,
            tuple(by_subject.pop(account.change.subject, ())),
            _proposals(filing, facts, finder, every[account.change.subject]),
        )
        for account in accounts_of(required, given)
    ]
    return shown + [ShownAccount(key, None, tuple(own), ()) for key, own in by_subject.items()]


def _given(facts: ReportFacts) -> list[Reason]:
    return [reason for reasons in facts.reasons.values() for reason in reasons]


def proposal(finder: MovementFinder, comparison: Compared, number: str) -> Reason | None:
    """The reason a numbered movement of a change becomes; ``None`` for a number it has not."""
    movements = _movements(finder, comparison)
    if not number.isdecimal() or len(number) > 2 or int(number) >= len(movements):
        return None
    movement = movements[int(number)]
    return Reason(comparison.subject, _words(movement), movement.amount)


def _movements(finder: MovementFinder, comparison: Compared) -> list[Movement]:
    found = finder.of(comparison)
    return [*found.items, *found.units]


def _words(movement: Movement) -> str:
    verb = "增加" if movement.amount > 0 else "减少"
    return f"{movement.label}{verb}"[:TEXT_LENGTH]


def _proposals(
    filing: Filing, facts: ReportFacts, finder: MovementFinder, comparison: Compared
) -> tuple[Proposal, ...]:
    books = facts.records.books
    sole = books[0].book if len(books) == 1 else ""
    wan = AmountField()
    return tuple(
        Proposal(
            value=f"{comparison.subject}|{number}",
            label=movement.label,
            amount=movement.amount,
            wan=wan.prepare_value(movement.amount),
            text=_words(movement),
            link=cell_link(filing, movement.addresses[0], sole),
        )
        for number, movement in enumerate(_movements(finder, comparison))
    )
