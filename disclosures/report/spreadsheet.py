"""PURE: every table of a report as one workbook, as printed: one sheet per table.

Amounts are exact numbers in the unit printed, everything else is text and stays text. The same
report gives the same bytes: dates are those of the report, never of the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import chain
from typing import Any

from openpyxl import Workbook as Xlsx
from openpyxl import load_workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import tostring

from budgets.excel.writing import BOX, header, write_figure, write_text
from disclosures.archives import settled
from disclosures.report.blocks import Cell, Report, Section, Table
from disclosures.report.characters import MAX_CELL_CHARACTERS, printable
from disclosures.report.spans import placed_cells, placed_heads

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENTS = "目录"
TITLE_ROW, CAPTION_ROW, FIRST_ROW = 1, 2, 3
MOST_TITLE_CHARACTERS = 31  # what Excel allows in the name of a sheet
# Characters of Chinese across a page of tables, and the height of a line in points.
ACROSS = {"portrait": 46, "landscape": 68}
LINE_HEIGHT, TALLEST = 15, 409
NARROWEST = 6
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
NUMBER = re.compile(r"-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?%?", re.ASCII)


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table of a report with the section it stands in and the name of its sheet."""

    section: str
    table: Table
    sheet: str

    @property
    def title(self) -> str:
        return self.table.title or self.section


def named_tables(report: Report) -> tuple[NamedTable, ...]:
    """Every table in order of printing; the names of the sheets are numbered, so unique."""
    found = list(_tables(report.sections))
    width = max(2, len(str(len(found))))
    return tuple(
        NamedTable(section.heading, table, _sheet_name(f"{at:0{width}d}", section, table))
        for at, (section, table) in enumerate(found, start=1)
    )


def tables_workbook(report: Report, *, dated: date) -> bytes:
    """The workbook; the same arguments give the same bytes."""
    xlsx = Xlsx()
    xlsx.properties = _properties(report, dated)
    tables = named_tables(report)
    _write_contents(xlsx.active, report, tables)
    for each in tables:
        _write_table(xlsx.create_sheet(each.sheet), each)
    stream = BytesIO()
    xlsx.save(stream)
    return settled(stream.getvalue(), {ARC_CORE: _core_part(report, dated)})


def _core_part(report: Report, dated: date) -> bytes:
    written: bytes | str = tostring(_properties(report, dated).to_tree())
    return written.encode() if isinstance(written, str) else written


def figure_of(cell: Cell) -> Decimal | None:
    """What a cell states as a number in the unit printed, a rate as a fraction; ``None`` for
    words, codes and serial numbers."""
    text = cell.text
    if not (cell.address or cell.align == "right") or not NUMBER.fullmatch(text):
        return None
    number = Decimal(text.removesuffix("%").replace(",", ""))
    return number.scaleb(-2) if text.endswith("%") else number


def number_format(cell: Cell) -> str:
    """The format that shows a figure as printed: decimals, separators, per cent, footnote sign."""
    digits, per_cent, _ = cell.text.partition("%")
    decimals = len(digits.partition(".")[2])
    grouped = "," in digits or len(digits.partition(".")[0].lstrip("-")) <= 3
    whole = "#,##0" if grouped else "0"
    return f"{whole}{'.' * bool(decimals)}{'0' * decimals}{per_cent}{_quoted(cell.mark)}"


def _quoted(mark: str) -> str:
    return f'"{mark}"' if mark else ""


def people_of(workbook: bytes) -> tuple[str, ...]:
    """Everybody a workbook names as its maker or editor."""
    properties = load_workbook(BytesIO(workbook), read_only=True).properties
    return tuple(filter(None, (properties.creator, properties.lastModifiedBy)))


def _tables(sections: Sequence[Section]) -> Iterator[tuple[Section, Table]]:
    for section in sections:
        yield from ((section, block) for block in section.blocks if isinstance(block, Table))
        yield from _tables(section.sections)


def _sheet_name(number: str, section: Section, table: Table) -> str:
    words = " ".join(filter(None, (number, table.number, table.title or section.title)))
    plain = NOT_IN_TITLES.sub("", printable(words))
    while len(plain.encode("utf-16-le")) > 2 * MOST_TITLE_CHARACTERS:
        plain = plain[:-1]
    return plain.strip()


def _properties(report: Report, dated: date) -> DocumentProperties:
    moment = datetime.combine(dated, time())
    return DocumentProperties(
        title=printable(report.title),
        creator=printable(report.department),
        language="zh-CN",
        created=moment,
        modified=moment,
    )


def _write_contents(target: Any, report: Report, tables: Sequence[NamedTable]) -> None:
    target.title = CONTENTS
    write_text(target.cell(TITLE_ROW, 1), printable(report.title))
    target.cell(TITLE_ROW, 1).font = Font(bold=True, size=14)
    lines = (printable(report.department), printable(report.banner))
    write_text(target.cell(CAPTION_ROW, 1), "　".join(filter(None, lines)))
    columns = (("序号", 6), ("表号", 14), ("表名", 46), ("单位", 14), ("所在章节", 46), ("行数", 8))
    for column, (label, width) in enumerate(columns, start=1):
        header(target, FIRST_ROW, column, label)
        target.column_dimensions[get_column_letter(column)].width = width
    for at, each in enumerate(tables, start=1):
        row, table = FIRST_ROW + at, each.table
        texts = (table.number, each.title, table.unit_label, each.section)
        for column, text in enumerate(texts, start=2):
            write_text(target.cell(row, column), printable(text))
        target.cell(row, 1).value, target.cell(row, 6).value = at, len(table.body)
        link = target.cell(row, 3)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{each.sheet}'!A1")
        link.font = Font(color="1F5FA8", underline="single")
        for column in range(1, len(columns) + 1):
            target.cell(row, column).border = BOX
            target.cell(row, column).alignment = Alignment(vertical="center", wrap_text=True)
    target.freeze_panes = target.cell(FIRST_ROW + 1, 1)
    _set_page(target, "landscape")


def _write_table(target: Any, each: NamedTable) -> None:
    table, width = each.table, len(each.table.widths)
    letters = [_characters(table, column, 1) for column in range(width)]
    for column, characters in enumerate(letters, start=1):
        target.column_dimensions[get_column_letter(column)].width = 2 * characters
    _write_line(target, TITLE_ROW, width, printable(each.title))
    target.cell(TITLE_ROW, 1).font = Font(bold=True, size=14)
    target.cell(TITLE_ROW, 1).alignment = Alignment(horizontal="center", vertical="center")
    caption = (*table.head_lines, table.number, table.unit_label)
    _write_line(target, CAPTION_ROW, width, printable("　".join(filter(None, caption))))
    for row, column, head in placed_heads(table):
        place = (FIRST_ROW + row, column + 1)
        header(target, *place, printable(head.text, MAX_CELL_CHARACTERS))
        _frame(target, *place, head.colspan, head.rowspan)
    first = FIRST_ROW + len(table.header)
    for row, column, cell in placed_cells(table):
        _write_cell(target.cell(first + row, column + 1), cell)
        _frame(target, first + row, column + 1, cell.colspan, cell.rowspan)
    _set_heights(target, table)
    for at, note in enumerate(table.notes, start=first + len(table.body)):
        text = printable(note, MAX_CELL_CHARACTERS)
        _write_line(target, at, width, text)
        target.row_dimensions[at].height = _height(text, sum(letters))
    if table.header:
        target.print_title_rows = f"{FIRST_ROW}:{first - 1}"
        target.freeze_panes = target.cell(first, 1)
    _set_page(target, table.orientation)


def _write_line(target: Any, row: int, width: int, text: str) -> None:
    """A line over the whole table."""
    write_text(target.cell(row, 1), text)
    target.cell(row, 1).alignment = Alignment(vertical="center", wrap_text=True)
    if width > 1:
        target.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)


def _write_cell(target: Any, cell: Cell) -> None:
    figure = figure_of(cell)
    if figure is None:
        write_text(target, printable(cell.text, MAX_CELL_CHARACTERS) + cell.mark)
    else:
        write_figure(target, figure)
        target.number_format = number_format(cell)
    target.alignment = Alignment(horizontal=cell.align, vertical="center", wrap_text=True)


def _frame(target: Any, row: int, column: int, colspan: int, rowspan: int) -> None:
    for below in range(row, row + rowspan):
        for beside in range(column, column + colspan):
            target.cell(below, beside).border = BOX
    if colspan > 1 or rowspan > 1:
        target.merge_cells(
            start_row=row, start_column=column,
            end_row=row + rowspan - 1, end_column=column + colspan - 1,
        )  # fmt: skip


def _characters(table: Table, column: int, colspan: int) -> int:
    """How many Chinese characters fit across some columns."""
    share = sum(table.widths[column : column + colspan], Decimal(0)) / 100
    return max(NARROWEST * colspan, int(share * ACROSS[table.orientation]))


def _set_heights(target: Any, table: Table) -> None:
    """A merged cell does not make its row taller by itself, so each row is told its height."""
    heads = (
        (FIRST_ROW + row, column, cell.colspan, cell.rowspan, cell.text)
        for row, column, cell in placed_heads(table)
    )
    cells = (
        (FIRST_ROW + len(table.header) + row, column, cell.colspan, cell.rowspan, cell.text)
        for row, column, cell in placed_cells(table)
    )
    heights: dict[int, int] = {}
    for row, column, colspan, rowspan, text in chain(heads, cells):
        needed = _height(text, _characters(table, column, colspan)) // rowspan
        heights[row] = max(heights.get(row, LINE_HEIGHT), needed)
    for row, height in heights.items():
        target.row_dimensions[row].height = height


def _height(text: str, characters: int) -> int:
    """The height in points of a text in a cell so many Chinese characters wide."""
    lines = sum(max(1, -(-_width(line) // characters)) for line in text.split("\n"))
    return min(TALLEST, LINE_HEIGHT * lines)


def _width(text: str) -> int:
    """In Chinese characters, rounded up: others are half as wide."""
    return -(-sum(2 if ord(c) > 0x2E7F else 1 for c in text) // 2)


def _set_page(target: Any, orientation: str) -> None:
    """On paper as the report prints it: its direction, one page wide."""
    target.page_setup.orientation = orientation
    target.page_setup.paperSize = target.PAPERSIZE_A4
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
