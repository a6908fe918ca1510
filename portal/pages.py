"""PURE: a report → what its web page shows: contents, cells to point at, figures' origins.

A figure of a sentence leads to the cell it comes from: the cell's place in the page and its name,
"公开05表 行政运行 决算数".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from disclosures.charts import Drawing, draw
from disclosures.report.blocks import (
    NAME,
    BoundFigure,
    Cell,
    Chart,
    HeaderCell,
    Paragraph,
    Report,
    Section,
    Span,
    Table,
)

CONTENTS_LEVELS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A cell shown on the page: its anchor, and its name for people."""

    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class ContentsLine:
    anchor: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class PageSpan:
    """A piece of a sentence. A figure says where it comes from; ``anchor`` is empty where its
    cell is not on the page."""

    text: str
    origin: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class PageParagraph:
    style: str
    spans: tuple[PageSpan, ...]
    block: str = "paragraph"


@dataclass(frozen=True, slots=True)
class PageCell:
    cell: Cell
    anchor: str = ""


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


def page_of(report: Report) -> Page:
    """The page of a report; figures are bound to the first table that shows their cell."""
    walked = list(_walk(report.sections))
    places = _places(walked)
    sections = tuple(_section(anchor, section, places) for anchor, section in walked)
    contents = tuple(
        ContentsLine(section.anchor, section.level, section.heading)
        for section in sections
        if section.level <= CONTENTS_LEVELS
    )
    return Page(sections, contents)


def _walk(sections: tuple[Section, ...], prefix: str = "s") -> Iterator[tuple[str, Section]]:
    """Sections in order of printing; the anchor says where in the tree one stands."""
    for number, section in enumerate(sections, start=1):
        anchor = f"{prefix}{number}"
        yield anchor, section
        yield from _walk(section.sections, f"{anchor}-")


def _section(anchor: str, section: Section, places: Mapping[str, Place]) -> PageSection:
    blocks: list[PageBlock] = []
    for number, block in enumerate(section.blocks, start=1):
        match block:
            case Paragraph():
                spans = tuple(_span(span, places) for span in block.spans)
                blocks.append(PageParagraph(block.style, spans))
            case Table():
                blocks.append(_table(f"{anchor}b{number}", block, places))
            case Chart():
                points = tuple((p.label, _span(p.figure, places)) for p in block.points)
                blocks.append(PageChart(block, draw(block), points))
    return PageSection(anchor, section.level, section.heading, tuple(blocks))


def _span(span: Span, places: Mapping[str, Place]) -> PageSpan:
    if not isinstance(span, BoundFigure):
        return PageSpan(span)
    shown = [places[address] for address in span.addresses if address in places]
    names = "、".join(place.name for place in shown)
    origin = "；".join(filter(None, (f"出自 {names}" if names else "", span.formula)))
    return PageSpan(span.text, origin, shown[0].anchor if shown else "")


def _table(anchor: str, table: Table, places: Mapping[str, Place]) -> PageTable:
    def placed(cell: Cell, row: int, index: int) -> PageCell:
        own = _cell_anchor(anchor, row, index)
        place = places.get(cell.address) if cell.address else None
        return PageCell(cell, own if place is not None and place.anchor == own else "")

    rows = tuple(
        tuple(placed(cell, row, index) for index, cell in enumerate(cells))
        for row, cells in enumerate(table.body)
    )
    return PageTable(anchor, table, rows)


def _cell_anchor(table_anchor: str, row: int, index: int) -> str:
    return f"{table_anchor}r{row + 1}c{index + 1}"


def _places(walked: list[tuple[str, Section]]) -> dict[str, Place]:
    """Every cell on the page by its address, where it is shown first."""
    places: dict[str, Place] = {}
    for anchor, section in walked:
        for number, block in enumerate(section.blocks, start=1):
            if isinstance(block, Table):
                for address, place in _named_cells(f"{anchor}b{number}", block):
                    places.setdefault(address, place)
    return places


def _named_cells(anchor: str, table: Table) -> Iterator[tuple[str, Place]]:
    """Cells with an address, named by table, row label and column header."""
    headers = _column_names(table)
    title = table.number or table.title
    for row, columns in enumerate(_grid(table.body)):
        label, own = "", _own_name(table.body[row])
        for column, (cell, written_in, index) in sorted(columns.items()):
            if not isinstance(cell, Cell) or not cell.address:
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
    for columns in _grid(table.header):
        for column, (cell, _, _) in columns.items():
            if _is_label(cell.text):
                names[column] = cell.text
    return names


def _grid(
    rows: Sequence[Sequence[Cell | HeaderCell]],
) -> list[dict[int, tuple[Cell | HeaderCell, int, int]]]:
    """Rows with spans laid out: column → (cell, row it is written in, index in that row)."""
    grid: list[dict[int, tuple[Cell | HeaderCell, int, int]]] = [{} for _ in rows]
    for row, cells in enumerate(rows):
        column = 0
        for index, cell in enumerate(cells):
            while column in grid[row]:
                column += 1
            for below in grid[row : row + cell.rowspan]:
                for across in range(column, column + cell.colspan):
                    below[across] = (cell, row, index)
            column += cell.colspan
    return grid
