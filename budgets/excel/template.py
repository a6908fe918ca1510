"""PURE: write a workbook's template, prefilled, with locked headers and computed cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import Workbook as Xlsx
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from budgets.checks import network_of, resolve
from budgets.excel.list_template import ListsToWrite, write_lists
from budgets.excel.marks import (
    CODE_COLUMN,
    FIRST_COLUMN,
    FIRST_ROW,
    GROUP_ROW,
    HEADER_ROW,
    LABEL_COLUMN,
    MARK_NAME,
    SPARE_ROWS,
    TITLE_ROW,
    UNIT_PREFIX,
    UNIT_ROW,
    TemplateMark,
    finest,
    shown,
)
from budgets.excel.writing import (
    BOX,
    GREY,
    LOCKED,
    NUMBER_FORMATS,
    OPEN,
    header,
    only_numbers,
    sheet_title,
    write_figure,
    write_text,
)
from budgets.workbook import WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.amounts import Interval, MoneyUnit
from rulebook.layouts import SheetLayout, load_layout
from rulebook.network import Network, code_rows_of

INSTRUCTIONS = (
    "只在白色单元格填写；灰色单元格由系统计算，填写后不会采用。",
    "没有数的单元格留空；零请填 0，空与零含义不同。",
    "增加科目：在表末空白行填写明细科目编码和金额，名称由系统带出。",
    "请不要改动表头、改名工作表，不要在清单以外增删行列；金额单位见每张表的右上角。",
)
OF_LISTS = "清单一行一条，可以增删行；重新导入时，文件中没有的行即为删除。"


def row_mark(sheet: SheetLayout, row: str) -> str:
    """What stands in the first column: 行01 for fixed rows, the code for the others."""
    keys = [fixed.key for fixed in sheet.rows]
    return f"行{keys.index(row) + 1:02d}" if row in keys else row


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet being written."""

    target: Worksheet
    sheet: SheetLayout
    network: Network
    figures: Mapping[CellRef, Interval]
    names: Mapping[str, str]
    unit: MoneyUnit
    numbers: dict[str, DataValidation] = field(default_factory=dict)

    def _open(self, cell: Any, kind: str) -> None:
        """Let people fill the cell, with numbers."""
        cell.fill, cell.protection = PatternFill(), OPEN
        self.numbers.setdefault(kind, only_numbers(kind)).add(cell)

    def head(self, subtitle: str) -> None:
        page, last = self.target, FIRST_COLUMN + len(self.sheet.columns) - 1
        title = f"{self.sheet.number} {self.sheet.title}".strip()
        write_text(page.cell(TITLE_ROW, CODE_COLUMN), title)
        page.cell(TITLE_ROW, CODE_COLUMN).font = Font(bold=True, size=14)
        write_text(page.cell(UNIT_ROW, CODE_COLUMN), subtitle)
        write_text(page.cell(UNIT_ROW, last), f"{UNIT_PREFIX}{self.unit.label}")
        page.cell(UNIT_ROW, last).alignment = Alignment(horizontal="right")
        first = "编码或行号", "项目"
        for at, label in enumerate(first, CODE_COLUMN):
            header(page, HEADER_ROW, at, label)
            header(page, GROUP_ROW, at, "")
        for at, column in enumerate(self.sheet.columns, FIRST_COLUMN):
            header(page, GROUP_ROW, at, column.group)
            header(page, HEADER_ROW, at, column.label)

    def row(self, at: int, row: str) -> None:
        fixed = self.sheet.row(row)
        unit_label = f"（{fixed.unit_label}）" if fixed and fixed.unit_label else ""
        label = f"{fixed.label}{unit_label}" if fixed else self.names.get(row, "")
        self._label(at, CODE_COLUMN, row_mark(self.sheet, row))
        self._label(at, LABEL_COLUMN, label)
        for column_at, column in enumerate(self.sheet.columns, FIRST_COLUMN):
            self._figure(at, column_at, CellRef(self.sheet.key, row, column.key))

    def _label(self, at: int, column: int, text: str) -> None:
        cell = self.target.cell(at, column)
        write_text(cell, text)
        cell.border, cell.fill, cell.number_format = BOX, GREY, "@"

    def _figure(self, at: int, column_at: int, ref: CellRef) -> None:
        cell = self.target.cell(at, column_at)
        cell.border, cell.fill, cell.protection = BOX, GREY, LOCKED
        if not self.sheet.has_cell(ref.row, ref.column):
            return
        kind = self.sheet.kind_of(ref.row)
        cell.number_format = NUMBER_FORMATS[finest(self.unit, kind)]
        if ref in self.figures:
            write_figure(cell, shown(self.figures[ref].value, self.unit, kind))
        if not self.network.is_derived(ref):
            self._open(cell, kind)

    def spare(self, at: int) -> None:
        """An empty row for one more code; which of its cells are computed follows the rules."""
        code = self.target.cell(at, CODE_COLUMN)
        code.border, code.protection, code.number_format = BOX, OPEN, "@"
        self._label(at, LABEL_COLUMN, "")
        block = self.sheet.codes
        computed = {total.column for total in self.sheet.row_totals}
        usable = (block.columns if block else ()) or tuple(c.key for c in self.sheet.columns)
        for column_at, column in enumerate(self.sheet.columns, FIRST_COLUMN):
            cell = self.target.cell(at, column_at)
            cell.border, cell.fill = BOX, GREY
            cell.number_format = NUMBER_FORMATS[finest(self.unit, "money")]
            if column.key in usable and column.key not in computed:
                self._open(cell, "money")

    def finish(self) -> None:
        page = self.target
        page.column_dimensions[get_column_letter(CODE_COLUMN)].width = 12
        page.column_dimensions[get_column_letter(LABEL_COLUMN)].width = 42
        for at in range(FIRST_COLUMN, FIRST_COLUMN + len(self.sheet.columns)):
            page.column_dimensions[get_column_letter(at)].width = 18
        page.freeze_panes = page.cell(FIRST_ROW, FIRST_COLUMN).coordinate
        page.protection.sheet = True
        page.protection.formatColumns = False
        for rule in self.numbers.values():
            page.add_data_validation(rule)


def _instructions(target: Worksheet, book: WorkbookSnapshot, mark: TemplateMark) -> None:
    target.title = "填报说明"
    write_text(target.cell(1, 1), f"{book.name} {mark.fiscal_year} 年度填报模板")
    target.cell(1, 1).font = Font(bold=True, size=14)
    lines = (*INSTRUCTIONS, OF_LISTS) if load_layout(book.layout).lists else INSTRUCTIONS
    for at, line in enumerate(lines, 3):
        write_text(target.cell(at, 1), f"{at - 2}. {line}")
    write_text(target.cell(len(lines) + 4, 1), f"单位编码：{mark.unit}")
    target.column_dimensions["A"].width = 90
    target.protection.sheet = True


NO_LISTS = ListsToWrite()


def write_template(
    book: WorkbookSnapshot,
    names: Mapping[str, str],
    mark: TemplateMark,
    unit: MoneyUnit,
    *,
    lists: ListsToWrite = NO_LISTS,
    suggested: Iterable[tuple[str, str]] = (),
) -> bytes:
    """The XLSX of a book in ``unit``: a sheet per sheet and list of its layout, printed or not.

    ``suggested`` are code rows (sheet, row) of last year, shown empty.
    """
    layout, network = load_layout(book.layout), network_of(book)
    figures = resolve(book)
    used = {(cell.sheet, cell.row) for cell in book.cells}
    rows = dict(code_rows_of(layout, used.union(suggested)))
    subtitle = f"{book.name}  {mark.fiscal_year} 年度"
    xlsx = Xlsx()
    first = xlsx.active
    assert isinstance(first, Worksheet)
    _instructions(first, book, mark)
    for sheet in layout.sheets:
        target = xlsx.create_sheet(sheet_title(sheet))
        page = _Page(target, sheet, network, figures, names, unit)
        page.head(subtitle)
        ordered = sheet.ordered_rows(rows[sheet.key])
        for at, row in enumerate(ordered, FIRST_ROW):
            page.row(at, row)
        if sheet.codes and not sheet.codes.listed:
            for at in range(FIRST_ROW + len(ordered), FIRST_ROW + len(ordered) + SPARE_ROWS):
                page.spare(at)
        page.finish()
    write_lists(
        xlsx,
        layout,
        lists,
        names,
        unit,
        book=book.book,
        unit_name=book.name,
        subtitle=subtitle,
    )
    stamp(xlsx, mark)
    stream = BytesIO()
    xlsx.save(stream)
    return stream.getvalue()


def stamp(xlsx: Any, mark: TemplateMark) -> None:
    """Write the mark where LibreOffice and WPS keep it."""
    text = mark.text()
    xlsx.custom_doc_props.append(StringProperty(name=MARK_NAME, value=text))
    xlsx.defined_names[MARK_NAME] = DefinedName(MARK_NAME, attr_text=f'"{text}"')
