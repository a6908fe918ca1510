"""PURE: rows laid out in per cent of the page → one table with the fewest columns.

The blocks of a form divide the page differently. Each row is given in per cent; the table gets a
column for every edge that some row has, and each cell spans the columns it covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from disclosures.report.blocks import Cell
from disclosures.report.spans import HEAD, LABEL

WHOLE = 100
TIER = "tier"
"""Style of a merged tier; labels and heads of ``spans.py`` are repeated over page breaks."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell from ``start`` to ``end``, in per cent of the page's width."""

    start: int
    end: int
    cell: Cell


Line = tuple[Piece, ...]


def line(start: int, *parts: tuple[int, Cell]) -> Line:
    """Cells side by side from ``start``, each with its width."""
    return tuple(_placed(start, parts))


def _placed(start: int, parts: Iterable[tuple[int, Cell]]) -> Iterator[Piece]:
    for width, cell in parts:
        yield Piece(start, start + width, cell)
        start += width


def assemble(
    lines: Sequence[Line],
) -> tuple[tuple[tuple[Cell, ...], ...], tuple[Decimal, ...]]:
    """The body of the table and the widths of its columns."""
    edges = sorted(
        {0, WHOLE} | {edge for row in lines for piece in row for edge in (piece.start, piece.end)}
    )
    at = {edge: number for number, edge in enumerate(edges)}
    body = tuple(
        tuple(replace(p.cell, colspan=at[p.end] - at[p.start]) for p in row) for row in lines
    )
    return body, tuple(Decimal(right - left) for left, right in pairwise(edges))


def divided(room: int, weights: Sequence[int]) -> list[int]:
    """``room`` in whole parts in proportion to the weights; the parts add up to it."""
    whole, edges, sofar = sum(weights), [0], 0
    for weight in weights:
        sofar += weight
        edges.append((room * sofar * 2 + whole) // (whole * 2))
    return [right - left for left, right in pairwise(edges)]


def label(text: str, rowspan: int = 1) -> Cell:
    return Cell(text, "center", rowspan=rowspan, style=LABEL)


def head(text: str, rowspan: int = 1) -> Cell:
    return Cell(text, "center", rowspan=rowspan, style=HEAD)


def tier(text: str, rowspan: int = 1) -> Cell:
    return Cell(text, "center", rowspan=rowspan, style=TIER)
