"""What stands on paper, from a report or from the structure of a file, and where two differ.

Texts are compared without white space, tables row by row over the pages they run over: heads and
labels repeated after a page break, and rows that break inside, are put together again.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from disclosures.file_contents import Element
from disclosures.render import (
    Heading,
    Printed,
    PrintedChart,
    PrintedTable,
    cover_texts,
    printed_blocks,
)
from disclosures.report.blocks import Cell, HeaderCell, Paragraph, Report, Table
from disclosures.report.characters import MAX_CELL_CHARACTERS, printable
from disclosures.report.spans import headed_rows, placed, placed_cells, placed_heads

HEADINGS = ("H1", "H2", "H3", "H4")
TEXT, HEADING, CHART = "文字", "标题", "图"
AROUND = 12  # characters shown on either side of a difference
_FIGURE = re.compile(r"[-\d,.%]+")
Row = tuple[str, ...]


@dataclass(slots=True)
class Words:
    """A heading, a chart with its alternative text, or text up to the next of anything else;
    ``pages`` says at which character each page (from 0) begins."""

    kind: str
    text: str
    pages: list[tuple[int, int]] = field(default_factory=list)

    def page_at(self, offset: int) -> int | None:
        return next((page for start, page in reversed(self.pages) if start <= offset), None)


@dataclass(slots=True)
class Sheet:
    """A table, or the part of one on a page: every place with the text of the cell over it.
    ``heads`` are the rows that may be repeated above a row."""

    name: str
    header: list[Row]
    rows: list[Row]
    heads: dict[int, range] = field(default_factory=dict)
    page: int | None = None


Item = Words | Sheet


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two papers differ, and what stands there; ``page`` counts from 1."""

    place: str
    expected: str
    found: str
    page: int | None = None

    def __str__(self) -> str:
        where = f"第{self.page}页，" if self.page else ""
        return f"{where}{self.place}：应为“{self.expected}”，实为“{self.found}”"


def bare(text: str) -> str:
    return "".join(text.split())


# --- from a report


def paper_of_report(report: Report) -> list[Item]:
    """What a bound report prints, without contents, running heads and folios."""
    items: list[Item] = []
    _add_words(items, TEXT, "".join(map(_printed, cover_texts(report))))
    for block in printed_blocks(report):
        _add_block(items, block)
    return items


def _printed(text: str) -> str:
    return bare(printable(text))


def _add_block(items: list[Item], block: Printed) -> None:
    match block:
        case Heading():
            _add_words(items, HEADING, _printed(block.text))
        case Paragraph():
            _add_words(items, TEXT, _printed(block.text))
        case PrintedTable():
            table = block.table
            caption = (table.title, *table.head_lines, table.number, table.unit_label)
            _add_words(items, TEXT, "".join(map(_printed, caption)))
            items.append(sheet_of(table))
        case PrintedChart():
            _add_words(items, TEXT, _printed(block.chart.title))
            if block.drawing.bars:
                drawn = "".join(map(_printed, block.drawing.texts))
                _add_words(items, CHART, _printed(block.chart.alternative_text) + drawn)
            _add_words(items, TEXT, _printed(block.chart.note))


def sheet_of(table: Table) -> Sheet:
    """A table of a report with its notes as the last rows."""
    width = len(table.widths)
    notes = [(bare(printable(note, MAX_CELL_CHARACTERS)),) * width for note in table.notes]
    return Sheet(
        name=table.number or table.title or "表",
        header=_grid(placed_heads(table), len(table.header), width),
        rows=[*_grid(placed_cells(table), len(table.body), width), *notes],
        heads=headed_rows(table),
    )


def _grid(
    cells: Iterable[tuple[int, int, Cell | HeaderCell]], height: int, width: int
) -> list[Row]:
    grid = [[""] * width for _ in range(height)]
    for row, column, cell in cells:
        text = _said(cell)
        for below in grid[row : row + cell.rowspan]:
            below[column : column + cell.colspan] = [text] * cell.colspan
    return [tuple(row) for row in grid]


def _said(cell: Cell | HeaderCell) -> str:
    mark = cell.mark if isinstance(cell, Cell) else ""
    return bare(printable(cell.text, MAX_CELL_CHARACTERS) + printable(mark))


def _add_words(items: list[Item], kind: str, text: str, page: int | None = None) -> None:
    """Text goes on where text stands before it; a paragraph may run over a page."""
    if not text and kind == TEXT:
        return
    last = items[-1] if items else None
    if kind == TEXT and isinstance(last, Words) and last.kind == TEXT:
        words = last
    else:
        words = Words(kind, "")
        items.append(words)
    if page is not None:
        words.pages.append((len(words.text), page))
    words.text += text


# --- from a file


def paper_of_file(structure: Element) -> list[Item]:
    """What the structure of a file says, in the same terms."""
    items: list[Item] = []
    _follow(structure, items)
    return items


def _follow(element: Element, items: list[Item]) -> None:
    match element.tag:
        case "Table":
            items.append(_part(element))
        case "Figure":
            _add_words(items, CHART, bare(element.alternative) + element.text, element.page)
        case tag if tag in HEADINGS:
            _add_words(items, HEADING, element.text, element.page)
        case _ if _is_contents(element):
            return
        case _ if any(child.tag != "Span" for child in element.children) and element.tag != "P":
            _add_words(items, TEXT, bare(element.own), element.page)
            for child in element.children:
                _follow(child, items)
        case _:
            _add_words(items, TEXT, element.text, element.page)


def _is_contents(element: Element) -> bool:
    """The table of contents: lines that lead somewhere."""
    lines = [child for child in element.children if child.tag == "P"]
    return bool(lines) and all(any(line.every("Link")) for line in lines)


def _part(table: Element) -> Sheet:
    head = [row for part in table.every("THead") for row in part.every("TR")]
    body = [row for part in table.every("TBody") for row in part.every("TR")]
    return Sheet("", _element_rows(head), _element_rows(body), page=table.page)


def _element_rows(rows: Sequence[Element]) -> list[Row]:
    cells = [
        [Cell(c.text, colspan=c.colspan, rowspan=c.rowspan) for c in row.every("TH", "TD")]
        for row in rows
    ]
    width = sum(cell.colspan for cell in cells[0]) if cells else 0
    return _grid(placed(cells, width), len(cells), width)


# --- comparing


def differences(expected: Sequence[Item], found: Sequence[Item]) -> Iterator[Difference]:
    """Where a paper differs from what it should be, in order of reading."""
    left = deque(found)
    for item in expected:
        other = left.popleft() if left else None
        if isinstance(item, Words) and isinstance(other, Words) and item.kind == other.kind:
            if item.text != other.text:
                yield _between(item, other)
        elif isinstance(item, Sheet) and isinstance(other, Sheet):
            yield from _sheet_differences(item, other, left)
        else:
            yield Difference("内容的顺序", _named(item), _named(other), _page_of(other))
            return
    if left:
        yield Difference("内容的结尾", _named(None), _named(left[0]), _page_of(left[0]))


def _between(expected: Words, found: Words) -> Difference:
    """The first place where two texts part, with the whole of a figure it falls into."""
    pairs = zip(expected.text, found.text, strict=False)
    same = next((at for at, (a, b) in enumerate(pairs) if a != b), None)
    at = min(len(expected.text), len(found.text)) if same is None else same
    page = found.page_at(at)
    place = expected.kind
    return Difference(
        place,
        _excerpt(expected.text, at),
        _excerpt(found.text, at),
        None if page is None else page + 1,
    )


def _excerpt(text: str, at: int) -> str:
    start, end = max(0, at - AROUND), at + AROUND
    for figure in _FIGURE.finditer(text):
        if figure.start() <= at <= figure.end():
            start, end = min(start, figure.start()), max(end, figure.end())
    return f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}"


def _sheet_differences(expected: Sheet, first: Sheet, left: deque[Item]) -> Iterator[Difference]:
    """Takes as many of the parts that follow as the table goes on for."""
    matching = _Matching(expected)
    yield from matching.take(first)
    while matching.at < len(expected.rows) and left and isinstance(left[0], Sheet):
        part = left.popleft()
        assert isinstance(part, Sheet)
        yield from matching.take(part)
    for row in expected.rows[matching.at :]:
        yield Difference(expected.name, "　".join(filter(None, row)), "没有印出")


class _Matching:
    """Walks the rows of a table over its parts."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.at = 0
        self._left: Row = sheet.rows[0] if sheet.rows else ()
        self._begun = False

    def take(self, part: Sheet) -> Iterator[Difference]:
        for found, row in zip_longest(part.header, self.sheet.header, fillvalue=()):
            yield from self._of_row("表头", row, found, part)
        for found in part.rows:
            if self._begun and self._is_repeated_head(found):
                continue
            if self.at == len(self.sheet.rows):
                text = "　".join(filter(None, found))
                yield Difference(self.sheet.name, "表到此为止", text, _page_of(part))
            elif found is part.rows[-1] and self._breaks_inside(found):
                self._left = tuple(
                    whole.removeprefix(begun)
                    for whole, begun in zip(self._left, found, strict=True)
                )
            else:
                yield from self._of_row(_label(self.sheet.rows[self.at]), self._left, found, part)
                self._next()
        self._begun = True

    def _next(self) -> None:
        self.at += 1
        self._left = self.sheet.rows[self.at] if self.at < len(self.sheet.rows) else ()

    def _is_repeated_head(self, found: Row) -> bool:
        heads = self.sheet.heads.get(self.at, range(0))
        return any(found == self.sheet.rows[head] for head in heads)

    def _breaks_inside(self, found: Row) -> bool:
        """Whether this is the part of a row that still fitted on the page."""
        return (
            found != self._left
            and len(found) == len(self._left)
            and all(whole.startswith(begun) for whole, begun in zip(self._left, found, strict=True))
        )

    def _of_row(self, label: str, row: Row, found: Row, part: Sheet) -> Iterator[Difference]:
        heads = self.sheet.header[-1] if self.sheet.header else ()
        told: tuple[str, str] | None = None
        for column, (expected, text) in enumerate(zip_longest(row, found, fillvalue="")):
            if expected != text and told != (expected, text):
                head = heads[column] if column < len(heads) else ""
                place = " ".join(filter(None, (self.sheet.name, label, head)))
                yield Difference(place, expected, text, _page_of(part))
                told = (expected, text)


def _label(row: Row) -> str:
    """What a row is called: its first words."""
    return next((text for text in row if text and not _FIGURE.fullmatch(text)), "")


def _named(item: Item | None) -> str:
    if item is None:
        return "到此为止"
    return (
        f"表{item.name}" if isinstance(item, Sheet) else f"{item.kind}：{item.text[: AROUND * 2]}"
    )


def _page_of(item: Item | None) -> int | None:
    begun = item.page_at(0) if isinstance(item, Words) else None
    page = item.page if isinstance(item, Sheet) else begun
    return None if page is None else page + 1
