"""PURE: read a filled workbook of forms, or say what is wrong, by sheet and cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from budgets.excel.found import Place, Unreadable, misplaced
from budgets.excel.marks import CHOICES_TITLE, PROBLEMS_TITLE, UNIT_PREFIX, UNIT_WORDS, TemplateMark
from budgets.excel.reading import mark_of, open_book, wrong_mark
from budgets.problems import problem
from performance.excel.cells import NOTHING, Content, Raw, content_of
from performance.excel.found import ReadForms, ReadLine, ReadSheet, ReadValue
from performance.excel.layout import (
    GOAL,
    Line,
    Slot,
    Table,
    is_evaluation,
    sections_of,
)
from performance.excel.template import (
    COVER_TITLE,
    FIRST_LINE,
    FORM_ROW,
    LABEL_COLUMN,
    MARK_COLUMN,
    STATE_ROW,
    SUBJECT_ROW,
    VALUE_COLUMN,
)
from rulebook.amounts import MoneyUnit, normalize
from rulebook.findings import Finding
from rulebook.forms import load_form

MOST_LINES = 1500
MOST_COLUMNS = 26
ROW_MARK = re.compile(r"(?P<word>\D+?)(?P<key>L?\d+(\.\d+)?)", re.ASCII)


def read_forms(
    data: bytes, expected: TemplateMark, forms: Mapping[str, Sequence[str]]
) -> ReadForms:
    """Read a file that passed the gate; ``forms`` are the subjects a filing has, each with the
    editions its form may be on. Raises nothing but MemoryError for what is in the file."""
    try:
        entered, cached = open_book(data, data_only=False), open_book(data, data_only=True)
        mark = mark_of(entered)
        if found := wrong_mark(mark, expected):
            return ReadForms(findings=tuple(found), mark=mark)
        return _read(entered, cached, forms, int(expected.fiscal_year), mark)
    except MemoryError:
        raise
    except Exception as error:  # a parser on foreign bytes fails in more ways than can be listed
        words = f"文件内容无法解析（{type(error).__name__}）。"
        return ReadForms(findings=(problem("IM-106", words),))


def _read(
    entered: Any,
    cached: Any,
    forms: Mapping[str, Sequence[str]],
    year: int,
    mark: TemplateMark | None,
) -> ReadForms:
    findings: list[Finding] = []
    sheets: dict[str, ReadSheet] = {}
    for title in entered.sheetnames:
        if title in (COVER_TITLE, CHOICES_TITLE, PROBLEMS_TITLE):
            continue
        reader = _Reader(title, _rows(entered[title], cached[title]), year, findings)
        sheet = reader.read(forms)
        if sheet and sheet.subject in sheets:
            other = sheets[sheet.subject].title
            place = Place(title, f"{get_column_letter(LABEL_COLUMN)}{SUBJECT_ROW}")
            findings.append(misplaced("IM-206", place, f"与工作表“{other}”是同一个对象。"))
        elif sheet:
            sheets[sheet.subject] = sheet
    if not sheets and not findings:
        findings.append(problem("IM-126", "文件里没有一张绩效表。"))
    return ReadForms(tuple(sheets.values()), tuple(findings), mark)


def _rows(entered: Any, cached: Any) -> list[list[Raw]]:
    """The cells of a sheet, with the results of formulas beside them."""
    area = {"max_row": MOST_LINES, "max_col": MOST_COLUMNS}
    results = cached.iter_rows(values_only=True, **area)
    return [
        [
            Raw(cell.value, result, str(cell.number_format or ""), str(cell.data_type or "n"))
            if cell.value is not None
            else EMPTY
            for cell, result in zip(cells, values, strict=False)
        ]
        for cells, values in zip(entered.iter_rows(**area), results, strict=False)
    ]


def _is_typed(line: Line) -> bool:
    """Whether there is anything to read in a line, which is grey otherwise."""
    return any(isinstance(cell, Slot) for cell in line.cells)


EMPTY = Raw(None, None, "", "n")


@dataclass(slots=True)
class _Reader:
    """One sheet being read."""

    title: str
    rows: list[list[Raw]]
    year: int
    findings: list[Finding]
    form: str = ""
    unit: MoneyUnit = MoneyUnit.YUAN
    values: list[ReadValue] = field(default_factory=list)
    lines: list[ReadLine] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    def read(self, forms: Mapping[str, Sequence[str]]) -> ReadSheet | None:
        """The form on this sheet; None for a sheet that is none, which is reported."""
        subject = self._text(SUBJECT_ROW, LABEL_COLUMN)
        self.form = self._text(FORM_ROW, LABEL_COLUMN)
        if not subject or not self.form:
            words = f"工作表“{self.title}”不是绩效表，没有读取。"
            self.findings.append(problem("IM-142", words, label=self.title))
            return None
        if not self._is_expected(subject, forms) or not self._unit_is_clear():
            return None
        self._read_lines()
        return ReadSheet(
            self.title,
            subject,
            self.form,
            self._text(STATE_ROW, LABEL_COLUMN),
            self.unit.code,
            tuple(self.values),
            tuple(self.lines),
            tuple(self.tables),
        )

    def _is_expected(self, subject: str, forms: Mapping[str, Sequence[str]]) -> bool:
        if subject not in forms:
            message = f"本申报件没有对象“{subject[:40]}”。"
            self._report("IM-207", SUBJECT_ROW, LABEL_COLUMN, message, subject)
        elif self.form not in forms[subject]:
            wanted = "、".join(forms[subject])
            message = f"表样是“{self.form[:60]}”，这里应为“{wanted}”。"
            self._report("IM-122", FORM_ROW, LABEL_COLUMN, message, self.form, wanted)
        else:
            return True
        return False

    def _unit_is_clear(self) -> bool:
        words = self._text(SUBJECT_ROW, VALUE_COLUMN)
        unit = UNIT_WORDS.get(words.removeprefix(normalize(UNIT_PREFIX)))
        if unit is None:
            message = f"单位写作“{words[:30]}”。"
            self._report("IM-128", SUBJECT_ROW, VALUE_COLUMN, message, words, "元或万元")
            return False
        self.unit = unit
        return True

    def _read_lines(self) -> None:
        sections = sections_of(self.form, self.year)
        lines = {line.mark: line for section in sections for line in section.lines}
        tables = {table.mark: table for section in sections for table in section.tables}
        seen: set[str] = set()
        current: tuple[Table, dict[int, Slot]] | None = None
        for at in range(FIRST_LINE, len(self.rows) + 1):
            mark = self._text(at, MARK_COLUMN)
            if mark in lines or mark in tables:
                if mark in seen:
                    self._report("IM-134", at, MARK_COLUMN, f"“{mark}”出现了两次。", mark)
                    continue
                seen.add(mark)
            if mark in lines:
                current = None
                self._line(at, lines[mark])
            elif mark in tables:
                current = self._table(at, tables[mark])
            elif mark.startswith("块"):
                current = None
            elif current:
                self._row(at, mark, *current)
            elif mark:
                self._report("IM-127", at, MARK_COLUMN, f"“{mark[:20]}”不是这里的行。", mark)
        typed = (mark for mark, line in lines.items() if _is_typed(line))
        needed = [*typed, *(mark for mark, table in tables.items() if not table.is_optional)]
        if missing := [mark for mark in needed if mark not in seen]:
            words = f"找不到{'、'.join(missing[:8])}，共 {len(missing)} 行。"
            self._report("IM-127", FIRST_LINE, MARK_COLUMN, words)

    def _line(self, at: int, line: Line) -> None:
        for column, cell in enumerate(line.cells, VALUE_COLUMN):
            if isinstance(cell, Slot):
                self.values.append(self._value(at, column, cell))

    def _table(self, at: int, table: Table) -> tuple[Table, dict[int, Slot]] | None:
        """The columns of a table by their heads, wherever people have moved them."""
        wanted = {normalize(slot.label).replace(" ", ""): slot for slot in table.columns}
        columns = {
            column: wanted[head]
            for column in range(LABEL_COLUMN, MOST_COLUMNS + 1)
            if (head := self._text(at, column)) in wanted
        }
        found = [slot.key for slot in columns.values()]
        for slot in table.columns:
            if found.count(slot.key) != 1 and (found.count(slot.key) or slot.key != GOAL):
                times = "没有" if slot.key not in found else "不止一次"
                message = f"表头{times}出现“{slot.label}”。"
                self._report("IM-127", at, MARK_COLUMN, message, right=slot.label)
                return None
        self.tables.append(table.key)
        return table, columns

    def _row(self, at: int, mark: str, table: Table, columns: dict[int, Slot]) -> None:
        raws = {column: self._raw(at, column) for column in columns}
        if all(raw.is_empty for raw in raws.values()):
            return
        was = ""
        if mark:
            parts = ROW_MARK.fullmatch(mark)
            if parts is None or parts["word"] != table.word:
                message = f"“{mark[:20]}”不是这张表的行标识，新增的行请留空。"
                self._report("IM-127", at, MARK_COLUMN, message, mark)
                return
            was = parts["key"]
        for column, slot in columns.items():
            if slot.is_required and raws[column].is_empty:
                self._report("IM-208", at, column, f"没有填写{slot.label}。")
        values = tuple(self._value(at, column, slot) for column, slot in columns.items())
        self.lines.append(ReadLine(table.key, was, at, values))

    def _value(self, at: int, column: int, slot: Slot) -> ReadValue:
        raw = self._raw(at, column)
        content: Content = NOTHING
        keeps_parts = not is_evaluation(load_form(self.form))
        try:
            content = content_of(raw, slot, self.unit, keeps_parts=keeps_parts)
        except Unreadable as error:
            self._report(error.id, at, column, error.words, str(raw.value))
        return ReadValue(slot.key, *content, f"{get_column_letter(column)}{at}")

    def _raw(self, at: int, column: int) -> Raw:
        row = self.rows[at - 1] if 0 < at <= len(self.rows) else []
        return row[column - 1] if column <= len(row) else EMPTY

    def _text(self, at: int, column: int) -> str:
        value = self._raw(at, column).value
        return "" if value is None else normalize(str(value)).replace(" ", "").replace("\n", "")

    def _report(
        self, id: str, at: int, column: int, message: str, left: str = "", right: str = ""
    ) -> None:
        place = Place(self.title, f"{get_column_letter(column)}{at}")
        self.findings.append(misplaced(id, place, message, left, right))
