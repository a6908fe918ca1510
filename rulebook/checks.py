"""Checks: a relation or a named function with everything a person needs to act on it.

``run_checks`` never raises for bad data: what a user got wrong comes back as findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rulebook.addresses import CellRef, cell_address
from rulebook.amounts import WAN_IN_YUAN, Interval, in_wan
from rulebook.findings import Figure, Finding, Scope, Severity
from rulebook.layouts import WorkbookLayout
from rulebook.network import Instance, Network, signed_total
from rulebook.relations import Relation, Shape

Figures = Mapping[CellRef, Interval]
"""Entered and derived cells of one book, in yuan or counts; an absent cell is empty."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A disagreement before it is put into words; the two values are numbers or words."""

    places: tuple[str, ...]
    label: str
    left: Figure
    right: Figure
    message: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """One book under check: its layout, resolved figures, kept evidence and code names.

    ``added`` is what withheld rows contribute to totals besides their visible parts.
    ``book_kind`` is the kind of unit, which a few rules ask for.
    """

    book: str
    book_kind: str
    layout: WorkbookLayout
    figures: Figures
    evidence: Figures
    added: Figures
    code_names: Mapping[str, str]

    def label(self, ref: CellRef) -> str:
        return self.layout.label_of(ref, dict(self.code_names))

    def value(self, sheet: str, row: str, column: str) -> Decimal | None:
        found = self.figures.get(CellRef(sheet, row, column))
        return None if found is None else found.value

    def address(self, sheet: str, row: str, column: str) -> str:
        return cell_address(self.book, CellRef(sheet, row, column))


Judge = Callable[[Context], Iterable[Verdict]]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule with its id, severity, source and hint. Ids are printed and never reused.

    A check holds relations, or one named function. ``citation`` is a key of documents.toml.
    """

    id: str
    title: str
    severity: Severity
    scope: Scope
    hint: str
    relations: tuple[Relation, ...] = ()
    judge: Judge | None = None
    citation: str = ""
    first_year: int | None = None
    last_year: int | None = None

    def holds_in(self, fiscal_year: int) -> bool:
        early = self.first_year is not None and fiscal_year < self.first_year
        late = self.last_year is not None and fiscal_year > self.last_year
        return not early and not late


def amount_text(value: Decimal | None, kind: str = "money", beside: Iterable[Decimal] = ()) -> str:
    """A value for a message: 万元 where that loses nothing, else 元; counts plain; 空 if empty.

    ``beside`` are the other amounts of the message, so that all of it is in one unit.
    """
    if value is None:
        return "空"
    if kind != "money":
        return f"{value:,f}"
    if all(in_wan(amount) * WAN_IN_YUAN == amount for amount in (value, *beside)):
        return f"{in_wan(value):,.2f} 万元"
    return f"{value:,.2f} 元"


def _describe(refs: tuple[tuple[CellRef, int], ...], context: Context) -> str:
    shown = [ref for ref, _ in refs if ref in context.figures or ref in context.evidence]
    names = [context.label(ref) for ref in (shown or [ref for ref, _ in refs])]
    return names[0] if len(names) == 1 else f"{names[0]} 等 {len(names)} 项之和"


def _verdict(
    instance: Instance, left: Interval | None, right: Interval | None, context: Context
) -> Verdict:
    refs = [ref for ref, _ in (*instance.left, *instance.right)]
    kept = [ref for ref in refs if ref in context.figures or ref in context.evidence]
    kind = context.layout.sheet(refs[0].sheet).kind_of(refs[0].row)
    left_name = _describe(instance.left, context)
    right_name = _describe(instance.right, context)
    left_value, right_value = (None if side is None else side.value for side in (left, right))
    beside = [value for value in (left_value, right_value) if value is not None]
    words = "大于" if instance.shape is Shape.AT_MOST else "与"
    message = (
        f"{left_name}为 {amount_text(left_value, kind, beside)}，{words}{right_name}"
        f" {amount_text(right_value, kind, beside)}"
    )
    difference = abs((left_value or Decimal(0)) - (right_value or Decimal(0)))
    severity = None
    if left and right and _explained_by_rounding(instance, left, right):
        severity = Severity.NOTICE
        largest = amount_text(left.largest_rounding(right), kind)
        tail = f"，四舍五入最多可以解释 {largest}，在此范围内。"
    else:
        tail = "。"
    return Verdict(
        places=tuple(cell_address(context.book, ref) for ref in kept),
        label=context.label(refs[0]),
        left=left_value,
        right=right_value,
        message=f"{message}，相差 {amount_text(difference, kind, beside)}{tail}",
        severity=severity,
    )


def _explained_by_rounding(instance: Instance, left: Interval, right: Interval) -> bool:
    return instance.shape is Shape.EQUAL and left.can_equal(right)


def judge_instance(instance: Instance, context: Context) -> Verdict | None:
    """Hold one instance of a relation against the figures; ``None`` when it holds.

    An empty side makes a relation not applicable, except for a kept imported total that should
    be empty and for ``present``.
    """
    more = context.added.get(instance.left[0][0]) if instance.downward else None
    right = signed_total(instance.right, context.figures, more)
    if instance.shape is Shape.PRESENT:
        left = signed_total(instance.left, context.figures)
        missing = left is None and right is not None and right.value != 0
        return _missing(instance, right, context) if missing else None
    if instance.derives:
        left = context.evidence.get(instance.left[0][0])
        if left is None or (right is None and left.value == 0):
            return None
        if right is None:
            return _verdict(instance, left, None, context)
    else:
        left = signed_total(instance.left, context.figures)
        if left is None or right is None:
            return None
    if instance.shape is Shape.AT_MOST:
        return None if left.can_be_at_most(right) else _verdict(instance, left, right, context)
    return None if left.value == right.value else _verdict(instance, left, right, context)


def _missing(instance: Instance, right: Interval | None, context: Context) -> Verdict:
    wanted, filled = instance.left[0][0], instance.right[0][0]
    value = None if right is None else right.value
    return Verdict(
        places=(cell_address(context.book, wanted), cell_address(context.book, filled)),
        label=context.label(wanted),
        left=None,
        right=value,
        message=f"{context.label(filled)}为 {amount_text(value)}，{context.label(wanted)}却为空。",
    )


def finding_of(check: Check, verdict: Verdict) -> Finding:
    """A verdict in the words of its check."""
    difference = None
    if isinstance(verdict.left, Decimal) and isinstance(verdict.right, Decimal):
        difference = verdict.left - verdict.right
    return Finding(
        check_id=check.id,
        severity=verdict.severity or check.severity,
        title=check.title,
        message=verdict.message,
        hint=check.hint,
        places=verdict.places,
        label=verdict.label,
        left=verdict.left,
        right=verdict.right,
        difference=difference,
    )


def run_checks(
    checks: Iterable[Check],
    network: Network,
    context: Context,
    only: Iterable[CellRef] | None = None,
) -> list[Finding]:
    """All findings of one book, in the order of the checks; never raises for bad data.

    ``only`` limits the relations to those that touch the given cells (and, through derived
    cells, depend on them); named functions always run.
    """
    by_check: dict[str, list[Instance]] = {}
    for instance in network.instances if only is None else network.touching(only):
        by_check.setdefault(instance.check_id, []).append(instance)
    findings: list[Finding] = []
    for check in checks:
        verdicts = [
            verdict
            for instance in by_check.get(check.id, ())
            if (verdict := judge_instance(instance, context)) is not None
        ]
        if check.judge is not None:
            verdicts.extend(check.judge(context))
        findings.extend(finding_of(check, verdict) for verdict in verdicts)
    return findings
