"""PURE: a report → what its web page shows: contents, cells to point at, figures' origins.

A figure of a sentence leads to the cell it comes from: the cell's place in the page and its name,
"公开05表 行政运行 决算数". While filing it leads to where the cell is entered, and so does the cell
of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from disclosures.charts import Drawing, draw
from disclosures.report.blocks import (
    NAME,
    Block,
    BoundFigure,
    Cell,
    Chart,
    Paragraph,
    Report,
    Section,
    Span,
    Table,
)
from disclosures.report.spans import Spanning, placed
from rulebook.findings import Severity

CONTENTS_LEVELS = 2
FREE = "free"

LinkTo = Callable[[str], str]
"""Address → where it is entered; empty where it is nowhere."""
NameOf = Callable[[str], str]
"""Address of a cell no table prints → its name; empty for what is no cell."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell shown on the page: its anchor, and its name for people."""

    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What is wrong at one place of the page; ``target`` is the id of the finding on the page."""

    severity: Severity
    title: str
    target: str


Marks = Mapping[str, Mark]
"""Anchor → what is wrong there."""


@dataclass(frozen=True, slots=True)
class ContentsLine:
    anchor: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class PageSpan:
    """A piece of a sentence. A figure says where it comes from; ``anchor`` is empty where its
    cell is not on the page. ``link`` leads to the cell: on the page, or where it is entered."""

    text: str
    origin: str = ""
    anchor: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """``is_free`` says that people wrote it."""

    anchor: str
    style: str
    spans: tuple[PageSpan, ...]
    is_free: bool = False
    mark: Mark | None = None
    block: str = "paragraph"


@dataclass(frozen=True, slots=True)
class PageCell:
    cell: Cell
    anchor: str = ""
    link: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class PageTable:
    anchor: str
    table: Table
    rows: tuple[tuple[PageCell, ...], ...]
    block: str = "table"


@dataclass(frozen=True, slots=True)
class PageChart:
    chart: Chart
    drawing: Drawing
    points: tuple[tuple[str, PageSpan], ...]
    block: str = "chart"


PageBlock = PageParagraph | PageTable | PageChart


@dataclass(frozen=True, slots=True)
class PageSection:
    """A heading with what stands under it, before its own sub-sections."""

    anchor: str
    level: int
    heading: str
    blocks: tuple[PageBlock, ...]


@dataclass(frozen=True, slots=True)
class Page:
    sections: tuple[PageSection, ...]
    contents: tuple[ContentsLine, ...]


def page_of(report: Report, name_of: NameOf | None = None) -> Page:
    """The page of a report; figures are bound to the first table that shows their cell, and name
    it where no table does."""
    page = ReportPage(report, name_of=name_of)
    sections = tuple(page.section(anchor) for anchor in page.walked)
    return Page(sections, page.contents)


class ReportPage:
    """The page of a report, made section by section."""

    def __init__(
        self, report: Report, link_to: LinkTo | None = None, name_of: NameOf | None = None
    ) -> None:
        self.walked = dict(_walk(report.sections))
        """Anchor → section, in order of printing."""
        self._link_to = link_to
        self._name_of = name_of

    @property
    def contents(self) -> tuple[ContentsLine, ...]:
        return tuple(
            ContentsLine(anchor, section.level, section.heading)
            for anchor, section in self.walked.items()
            if section.level <= CONTENTS_LEVELS
        )

    @cached_property
    def cells(self) -> Mapping[str, Place]:
        """Every cell on the page by its address, where it is shown first."""
        places: dict[str, Place] = {}
        for anchor, block in self._blocks():
            if isinstance(block, Table):
                for address, place in _named_cells(anchor, block):
                    places.setdefault(address, place)
        return places

    @cached_property
    def sentences(self) -> Mapping[str, str]:
        """Address of a figure, or key of what a person can write, → the paragraph that has it
        first."""
        found: dict[str, str] = {}
        for anchor, block in self._blocks():
            if isinstance(block, Paragraph):
                for name in (block.subject, *_addresses(block)):
                    found.setdefault(name, anchor)
        return found

    def _blocks(self) -> Iterator[tuple[str, object]]:
        for anchor, section in self.walked.items():
            for number, block in enumerate(section.blocks, start=1):
                yield f"{anchor}b{number}", block

    def section(self, anchor: str, marks: Marks | None = None) -> PageSection:
        """One section. Raises KeyError for an anchor that is none."""
        section = self.walked[anchor]
        blocks = tuple(
            self._block(f"{anchor}b{number}", block, marks or {})
            for number, block in enumerate(section.blocks, start=1)
        )
        return PageSection(anchor, section.level, section.heading, blocks)

    def _block(self, anchor: str, block: Block, marks: Marks) -> PageBlock:
        match block:
            case Paragraph():
                spans = tuple(self._span(span) for span in block.spans)
                is_free = block.origin == FREE
                return PageParagraph(anchor, block.style, spans, is_free, marks.get(anchor))
            case Table():
                return self._table(anchor, block, marks)
            case Chart():
                points = tuple((p.label, self._span(p.figure)) for p in block.points)
                return PageChart(block, draw(block), points)

    def _span(self, span: Span) -> PageSpan:
        if not isinstance(span, BoundFigure):
            return PageSpan(span)
        shown = [self.cells[address] for address in span.addresses if address in self.cells]
        names = "、".join(filter(None, map(self._name, span.addresses)))
        origin = "；".join(filter(None, (f"出自 {names}" if names else "", span.formula)))
        anchor = shown[0].anchor if shown else ""
        return PageSpan(span.text, origin, anchor, self._figure_link(span, anchor))

    def _name(self, address: str) -> str:
        place = self.cells.get(address)
        if place is not None:
            return place.name
        return self._name_of(address) if self._name_of else ""

    def _figure_link(self, span: BoundFigure, anchor: str) -> str:
        if self._link_to is None:
            return f"#{anchor}" if anchor else ""
        return self._link_to(span.addresses[0]) if span.addresses else ""

    def _table(self, anchor: str, table: Table, marks: Marks) -> PageTable:
        rows = tuple(
            tuple(
                self._cell(cell, _cell_anchor(anchor, row, index), marks)
                for index, cell in enumerate(cells)
            )
            for row, cells in enumerate(table.body)
        )
        return PageTable(anchor, table, rows)

    def _cell(self, cell: Cell, own: str, marks: Marks) -> PageCell:
        if not cell.address:
            return PageCell(cell)
        place = self.cells.get(cell.address)
        anchor = own if place is not None and place.anchor == own else ""
        link = self._link_to(cell.address) if self._link_to else ""
        return PageCell(cell, anchor, link, marks.get(anchor))


def _addresses(paragraph: Paragraph) -> Iterator[str]:
    for span in paragraph.spans:
        if isinstance(span, BoundFigure):
            yield from span.addresses


def _walk(sections: tuple[Section, ...], prefix: str = "s") -> Iterator[tuple[str, Section]]:
    """Sections in order of printing; the anchor says where in the tree one stands."""
    for number, section in enumerate(sections, start=1):
        anchor = f"{prefix}{number}"
        yield anchor, section
        yield from _walk(section.sections, f"{anchor}-")


def _cell_anchor(table_anchor: str, row: int, index: int) -> str:
    return f"{table_anchor}r{row + 1}c{index + 1}"


def _named_cells(anchor: str, table: Table) -> Iterator[tuple[str, Place]]:
    """Cells with an address, named by table, row label and column header."""
    headers = _column_names(table)
    title = table.number or table.title
    for row, columns in enumerate(_grid(table.body, len(table.widths))):
        label, own = "", _own_name(table.body[row])
        for column, (cell, written_in, index) in sorted(columns.items()):
            if not cell.address:
                label = cell.text if _is_label(cell.text) else label
            elif written_in == row:
                words = (title, own or label, headers.get(column, ""))
                name = " ".join(filter(None, words))
                yield cell.address, Place(_cell_anchor(anchor, row, index), name)


def _own_name(row: Sequence[Cell]) -> str:
    """What a row of a list is called; empty where the label before a figure says it."""
    return next((cell.text for cell in row if cell.style == NAME), "")


def _is_label(text: str) -> bool:
    """Words, not an empty cell or a line number."""
    return bool(text.strip()) and not text.strip().isdigit()


def _column_names(table: Table) -> dict[int, str]:
    """The lowest header over each column that is not a column number."""
    names: dict[int, str] = {}
    for columns in _grid(table.header, len(table.widths)):
        for column, (cell, _, _) in columns.items():
            if _is_label(cell.text):
                names[column] = cell.text
    return names


def _grid(
    rows: Sequence[Sequence[Spanning]], width: int
) -> list[dict[int, tuple[Spanning, int, int]]]:
    """Rows with spans laid out: column → (cell, row it is written in, index in that row)."""
    grid: list[dict[int, tuple[Spanning, int, int]]] = [{} for _ in rows]
    written = [0] * len(rows)
    for row, column, cell in placed(rows, width):
        for below in grid[row : row + cell.rowspan]:
            for across in range(column, column + cell.colspan):
                below[across] = (cell, row, written[row])
        written[row] += 1
    return grid
