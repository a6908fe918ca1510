"""PURE: a worksheet of a printed table as cells with texts; merged cells speak for their area."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any

from openpyxl import load_workbook

from budgets.excel.reading import Unreadable, read_number
from rulebook.amounts import AmountError, normalize, parse_number
from rulebook.headers import plain

MOST_ROWS, MOST_COLUMNS = 1500, 60
UNIT_WORDS = re.compile(r"单位:?(?:人民币)?(万元|千元|元|万)|\((?:单位:)?(万元|千元|元)\)$")
LEAST_NUMBERED = 3  # columns that a row of column numbers has at least


@dataclass(slots=True)
class Printed:
    """``entered`` has formulas as text, ``cached`` their last results, ``words`` texts in plain
    form, spread over merged areas; keys are (row, column) from 1."""

    title: str
    entered: dict[tuple[int, int], Any] = field(default_factory=dict)
    cached: dict[tuple[int, int], Any] = field(default_factory=dict)
    words: dict[tuple[int, int], str] = field(default_factory=dict)
    anchors: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    first_row: int = 1
    last_row: int = 0
    last_column: int = 0

    def part(self, first: int, last: int) -> Printed:
        """The rows from ``first`` to ``last`` as a page of their own, with their line numbers."""

        def within(cells: dict[tuple[int, int], Any]) -> dict[tuple[int, int], Any]:
            return {place: value for place, value in cells.items() if first <= place[0] <= last}

        return Printed(
            title=self.title,
            entered=within(self.entered),
            cached=within(self.cached),
            words=within(self.words),
            anchors=within(self.anchors),
            first_row=first,
            last_row=last,
            last_column=self.last_column,
        )

    def text(self, at: int, column: int) -> str:
        """What stands in a cell, as one would read it aloud; codes without their ``.0``."""
        value = self.cached.get((at, column))
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else normalize(str(value))

    def number(self, at: int, column: int) -> Decimal | None:
        """The number in a cell, written as text or not. Raises Unreadable."""
        raw = self.entered.get((at, column))
        if isinstance(raw, str) and not raw.startswith(("=", "#")):
            try:
                return parse_number(raw)
            except AmountError as error:
                words = f"单元格是文本“{raw[:30]}”：{error}。"
                raise Unreadable("IM-131", words) from error
        return read_number(raw, self.cached.get((at, column)))

    def has_figure(self, at: int) -> bool:
        """Whether any cell of a row is a number; a row of column numbers has none."""
        return not self.numbers_columns(at) and any(
            self._is_figure(at, column) for column in range(1, self.last_column + 1)
        )

    def numbers_columns(self, at: int) -> bool:
        """Whether the numbers of a row count its columns: 1, 2, 3 … 11, 14 from left to right."""
        texts = {c: self.text(at, c) for c in range(1, self.last_column + 1)}
        found = [(int(text), c) for c, text in texts.items() if text.isdecimal()]
        numbers = [number for number, _ in found]
        rises = all(first < second for first, second in pairwise(numbers))
        fits = all(number <= column for number, column in found)
        return len(found) >= LEAST_NUMBERED and numbers[0] == 1 and rises and fits

    def _is_figure(self, at: int, column: int) -> bool:
        try:
            return self.number(at, column) is not None
        except Unreadable:
            return False

    def row_words(self, at: int) -> list[str]:
        """The different texts of a row, a merged one once."""
        found: dict[tuple[int, int], str] = {}
        for column in range(1, self.last_column + 1):
            if word := self.words.get((at, column), ""):
                found[self.anchors.get((at, column), (at, column))] = word
        return list(found.values())

    def units(self, last: int) -> set[str]:
        """The units of money named in the first rows, in words."""
        texts = (
            self.text(at, c)
            for at in range(self.first_row, last + 1)
            for c in range(1, self.last_column + 1)
        )
        found = (UNIT_WORDS.search(re.sub(r"\s", "", text)) for text in texts)
        return {match[1] or match[2] for match in found if match}


def printed_sheets(data: bytes) -> Iterator[Printed]:
    """Every worksheet of a file that passed the gate."""
    entered = load_workbook(BytesIO(data), keep_links=False)
    cached = load_workbook(BytesIO(data), keep_links=False, data_only=True)
    for sheet, results in zip(entered.worksheets, cached.worksheets, strict=True):
        yield _printed(sheet, results)


def _printed(sheet: Any, results: Any) -> Printed:
    found = Printed(str(sheet.title))
    for source, target in ((sheet, found.entered), (results, found.cached)):
        for (row, column), cell in source._cells.items():
            if row <= MOST_ROWS and column <= MOST_COLUMNS and cell.value is not None:
                target[row, column] = cell.value
    found.words = {place: plain(found.text(*place)) for place in found.cached}
    for area in sheet.merged_cells.ranges:
        word = found.words.get((area.min_row, area.min_col), "")
        for row in range(area.min_row, min(area.max_row, MOST_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, MOST_COLUMNS) + 1):
                found.anchors[row, column] = (area.min_row, area.min_col)
                if word:
                    found.words[row, column] = word
    found.last_row = max((row for row, _ in found.entered), default=0)
    found.last_column = max((column for _, column in found.words), default=0)
    return found
