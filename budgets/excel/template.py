"""PURE: write a workbook's template, prefilled, with locked headers and computed cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook as Xlsx
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from budgets.checks import network_of, resolve
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
from budgets.workbook import WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.amounts import MAX_AMOUNT, MAX_SIGNIFICANT_DIGITS, Interval, MoneyUnit
from rulebook.layouts import SheetLayout, load_layout
from rulebook.network import Network, code_rows_of

LINE = Side(style="thin", color="BFC7D1")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD = PatternFill("solid", fgColor="DCE6F2")
GREY = PatternFill("solid", fgColor="EEF2F7")
LOCKED, OPEN = Protection(locked=True), Protection(locked=False)
NUMBER_FORMATS = {2: "#,##0.00", 6: "#,##0.00####", 0: "#,##0"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
INSTRUCTIONS = (
    "只在白色单元格填写；灰色单元格由系统计算，填写后不会采用。",
    "没有数的单元格留空；零请填 0，空与零含义不同。",
    "增加科目：在表末空白行填写明细科目编码和金额，名称由系统带出。",
    "请不要改动表头、增删行列或改名工作表；金额单位见每张表的右上角。",
)


def sheet_title(sheet: SheetLayout) -> str:
    """The name of a layout's sheet in the file, within the 31 characters Excel allows."""
    return f"{sheet.code} {sheet.title}"[:31]


def row_mark(sheet: SheetLayout, row: str) -> str:
    """What stands in the first column: 行01 for fixed rows, the code for the others."""
    keys = [fixed.key for fixed in sheet.rows]
    return f"行{keys.index(row) + 1:02d}" if row in keys else row


def write_text(cell: Any, text: str) -> None:
    """Put text that stays text, whatever it begins with."""
    cell.value = text
    if text.startswith(FORMULA_STARTS):
        cell.data_type = "s"
        cell.quotePrefix = True


def write_figure(cell: Any, value: Decimal) -> None:
    """A number, or text where a double could not hold it."""
    too_long = len(value.normalize().as_tuple().digits) > MAX_SIGNIFICANT_DIGITS
    cell.value = f"{value:f}" if too_long else value


def _only_numbers(kind: str) -> DataValidation:
    """What a spreadsheet says at once about words in a cell for figures."""
    is_money = kind == "money"
    rule = DataValidation(
        type="decimal" if is_money else "whole",
        operator="between",
        formula1=f"-{MAX_AMOUNT}" if is_money else "0",
        formula2=f"{MAX_AMOUNT}" if is_money else "999999999",
        allow_blank=True,
        showErrorMessage=True,
    )
    rule.errorTitle = "请填数字" if is_money else "请填整数"
    rule.error = "这一格只能填数字；没有数的请留空。" if is_money else "数量请填不小于零的整数。"
    return rule


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
        self.numbers.setdefault(kind, _only_numbers(kind)).add(cell)

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
            self._header(HEADER_ROW, at, label)
            self._header(GROUP_ROW, at, "")
        for at, column in enumerate(self.sheet.columns, FIRST_COLUMN):
            self._header(GROUP_ROW, at, column.group)
            self._header(HEADER_ROW, at, column.label)

    def _header(self, row: int, column: int, text: str) -> None:
        cell = self.target.cell(row, column)
        write_text(cell, text)
        cell.fill, cell.border, cell.font = HEAD, BOX, Font(bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)

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
    for at, line in enumerate(INSTRUCTIONS, 3):
        write_text(target.cell(at, 1), f"{at - 2}. {line}")
    write_text(target.cell(len(INSTRUCTIONS) + 4, 1), f"单位编码：{mark.unit}")
    target.column_dimensions["A"].width = 90
    target.protection.sheet = True


def write_template(
    book: WorkbookSnapshot, names: Mapping[str, str], mark: TemplateMark, unit: MoneyUnit
) -> bytes:
    """The XLSX of a book: one sheet per sheet of its layout, printed or not, in ``unit``."""
    layout, network = load_layout(book.layout), network_of(book)
    figures = resolve(book)
    rows = dict(code_rows_of(layout, {(cell.sheet, cell.row) for cell in book.cells}))
    xlsx = Xlsx()
    first = xlsx.active
    assert isinstance(first, Worksheet)
    _instructions(first, book, mark)
    for sheet in layout.sheets:
        target = xlsx.create_sheet(sheet_title(sheet))
        page = _Page(target, sheet, network, figures, names, unit)
        page.head(f"{book.name}  {mark.fiscal_year} 年度")
        ordered = sheet.ordered_rows(rows[sheet.key])
        for at, row in enumerate(ordered, FIRST_ROW):
            page.row(at, row)
        if sheet.codes and not sheet.codes.listed:
            for at in range(FIRST_ROW + len(ordered), FIRST_ROW + len(ordered) + SPARE_ROWS):
                page.spare(at)
        page.finish()
    _stamp(xlsx, mark)
    stream = BytesIO()
    xlsx.save(stream)
    return stream.getvalue()


def _stamp(xlsx: Any, mark: TemplateMark) -> None:
    text = mark.text()
    xlsx.custom_doc_props.append(StringProperty(name=MARK_NAME, value=text))
    xlsx.defined_names[MARK_NAME] = DefinedName(MARK_NAME, attr_text=f'"{text}"')
