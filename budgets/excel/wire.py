"""PURE: what is read from a file as JSON, between the child process that parses and its parent.

The parent takes it apart strictly (:mod:`rulebook.codec`), so that a child which a hostile file
got hold of can say nothing but values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

from budgets.entry import CellEdit
from budgets.excel.found import Place, ReadBook, ReadList, ReadRow
from budgets.excel.marks import TemplateMark
from budgets.excel.understanding import UnderstoodSheet
from budgets.workbook import ListRow, ProcurementRow, ProjectBudget, PurchasedServiceRow
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
class WireRow:
    """One row of a list: exactly one of the three kinds."""

    line: int
    is_operating: bool
    project_budget: ProjectBudget | None = None
    procurement: ProcurementRow | None = None
    purchased_service: PurchasedServiceRow | None = None

    def row(self) -> ListRow:
        rows = (self.project_budget, self.procurement, self.purchased_service)
        (found,) = (row for row in rows if row is not None)
        return found


@dataclass(frozen=True, slots=True)
class WireColumn:
    field: str
    letter: str


@dataclass(frozen=True, slots=True)
class WireList:
    key: str
    title: str
    columns: tuple[WireColumn, ...]
    rows: tuple[WireRow, ...]


@dataclass(frozen=True, slots=True)
class WireBook:
    cells: tuple[WireCell, ...]
    findings: tuple[Finding, ...]
    mark: TemplateMark | None
    understood: tuple[UnderstoodSheet, ...]
    lists: tuple[WireList, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    findings: tuple[Finding, ...]


def book_to_bytes(book: ReadBook) -> bytes:
    cells = tuple(
        WireCell(*ref, edit.value, edit.unit, edit.decimals, book.places[ref])
        for ref, edit in book.edits.items()
    )
    lists = tuple(map(_wire_list, book.lists))
    wire = WireBook(cells, tuple(book.findings), book.mark, tuple(book.understood), lists)
    return json.dumps(to_json(wire)).encode("ascii")


def _wire_list(each: ReadList) -> WireList:
    columns = tuple(WireColumn(*pair) for pair in each.letters.items())
    return WireList(each.key, each.title, columns, tuple(map(_wire_row, each.rows)))


def _wire_row(read: ReadRow) -> WireRow:
    row = read.row
    return WireRow(
        read.line,
        read.is_operating,
        project_budget=row if isinstance(row, ProjectBudget) else None,
        procurement=row if isinstance(row, ProcurementRow) else None,
        purchased_service=row if isinstance(row, PurchasedServiceRow) else None,
    )


def _read_list(wire: WireList) -> ReadList:
    rows = tuple(ReadRow(each.line, each.row(), each.is_operating) for each in wire.rows)
    letters = {column.field: column.letter for column in wire.columns}
    return ReadList(wire.key, wire.title, letters, rows)


def book_from_bytes(data: bytes) -> ReadBook:
    """Raises CodecError or ValueError for anything :func:`book_to_bytes` does not write."""
    wire = from_json(WireBook, json.loads(data))
    book = ReadBook(findings=list(wire.findings), mark=wire.mark)
    book.understood.extend(wire.understood)
    book.lists.extend(map(_read_list, wire.lists))
    for cell in wire.cells:
        ref = CellRef(cell.sheet, cell.row, cell.column)
        book.edits[ref] = CellEdit(ref, cell.value, unit=cell.unit, decimals=cell.decimals)
        book.places[ref] = cell.place
    return book
