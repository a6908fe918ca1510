"""PURE: a sheet laid out as it prints, for entry: head, lines, and a cell for every figure.

Two-sided sheets stand side by side, economic codes in their two halves; everything else is a
matrix. The grid knows which cells are entered and which computed, not how they look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from rulebook.addresses import CellRef
from rulebook.layouts import Column, SheetLayout


@dataclass(frozen=True, slots=True)
class HeadCell:
    text: str
    columns: int = 1
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a line: words, a figure's cell, or nothing. ``style`` is the row's."""

    text: str = ""
    ref: CellRef | None = None
    style: str = ""
    is_label: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    head: tuple[tuple[HeadCell, ...], ...]
    lines: tuple[tuple[Slot, ...], ...]


@dataclass(frozen=True, slots=True)
class _Half:
    """Rows of one side with the columns they fill."""

    rows: tuple[str, ...]
    columns: tuple[Column, ...]
    has_codes: bool
    has_line_no: bool

    @property
    def width(self) -> int:
        return 1 + self.has_codes + self.has_line_no + len(self.columns)


def _half(sheet: SheetLayout, rows: Sequence[str]) -> _Half:
    used = {column for row in rows for column in sheet.columns_of(row)}
    return _Half(
        rows=tuple(rows),
        columns=tuple(column for column in sheet.columns if column.key in used),
        has_codes=any(sheet.is_code_row(row) for row in rows) or _takes_codes(sheet),
        has_line_no=any((fixed := sheet.row(row)) and fixed.line_no for row in rows),
    )


def _takes_codes(sheet: SheetLayout) -> bool:
    return sheet.codes is not None and not sheet.codes.listed


def _side_of(sheet: SheetLayout, row: str) -> str:
    """The side a row prints on; appended codes follow the row they come after."""
    fixed = sheet.row(row)
    if fixed is not None:
        return fixed.side
    block = sheet.codes
    if block is None:
        return ""
    for side, prefixes in block.sides:
        if row[: block.levels[0]] in prefixes:
            return side
    after = sheet.row(block.after)
    return after.side if after else ""


def _sides(sheet: SheetLayout, rows: Iterable[str]) -> list[list[str]]:
    found: dict[str, list[str]] = {row.side: [] for row in sheet.rows}
    for row in rows:
        found.setdefault(_side_of(sheet, row), []).append(row)
    return list(found.values())


def _head(sheet: SheetLayout, half: _Half) -> tuple[list[HeadCell], list[HeadCell]]:
    lead = ["科目编码"] if half.has_codes else []
    lead += ["项目"] + (["行次"] if half.has_line_no else [])
    grouped = any(column.group for column in half.columns)
    first = [HeadCell(text, lines=2 if grouped else 1) for text in lead]
    second: list[HeadCell] = []
    for group, columns in groupby(half.columns, key=lambda column: column.group):
        below = list(columns)
        if group:
            first.append(HeadCell(group, columns=len(below)))
            second += [HeadCell(column.label) for column in below]
        else:
            first += [HeadCell(column.label, lines=2 if grouped else 1) for column in below]
    return first, second


def _line(sheet: SheetLayout, half: _Half, row: str | None, names: dict[str, str]) -> list[Slot]:
    if row is None:
        return [Slot() for _ in range(half.width)]
    fixed = sheet.row(row)
    style = fixed.style if fixed else _level(sheet, row)
    label = fixed.label if fixed else names.get(row, "（目录中没有此编码）")
    unit = f"（{fixed.unit_label}）" if fixed and fixed.unit_label else ""
    slots = [Slot(row if sheet.is_code_row(row) else "", style=style)] if half.has_codes else []
    slots.append(Slot(f"{label}{unit}", style=style, is_label=True, code=row))
    if half.has_line_no:
        slots.append(Slot(fixed.line_no if fixed else "", style=style))
    for column in half.columns:
        there = sheet.has_cell(row, column.key)
        ref = CellRef(sheet.key, row, column.key) if there else None
        slots.append(Slot(ref=ref, style=style))
    return slots


def _level(sheet: SheetLayout, row: str) -> str:
    block = sheet.codes
    return f"level{block.level_of(row)}" if block and block.is_code(row) else ""


def grid_of(sheet: SheetLayout, code_rows: Iterable[str], names: dict[str, str]) -> Grid:
    """The sheet with these code rows, in the order and arrangement in which it prints."""
    ordered = sheet.ordered_rows(code_rows)
    side_by_side = sheet.arrangement in {"two_sided", "economic"}
    halves = [
        _half(sheet, rows) for rows in (_sides(sheet, ordered) if side_by_side else [ordered])
    ]
    heads = [_head(sheet, half) for half in halves]
    head = [tuple(cell for first, _ in heads for cell in first)]
    if below := tuple(cell for _, second in heads for cell in second):
        head.append(below)
    lines = [
        tuple(
            slot
            for half, row in zip(halves, rows, strict=True)
            for slot in _line(sheet, half, row, names)
        )
        for rows in zip_longest(*(half.rows for half in halves))
    ]
    return Grid(tuple(head), tuple(lines))
