"""PURE: how closely a statutory table is set, so that it is seen whole where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from disclosures.report.blocks import Cell, HeaderCell, Table


@dataclass(frozen=True, slots=True)
class Setting:
    """Sizes of report.css in points: type, line, padding and border around a cell's lines."""

    name: str
    size: Decimal
    line: Decimal
    around: Decimal
    beside: Decimal


USUAL = Setting("", Decimal("10.5"), Decimal(15), Decimal("4.5"), Decimal(7))
CLOSE = Setting("close", Decimal("8.5"), Decimal(11), Decimal("2.5"), Decimal(7))
# Points of the type area left below a heading and the lines above a table.
ROOM = {"portrait": (Decimal(442), Decimal(540)), "landscape": (Decimal(637), Decimal(345))}


def setting_of(table: Table) -> Setting:
    """Usual where the table fits a page or is too long for one anyway, close in between."""
    if table.style != "statutory":
        return USUAL
    width, room = ROOM[table.orientation]
    fits = [setting for setting in (USUAL, CLOSE) if _height(table, setting, width) <= room]
    return fits[0] if fits else USUAL


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
