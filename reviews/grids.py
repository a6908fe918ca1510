"""PURE: a sheet of a frozen book as rows to read, every figure with its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from budgets.checks import network_of, resolve
from budgets.workbook import WorkbookSnapshot
from reviews.places import anchor
from rulebook.addresses import CellRef, cell_address
from rulebook.layouts import SheetLayout, load_layout


@dataclass(frozen=True, slots=True)
class GridCell:
    """A figure to read: ``value`` in yuan or a count; ``exists`` is false where none can stand."""

    place: str
    value: Decimal | None
    is_count: bool
    is_derived: bool
    exists: bool = True

    @property
    def anchor(self) -> str:
        return anchor(self.place)


@dataclass(frozen=True, slots=True)
class GridRow:
    line_no: str
    label: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet; ``headers`` are the labels of its columns."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[GridRow, ...]

    @property
    def is_empty(self) -> bool:
        return all(cell.value is None for row in self.rows for cell in row.cells)


def grid_of(book: WorkbookSnapshot, sheet_key: str, names: Mapping[str, str]) -> Grid:
    """Rows as printed, codes with the names of the day. Raises KeyError for an unknown sheet."""
    sheet = load_layout(book.layout).sheet(sheet_key)
    values = {ref: figure.value for ref, figure in resolve(book).items()}
    codes = {ref.row for ref in values if ref.sheet == sheet_key}
    network = network_of(book)

    def cell(row: str, column: str) -> GridCell:
        ref = CellRef(sheet_key, row, column)
        return GridCell(
            place=cell_address(book.book, ref),
            value=values.get(ref),
            is_count=sheet.kind_of(row) == "count",
            is_derived=network.is_derived(ref),
            exists=sheet.has_cell(row, column),
        )

    rows = tuple(
        GridRow(
            _line_no(sheet, row),
            _row_label(sheet, row, names),
            tuple(cell(row, column.key) for column in sheet.columns),
        )
        for row in sheet.ordered_rows(codes)
    )
    headers = tuple(f"{column.group} {column.label}".strip() for column in sheet.columns)
    return Grid(f"{sheet.number} {sheet.title}".strip(), headers, rows)


def _line_no(sheet: SheetLayout, row: str) -> str:
    fixed = sheet.row(row)
    return fixed.line_no if fixed else row


def _row_label(sheet: SheetLayout, row: str, names: Mapping[str, str]) -> str:
    fixed = sheet.row(row)
    if fixed is None:
        return names.get(row, "")
    side = dict(sheet.side_labels).get(fixed.side, "")
    return f"{side}：{fixed.label}" if side else fixed.label
