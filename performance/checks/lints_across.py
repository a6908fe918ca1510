"""PT-215…217: the declarations of a department's units beside the department's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from budgets.workbook import total_interval
from performance.checks.catalogue import BY_ID
from performance.checks.declarations import subject_label
from performance.checks.lints_money import MoneyFacts
from performance.evaluation import DEPARTMENT, DeclarationSnapshot
from performance.form_figures import THIS_YEAR, FormFigures, Place
from rulebook.addresses import declaration_address
from rulebook.amounts import Interval
from rulebook.checks import amount_text
from rulebook.findings import Finding
from rulebook.forms import BlockKind, load_form

Amounts = Mapping[Place, Interval]


def check_across(
    declarations: Sequence[DeclarationSnapshot],
    figures: Mapping[str, FormFigures],
    units: Mapping[str, str],
) -> Iterator[Finding]:
    """Every amount of the department against its units'; ``units`` are subject and name of all."""
    amounts = {
        each.subject: amounts_of(each, figures.get(each.subject, FormFigures()))
        for each in declarations
        if each.subject in (DEPARTMENT, *units)
    }
    whole = amounts.pop(DEPARTMENT, None)
    if whole is None:
        return
    labels = labels_of(next(each for each in declarations if each.subject == DEPARTMENT))
    for place, amount in whole.items():
        parts = {unit: found[place] for unit, found in amounts.items() if place in found}
        if place[2] != THIS_YEAR:
            yield from _larger(place, labels[place], amount, parts, units)
        if parts and len(parts) == len(units):
            yield from _not_the_sum(place, labels[place], amount, parts)


def amounts_of(declaration: DeclarationSnapshot, figures: FormFigures) -> dict[Place, Interval]:
    """The amounts of the blocks of money: written where they were, otherwise from records."""
    form = load_form(declaration.form)
    facts = MoneyFacts(declaration, form, figures, None)
    found: dict[Place, Interval] = {}
    for block in form.blocks_of(BlockKind.MONEY):
        for column in (c.key for c in block.columns if c.key != "share"):
            for row in block.rows:
                place = (block.key, row.key, column)
                amount = facts.typed(*place) or figures.amount(*place)
                if amount is None and row.is_total:
                    parts = (found.get((block.key, each.key, column)) for each in block.rows)
                    amount = total_interval(parts)
                if amount is not None:
                    found[place] = amount
    return found


def labels_of(declaration: DeclarationSnapshot) -> dict[Place, str]:
    """The words of each amount: block, row, and the printed head of its column."""
    return {
        (block.key, row.key, column.key): f"{block.title} {row.label} {_year(column.key)}"
        for block in load_form(declaration.form).blocks_of(BlockKind.MONEY)
        for row in block.rows
        for column in block.columns
    }


def _year(column: str) -> str:
    return {"this_year": "本年", "last_year": "上年", "two_years_before": "前年"}.get(
        column, column
    )


def _larger(
    place: Place,
    label: str,
    whole: Interval,
    parts: Mapping[str, Interval],
    names: Mapping[str, str],
) -> Iterator[Finding]:
    for unit, part in parts.items():
        if not part.can_be_at_most(whole):
            yield _finding(
                "PT-216", "为 {}，大于部门的 {}，相差 {}。", (unit, DEPARTMENT), place, label,
                part, whole, of=subject_label(unit, names[unit]),
            )  # fmt: skip


def _not_the_sum(
    place: Place, label: str, whole: Interval, parts: Mapping[str, Interval]
) -> Iterator[Finding]:
    summed = total_interval(parts.values())
    if summed is None or summed.can_equal(whole):
        return
    id = "PT-215" if place[2] == THIS_YEAR else "PT-217"
    yield _finding(
        id, "部门为 {}，各单位之和为 {}，相差 {}。",
        (DEPARTMENT, *parts), place, label, whole, summed,
    )  # fmt: skip


def _finding(
    id: str,
    message: str,
    subjects: Sequence[str],
    place: Place,
    label: str,
    left: Interval,
    right: Interval,
    of: str = "",
) -> Finding:
    """``message`` has places for both values and their difference; ``of`` stands before it."""
    difference = abs(left.value - right.value)
    beside = (left.value, right.value, difference)
    words = [amount_text(value, "money", beside) for value in beside]
    field = "/".join(place[1:])
    places = [declaration_address(subject, place[0], field) for subject in subjects]
    return BY_ID[id].finding(
        f"{of}{message.format(*words)}",
        *places,
        label=label,
        left=left.value,
        right=right.value,
    )
