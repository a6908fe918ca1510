"""PURE: write forms into a workbook: a cover, one sheet per form, the words to choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook as Xlsx
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from budgets.excel.list_template import Choices, offered
from budgets.excel.marks import CHOICES_TITLE, UNIT_PREFIX, TemplateMark, finest, shown
from budgets.excel.template import stamp
from budgets.excel.writing import (
    BOX,
    GREY,
    HEAD,
    NUMBER_FORMATS,
    OPEN,
    header,
    only_numbers,
    write_figure,
    write_text,
)
from performance.excel.layout import (
    GOAL,
    Holds,
    Line,
    Section,
    Shown,
    Slot,
    Table,
    sections_of,
)
from performance.excel.pages import FormPage, PageRow, Value, is_plain, rows_of, value_of
from rulebook.amounts import MoneyUnit
from rulebook.forms import load_form

COVER_TITLE = "填报说明"
SUBJECT_ROW, FORM_ROW, STATE_ROW, FIRST_LINE = 2, 3, 4, 6
MARK_COLUMN, LABEL_COLUMN, VALUE_COLUMN, LAST_COLUMN = 1, 2, 3, 9
SUBJECT_LABEL, FORM_LABEL, STATE_LABEL = "对象编码", "表样", "下载时的指纹"
LONGEST = 32767  # characters a cell of XLSX holds
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
WIDTHS = {1: 11, 2: 26, 3: 22}
PLAIN_WIDTH = 20
LINE_HEIGHT, MOST_LINES = 15, 20
CHARACTERS_PER_LINE, CHARACTERS_PER_CELL = 60, 12
INSTRUCTIONS = (
    "白色单元格填写；灰色单元格（名称、预算资金、合计、占比、得分等）由系统算出，是下载时的数，填写后不会采用。",
    "第一列是行的标识，请不要改动。绩效指标、支出明细等可以增删行、调整顺序；新增的行标识留空。",
    "指标值和完成值按原样保存，请用文字写明数和单位（例如“≥90%”），不要写成日期或公式。",
    "重新导入时，文件中没有的行即为删除；没有放进文件的表（工作表）不受影响。",
    "本文件供内部填报，含有不公开的栏目（联系人、电话），请勿对外发布。",
)


def as_written(text: str) -> str:
    """A text as a cell can hold it and gives it back."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return ILLEGAL_CHARACTERS_RE.sub("", plain)[:LONGEST].strip()


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a cell so many characters wide, as far as a row grows."""
    return min(sum(1 + len(part) // width for part in text.split("\n")), MOST_LINES)


def sheet_titles(pages: Sequence[FormPage]) -> list[str]:
    """One title per form, numbered and within the 31 characters Excel allows."""
    width = max(2, len(str(len(pages))))
    return [
        f"{at:0{width}d} {NOT_IN_TITLES.sub('', as_written(page.name))}"[:31].strip()
        for at, page in enumerate(pages, 1)
    ]


def write_forms(
    pages: Sequence[FormPage], mark: TemplateMark, unit: MoneyUnit, *, title: str
) -> bytes:
    """The workbook of some forms of a filing with what is filed, amounts in ``unit``."""
    xlsx = Xlsx()
    _cover(xlsx.active, pages, unit, title)
    choices = Choices(xlsx.create_sheet(CHOICES_TITLE))
    lists: dict[tuple[str, ...], str] = {}
    for page, name in zip(pages, sheet_titles(pages), strict=True):
        target = xlsx.create_sheet(name, len(xlsx.sheetnames) - 1)  # the choices stay last
        _Sheet(target, page, int(mark.fiscal_year), unit, choices, lists).write()
    choices.target.protection.sheet = True
    stamp(xlsx, mark)
    stream = BytesIO()
    xlsx.save(stream)
    return stream.getvalue()


def _cover(target: Any, pages: Sequence[FormPage], unit: MoneyUnit, title: str) -> None:
    target.title = COVER_TITLE
    write_text(target.cell(1, 1), title)
    target.cell(1, 1).font = Font(bold=True, size=14)
    write_text(target.cell(2, 1), f"{UNIT_PREFIX}{unit.label}")
    for at, line in enumerate(INSTRUCTIONS, 4):
        write_text(target.cell(at, 1), line)
    first = len(INSTRUCTIONS) + 5
    for column, (head, width) in enumerate(
        (("工作表", 32), ("对象", 40), (FORM_LABEL, 48), (STATE_LABEL, 20)), 1
    ):
        header(target, first, column, head)
        target.column_dimensions[get_column_letter(column)].width = width
    for at, (page, name) in enumerate(zip(pages, sheet_titles(pages), strict=True), first + 1):
        state = page.fingerprint or "未填报"
        for column, text in enumerate((name, page.name, load_form(page.form).name, state), 1):
            write_text(target.cell(at, column), as_written(text))
            target.cell(at, column).border = BOX
    _print_wide(target)
    target.protection.sheet = True


@dataclass(slots=True)
class _Sheet:
    """One form being written, line by line."""

    target: Any
    page: FormPage
    year: int
    unit: MoneyUnit
    choices: Choices
    lists: dict[tuple[str, ...], str]
    at: int = FIRST_LINE
    has_goals: bool = False
    rules: dict[str, DataValidation] = field(default_factory=dict)

    def write(self) -> None:
        self._head()
        for section in sections_of(self.page.form, self.year):
            self._section(section)
        self._finish()

    def _head(self) -> None:
        form = load_form(self.page.form)
        target = self.target
        write_text(target.cell(1, 1), as_written(f"{self.page.name}　{form.name}"))
        target.cell(1, 1).font = Font(bold=True, size=14)
        for row, label, text in (
            (SUBJECT_ROW, SUBJECT_LABEL, self.page.subject),
            (FORM_ROW, FORM_LABEL, self.page.form),
            (STATE_ROW, STATE_LABEL, self.page.fingerprint),
        ):
            write_text(target.cell(row, MARK_COLUMN), label)
            self._grey(row, LABEL_COLUMN, text).alignment = Alignment(horizontal="left")
        write_text(target.cell(SUBJECT_ROW, VALUE_COLUMN), f"{UNIT_PREFIX}{self.unit.label}")

    def _grey(self, row: int, column: int, text: str) -> Any:
        cell = self.target.cell(row, column)
        write_text(cell, as_written(text))
        cell.number_format, cell.fill, cell.border = "@", GREY, BOX
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return cell

    def _section(self, section: Section) -> None:
        self._grey(self.at, MARK_COLUMN, section.mark)
        title = self._grey(self.at, LABEL_COLUMN, section.title)
        title.font, title.fill = Font(bold=True), HEAD
        for column, head in enumerate(section.heads, VALUE_COLUMN):
            header(self.target, self.at, column, head)
        self.at += 1
        for line in section.lines:
            self._line(line, is_wide=len(line.cells) == 1 and len(section.heads) != 1)
        for table in section.tables:
            self._table(table)
        if section.projects:
            self._projects(section.projects)
        self.at += 1

    def _line(self, line: Line, *, is_wide: bool) -> None:
        self._grey(self.at, MARK_COLUMN, line.mark)
        self._grey(self.at, LABEL_COLUMN, line.label)
        for column, cell in enumerate(line.cells, VALUE_COLUMN):
            if isinstance(cell, Shown) or cell.key in self.page.computed:
                self._shown(self.at, column, cell.key, "left" if is_wide else "right")
            else:
                self._slot(self.at, column, cell, value_of(self.page, cell.key))
        if is_wide:
            self._widen(line)
        self.at += 1

    def _widen(self, line: Line) -> None:
        """One value across the sheet, as high as its text wants."""
        self.target.merge_cells(
            start_row=self.at, end_row=self.at, start_column=VALUE_COLUMN, end_column=LAST_COLUMN
        )
        text = str(self.target.cell(self.at, VALUE_COLUMN).value or "")
        slot = line.cells[0]
        least = 3 if isinstance(slot, Slot) and slot.holds is Holds.PARAGRAPHS else 1
        height = LINE_HEIGHT * max(least, lines_of(text, CHARACTERS_PER_LINE))
        self.target.row_dimensions[self.at].height = height + 3

    def _shown(self, row: int, column: int, key: str, side: str) -> None:
        self._recorded(row, column, self.page.computed.get(key, ""))
        self.target.cell(row, column).alignment = Alignment(
            horizontal=side, vertical="top", wrap_text=True
        )

    def _recorded(self, row: int, column: int, value: str | Decimal) -> None:
        cell = self._grey(row, column, "" if isinstance(value, Decimal) else value)
        if isinstance(value, Decimal):
            cell.number_format = NUMBER_FORMATS[finest(self.unit, "money")]
            write_figure(cell, shown(value, self.unit, "money"))

    def _slot(self, row: int, column: int, slot: Slot, value: Value) -> None:
        cell = self.target.cell(row, column)
        cell.border, cell.protection = BOX, OPEN
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.number_format = "@"
        if slot.holds is Holds.AMOUNT:
            cell.number_format = NUMBER_FORMATS[finest(self.unit, "money")]
            if isinstance(value, Decimal):
                write_figure(cell, shown(value, self.unit, "money"))
        elif isinstance(value, Decimal):
            write_text(cell, f"{value:f}")
        elif value not in (None, ""):
            write_text(cell, as_written(slot.label_of(str(value))))
        if (rule := self._rule(slot)) is not None:
            rule.add(cell)

    def _rule(self, slot: Slot) -> DataValidation | None:
        if slot.holds is Holds.AMOUNT:
            return self.rules.setdefault("money", only_numbers("money"))
        words = slot.offered or tuple(choice.label for choice in slot.choices)
        if not words:
            return None
        formula = self.lists.get(words) or self.choices.add(slot.label, words)
        self.lists[words] = formula
        return self.rules.setdefault(formula, offered(formula, strict=not slot.offered))

    def _table(self, table: Table) -> None:
        rows = rows_of(self.page, table.key)
        if table.key.endswith("goals"):
            self.has_goals = not table.is_optional or _has_goals(self.page, table.key)
            if not self.has_goals:
                return
        self._grey(self.at, MARK_COLUMN, table.mark)
        columns = table.columns
        if not self.has_goals:
            columns = tuple(slot for slot in columns if slot.key != GOAL)
        heads = (*(slot.label for slot in columns), *(cell.label for cell in table.shown))
        for column, head in enumerate(heads, LABEL_COLUMN):
            header(self.target, self.at, column, head)
        self.at += 1
        for row in (*rows, *[None] * table.spare):
            self._row(table.word, columns, table.shown, row)

    def _row(
        self, word: str, columns: Sequence[Slot], shown: Sequence[Shown], row: PageRow | None
    ) -> None:
        mark = self.target.cell(self.at, MARK_COLUMN)
        mark.number_format, mark.border, mark.fill = "@", BOX, GREY
        mark.alignment = Alignment(vertical="top")
        mark.protection = OPEN  # so that rows can be copied, sorted and removed
        if row is not None:
            write_text(mark, f"{word}{row.key}")
        for column, slot in enumerate(columns, LABEL_COLUMN):
            self._slot(self.at, column, slot, row.values.get(slot.key) if row else None)
        for column, cell in enumerate(shown, LABEL_COLUMN + len(columns)):
            self._shown(self.at, column, f"{cell.key}/{row.key}" if row else "", "right")
        worded = [slot.key for slot in columns if slot.holds in (Holds.TEXT, Holds.PARAGRAPHS)]
        texts = [str(row.values.get(key) or "") for key in worded] if row else []
        deep = max((lines_of(text, CHARACTERS_PER_CELL) for text in texts), default=1)
        self.target.row_dimensions[self.at].height = LINE_HEIGHT * deep
        self.at += 1

    def _projects(self, heads: Mapping[str, str]) -> None:
        for column, head in enumerate(heads.values(), LABEL_COLUMN):
            header(self.target, self.at, column, head)
        self.at += 1
        for row in self.page.projects:
            for column, key in enumerate(heads, LABEL_COLUMN):
                self._recorded(self.at, column, row.get(key, ""))
            self.at += 1

    def _finish(self) -> None:
        page = self.target
        widest = max(
            (
                len(t.columns) + len(t.shown)
                for s in sections_of(self.page.form, self.year)
                for t in s.tables
            ),
            default=0,
        )
        for column in range(1, max(LAST_COLUMN, widest + 1) + 1):
            width = WIDTHS.get(column, PLAIN_WIDTH)
            page.column_dimensions[get_column_letter(column)].width = width
        page.freeze_panes = page.cell(FIRST_LINE, VALUE_COLUMN).coordinate
        for name in ("formatColumns", "formatRows", "insertRows", "deleteRows", "sort"):
            setattr(page.protection, name, False)
        page.protection.sheet = True
        _print_wide(page)
        for rule in self.rules.values():
            page.add_data_validation(rule)


def _print_wide(page: Any) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _has_goals(page: FormPage, table: str) -> bool:
    declaration = page.declaration
    if declaration is None:
        return False
    goals = declaration.long_term if table.startswith("long_") else declaration.goals
    return not is_plain(goals)
