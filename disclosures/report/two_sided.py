"""PURE: sheets with revenue on the left and expenditure on the right (收支总表, 基本支出明细表)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from disclosures.facts import ReportFacts, codes_of
from disclosures.report.blocks import Cell, HeaderCell, Table
from disclosures.report.tables import (
    INDENT,
    TOTALS,
    Header,
    Rows,
    amount_cell,
    grouped_header,
    table_of,
)
from rulebook.addresses import CellRef
from rulebook.amounts import HUNDRED, ZERO
from rulebook.layouts import Column, Row, SheetLayout

LEFT, RIGHT = "revenue", "expenditure"
LINE_NO = Decimal(5)
TITLES = {LEFT: "收入", RIGHT: "支出"}
Line = tuple[Row | None, str]
"""A printed line of one side: its row, and its printed number."""


def two_sided(facts: ReportFacts, sheet: SheetLayout) -> Table:
    """Both sides line by line; unlisted classes with amounts are added."""
    left, right = _lines(facts, sheet)
    columns = {side: _columns(sheet, side) for side in (LEFT, RIGHT)}
    numbered = any(row.line_no for row in sheet.rows)
    rows: Rows = [
        (
            *_cells(facts, sheet, one, columns[LEFT], numbered),
            *_cells(facts, sheet, two, columns[RIGHT], numbered),
        )
        for one, two in zip(left, right, strict=True)
    ]
    return table_of(facts, sheet, _header(columns, numbered), rows, _widths(columns, numbered))


def _columns(sheet: SheetLayout, side: str) -> tuple[Column, ...]:
    keys = {key for row in sheet.rows if row.side == side for key in sheet.columns_of(row.key)}
    return tuple(column for column in sheet.columns if column.key in keys)


def _lines(facts: ReportFacts, sheet: SheetLayout) -> tuple[list[Line], list[Line]]:
    """Both sides with as many lines, unlisted classes after the last listed one."""
    numbered = any(row.line_no for row in sheet.rows)
    ones, twos = _numbered_lines(sheet) if numbered else _plain_lines(sheet)
    extra = [(_appended(facts, sheet, code), "") for code in _unlisted(facts, sheet)]
    if extra and sheet.codes is not None:
        after = [row.key if row else "" for row, _ in twos].index(sheet.codes.after) + 1
        twos[after:after] = extra
        gap = min(after, len(ones) - sheet.foot)
        ones[gap:gap] = [(None, "")] * len(extra)
    return ones, twos


def _numbered_lines(sheet: SheetLayout) -> tuple[list[Line], list[Line]]:
    """Rows placed by line number, the right side counting on from the left one."""
    left = {int(row.line_no): row for row in sheet.rows if row.side == LEFT}
    depth = max(left)
    right = {int(row.line_no) - depth: row for row in sheet.rows if row.side == RIGHT}
    lines = range(1, depth + 1)
    ones: list[Line] = [(left.get(line), str(line)) for line in lines]
    twos: list[Line] = [(right.get(line), str(line + depth)) for line in lines]
    return ones, twos


def _plain_lines(sheet: SheetLayout) -> tuple[list[Line], list[Line]]:
    """Rows as they come, the last ones of both sides at the foot."""
    sides = [[row for row in sheet.rows if row.side == side] for side in (LEFT, RIGHT)]
    depth = max(len(rows) for rows in sides)
    ones, twos = (_spread(rows, depth, sheet.foot) for rows in sides)
    return ones, twos


def _spread(rows: list[Row], depth: int, foot: int) -> list[Line]:
    head, last = rows[: len(rows) - foot], rows[len(rows) - foot :]
    blanks: list[Line] = [(None, "")] * (depth - len(rows))
    return [*((row, "") for row in head), *blanks, *((row, "") for row in last)]


def _unlisted(facts: ReportFacts, sheet: SheetLayout) -> list[str]:
    return facts.code_rows(sheet) if sheet.codes is not None else []


def _appended(facts: ReportFacts, sheet: SheetLayout, code: str) -> Row:
    codes = codes_of(sheet)
    name = facts.code_name(codes.classification, code)
    return Row(code, name, side=RIGHT, columns=codes.columns)


def _cells(
    facts: ReportFacts, sheet: SheetLayout, line: Line, columns: Sequence[Column], numbered: bool
) -> tuple[Cell, ...]:
    row, number = line
    if row is None:
        numbers = (Cell(number, "center"),) if numbered else ()
        return (Cell(""), *numbers, *(Cell("", "right") for _ in columns))
    align = "center" if row.style in TOTALS else "left"
    label = f"{INDENT}{row.label}" if row.style == "of_which" else row.label
    numbers = (Cell(number, "center", style=row.style),) if numbered else ()
    return (
        Cell(label, align, style=row.style),
        *numbers,
        *(amount_cell(facts, CellRef(sheet.key, row.key, c.key), row.style) for c in columns),
    )


def _header(columns: dict[str, tuple[Column, ...]], numbered: bool) -> Header:
    leading = ("项目", "行次") if numbered else ("项目",)
    sides = tuple(
        HeaderCell(TITLES[side], colspan=len(leading) + len(of_side))
        for side, of_side in columns.items()
    )
    labels = tuple(
        cell
        for of_side in columns.values()
        for cell in (*(HeaderCell(text) for text in leading), *grouped_header(of_side)[0])
    )
    return (sides, labels)


def _widths(columns: dict[str, tuple[Column, ...]], numbered: bool) -> list[Decimal]:
    """Amounts as wide as they need to be, labels the rest, so that few of them wrap."""
    amounts = sum(len(of_side) for of_side in columns.values())
    amount = Decimal(12) if amounts == len(columns) else Decimal(10)
    numbers = [LINE_NO] if numbered else []
    label = (HUNDRED - amount * amounts) / len(columns) - sum(numbers, ZERO)
    return [
        width
        for of_side in columns.values()
        for width in (label, *numbers, *[amount] * len(of_side))
    ]


def economic(facts: ReportFacts, sheet: SheetLayout) -> Table:
    """人员经费 left in one group of columns, 公用经费 right in two; totals at the foot."""
    left = _amount_lines(facts, sheet, "personnel")
    right = _amount_lines(facts, sheet, "operating")
    depth = max(len(left), (len(right) + 1) // 2, 1)
    groups = (left, right[:depth], right[depth:])
    blank = (Cell(""), Cell(""), Cell("", "right"))
    rows: Rows = [
        tuple(cell for group in groups for cell in (group[i] if i < len(group) else blank))
        for i in range(depth)
    ]
    rows.append(_foot(facts, sheet))
    header = (
        (HeaderCell("人员经费", colspan=3), HeaderCell("公用经费", colspan=6)),
        tuple(HeaderCell(name) for _ in groups for name in ("编码", "名称", "决算数")),
    )
    widths = [Decimal(7), Decimal(16), Decimal(11)] * 3
    return table_of(facts, sheet, header, rows, widths)


def _amount_lines(facts: ReportFacts, sheet: SheetLayout, side: str) -> list[tuple[Cell, ...]]:
    """Code, name and amount of every code of one side that has an amount."""
    codes = codes_of(sheet)
    prefixes = dict(codes.sides)[side]
    return [
        (
            Cell(code),
            Cell(_economic_name(facts, sheet, code)),
            amount_cell(facts, CellRef(sheet.key, code, sheet.columns[0].key)),
        )
        for code in facts.code_rows(sheet)
        if code.startswith(prefixes)
    ]


def _economic_name(facts: ReportFacts, sheet: SheetLayout, code: str) -> str:
    codes = codes_of(sheet)
    name = facts.code_name(codes.classification, code)
    return f"{INDENT * codes.level_of(code)}{name}"


def _foot(facts: ReportFacts, sheet: SheetLayout) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for row, span in zip(sheet.rows, (2, 5), strict=True):
        ref = CellRef(sheet.key, row.key, sheet.columns[0].key)
        cells.append(Cell(row.label, "center", colspan=span, style=row.style))
        cells.append(amount_cell(facts, ref, row.style))
    return tuple(cells)
