"""Report → PDF: measure where long spans meet the end of a page, repeat their labels, print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from disclosures.pdf import AttachedFile, PrintedFile, Progress, page_breaks, render_pdf
from disclosures.render import anchored_tables, render_html, render_sheets
from disclosures.report.blocks import Report
from disclosures.report.characters import printable
from disclosures.report.spans import crossed, has_long_span

# A repeated label can be taller than the rows beside it and move the next break.
MOST_MEASUREMENTS = 4


def print_report(
    report: Report,
    *,
    identifier: str,
    dated: date,
    attachments: Sequence[AttachedFile] = (),
    watermark: str = "",
    progress: Progress | None = None,
) -> PrintedFile:
    """The report as the official file; the same arguments give the same bytes.

    ``identifier`` is the hash of the snapshot, ``dated`` the day the file bears.
    """
    html = render_html(report, cuts=span_cuts(report), watermark=watermark)
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
    """For each table whose long spans cross pages, the rows where their labels are repeated.

    Such tables begin on a new page, so laying them out alone breaks them as in the report.
    """
    tables = {a: t for a, t in anchored_tables(report).items() if has_long_span(t)}
    cuts: dict[str, frozenset[int]] = {anchor: frozenset() for anchor in tables}
    waiting = set(tables)
    for _ in range(MOST_MEASUREMENTS):
        if not waiting:
            break
        found = page_breaks(render_sheets(report, cuts, waiting))
        crossing = {a: crossed(tables[a], found.get(a, ())) for a in waiting}
        waiting = {anchor for anchor in waiting if crossing[anchor] - cuts[anchor]}
        cuts |= {anchor: cuts[anchor] | crossing[anchor] for anchor in waiting}
    return {anchor: found for anchor, found in cuts.items() if found}
