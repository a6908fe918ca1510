"""What changed from one submission to the next, place by place, with both values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgets.workbook import FUND_AMOUNTS
from disclosures.filing_package import FilingPackage
from disclosures.publication import FrozenFiling
from disclosures.reason_kinds import reason_kinds
from disclosures.reasons import reason_key
from performance.evaluation import EvaluationSnapshot
from reviews.places import label_of
from rulebook.addresses import (
    cell_address,
    declaration_address,
    evaluation_address,
    procurement_address,
    project_address,
    project_budget_address,
    purchased_service_address,
    text_address,
)

Values = dict[str, str]
"""Address → what stands there, in words."""

PROJECT_AMOUNTS = (
    ("original_budget", "年初预算"),
    ("revised_budget", "全年预算"),
    ("actual", "执行数"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One place with both values; empty means that nothing stood there."""

    place: str
    label: str
    before: str
    after: str


def changes_between(before: FrozenFiling, after: FrozenFiling) -> list[Change]:
    """Every place whose value differs, in the order of the package."""
    old, new = values_of(before.package), values_of(after.package)
    places = [place for place in (new | old) if old.get(place, "") != new.get(place, "")]
    return [
        Change(place, _label(place, before, after), old.get(place, ""), new.get(place, ""))
        for place in places
    ]


def _label(place: str, before: FrozenFiling, after: FrozenFiling) -> str:
    where = place.partition("#")[0]
    found = (label_of(where, frozen.package, frozen.results) for frozen in (after, before))
    return next(filter(None, found), "文字")


def values_of(package: FilingPackage) -> Values:
    """Everything a department files, flat."""
    return dict(_values(package))


def _lists(package: FilingPackage) -> Iterator[tuple[str, str]]:
    for budget in package.project_budgets:
        for fund in FUND_AMOUNTS:
            yield project_budget_address(budget.code, fund), _yuan(getattr(budget, fund))
        yield project_budget_address(budget.code, "total_budget"), _yuan(budget.total_budget)
        yield project_budget_address(budget.code, "main_use"), budget.main_use
    for bought in package.procurement:
        place = procurement_address(bought.book, bought.number, "amount")
        yield place, f"{bought.item_name} {_yuan(bought.amount)}"
    for service in package.purchased_services:
        place = purchased_service_address(service.book, service.number, "amount")
        yield place, f"{service.content} {_yuan(service.amount)}"


def _values(package: FilingPackage) -> Iterator[tuple[str, str]]:
    for book in package.books:
        for cell in book.cells:
            yield cell_address(book.book, cell.ref), _yuan(cell.value)
    for project in package.projects:
        for name, _ in PROJECT_AMOUNTS:
            yield project_address(project.code, name), _yuan(getattr(project, name))
    yield from _lists(package)
    for declaration in package.declarations:
        for row in declaration.indicators:
            yield declaration_address(declaration.subject, row.key, "target"), row.target
    for evaluation in package.evaluations:
        yield from _achieved(evaluation)
    for text in package.texts:
        yield text_address(text.key), text.body
    yield from _reasons(package)
    for number, task in enumerate(package.key_tasks, 1):
        yield text_address(f"key_tasks#{number}"), f"{task.item}：{task.outcome}"


def _reasons(package: FilingPackage) -> Iterator[tuple[str, str]]:
    """Reasons counted within their change, so that one more leaves the others where they are."""
    head, seen = package.head, Counter[str]()
    names = {kind.key: kind.name for kind in reason_kinds(head.region_code, head.fiscal_year)}
    for reason in package.reasons:
        seen[reason.subject] += 1
        place = text_address(reason_key(reason.subject))
        signed = "" if reason.amount is None else f"{reason.amount:+,.2f}"
        more = "，".join(filter(None, (signed, names.get(reason.kind, reason.kind))))
        words = f"{reason.text}（{more}）" if more else reason.text
        yield f"{place}#{seen[reason.subject]}", words


def _achieved(evaluation: EvaluationSnapshot) -> Iterator[tuple[str, str]]:
    for result in evaluation.results:
        address = evaluation_address(evaluation.subject, result.indicator, "achieved")
        yield address, result.achieved
        reason = evaluation_address(evaluation.subject, result.indicator, "deviation_reason")
        yield reason, result.deviation_reason


def _yuan(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"
