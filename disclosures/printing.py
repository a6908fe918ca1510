"""Report → PDF: measure where long spans meet the end of a page, repeat their labels, print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from disclosures.pdf import AttachedFile, PrintedFile, Progress, page_breaks, render_pdf
from disclosures.render import anchored_tables, render_html, render_sheets
from disclosures.report.blocks import Report
from disclosures.report.characters import printable
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
    html = render_html(report, cuts=span_cuts(report), watermark=watermark, bound=bound)
    return render_pdf(
        html,
        identifier=identifier,
        title=printable(report.title),
        author=printable(report.department),
        dated=dated,
        attachments=attachments,
        progress=progress,
    )


def span_cuts(report: Report) -> dict[str, frozenset[int]]:
    """For each table whose long spans or column heads cross pages, the rows where they are
    repeated.

    Such tables begin on a new page, so laying them out alone breaks them as in the report.
    """
    tables = {
        anchor: table
        for anchor, table in anchored_tables(report).items()
        if has_long_span(table) or headed_rows(table)
    }
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
