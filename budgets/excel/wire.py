"""PURE: what is read from a file as JSON, between the child process that parses and its parent.

The parent takes it apart strictly (:mod:`rulebook.codec`), so that a child which a hostile file
got hold of can say nothing but values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

from budgets.entry import CellEdit
from budgets.excel.marks import TemplateMark
from budgets.excel.reading import Place, ReadBook
from budgets.excel.understanding import UnderstoodSheet
from rulebook.addresses import CellRef
from rulebook.codec import from_json, to_json
from rulebook.findings import Finding


@dataclass(frozen=True, slots=True)
class WireCell:
    """One cell read, with its place in the file."""

    sheet: str
    row: str
    column: str
    value: Decimal | None
    unit: str
    decimals: int
    place: Place


@dataclass(frozen=True, slots=True)
class WireBook:
    cells: tuple[WireCell, ...]
    findings: tuple[Finding, ...]
    mark: TemplateMark | None
    understood: tuple[UnderstoodSheet, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    findings: tuple[Finding, ...]


def book_to_bytes(book: ReadBook) -> bytes:
    cells = tuple(
        WireCell(*ref, edit.value, edit.unit, edit.decimals, book.places[ref])
        for ref, edit in book.edits.items()
    )
    wire = WireBook(cells, tuple(book.findings), book.mark, tuple(book.understood))
    return json.dumps(to_json(wire)).encode("ascii")


def book_from_bytes(data: bytes) -> ReadBook:
    """Raises CodecError or ValueError for anything :func:`book_to_bytes` does not write."""
    wire = from_json(WireBook, json.loads(data))
    book = ReadBook(findings=list(wire.findings), mark=wire.mark)
    book.understood.extend(wire.understood)
    for cell in wire.cells:
        ref = CellRef(cell.sheet, cell.row, cell.column)
        book.edits[ref] = CellEdit(ref, cell.value, unit=cell.unit, decimals=cell.decimals)
        book.places[ref] = cell.place
    return book
