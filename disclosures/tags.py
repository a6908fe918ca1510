"""Heads and data of printed tables, tied together in the tags of a file.

WeasyPrint takes only ``th`` for a head, ties a head over several columns to the first of them, and
writes no tree of identifiers. The forms have their heads in the body, block by block.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pydyf

from disclosures.report.forms.grid import TIER
from disclosures.report.spans import HEAD, LABEL

COLUMN, ROW = "/Column", "/Row"
SCOPES = {HEAD: COLUMN, LABEL: ROW, TIER: ROW}
"""Styles of body cells that head others (see ``report.spans``) → what they head."""


def tie_tables(pages: Iterator[Any], root: pydyf.Dictionary) -> None:
    """Mark the heads of every table below the boxes of ``pages``, give each an identifier, name
    to each cell its heads, and list the identifiers in the root of the structure."""
    numbers = count(1)
    heads = [
        head
        for page in pages
        for table in _tables(page)
        for head in _Table(table, next(numbers)).tie()
    ]
    if heads:
        heads.sort(key=lambda mark: str(mark["ID"].string))
        pairs = [part for mark in heads for part in (mark["ID"], mark.reference)]
        root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(pairs)})


def _tables(box: Any) -> Iterator[list[Any]]:
    """The rows of every table, as laid out on a page."""
    if box.element_tag == "table" and getattr(box, "is_table_wrapper", False):
        yield list(_rows(box))
        return
    for child in getattr(box, "children", ()):
        yield from _tables(child)


def _rows(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        if child.element_tag == "tr":
            yield child
        else:
            yield from _rows(child)


class _Table:
    """The part of a table on one page. Column heads hold until others, or the label of a new
    block, stand below them; a row's heads are those next to each other left of a cell."""

    def __init__(self, rows: list[Any], number: int) -> None:
        self.rows = rows
        self.number = number
        self.columns: dict[int, list[pydyf.String]] = {}
        self.below: dict[int, int] = {}
        self.sides: dict[tuple[int, int], pydyf.String] = {}

    def tie(self) -> Iterator[pydyf.Dictionary]:
        for at, row in enumerate(self.rows):
            scopes = [(cell, _scope(cell)) for cell in row.children]
            if any(LABEL in _classes(cell) for cell in row.children):
                self.columns.clear()
            for cell, scope in scopes:
                if scope:
                    yield self._head(cell, scope, at)
            for cell, scope in scopes:
                if not scope:
                    self._name_heads(cell, at)

    def _head(self, cell: Any, scope: str, at: int) -> pydyf.Dictionary:
        mark = cell.mark
        mark["S"], mark["ID"] = "/TH", pydyf.String(f"{self.number:05d}-{at:04d}-{cell.grid_x:03d}")
        mark["A"].pop("Headers", None)
        mark["A"]["Scope"] = scope
        for column in _columns(cell):
            if scope == COLUMN:
                above = self.columns.get(column, []) if self.below.get(column) == at else []
                self.columns[column] = [*above, mark["ID"]]
                self.below[column] = at + cell.rowspan
            else:
                self.sides |= {(row, column): mark["ID"] for row in range(at, at + cell.rowspan)}
        return mark

    def _name_heads(self, cell: Any, at: int) -> None:
        found = [*self._beside(at, cell.grid_x)]
        for column in _columns(cell):
            found += self.columns.get(column, [])
        cell.mark["A"]["Headers"] = pydyf.Array(dict.fromkeys(found))

    def _beside(self, at: int, column: int) -> list[pydyf.String]:
        heads: list[pydyf.String] = []
        for left in range(column - 1, -1, -1):
            head = self.sides.get((at, left))
            if head is not None:
                heads.insert(0, head)
            elif heads:
                break
        return heads


def _columns(cell: Any) -> range:
    return range(cell.grid_x, cell.grid_x + cell.colspan)


def _scope(cell: Any) -> str:
    """What a cell heads, empty for data."""
    if cell.element_tag == "th":
        return COLUMN
    return next((SCOPES[name] for name in _classes(cell) if name in SCOPES), "")


def _classes(cell: Any) -> list[str]:
    return (cell.element.get("class") or "").split()
