"""PURE: labels that span rows, over page breaks.

The page printer shows a spanning label on its first page only. So a short span is kept on one
page, and a long one is cut where the page ends: the part on the next page repeats the label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter
from typing import TypeVar

from disclosures.report.blocks import Cell, HeaderCell, Table

SHORT_SPAN = 3  # rows; keeping more together would leave too much of a page white
LABEL, HEAD = "label", "head"
"""Styles of the cells of a form: the label of a block, the head of a column inside the table."""

Placed = tuple[int, int, Cell]
Spanning = TypeVar("Spanning", Cell, HeaderCell)


def placed_cells(table: Table) -> Iterator[Placed]:
    """Every body cell with its row and column; spans that leave the table are cut at its edge."""
    return placed(table.body, len(table.widths))


def placed_heads(table: Table) -> Iterator[tuple[int, int, HeaderCell]]:
    """Every cell of the header, in the same way."""
    return placed(table.header, len(table.widths))


def placed(rows: Sequence[Sequence[Spanning]], width: int) -> Iterator[tuple[int, int, Spanning]]:
    """The cells of rows with the row and column each begins at, kept within the width."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            bounded = _bounded(cell, width - column, len(rows) - row)
            taken.update(_covered(row, column, bounded))
            yield row, column, bounded
            column += bounded.colspan


def _bounded(cell: Spanning, columns: int, rows: int) -> Spanning:
    colspan, rowspan = (
        max(1, min(cell.colspan, columns)),
        max(1, min(cell.rowspan, rows)),
    )
    if (colspan, rowspan) == (cell.colspan, cell.rowspan):
        return cell
    return replace(cell, colspan=colspan, rowspan=rowspan)


def _covered(row: int, column: int, cell: Cell | HeaderCell) -> Iterator[tuple[int, int]]:
    """The places below the cell's first row, which later rows must step over."""
    for below in range(row + 1, row + cell.rowspan):
        for beside in range(column, column + cell.colspan):
            yield below, beside


def has_long_span(table: Table) -> bool:
    return any(cell.rowspan > SHORT_SPAN for _, _, cell in placed_cells(table))


def kept_rows(table: Table) -> frozenset[int]:
    """Rows that may not begin a page: inside a short span, the second and the last row."""
    kept = {1, len(table.body) - 1} & set(range(1, len(table.body)))
    for row, _, cell in placed_cells(table):
        if 1 < cell.rowspan <= SHORT_SPAN:
            kept.update(range(row + 1, row + cell.rowspan))
    for heads in headed_rows(table).values():
        kept.update(range(heads.start + 1, heads.stop + 1))  # no head without a row below it
        if heads.start and any(cell.style == LABEL for cell in table.body[heads.start - 1]):
            kept.add(heads.start)  # nor the name of a goal without what it heads
    return frozenset(kept)


def headed_rows(table: Table) -> dict[int, range]:
    """Row → the rows that head it: column heads hold until the next block's label or heads."""
    heads: dict[int, range] = {}
    current: range | None = None
    for index, cells in enumerate(table.body):
        styles = {cell.style for cell in cells}
        if HEAD in styles:
            begun = current is not None and current.stop == index
            current = range(current.start if begun and current else index, index + 1)
        elif LABEL in styles:
            current = None
        elif current is not None:
            heads[index] = current
    return heads


def crossed(table: Table, breaks: Iterable[int]) -> frozenset[int]:
    """Those page breaks (indexes of the first row after) that fall inside a span, or between
    column heads and a row they head."""
    spans = [(row, row + cell.rowspan) for row, _, cell in placed_cells(table)]
    heads = headed_rows(table)
    return frozenset(
        index
        for index in breaks
        if index in heads or any(first < index < after for first, after in spans)
    )


def with_heads(table: Table, breaks: Iterable[int]) -> tuple[Table, tuple[int, ...]]:
    """The table cut at ``breaks`` with labels and column heads printed again after each, and for
    every row of it the row of ``table`` it belongs to."""
    cuts = set(breaks)
    heads, cut = headed_rows(table), split_spans(table, cuts)
    rows: list[tuple[Cell, ...]] = []
    origin: list[int] = []
    for index, cells in enumerate(cut.body):
        own = cells
        if index in cuts and index in heads:
            repeated, own = _repeated([table.body[at] for at in heads[index]], cells)
            rows += repeated
            origin += [index] * len(repeated)
        rows.append(own)
        origin.append(index)
    return replace(cut, body=tuple(rows)), tuple(origin)


def original_rows(table: Table, breaks: Iterable[int], printed: Iterable[int]) -> frozenset[int]:
    """The rows of ``table`` that stand at the given places once it is cut at ``breaks``."""
    origin = with_heads(table, breaks)[1]
    return frozenset(origin[row] for row in printed if row < len(origin))


def _repeated(
    heads: list[tuple[Cell, ...]], row: tuple[Cell, ...]
) -> tuple[list[tuple[Cell, ...]], tuple[Cell, ...]]:
    """Heads above a row; the block's label, which the row repeats, covers them too."""
    own = [tuple(cell for cell in cells if cell.style == HEAD) for cells in heads]
    labels = tuple(
        replace(cell, rowspan=cell.rowspan + len(heads)) for cell in row if cell.style == LABEL
    )
    own[0] = (*labels, *own[0])
    return own, tuple(cell for cell in row if cell.style != LABEL)


def split_spans(table: Table, breaks: Iterable[int]) -> Table:
    """The same table with every span cut at ``breaks`` and its label repeated after each."""
    rows: list[list[tuple[int, Cell]]] = [[] for _ in table.body]
    cuts = sorted(breaks)
    for row, column, cell in placed_cells(table):
        after = row + cell.rowspan
        edges = [row, *(cut for cut in cuts if row < cut < after), after]
        for start, end in pairwise(edges):
            piece = cell if end - start == cell.rowspan else replace(cell, rowspan=end - start)
            rows[start].append((column, piece))
    body = tuple(tuple(cell for _, cell in sorted(row, key=itemgetter(0))) for row in rows)
    return replace(table, body=body)
