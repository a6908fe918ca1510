"""PURE: read a filled template back into edits, or say what is wrong, by sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from budgets.entry import CellEdit
from budgets.excel.found import Grid, misplaced, text_at, value_at
from budgets.excel.found import Place as Place
from budgets.excel.found import ReadBook as ReadBook
from budgets.excel.found import Unreadable as Unreadable
from budgets.excel.found import read_number as read_number
from budgets.excel.list_reading import read_lists
from budgets.excel.marks import (
    CHOICES_TITLE,
    CODE_COLUMN,
    FIRST_COLUMN,
    FIRST_ROW,
    HEADER_ROW,
    MARK_NAME,
    PROBLEMS_TITLE,
    SPARE_ROWS,
    UNIT_PREFIX,
    UNIT_ROW,
    UNIT_WORDS,
    TemplateMark,
    finest,
)
from budgets.excel.template import row_mark
from budgets.excel.writing import sheet_title
from budgets.problems import problem
from rulebook.addresses import CellRef
from rulebook.amounts import (
    AmountError,
    MoneyUnit,
    decimals_of,
    normalize,
    to_yuan,
)
from rulebook.findings import Finding
from rulebook.layouts import SheetLayout, WorkbookLayout

MORE_ROWS = 400  # rows people may have added below the spare ones


def read_template(data: bytes, layout: WorkbookLayout, expected: TemplateMark) -> ReadBook:
    """Read a file that passed the gate; raises nothing but MemoryError for what is in it."""
    book = ReadBook()
    try:
        entered = open_book(data, data_only=False)
        cached = open_book(data, data_only=True)
        book.mark = mark_of(entered)
        book.findings.extend(wrong_mark(book.mark, expected))
        if not book.findings:
            _read_sheets(entered, cached, layout, book)
            read_lists(entered, cached, layout, book)
    except MemoryError:
        raise
    except Exception as error:  # a parser on foreign bytes fails in more ways than can be listed
        words = f"文件内容无法解析（{type(error).__name__}）。"
        book.findings = [problem("IM-106", words)]
    return book


def open_book(data: bytes, *, data_only: bool) -> Any:
    """A file that passed the gate, its formulas as text or as results; raises as openpyxl does."""
    return load_workbook(BytesIO(data), read_only=True, data_only=data_only, keep_links=False)


def mark_of(xlsx: Any) -> TemplateMark | None:
    """The mark in the custom property, else in the defined name; none where they disagree."""
    texts = [str(prop.value) for prop in xlsx.custom_doc_props.props if prop.name == MARK_NAME]
    if MARK_NAME in xlsx.defined_names:
        texts.append(str(xlsx.defined_names[MARK_NAME].attr_text).strip('"'))
    return TemplateMark.from_text(texts[0]) if len(set(texts)) == 1 else None


def mark_in(data: bytes) -> TemplateMark | None:
    """Whose template a file that passed the gate is; ``None`` for anything else."""
    try:
        return mark_of(open_book(data, data_only=False))
    except Exception:  # as in read_template: what cannot be parsed bears no mark
        return None


def wrong_mark(mark: TemplateMark | None, expected: TemplateMark) -> list[Finding]:
    """Why a file is not the template of what is expected; empty where it is."""
    if mark is None:
        return [problem("IM-121", "文件里没有本系统模板的标识，或标识被改动。")]
    compared = (
        ("IM-122", "模板版本", mark.format, expected.format),
        ("IM-122", "表样版本", mark.layout, expected.layout),
        ("IM-123", "部门编码", mark.department, expected.department),
        ("IM-123", "单位编码", mark.unit, expected.unit),
        ("IM-124", "年度", mark.fiscal_year, expected.fiscal_year),
        ("IM-125", "申报件编号", mark.filing, expected.filing),
    )
    found = [
        problem(id, f"文件的{name}是 {has}，这里应为 {wanted}。", left=has, right=wanted)
        for id, name, has, wanted in compared
        if has != wanted
    ]
    only_version = [f for f in found if f.check_id != "IM-125"]
    return only_version or found


def _read_sheets(entered: Any, cached: Any, layout: WorkbookLayout, book: ReadBook) -> None:
    titles = {sheet_title(sheet): sheet for sheet in layout.sheets}
    known = {*titles, *map(sheet_title, layout.lists), PROBLEMS_TITLE, CHOICES_TITLE}
    for title in entered.sheetnames[1:]:
        if title not in known:
            book.findings.append(problem("IM-142", f"工作表“{title}”不是模板的表。", label=title))
    for title, sheet in titles.items():
        if title not in entered.sheetnames:
            message = f"文件里没有工作表“{title}”。"
            book.findings.append(problem("IM-126", message, label=title, right=title))
            continue
        rows = FIRST_ROW + len(sheet.rows) + SPARE_ROWS + MORE_ROWS
        columns = FIRST_COLUMN + len(sheet.columns)
        grids = [
            list(xlsx[title].iter_rows(max_row=rows, max_col=columns, values_only=True))
            for xlsx in (entered, cached)
        ]
        _Reader(title, sheet, grids[0], grids[1], book).read()


@dataclass(slots=True)
class _Reader:
    """One sheet being read; ``entered`` has formulas as text, ``cached`` their last results."""

    title: str
    sheet: SheetLayout
    entered: Grid
    cached: Grid
    book: ReadBook
    unit: MoneyUnit = MoneyUnit.YUAN

    def read(self) -> None:
        if not self._head_is_right():
            return
        marks = {row_mark(self.sheet, row.key): row.key for row in self.sheet.rows}
        seen: set[str] = set()
        for at in range(FIRST_ROW, len(self.entered) + 1):
            mark = self._text(at, CODE_COLUMN)
            row = marks.get(mark, "") or self._code_row(at, mark)
            if row in seen:
                self._report("IM-134", at, CODE_COLUMN, f"{mark} 出现了两次。", mark)
            elif row:
                seen.add(row)
                self._read_row(at, row)
        missing = [mark for mark, key in marks.items() if key not in seen]
        if missing:
            self._report("IM-127", FIRST_ROW, CODE_COLUMN, f"找不到模板的{'、'.join(missing)}。")

    def _text(self, at: int, column: int) -> str:
        return text_at(self.entered, at, column)

    def _head_is_right(self) -> bool:
        last = FIRST_COLUMN + len(self.sheet.columns) - 1
        words = self._text(UNIT_ROW, last)
        label = words.removeprefix(normalize(UNIT_PREFIX))
        for at, column in enumerate(self.sheet.columns, FIRST_COLUMN):
            wanted = normalize(column.label).replace(" ", "")
            if (has := self._text(HEADER_ROW, at)) != wanted:
                message = f"表头是“{has}”，应为“{column.label}”。"
                self._report("IM-127", HEADER_ROW, at, message, has, column.label)
                return False
        if label not in UNIT_WORDS:
            self._report("IM-128", UNIT_ROW, last, f"单位写作“{words}”。", words, "元或万元")
            return False
        self.unit = UNIT_WORDS[label]
        return True

    def _code_row(self, at: int, mark: str) -> str:
        """The code of a row; reports what is no code, returns "" where nothing is to be read."""
        block = self.sheet.codes
        if not mark:
            if block and any(self._filled(at)):
                first = next(self._filled(at))
                self._report("IM-139", at, CODE_COLUMN, "本行有金额，没有编码。", first)
            return ""
        if block and self.sheet.is_code_row(mark):
            return mark
        id = "IM-133" if block and mark.isdigit() else "IM-127"
        self._report(id, at, CODE_COLUMN, f"“{mark}”不能作为本表的行。", mark)
        return ""

    def _filled(self, at: int) -> Iterator[str]:
        for column in range(FIRST_COLUMN, FIRST_COLUMN + len(self.sheet.columns)):
            value = value_at(self.entered, at, column)
            if value is not None and str(value).strip():
                yield str(value)

    def _read_row(self, at: int, row: str) -> None:
        kind = self.sheet.kind_of(row)
        for column_at, column in enumerate(self.sheet.columns, FIRST_COLUMN):
            ref = CellRef(self.sheet.key, row, column.key)
            raw = value_at(self.entered, at, column_at)
            if not self.sheet.has_cell(row, column.key):
                if raw is not None and str(raw).strip():
                    self._report("IM-140", at, column_at, "本栏不适用于这一行。", str(raw))
                continue
            try:
                number = read_number(raw, value_at(self.cached, at, column_at))
                edit = edit_of(ref, number, self.unit, kind)
            except Unreadable as error:
                self._report(error.id, at, column_at, error.words, str(raw), "数字")
                continue
            self.book.edits[ref] = edit
            self.book.places[ref] = self._place(at, column_at)

    def _place(self, at: int, column: int) -> Place:
        return Place(self.title, f"{get_column_letter(column)}{at}")

    def _report(
        self, id: str, at: int, column: int, message: str, left: str = "", right: str = ""
    ) -> None:
        place = self._place(at, column)
        self.book.findings.append(misplaced(id, place, message, left, right))


def edit_of(ref: CellRef, number: Decimal | None, unit: MoneyUnit, kind: str) -> CellEdit:
    """A number declared in ``unit`` → an edit; counts have no unit. Raises Unreadable."""
    code = unit.code if kind == "money" else ""
    if number is None:
        return CellEdit(ref, None, unit=code, decimals=2 if code else 0)
    if not code and (number < 0 or decimals_of(number)):
        raise Unreadable("IM-138", f"数量栏填的是 {number:f}。")
    if decimals_of(number) > finest(unit, kind):
        raise Unreadable("IM-135", f"{number:f} {unit.label}比分还细。")
    try:
        value = to_yuan(number, unit if code else MoneyUnit.YUAN)
    except (AmountError, InvalidOperation) as error:
        raise Unreadable("IM-135", f"{number:f}：{error}。") from error
    return CellEdit(ref, value, unit=code, decimals=max(2, decimals_of(number)) if code else 0)
