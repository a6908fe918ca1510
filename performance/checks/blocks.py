"""PT-13x: what the blocks of a form beside its goals must hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from performance.checks.catalogue import BY_ID
from performance.evaluation import DeclarationSnapshot
from rulebook.addresses import declaration_address
from rulebook.amounts import ZERO, Interval, MoneyUnit, in_wan
from rulebook.findings import Finding
from rulebook.forms import BlockKind, FieldKind, FormEdition, load_form


def check_blocks(declaration: DeclarationSnapshot, label: str) -> Iterator[Finding]:
    """Fields the form wants filled, and details that add up to the sources of the money."""
    if not declaration.form:
        return
    form = load_form(declaration.form)
    if form.is_of_targets:
        yield from _required(declaration, form, label)
        yield from _details(declaration, form, label)


def _required(declaration: DeclarationSnapshot, form: FormEdition, label: str) -> Iterator[Finding]:
    for field in form.fields():
        is_typed = field.kind is not FieldKind.RECORD
        if field.is_required and is_typed and not declaration.text(field.key).strip():
            yield BY_ID["PT-131"].finding(
                f"没有填写“{field.label}”。",
                declaration_address(declaration.subject, field.key, "text"),
                label=f"{label}{field.label}",
            )


def _details(declaration: DeclarationSnapshot, form: FormEdition, label: str) -> Iterator[Finding]:
    details, sources = _sum_of_details(declaration), _sum_of_sources(declaration, form)
    if details is None or sources is None or details.can_equal(sources):
        return
    (block, *_) = form.blocks_of(BlockKind.DETAILS)
    mine, theirs = in_wan(details.value), in_wan(sources.value)
    yield BY_ID["PT-132"].finding(
        f"支出明细合计 {mine:,} 万元，资金来源合计 {theirs:,} 万元，"
        f"相差 {in_wan(abs(details.value - sources.value)):,} 万元。",
        declaration_address(declaration.subject, block.key, "details"),
        label=f"{label}支出明细",
        left=details.value,
        right=sources.value,
    )


def _sum(parts: list[tuple[Decimal, str, int]]) -> Interval | None:
    if not parts:
        return None
    whole = Interval(ZERO)
    for amount, unit, decimals in parts:
        whole = whole.plus(Interval.declared(amount, MoneyUnit.from_code(unit), decimals))
    return whole


def _sum_of_details(declaration: DeclarationSnapshot) -> Interval | None:
    return _sum(
        [
            (amount, row.unit, row.decimals)
            for row in declaration.details
            for amount in (row.own_level, row.transfer, row.other)
            if amount is not None
        ]
    )


def _sum_of_sources(declaration: DeclarationSnapshot, form: FormEdition) -> Interval | None:
    """Of the block whose rows add up to a total."""
    blocks = form.blocks_of(BlockKind.SOURCES)
    summed = {b.key: b for b in blocks if any(row.is_total for row in b.rows)}
    if not form.blocks_of(BlockKind.DETAILS):
        return None
    parts = {(b.key, row.key) for b in summed.values() for row in b.rows if not row.is_total}
    return _sum(
        [
            (each.amount, each.unit, each.decimals)
            for each in declaration.amounts
            if (each.block, each.row) in parts
        ]
    )
