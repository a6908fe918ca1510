"""PURE: sheets of a workbook → tables as the edition prints them, in the unit it says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from disclosures.facts import PrintedTable, ReportFacts, UnitFacts, codes_of
from disclosures.narrative.phrases import AmountStyle, two_decimals
from disclosures.report.blocks import Cell, HeaderCell, Table
from disclosures.report.fitting import as_shares, fitted
from rulebook.addresses import CellRef, cell_address
from rulebook.layouts import Column, SheetLayout

INDENT = "　"
TOTALS = frozenset({"total", "grand_total"})
Header = tuple[tuple[HeaderCell, ...], ...]
Rows = list[tuple[Cell, ...]]


def amount_cell(facts: ReportFacts, ref: CellRef, style: str = "") -> Cell:
    """An amount with its address: empty is blank, zero 0.00, an assumed one carries the mark."""
    text = amount_text(facts, facts.figures.get(ref))
    mark = facts.outline.assumed_mark if ref in facts.assumed and text else ""
    return Cell(text, "right", facts.address(ref), style=style, mark=mark)


def amount_text(facts: ReportFacts, yuan: Decimal | None) -> str:
    """Yuan → the digits of the edition's unit with two decimals, empty where nothing is filed."""
    if yuan is None:
        return ""
    return two_decimals(yuan / facts.layout.tables.unit.value, AmountStyle.GROUPED)


def table_of(facts: ReportFacts, sheet: PrintedTable, header: Header, rows: Rows,
             widths: list[Decimal]) -> Table:  # fmt: skip
    """The frame all printed sheets share: number, unit, department, notes."""
    return Table(
        key=sheet.key,
        number=sheet.number,
        title=sheet.title,
        unit_label=f"单位：{facts.layout.tables.unit.label}",
        header=header,
        body=tuple(rows),
        widths=as_shares(widths),
        notes=notes_of(facts, sheet, rows),
        orientation=sheet.orientation,
        head_lines=(f"部门：{facts.head.department_name}",),
    )


def notes_of(facts: ReportFacts, sheet: PrintedTable, rows: Rows) -> tuple[str, ...]:
    """The sentence of an empty sheet, the sheet's own note, the footnote of assumed cells."""
    empty = sheet.empty_sentence if facts.is_empty(sheet) else ""
    own = sheet.note if isinstance(sheet, SheetLayout) else ""
    marked = any(cell.mark for row in rows for cell in row)
    noted = (f"注：{empty}" if empty else "", own, facts.outline.assumed_note * marked)
    return tuple(note for note in noted if note)


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


def headed_columns(facts: ReportFacts, leading: tuple[str, str], columns: tuple[Column, ...],
                   group: str = "") -> Header:  # fmt: skip
    """The header of a sheet whose rows have a code and a name, under a ``group`` where there is
    one; with the numbers of the columns where the edition prints them."""
    top, *lower = grouped_header(columns)
    named = tuple(HeaderCell(text, rowspan=1 if group else 1 + len(lower)) for text in leading)
    if group and not lower:
        top, lower = tuple(replace(cell, rowspan=2) for cell in top), [()]
    if group:
        header: Header = ((HeaderCell(group, colspan=2), *top), (*named, *lower[0]))
    else:
        header = ((*named, *top), *lower)
    if not facts.layout.tables.column_numbers:
        return header
    numbers = tuple(HeaderCell(str(n)) for n in range(1, len(columns) + 1))
    return (*header, (HeaderCell("栏次", colspan=2), *numbers))


def matrix(facts: ReportFacts, sheet: SheetLayout) -> Table:
    """Codes down, columns across: 类, 款 and 项 indented under their total."""
    columns = sheet.columns
    leading = (facts.layout.tables.code_heading, "科目名称")
    header = headed_columns(facts, leading, columns, codes_of(sheet).group)
    rows: Rows = [
        (*_row_head(facts, sheet, row), *(_matrix_cell(facts, sheet, row, c) for c in columns))
        for row in sheet.ordered_rows(facts.code_rows(sheet))
    ]
    equal = [Decimal(1)] * (2 + len(columns))
    return fitted(table_of(facts, sheet, header, rows, equal), alike=len(columns))


def by_unit(facts: ReportFacts, sheet: SheetLayout) -> Table:
    """The department's total, then its units; of several units the department stands above."""
    several = len(facts.units) > 1
    header = headed_columns(facts, ("单位编码", "单位名称"), sheet.columns)
    rows: Rows = []
    for row in sheet.rows:
        amounts = [CellRef(sheet.key, row.key, column.key) for column in sheet.columns]
        whole = tuple(amount_cell(facts, ref, row.style) for ref in amounts)
        rows.append((Cell(row.label, "center", colspan=2, style=row.style), *whole))
        if several:
            own = (Cell(facts.head.department_code), Cell(facts.head.department_name))
            rows.append((*own, *(amount_cell(facts, ref) for ref in amounts)))
        for unit in facts.units:
            name = Cell(f"{INDENT * several}{unit.name}")
            filed = (_unit_cell(facts, unit, ref) for ref in amounts)
            rows.append((Cell(unit.code), name, *filed))
    equal = [Decimal(1)] * (2 + len(sheet.columns))
    return fitted(table_of(facts, sheet, header, rows, equal), lines=2)


def _unit_cell(facts: ReportFacts, unit: UnitFacts, ref: CellRef) -> Cell:
    text = amount_text(facts, unit.figures.get(ref))
    mark = facts.outline.assumed_mark if ref in unit.assumed and text else ""
    return Cell(text, "right", cell_address(unit.code, ref), mark=mark)


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
    header: Header = (top * len(rows), *(line * len(rows) for line in lower))
    if len(rows) > 1:
        header = (above, *header)
    if facts.layout.tables.column_numbers:
        header = (*header, numbers)
    cells = tuple(
        amount_cell(facts, CellRef(sheet.key, row.key, column.key))
        for row in rows
        for column in columns
    )
    return table_of(facts, sheet, header, [cells], [Decimal(1)] * len(cells))


def sheet_index(facts: ReportFacts) -> Table:
    """The printed sheets by number, with what an empty one says."""
    body = tuple(
        (
            Cell(sheet.number, "center"),
            Cell(sheet.title),
            Cell(sheet.empty_sentence if facts.is_empty(sheet) else "见本表"),
        )
        for sheet in facts.printed_tables()
    )
    return Table(
        key="sheet_index",
        number="",
        title="",
        unit_label="",
        header=(tuple(HeaderCell(name) for name in ("表号", "表名", "说明")),),
        body=body,
        widths=as_shares([Decimal(16), Decimal(50), Decimal(34)]),
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
        widths=as_shares([Decimal(8), Decimal(22), Decimal(50), Decimal(20)]),
        style="plain",
    )
