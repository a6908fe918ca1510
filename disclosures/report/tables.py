"""PURE: sheets of a workbook → tables as the edition prints them, in 万元."""

from __future__ import annotations

from decimal import Decimal

from disclosures.facts import ReportFacts, codes_of
from disclosures.narrative.phrases import AmountStyle, wan_text
from disclosures.report.blocks import Cell, HeaderCell, Table
from rulebook.addresses import CellRef
from rulebook.amounts import HUNDRED, half_up
from rulebook.layouts import Column, SheetLayout

UNIT = "单位：万元"
INDENT = "　"
TOTALS = frozenset({"total", "grand_total"})
Header = tuple[tuple[HeaderCell, ...], ...]
Rows = list[tuple[Cell, ...]]


def amount_cell(facts: ReportFacts, ref: CellRef, style: str = "") -> Cell:
    """An amount with its address: empty is blank, zero 0.00, an assumed one carries the mark."""
    value = facts.figures.get(ref)
    text = "" if value is None else wan_text(value, AmountStyle.GROUPED)
    mark = facts.outline.assumed_mark if ref in facts.assumed and text else ""
    return Cell(text, "right", facts.address(ref), style=style, mark=mark)


def table_of(facts: ReportFacts, sheet: SheetLayout, header: Header, rows: Rows,
             widths: list[Decimal]) -> Table:  # fmt: skip
    """The frame all printed sheets share: number, unit, department, notes."""
    return Table(
        key=sheet.key,
        number=sheet.number,
        title=sheet.title,
        unit_label=UNIT,
        header=header,
        body=tuple(rows),
        widths=shares(widths),
        notes=notes_of(facts, sheet, rows),
        orientation=sheet.orientation,
        head_lines=(f"部门：{facts.head.department_name}",),
    )


def notes_of(facts: ReportFacts, sheet: SheetLayout, rows: Rows) -> tuple[str, ...]:
    """The sentence of an empty sheet, the sheet's own note, the footnote of assumed cells."""
    empty = sheet.empty_sentence if facts.is_empty(sheet) else ""
    marked = any(cell.mark for row in rows for cell in row)
    noted = (f"注：{empty}" if empty else "", sheet.note, facts.outline.assumed_note * marked)
    return tuple(note for note in noted if note)


def shares(widths: list[Decimal]) -> tuple[Decimal, ...]:
    """Relative widths as per cent that add to a hundred."""
    whole = sum(widths, Decimal(0))
    scaled = [half_up(width * HUNDRED / whole, 1) for width in widths]
    scaled[-1] += HUNDRED - sum(scaled, Decimal(0))
    return tuple(scaled)


def grouped_header(columns: tuple[Column, ...]) -> Header:
    """Column labels with their groups above: one row, or two where there are groups."""
    if not any(column.group for column in columns):
        return (tuple(HeaderCell(column.label) for column in columns),)
    above: list[HeaderCell] = []
    below: list[HeaderCell] = []
    for index, column in enumerate(columns):
        if not column.group:
            above.append(HeaderCell(column.label, rowspan=2))
            continue
        below.append(HeaderCell(column.label))
        if not index or columns[index - 1].group != column.group:
            width = sum(1 for other in columns if other.group == column.group)
            above.append(HeaderCell(column.group, colspan=width))
    return (tuple(above), tuple(below))


def matrix(facts: ReportFacts, sheet: SheetLayout) -> Table:
    """Codes down, columns across: 类, 款 and 项 indented under their total."""
    columns = sheet.columns
    top, *lower = grouped_header(columns)
    depth = 1 + len(lower)
    leading = (HeaderCell("功能分类科目编码", rowspan=depth), HeaderCell("科目名称", rowspan=depth))
    numbers = tuple(HeaderCell(str(n)) for n in range(1, len(columns) + 1))
    header = ((*leading, *top), *lower, (HeaderCell("栏次", colspan=2), *numbers))
    rows: Rows = [
        (*_row_head(facts, sheet, row), *(_matrix_cell(facts, sheet, row, c) for c in columns))
        for row in sheet.ordered_rows(facts.code_rows(sheet))
    ]
    widths = [Decimal(10), Decimal(24), *[Decimal(66) / len(columns)] * len(columns)]
    return table_of(facts, sheet, header, rows, widths)


def _row_head(facts: ReportFacts, sheet: SheetLayout, row: str) -> tuple[Cell, ...]:
    fixed = sheet.row(row)
    if fixed is not None:
        return (Cell(fixed.label, "center", colspan=2, style=fixed.style),)
    codes = codes_of(sheet)
    name = facts.code_name(codes.classification, row)
    return (Cell(row), Cell(f"{INDENT * codes.level_of(row)}{name}"))


def _matrix_cell(facts: ReportFacts, sheet: SheetLayout, row: str, column: Column) -> Cell:
    fixed = sheet.row(row)
    style = fixed.style if fixed else ""
    return amount_cell(facts, CellRef(sheet.key, row, column.key), style)


def single_row(facts: ReportFacts, sheet: SheetLayout) -> Table:
    """The fixed rows side by side in one printed row: 预算数, then 决算数."""
    columns, rows = sheet.columns, sheet.rows
    top, *lower = grouped_header(columns)
    above = tuple(HeaderCell(row.label, colspan=len(columns)) for row in rows)
    numbers = tuple(HeaderCell(str(n)) for n in range(1, len(columns) * len(rows) + 1))
    header = (above, top * len(rows), *(line * len(rows) for line in lower), numbers)
    cells = tuple(
        amount_cell(facts, CellRef(sheet.key, row.key, column.key))
        for row in rows
        for column in columns
    )
    return table_of(facts, sheet, header, [cells], [Decimal(1)] * len(cells))


def sheet_index(facts: ReportFacts) -> Table:
    """The printed sheets by number, with what an empty one says."""
    sheets = [sheet for sheet in facts.layout.sheets if sheet.printed]
    body = tuple(
        (
            Cell(sheet.number, "center"),
            Cell(sheet.title),
            Cell(sheet.empty_sentence if facts.is_empty(sheet) else "见本表"),
        )
        for sheet in sheets
    )
    return Table(
        key="sheet_index",
        number="",
        title="",
        unit_label="",
        header=(tuple(HeaderCell(name) for name in ("表号", "表名", "说明")),),
        body=body,
        widths=shares([Decimal(16), Decimal(50), Decimal(34)]),
        style="plain",
    )


def key_tasks_table(facts: ReportFacts) -> Table:
    """重点工作完成情况表."""
    names = ("序号", "重要事项", "工作内容及目标", "完成情况")
    body = tuple(
        (Cell(str(number), "center"), Cell(task.item), Cell(task.target), Cell(task.outcome))
        for number, task in enumerate(facts.key_tasks, start=1)
    )
    return Table(
        key="key_tasks",
        number="",
        title="",
        unit_label="",
        header=(tuple(HeaderCell(name) for name in names),),
        body=body,
        widths=shares([Decimal(8), Decimal(22), Decimal(50), Decimal(20)]),
        style="plain",
    )
