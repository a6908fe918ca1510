"""The report as WeasyPrint prints it by itself: the yardstick of the print benchmark.

The same blocks, faces and paper through plain templates: tables laid out by their contents, no
label repeated, no heading above a table on its later pages.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import HTML

from disclosures.render import CONTENTS_LEVELS, Heading, printed_blocks
from disclosures.report.blocks import Report

TAGGED = "pdf/a-3a"


def stock_pdf(report: Report, variant: str | None) -> tuple[bytes, int]:
    """The file in a variant of WeasyPrint's (None: untagged) and how many pages it has."""
    blocks = printed_blocks(report)
    headings = [block for block in blocks if isinstance(block, Heading)]
    context = {
        "report": report,
        "blocks": blocks,
        "contents": [heading for heading in headings if heading.level <= CONTENTS_LEVELS],
        "fonts": settings.FONT_ROOT.as_uri(),
    }
    html = render_to_string("reviews/stock/report.html", context)
    document = HTML(string=html).render()
    document.metadata.created = document.metadata.modified = date(2024, 1, 1).isoformat()
    content: bytes = document.write_pdf(pdf_variant=variant, pdf_identifier=b"stock")
    return content, len(document.pages)
