"""Report → HTML for the page printer, through the templates in ``disclosures/report/``.

The templates know no arithmetic: what starts a page, which rows stay together and how dense a
table is set are decided here.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from django.template.loader import render_to_string

from disclosures.charts import Drawing, draw
from disclosures.report.blocks import (
    Cell,
    Chart,
    HeaderCell,
    Paragraph,
    Report,
    Section,
    Table,
)
from disclosures.report.fitting import Setting, even_heads, setting_of, text_width
from disclosures.report.spans import has_long_span, kept_rows, split_spans, with_heads

CONTENTS_LEVELS = 2
LONG_TEXT = 500  # characters
TITLE_WIDTH = 20  # characters of a title beside each other
LEAD = "："
OWN_PAGE_STYLES = frozenset({"statutory", "list", "fine", "form"})

Cuts = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Heading:
    anchor: str
    level: int
    text: str
    block: str = "heading"

    @property
    def printed(self) -> str:
        """The number of a part stands above a title that is too long for one line beside it."""
        is_long = self.level == 1 and text_width(self.text) > TITLE_WIDTH
        return self.text.replace("　", "\n", 1) if is_long else self.text


@dataclass(frozen=True, slots=True)
class PrintedRow:
    cells: tuple[Cell, ...]
    style: str


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """``continued`` is printed above the table on its later pages."""

    anchor: str
    table: Table
    header: tuple[tuple[HeaderCell, ...], ...]
    rows: tuple[PrintedRow, ...]
    setting: Setting
    continued: str
    block: str = "table"


@dataclass(frozen=True, slots=True)
class PrintedChart:
    chart: Chart
    drawing: Drawing
    block: str = "chart"


Printed = Heading | Paragraph | PrintedTable | PrintedChart


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks printed in one go; all but "flow" begin a page: "fresh", "sheet", "sheet wide"."""

    style: str
    blocks: tuple[Printed, ...]

    @property
    def is_sheet(self) -> bool:
        return self.style.startswith("sheet")

    @property
    def is_wide(self) -> bool:
        return self.style.endswith("wide")


def render_html(
    report: Report, *, cuts: Cuts | None = None, watermark: str = "", bound: bool = True
) -> str:
    """The whole report as one page of HTML; ``cuts`` are where spans end with a page. Without
    ``bound`` there is neither a cover nor a table of contents."""
    runs = runs_of(report, cuts)
    blocks = list(chain.from_iterable(run.blocks for run in runs))
    headings = [block for block in blocks if isinstance(block, Heading)]
    context = {
        "report": report,
        "title_lines": title_lines(report),
        "runs": runs,
        "contents": [heading for heading in headings if heading.level <= CONTENTS_LEVELS],
        "widths": _widths(blocks),
        "watermark": watermark,
        "bound": bound,
    }
    return render_to_string("disclosures/report/report.html", context)


def printed_blocks(report: Report) -> tuple[Printed, ...]:
    """What is printed after the table of contents, in order, without cuts."""
    return tuple(chain.from_iterable(run.blocks for run in runs_of(report)))


def cover_texts(report: Report) -> tuple[str, ...]:
    """What the cover says, in order."""
    return (report.banner, *title_lines(report), *report.cover_lines)


def title_lines(report: Report) -> tuple[str, ...]:
    """On the cover the department has a line of its own."""
    rest = report.title.removeprefix(report.department)
    return (report.department, rest) if rest and rest != report.title else (report.title,)


def render_sheets(report: Report, cuts: Cuts, only: Container[str]) -> str:
    """Some of the tables alone, each on the page it would have in the report: for measuring."""
    runs = [
        run
        for run in runs_of(report, cuts, only)
        if any(isinstance(block, PrintedTable) for block in run.blocks)
    ]
    widths = _widths(list(chain.from_iterable(run.blocks for run in runs)))
    context = {"report": report, "runs": runs, "widths": widths}
    return render_to_string("disclosures/report/sheets.html", context)


def anchored_tables(report: Report) -> dict[str, Table]:
    """Every table of the report under the anchor it has in the HTML."""
    return {
        anchor: block for anchor, block in _anchored(report.sections) if isinstance(block, Table)
    }


def _anchored(sections: tuple[Section, ...], prefix: str = "s") -> Iterator[tuple[str, object]]:
    """Sections and blocks in order of printing; an anchor says where in the tree one stands."""
    for number, section in enumerate(sections, start=1):
        anchor = f"{prefix}{number}"
        yield anchor, section
        for place, block in enumerate(section.blocks, start=1):
            yield f"{anchor}b{place}", block
        yield from _anchored(section.sections, f"{anchor}-")


def runs_of(
    report: Report, cuts: Cuts | None = None, only: Container[str] | None = None
) -> list[Run]:
    """The blocks in order, or ``only`` those of some anchors, in runs that share pages.

    Headings wait for the first block after them, so that none is left alone on a page.
    """
    runs: list[Run] = []
    waiting: list[Printed] = []
    title = ""
    for anchor, item in _anchored(report.sections):
        if isinstance(item, Section):
            waiting.append(Heading(anchor, item.level, item.heading))
            title = item.title
            continue
        if only is not None and anchor not in only:
            waiting = []
            continue
        if isinstance(item, Table) and item.title and title.endswith(item.title):
            item = replace(item, title="")  # the heading just above says it
        style = _run_style(item, waiting, runs)
        waiting.append(_printed(anchor, item, (cuts or {}).get(anchor, frozenset())))
        if style == "flow" and runs and not runs[-1].is_sheet:
            runs[-1] = replace(runs[-1], blocks=(*runs[-1].blocks, *waiting))
        else:
            runs.append(Run(style, tuple(waiting)))
        waiting = []
    return [*runs, Run("flow", tuple(waiting))] if waiting else runs


def _run_style(item: object, waiting: list[Printed], runs: list[Run]) -> str:
    """A section does not begin below the end of a table that had pages of its own."""
    if isinstance(item, Table) and item.orientation == "landscape":
        return "sheet wide"
    if isinstance(item, Table) and (item.style in OWN_PAGE_STYLES or has_long_span(item)):
        return "sheet"
    begins = any(isinstance(w, Heading) and w.level <= CONTENTS_LEVELS for w in waiting)
    return "fresh" if begins and runs and runs[-1].is_sheet else "flow"


def _printed(anchor: str, item: object, cuts: frozenset[int]) -> Printed:
    match item:
        case Table():
            return _printed_table(anchor, item, cuts)
        case Chart():
            return PrintedChart(item, draw(item))
        case Paragraph():
            return replace(item, style="lead") if item.text.endswith(LEAD) else item
        case _:
            raise TypeError(f"not a block: {type(item).__name__}")


def _printed_table(anchor: str, table: Table, cuts: frozenset[int]) -> PrintedTable:
    kept = kept_rows(split_spans(table, cuts))
    whole, origin = with_heads(table, cuts)
    begun: set[int] = set()
    rows = []
    for cells, index in zip(whole.body, origin, strict=True):
        repeated = index in begun
        begun.add(index)
        style = "cut" if index in cuts else "keep" if index in kept else ""
        rows.append(PrintedRow(cells, _row_style("keep" if repeated else style, cells)))
    continued = "　".join(filter(None, (f"续{table.number or '表'}", table.unit_label)))
    setting = setting_of(table)
    return PrintedTable(anchor, table, even_heads(table, setting), tuple(rows), setting, continued)


def _row_style(style: str, cells: tuple[Cell, ...]) -> str:
    """A row with a very long text may break inside, or it would not fit any page."""
    is_long = any(len(cell.text) > LONG_TEXT for cell in cells)
    return f"{style} long".strip() if is_long else style


def _widths(blocks: list[Printed]) -> list[Decimal]:
    """Each column width once: one CSS rule serves all columns as wide."""
    tables = (block.table for block in blocks if isinstance(block, PrintedTable))
    return sorted({width for table in tables for width in table.widths})
