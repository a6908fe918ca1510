"""Relations between cells (勾稽关系), declared once and used three ways.

A relation derives a cell while someone types, checks a value that was imported, and names the
cells involved, so that a screen can light them up. Four shapes cover nearly all of them:
``equal``, ``sum_equals``, ``at_most`` and ``present``; ``layout_sums`` stands for the row, column
and 类/款/项 sums a layout states about one sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Each(Enum):
    """A row that binds: the relation holds for every such code, in all its cells alike."""

    ITEM = "item"  # 项, the innermost level
    DIVISION = "division"  # 类, the outermost level


@dataclass(frozen=True, slots=True)
class AllDivisions:
    """A row that spreads: the sum over all outermost codes of the sheet."""


@dataclass(frozen=True, slots=True)
class OnSide:
    """A row that spreads: the sum over the outermost codes printed on one side."""

    side: str


RowSelector = str | Each | AllDivisions | OnSide


@dataclass(frozen=True, slots=True)
class Term:
    """A cell, or a family of cells, with its sign in a sum."""

    sheet: str
    row: RowSelector
    column: str
    sign: int = 1

    def __neg__(self) -> Term:
        return replace(self, sign=-self.sign)


class Shape(Enum):
    EQUAL = "equal"
    AT_MOST = "at_most"
    PRESENT = "present"
    LAYOUT_SUMS = "layout_sums"


@dataclass(frozen=True, slots=True)
class Relation:
    """``left`` and ``right`` are sums; ``derives`` makes the one left cell a computed one."""

    shape: Shape
    left: tuple[Term, ...]
    right: tuple[Term, ...] = ()
    derives: bool = False
    sheet: str = ""


def cell(sheet: str, row: RowSelector, column: str) -> Term:
    return Term(sheet, row, column)


def equal(left: Term, right: Term, *, derives: bool = False) -> Relation:
    """left = right."""
    return Relation(Shape.EQUAL, (left,), (right,), derives)


def sum_equals(total: Term, *parts: Term, derives: bool = False) -> Relation:
    """total = Σ parts (a negated part is subtracted)."""
    return Relation(Shape.EQUAL, (total,), parts, derives)


def balance(left: tuple[Term, ...], right: tuple[Term, ...]) -> Relation:
    """Σ left = Σ right; never derives."""
    return Relation(Shape.EQUAL, left, right)


def at_most(smaller: Term, larger: Term) -> Relation:
    """smaller ≤ larger."""
    return Relation(Shape.AT_MOST, (smaller,), (larger,))


def present(wanted: Term, *, where: Term) -> Relation:
    """``wanted`` must be filled wherever ``where`` is."""
    return Relation(Shape.PRESENT, (wanted,), (where,))


def layout_sums(sheet: str) -> Relation:
    """The sums which the layout states about one sheet."""
    return Relation(Shape.LAYOUT_SUMS, (), sheet=sheet)
