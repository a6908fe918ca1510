"""What the page of one cell shows: how it is computed, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from budgets.forms import figure_text
from budgets.models import CellChange
from budgets.pages import BookView
from budgets.workbook import Provenance
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit


@dataclass(frozen=True, slots=True)
class Part:
    """One addend of a computed cell; ``sign`` is what stands before it, empty before the first."""

    ref: CellRef
    sign: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change of a cell in words: who, when, from, to, how."""

    who: str
    when: datetime
    before: str
    after: str
    how: str


def name_beside(view: BookView, ref: CellRef, target: CellRef) -> str:
    """The shortest name of a cell seen from another: its row, its column, or the whole place."""
    sheet = view.layout.sheet(ref.sheet)
    if ref.sheet != target.sheet or (ref.row != target.row and ref.column != target.column):
        return view.layout.label_of(ref, view.names)
    if ref.row == target.row:
        column = sheet.column(ref.column)
        return f"{column.group}{column.label}" if column else ref.column
    fixed = sheet.row(ref.row)
    return fixed.label if fixed else view.names.get(ref.row, ref.row)


def parts_of(view: BookView, ref: CellRef, unit: MoneyUnit) -> list[Part]:
    """The addends of a computed cell with their values, in order; none for an entered cell."""
    instance = view.network.derivations.get(ref)
    return [
        Part(
            part,
            _sign(sign, is_first=not position),
            name_beside(view, part, ref),
            text_of(view, part, unit),
        )
        for position, (part, sign) in enumerate(instance.right if instance else ())
    ]


def _sign(sign: int, *, is_first: bool) -> str:
    if sign < 0:
        return "−"
    return "" if is_first else "+"


def in_words(parts: Iterable[Part]) -> str:
    """= 一般公共服务 + 国防"""
    words = " ".join(f"{part.sign} {part.name}".strip() for part in parts)
    return f"= {words}" if words else ""


def text_of(view: BookView, ref: CellRef, unit: MoneyUnit) -> str:
    figure = view.figures.get(ref)
    kind = view.layout.sheet(ref.sheet).kind_of(ref.row)
    return figure_text(None if figure is None else figure.value, unit, kind)


def history_of(view: BookView, ref: CellRef, unit: MoneyUnit) -> list[ShownChange]:
    """Every change of the cell, the latest first."""
    kind = view.layout.sheet(ref.sheet).kind_of(ref.row)
    found = CellChange.objects.filter(workbook=view.workbook, **ref._asdict())
    return [
        ShownChange(
            who=str(change.changed_by),
            when=change.changed_at,
            before=_words(change.before, unit, kind),
            after=_words(change.after, unit, kind),
            how=_how(change),
        )
        for change in found.select_related("changed_by", "upload").order_by("-id")
    ]


def _words(value: Decimal | None, unit: MoneyUnit, kind: str) -> str:
    return figure_text(value, unit, kind) or "空"


def _how(change: CellChange) -> str:
    words = [Provenance(change.provenance).label]
    if change.is_evidence:
        words.append("导入的合计")
    if change.upload:
        words.append(change.upload.name)
    return "，".join([*words, change.reason] if change.reason else words)
