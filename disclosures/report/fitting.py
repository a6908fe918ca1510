"""PURE: how closely a statutory table is set, so that no page shows only its last rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from disclosures.report.blocks import Cell, HeaderCell, Table
from disclosures.report.spans import placed_cells


@dataclass(frozen=True, slots=True)
class Setting:
    """Sizes of report.css in points: type, line, padding and border around a cell's lines."""

    name: str
    size: Decimal
    line: Decimal
    around: Decimal
    beside: Decimal


USUAL = Setting("", Decimal("10.5"), Decimal(15), Decimal("4.5"), Decimal(7))
CLOSE = Setting("close", Decimal("8.25"), Decimal(11), Decimal("2.5"), Decimal(5))
FORM = Setting("form", Decimal("8.5"), Decimal("10.6"), Decimal("2.5"), Decimal("4.5"))
# Width of the type area and its height below a heading and the lines above a table, in points.
ROOM = {"portrait": (Decimal(442), Decimal(555)), "landscape": (Decimal(637), Decimal(370))}
SURE = Decimal("0.95")  # of the room: the height is reckoned from characters, not measured
MOST_PAGES = 2  # a longer table is read line by line: its type stays large


def setting_of(table: Table) -> Setting:
    """Close where that saves a short table its last page, usual everywhere else."""
    if table.style != "statutory":
        return USUAL
    usual, close = (_pages(table, setting) for setting in (USUAL, CLOSE))
    return CLOSE if close < usual and close <= MOST_PAGES else USUAL


def likely_on_one_page(table: Table) -> bool:
    """Whether there is room to spare; notes and lines above the table are counted as rows."""
    setting = FORM if table.style == "form" else USUAL
    width, room = ROOM[table.orientation]
    lines = [Decimal(1)] * len(table.body)
    for row, column, cell in placed_cells(table):
        share = sum(table.widths[column : column + cell.colspan], Decimal(0))
        needed = _lines_of(cell.text, share * width / 100, setting) / cell.rowspan
        lines[row] = max(lines[row], needed)
    lines += [_lines_of(text, width, setting) for text in (*table.notes, *table.head_lines)]
    lines += [Decimal(1)] * len(table.header)
    return sum(lines) * setting.line + len(lines) * setting.around <= room * SURE


def _lines_of(text: str, width: Decimal, setting: Setting) -> Decimal:
    room = max(width - setting.beside, setting.size)
    parts = (text_width(part) * setting.size / room for part in text.split("\n"))
    return sum((max(Decimal(1), p.to_integral_value(ROUND_CEILING)) for p in parts), Decimal(0))


def _pages(table: Table, setting: Setting) -> int:
    width, room = ROOM[table.orientation]
    pages = _height(table, setting, width) / room
    return int(pages.to_integral_value(ROUND_CEILING))


def _height(table: Table, setting: Setting, width: Decimal) -> Decimal:
    rows: list[Sequence[Cell | HeaderCell]] = [*table.header, *table.body]
    lines = sum(_row_lines(row, table, setting, width) for row in rows)
    return lines * setting.line + len(rows) * setting.around


def _row_lines(
    row: Sequence[Cell | HeaderCell], table: Table, setting: Setting, width: Decimal
) -> int:
    cells = enumerate(row)
    return max([1, *(_lines(cell, column, table, setting, width) for column, cell in cells)])


def _lines(
    cell: Cell | HeaderCell, column: int, table: Table, setting: Setting, width: Decimal
) -> int:
    """Lines the text takes; a cell that spans rows or columns is not what makes a row high."""
    if cell.rowspan > 1 or cell.colspan > 1 or column >= len(table.widths):
        return 1
    room = table.widths[column] * width / 100 - setting.beside
    needed = text_width(cell.text) * setting.size / max(room, setting.size)
    return int(needed.to_integral_value(ROUND_CEILING))


def text_width(text: str) -> Decimal:
    """In characters: Latin letters and digits are half as wide as Chinese characters."""
    return sum((Decimal("0.5") if c.isascii() else Decimal(1) for c in text), Decimal(0))
