"""PURE: read the list sheets of a filled template, row by row, or say what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from budgets.checks.keys import PROJECT_BUDGETS
from budgets.excel.found import (
    Grid,
    Place,
    ReadBook,
    ReadList,
    ReadRow,
    Unreadable,
    misplaced,
    text_at,
    value_at,
    written_number,
)
from budgets.excel.marks import (
    FIRST_ROW,
    GROUP_ROW,
    HEADER_ROW,
    UNIT_PREFIX,
    UNIT_ROW,
    UNIT_WORDS,
    finest,
)
from budgets.excel.writing import sheet_title
from budgets.list_fields import NAMING, Holds, ListField, ReadFields, Unfit, file_columns
from budgets.problems import problem
from rulebook.amounts import MoneyUnit, decimals_of, normalize
from rulebook.layouts import ListLayout, WorkbookLayout

FIGURES = (Holds.AMOUNT, Holds.QUANTITY)
REQUIRED = ("kind", "frequency")


def read_lists(entered: Any, cached: Any, layout: WorkbookLayout, book: ReadBook) -> None:
    """Read every list of the layout into ``book``; ``cached`` has the results of formulas."""
    for each in layout.lists:
        title = sheet_title(each)
        if title not in entered.sheetnames:
            message = f"文件里没有工作表“{title}”。"
            book.findings.append(problem("IM-126", message, label=title, right=title))
            continue
        columns = len(file_columns(each))
        grids = [
            list(xlsx[title].iter_rows(max_col=columns, values_only=True))
            for xlsx in (entered, cached)
        ]
        reader = _ListReader(title, each, grids[0], grids[1], book)
        if reader.head_is_right():
            book.lists.append(reader.read())


@dataclass(slots=True)
class _ListReader:
    title: str
    layout: ListLayout
    entered: Grid
    cached: Grid
    book: ReadBook
    unit: MoneyUnit = MoneyUnit.YUAN
    letters: dict[str, str] = field(default_factory=dict)

    def head_is_right(self) -> bool:
        columns = file_columns(self.layout)
        for at, (column, _) in enumerate(columns, 1):
            self.letters[column.key] = get_column_letter(at)
            for line, wanted in ((GROUP_ROW, column.group), (HEADER_ROW, column.label)):
                has = text_at(self.entered, line, at)
                if has != normalize(wanted).replace(" ", ""):
                    place = self._place(line, column.key)
                    message = f"表头是“{has}”，应为“{wanted}”。"
                    self.book.findings.append(misplaced("IM-127", place, message, has, wanted))
                    return False
        return self._unit_is_clear(columns[-1][0].key)

    def _unit_is_clear(self, last: str) -> bool:
        words = text_at(self.entered, UNIT_ROW, len(self.letters))
        unit = UNIT_WORDS.get(words.removeprefix(normalize(UNIT_PREFIX)))
        if unit is None:
            place = self._place(UNIT_ROW, last)
            message = f"单位写作“{words}”。"
            self.book.findings.append(misplaced("IM-128", place, message, words, "元或万元"))
            return False
        self.unit = unit
        return True

    def read(self) -> ReadList:
        lines = range(FIRST_ROW, len(self.entered) + 1)
        rows = tuple(row for line in lines if (row := self._row(line)) is not None)
        return ReadList(self.layout.key, self.title, self.letters, rows)

    def _row(self, line: int) -> ReadRow | None:
        texts = {
            column.key: (spec, self._raw(line, at))
            for at, (column, spec) in enumerate(file_columns(self.layout), 1)
            if spec.holds is not Holds.SHOWN
        }
        filled = {key for key, (_, raw) in texts.items() if raw is not None}
        if filled <= ({"number"} | self._suggested()):
            return None
        found = ReadFields(self.layout.key)
        for key, (spec, raw) in texts.items():
            self._take(found, spec, raw, self._cached(line, key))
        for key in REQUIRED:
            if key in texts and key not in filled:
                label = self._label(key)
                found.errors[key] = Unfit("IM-175", f"没有填写{label}。")
        for key, error in found.errors.items():
            left = str(texts[key][1] or "")
            place = self._place(line, key)
            self.book.findings.append(misplaced(error.id, place, error.words, left))
        if found.errors:
            return None
        return ReadRow(line, found.row(self.unit), found.is_operating)

    def _suggested(self) -> frozenset[str]:
        return NAMING if self.layout.key == PROJECT_BUDGETS else frozenset({"book"})

    def _label(self, key: str) -> str:
        return next(column.label for column, _ in file_columns(self.layout) if column.key == key)

    def _raw(self, line: int, at: int) -> Any:
        """What stands in a cell; ``None`` for blanks."""
        raw = value_at(self.entered, line, at)
        return None if raw is None or (isinstance(raw, str) and not raw.strip()) else raw

    def _cached(self, line: int, key: str) -> Any:
        return value_at(self.cached, line, list(self.letters).index(key) + 1)

    def _take(self, found: ReadFields, spec: ListField, raw: Any, cached: Any) -> None:
        try:
            text = self._text(spec, raw, cached)
        except Unreadable as error:
            found.errors[spec.key] = Unfit(error.id, error.words)
            return
        found.take(spec, text, self.unit)

    def _text(self, spec: ListField, raw: Any, cached: Any) -> str:
        """A cell as text: figures exact, codes that a spreadsheet made numbers without ``.0``."""
        if spec.holds in FIGURES:
            number = written_number(raw, cached)
            self._is_exact(spec, number)
            return "" if number is None else f"{number:f}"
        if isinstance(raw, str) and raw.startswith("=") and cached is not None:
            raw = cached
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        return "" if raw is None else str(raw)

    def _is_exact(self, spec: ListField, number: Decimal | None) -> None:
        unit = self.unit if spec.holds is Holds.AMOUNT else MoneyUnit.YUAN
        if number is not None and decimals_of(number) > finest(unit, "money"):
            words = f"{number:f} {unit.label}比分还细。" if unit is self.unit else f"{number:f}"
            raise Unreadable("IM-135", words)

    def _place(self, line: int, key: str) -> Place:
        return Place(self.title, f"{self.letters[key]}{line}")
