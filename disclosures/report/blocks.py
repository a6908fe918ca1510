"""PURE: the blocks a report is made of. Every figure in them carries the address of its cell.

The same blocks make the PDF, the web page and the frozen snapshot; ``block`` tells them apart in
JSON. Texts are plain, never markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class BoundFigure:
    """A figure in a sentence: as printed, its exact value, and where it comes from.

    ``addresses`` is the cell itself, or the cells it was computed from; ``formula`` says how in
    words ("本年 − 上年") and is empty for a cell's own value. ``unit`` is 万元, %, 辆 …
    """

    text: str
    value: Decimal
    unit: str
    addresses: tuple[str, ...]
    formula: str = ""


Span = str | BoundFigure


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``origin`` is "generated" or "free" (typed by people, its figures are linted).
    ``subject`` is the key of the text, or "reason." and the change, that a person can edit
    here; empty when none."""

    spans: tuple[Span, ...]
    origin: str = "generated"
    style: str = "body"
    subject: str = ""
    block: Literal["paragraph"] = "paragraph"

    @property
    def text(self) -> str:
        return "".join(s if isinstance(s, str) else s.text for s in self.spans)


NAME = "name"
"""Style of the cell whose text names its row, where several cells hold words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A body cell as printed; ``address`` empty for labels. ``mark`` is a footnote sign."""

    text: str
    align: str = "left"
    address: str = ""
    colspan: int = 1
    rowspan: int = 1
    style: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    text: str
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """One printed table. ``widths`` are per cent of the table's width, one per column."""

    key: str
    number: str
    title: str
    unit_label: str
    header: tuple[tuple[HeaderCell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    widths: tuple[Decimal, ...]
    notes: tuple[str, ...] = ()
    orientation: str = "portrait"
    style: str = "statutory"
    head_lines: tuple[str, ...] = ()
    block: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    label: str
    figure: BoundFigure


@dataclass(frozen=True, slots=True)
class Chart:
    """``kind`` is "bars" or "shares". ``note`` is the sentence printed where data is missing."""

    key: str
    kind: str
    title: str
    alternative_text: str
    points: tuple[ChartPoint, ...]
    note: str = ""
    block: Literal["chart"] = "chart"


Block = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """``number`` is given by compose, never by the section itself. ``level`` 1 is a part."""

    key: str
    level: int
    number: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def heading(self) -> str:
        return f"{self.number}{self.title}"


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report in order of printing."""

    title: str
    department: str
    fiscal_year: int
    kind: str
    sections: tuple[Section, ...]
    cover_lines: tuple[str, ...] = ()
    banner: str = ""
