"""Report → PDF: measure where long spans meet the end of a page, repeat their labels, print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from disclosures.pdf import AttachedFile, PrintedFile, Progress, page_breaks, render_pdf
from disclosures.render import Cuts, anchored_tables, render_html, render_sheets
from disclosures.report.blocks import Report, Table
from disclosures.report.characters import printable
from disclosures.report.fitting import likely_on_one_page
from disclosures.report.spans import crossed, has_long_span, headed_rows, original_rows

# Repeated labels and heads move every later break: each measurement settles one page of a table.
MOST_MEASUREMENTS = 12


def print_report(
    report: Report,
    *,
    identifier: str,
    dated: date,
    attachments: Sequence[AttachedFile] = (),
    watermark: str = "",
    progress: Progress | None = None,
    bound: bool = True,
) -> PrintedFile:
    """The report as the official file; the same arguments give the same bytes.

    ``identifier`` is the hash of the snapshot, ``dated`` the day the file bears. Without
    ``bound`` there is neither a cover nor a table of contents.
    """

    def printed(cuts: Cuts) -> PrintedFile:
        return render_pdf(
            render_html(report, cuts=cuts, watermark=watermark, bound=bound),
            identifier=identifier,
            title=printable(report.title),
            author=printable(report.department),
            dated=dated,
            attachments=attachments,
            progress=progress,
        )

    tables = spanned_tables(report)
    measured = {a: table for a, table in tables.items() if not likely_on_one_page(table)}
    found = printed(span_cuts(report, measured))
    if any(crossed(tables[a], found.breaks.get(a, ())) for a in tables.keys() - measured.keys()):
        found = printed(span_cuts(report, tables))  # one was higher than it seemed
    return found


def spanned_tables(report: Report) -> dict[str, Table]:
    """The tables with long spans or column heads in their body, which may cross pages."""
    return {
        anchor: table
        for anchor, table in anchored_tables(report).items()
        if has_long_span(table) or headed_rows(table)
    }


def span_cuts(report: Report, tables: Mapping[str, Table]) -> dict[str, frozenset[int]]:
    """For those of the tables whose spans or column heads cross pages, the rows where they are
    repeated.

    Such tables begin on a new page, so laying them out alone breaks them as in the report.
    """
    cuts: dict[str, frozenset[int]] = {anchor: frozenset() for anchor in tables}
    waiting = set(tables)
    for _ in range(MOST_MEASUREMENTS):
        if not waiting:
            break
        found = page_breaks(render_sheets(report, cuts, waiting))
        crossing = {
            a: crossed(tables[a], original_rows(tables[a], cuts[a], found.get(a, ())))
            for a in waiting
        }
        waiting = {anchor for anchor in waiting if crossing[anchor] - cuts[anchor]}
        first = {anchor: min(crossing[anchor] - cuts[anchor]) for anchor in waiting}
        cuts |= {anchor: cuts[anchor] | {row} for anchor, row in first.items()}
    return {anchor: found for anchor, found in cuts.items() if found}
