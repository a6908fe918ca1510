"""PURE: printed tables exported by other software, matched by the edition's header labels.

A worksheet is one of the edition's tables by its title and by every header of that table; what
cannot be matched is refused with the headers that are missing, never guessed. Empty cells of a
printed table change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from openpyxl.utils import get_column_letter

from budgets.entry import CellEdit
from budgets.excel.heads import (
    Head,
    Segment,
    find_head,
    is_one_line,
    missing_columns,
    segments_of,
    understood_columns,
)
from budgets.excel.marks import UNIT_WORDS
from budgets.excel.printed import Printed, printed_sheets
from budgets.excel.reading import Place, ReadBook, Unreadable, edit_of
from budgets.excel.understanding import UnderstoodRow, UnderstoodSheet
from budgets.problems import problem
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit
from rulebook.headers import Headers, Printable, Words, headers_of, plain, without_ordinal
from rulebook.layouts import BY_UNIT, Column, ListLayout, Row, SheetLayout, WorkbookLayout

CODE_FIRST = re.compile(r"^[\[【(]?(\d{3}(?:\d{2}){0,2})[\]】)]?(?!\d)(.*)$")
BETWEEN_DIGITS = re.compile(r"[\s.\-·]")
PART_DIGITS = 2
YEAR_FIRST = re.compile(r"^\d{4}年(?:度)?")
SHORT_UNITS = {"万": "万元"}


def _is_title(words: list[str], titles: Words) -> bool:
    """Whether a row holds the title of a table, perhaps with its year, and nothing else."""
    return len(words) == 1 and YEAR_FIRST.sub("", words[0]) in titles


def heading_of(page: Printed, head: Head) -> str:
    """What stands over the header."""
    over = (page.row_words(at) for at in range(page.first_row, head.first))
    return " ".join(word for words in over for word in words)[:200]


def read_printed(data: bytes, layout: WorkbookLayout, unit: str = "") -> ReadBook:
    """Read a file without a template's mark into the book of one unit; raises nothing but
    MemoryError for what is in it.

    Of a table by unit only the row of that ``unit`` is its own; lists belong to the department.
    """
    book = PrintedBook(own=unit)
    read_pages(data, layout, book)
    for key in dict.fromkeys(found.table for found in book.list_tables):
        name = layout.list_named(key).title
        message = f"文件中的{name}没有读取：列表随部门的整本公布表导入。"
        book.findings.append(problem("IM-157", message, label=name))
    return book


def read_pages(data: bytes, layout: WorkbookLayout, book: PrintedBook) -> None:
    """Take every worksheet of a file into ``book``; what cannot be parsed is a finding of it."""
    try:
        reader = _Reader(layout, headers_of(layout.edition.kind), book)
        for page in chain.from_iterable(map(reader.tables_in, printed_sheets(data))):
            reader.take(page)
    except MemoryError:
        raise
    except Exception as error:  # a parser on foreign bytes fails in more ways than can be listed
        book.clear()
        book.findings.append(problem("IM-106", f"无法解析（{type(error).__name__}）。"))
        return
    if not book.understood and not book.is_refused:
        message = "文件不是本系统的模板，也没有找到本年度表样的任何一张表。"
        book.findings.append(problem("IM-121", message))


@dataclass(frozen=True, slots=True)
class ListTable:
    """A recognised list with its page and columns, to be read once its units are known."""

    table: str
    page: Printed
    head: Head
    columns: Mapping[int, Column]
    unit: MoneyUnit


@dataclass(slots=True)
class PrintedBook(ReadBook):
    """Printed tables. ``edits`` are the cells of tables that speak of one book, ``by_unit`` the
    rows of those that name their units; ``own`` is the unit whose book is read, if it is one."""

    own: str = ""
    by_unit: dict[str, dict[CellRef, CellEdit]] = field(default_factory=dict)
    unit_places: dict[tuple[str, CellRef], Place] = field(default_factory=dict)
    list_tables: list[ListTable] = field(default_factory=list)

    def clear(self) -> None:
        """Forget everything: a file is read whole or not at all."""
        self.edits, self.places, self.by_unit, self.unit_places = {}, {}, {}, {}
        self.findings, self.understood, self.list_tables = [], [], []


@dataclass(slots=True)
class _Reader:
    """A file being read; each worksheet is recognised and handed on."""

    layout: WorkbookLayout
    headers: Headers
    book: PrintedBook

    def tables_in(self, page: Printed) -> list[Printed]:
        """A worksheet cut where another table's title stands alone in a row."""
        titles = frozenset().union(*map(self.headers.titles_of, self._printables()))
        starts = [at for at in range(1, page.last_row + 1) if _is_title(page.row_words(at), titles)]
        if len(starts) < 2:
            return [page]
        ends = [at - 1 for at in starts[1:]] + [page.last_row]
        return [page.part(at, end) for at, end in zip(starts, ends, strict=True)]

    def take(self, page: Printed) -> None:
        sheet = self._by_title(page) or self._by_headers(page)
        if sheet is None:
            self._not_recognised(page)
            return
        head = find_head(page, self.headers.words_of(sheet), self.headers)
        segments = segments_of(head, sheet, self.headers) if head else []
        missing = missing_columns(sheet, segments, self.headers)
        if head is None or missing:
            labels = "、".join(missing)
            message = f"“{page.title}”按表名应为{sheet.title}，缺少表头：{labels}。"
            self._refuse("IM-151", page, message, labels)
        elif any(known.table == sheet.title for known in self.book.understood):
            self._refuse("IM-155", page, f"“{page.title}”又是一张{sheet.title}。", sheet.title)
        elif not (unit := self._unit(page, head)):
            return
        elif isinstance(sheet, ListLayout):
            self._take_list(page, sheet, head, segments, unit)
        else:
            _Table(page, sheet, head, segments, unit, self.headers, self.book).read()

    def _take_list(
        self,
        page: Printed,
        printed: ListLayout,
        head: Head,
        segments: list[Segment],
        unit: MoneyUnit,
    ) -> None:
        """Keep a list for whoever knows the units; how it was understood is said at once."""
        columns = segments[0].values
        self.book.list_tables.append(ListTable(printed.key, page, head, columns, unit))
        self.book.understood.append(
            UnderstoodSheet(
                title=page.title,
                table=printed.title,
                heading=heading_of(page, head),
                unit=unit.label,
                columns=tuple(understood_columns(head, segments, printed)),
                rows=(),
                skipped=(),
            )
        )

    def _refuse(self, id: str, page: Printed, message: str, right: str = "") -> None:
        place = Place(page.title, "A1")
        self.book.findings.append(
            problem(
                id, message, label=f"“{page.title}”", places=(place.address,), right=right or None
            )
        )

    def _printables(self) -> tuple[Printable, ...]:
        return (*self.layout.sheets, *self.layout.lists)

    def _by_title(self, page: Printed) -> Printable | None:
        """The table whose title stands over the header or on the tab, the longest that fits."""
        everything = frozenset().union(*map(self.headers.words_of, self._printables()))
        head = find_head(page, everything, self.headers)
        first = page.first_row
        over = range(first, head.first if head else min(page.last_row, first + 2) + 1)
        texts = [word for at in over for word in page.row_words(at)]
        fits = [
            (len(title), -at, sheet)
            for at, sheet in enumerate(self._printables())
            for title in self.headers.titles_of(sheet)
            if any(title in text for text in [*texts, plain(page.title)])
        ]
        return max(fits)[2] if fits else None

    def _by_headers(self, page: Printed) -> Printable | None:
        """Without a title: the only table all of whose headers are there."""
        fits = [sheet for sheet in self._printables() if self._lacks(page, sheet) == []]
        return fits[0] if len(fits) == 1 and len(fits[0].columns) > 1 else None

    def _lacks(self, page: Printed, sheet: Printable) -> list[str]:
        head = find_head(page, self.headers.words_of(sheet), self.headers)
        segments = segments_of(head, sheet, self.headers) if head else []
        return missing_columns(sheet, segments, self.headers)

    def _not_recognised(self, page: Printed) -> None:
        if not any(page.has_figure(at) for at in range(1, page.last_row + 1)):
            message = f"工作表“{page.title}”里没有本年度表样的表。"
            self.book.findings.append(problem("IM-153", message, label=f"“{page.title}”"))
            return
        lacks = [(sheet, self._lacks(page, sheet)) for sheet in self._printables()]
        nearest, missing = max(lacks, key=lambda found: len(found[0].columns) - len(found[1]))
        labels = "、".join(missing)
        words = f"最接近的{nearest.title}还缺少表头：{labels}"
        if not missing:
            words = "符合的表不止一张，又没有表名"
        self._refuse("IM-152", page, f"“{page.title}”无法识别：{words}。", labels)

    def _unit(self, page: Printed, head: Head) -> MoneyUnit | None:
        units = page.units(head.last)
        if short := units & SHORT_UNITS.keys():
            units = {SHORT_UNITS.get(unit, unit) for unit in units}
            said, read = min(short), SHORT_UNITS[min(short)]
            message = f"“{page.title}”的金额单位写作“{said}”，按“{read}”读取。"
            self.book.findings.append(problem("IM-156", message, label=f"“{page.title}”"))
        if len(units) == 1 and (unit := UNIT_WORDS.get(min(units))):
            return unit
        said = "、".join(sorted(units)) or "没有写明"
        self._refuse("IM-128", page, f"“{page.title}”的金额单位：{said}。", "元或万元")
        return None


@dataclass(slots=True)
class _Table:
    """One recognised table being read, row by row and segment by segment."""

    page: Printed
    sheet: SheetLayout
    head: Head
    segments: list[Segment]
    unit: MoneyUnit
    headers: Headers
    book: PrintedBook
    seen: dict[str, int] = field(default_factory=dict)
    rows: list[UnderstoodRow] = field(default_factory=list)
    skipped: list[UnderstoodRow] = field(default_factory=list)

    def read(self) -> None:
        for at in range(self.head.last + 1, self.page.last_row + 1):
            for segment in self.segments:
                self._take(at, segment)
        understood = UnderstoodSheet(
            title=self.page.title,
            table=self.sheet.title,
            heading=heading_of(self.page, self.head),
            unit=self.unit.label,
            columns=tuple(understood_columns(self.head, self.segments, self.sheet)),
            rows=tuple(self.rows),
            skipped=tuple(self.skipped),
        )
        self.book.understood.append(understood)

    def _take(self, at: int, segment: Segment) -> None:
        if is_one_line(self.sheet):
            self._take_single(at, segment)
            return
        code, label = self._code_and_label(at, segment)
        label = self._corrected(at, segment, label)
        words = " ".join(filter(None, (code, label)))
        if self.sheet.arrangement == BY_UNIT and code:
            self._take_unit(at, segment, code, words)
            return
        row = self._row_of(code, label, segment.side)
        if not row:
            self._skip(at, segment, words)
        elif row in self.seen:
            message = f"“{words}”与第 {self.seen[row]} 行重复。"
            self._report("IM-134", at, min(segment.values), message)
        else:
            self.seen[row] = at
            self.rows.append(UnderstoodRow(at, words, self._meaning(row)))
            for column_at in segment.values:
                self._figure(at, column_at, segment, row)

    def _take_single(self, at: int, segment: Segment) -> None:
        """A table of one row without a name: the first row with figures is it."""
        row = self.sheet.rows[0]
        if not self.page.has_figure(at):
            self._skip(at, segment, " ".join(self.page.row_words(at)))
        elif row.key in self.seen:
            message = f"“{row.label}”只有一行，与第 {self.seen[row.key]} 行重复。"
            self._report("IM-134", at, min(segment.values), message)
        else:
            self.seen[row.key] = at
            self.rows.append(UnderstoodRow(at, "", row.label))
            for column_at in segment.values:
                self._figure(at, column_at, segment, row.key)

    def _take_unit(self, at: int, segment: Segment, code: str, words: str) -> None:
        """A unit's row: its own book's where one unit is read, else kept under its code."""
        if code in self.seen:
            self._report("IM-134", at, min(segment.values), f"“{words}”出现了两次。")
            return
        if self.book.own and code != self.book.own:
            self.skipped.append(UnderstoodRow(at, words, ""))
            return
        self.seen[code] = at
        cells = self.book.by_unit.setdefault(code, {})
        self.rows.append(UnderstoodRow(at, words, f"单位 {code}"))
        row = self.sheet.rows[0].key
        for column_at, column in segment.values.items():
            ref = CellRef(self.sheet.key, row, column.key)
            if (edit := self._edit(at, column_at, ref)) is None:
                continue
            cells[ref] = edit
            self.book.unit_places[code, ref] = self._place(at, column_at)
            if self.book.own:
                self.book.edits[ref], self.book.places[ref] = edit, self._place(at, column_at)

    def _corrected(self, at: int, segment: Segment, label: str) -> str:
        """A name with a known misprint read as what is meant, and said so."""
        meant = self.headers.misprints.get(plain(label))
        if meant is None:
            return label
        column = (*segment.labels, *segment.codes)[0]
        place = self._place(at, column)
        message = f"{place.label}：“{label}”读作“{meant}”。"
        self.book.findings.append(
            problem("IM-156", message, label=place.label, places=(place.address,), left=label)
        )
        return meant

    def _meaning(self, row: str) -> str:
        fixed = self.sheet.row(row)
        return fixed.label if fixed else row

    def _skip(self, at: int, segment: Segment, words: str) -> None:
        """A row that is no row of the table: an error where it holds an amount."""
        for column_at in segment.values:
            try:
                if self.page.number(at, column_at):
                    message = f"“{words or '没有名称'}”不是{self.sheet.title}的行，但有金额。"
                    self._report("IM-154", at, column_at, message)
                    return
            except Unreadable:
                continue  # words under a header: a note
        if words:
            self.skipped.append(UnderstoodRow(at, words, ""))

    def _code_and_label(self, at: int, segment: Segment) -> tuple[str, str]:
        texts = list(dict.fromkeys(self._anchor(at, column) for column in segment.codes))
        parts = [BETWEEN_DIGITS.sub("", self.page.text(*place)) for place in texts]
        label = " ".join(self.page.text(at, column) for column in segment.labels).strip()
        digits = [part for part in parts if part.isdigit()]
        if digits:
            first, *rest = digits
            return first + "".join(part.zfill(PART_DIGITS) for part in rest), label
        words = "".join(part for part in parts if part) or label
        found = CODE_FIRST.match(words.replace(" ", ""))
        if found and not segment.codes:
            return found[1], found[2]
        return "", words

    def _anchor(self, at: int, column: int) -> tuple[int, int]:
        return self.page.anchors.get((at, column), (at, column))

    def _row_of(self, code: str, label: str, side: str) -> str:
        if code and (self.sheet.row(code) or self.sheet.is_code_row(code)):
            return code
        fits = [row for row in self.sheet.rows if self._is_named(row, label, side)]
        exact = [row for row in fits if plain(row.label) == plain(label)] or fits
        free = [row for row in exact if row.key not in self.seen] or exact
        return free[0].key if free and not code else ""

    def _is_named(self, row: Row, label: str, side: str) -> bool:
        fits_side = not side or not row.side or row.side == side
        return fits_side and without_ordinal(label) in self.headers.names_of_row(self.sheet, row)

    def _figure(self, at: int, column_at: int, segment: Segment, row: str) -> None:
        ref = CellRef(self.sheet.key, row, segment.values[column_at].key)
        if (edit := self._edit(at, column_at, ref)) is None:
            return
        if self.sheet.has_cell(row, ref.column):
            self.book.edits[ref] = edit
            self.book.places[ref] = self._place(at, column_at)
        elif edit.value:
            self._report("IM-140", at, column_at, "本栏不适用于这一行。", f"{edit.value:f}")

    def _edit(self, at: int, column_at: int, ref: CellRef) -> CellEdit | None:
        """The figure of a cell; ``None`` where it is empty or, with a finding, no number."""
        try:
            number = self.page.number(at, column_at)
            if number is None:
                return None
            return edit_of(ref, number, self.unit, self.sheet.kind_of(ref.row))
        except Unreadable as error:
            self._report(error.id, at, column_at, error.words)
            return None

    def _place(self, at: int, column: int) -> Place:
        return Place(self.page.title, f"{get_column_letter(column)}{at}")

    def _report(self, id: str, at: int, column: int, message: str, left: str = "") -> None:
        place = self._place(at, column)
        words = f"{place.label}：{message}"
        self.book.findings.append(
            problem(id, words, label=place.label, places=(place.address,), left=left or None)
        )
