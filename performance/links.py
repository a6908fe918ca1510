"""From the address of a finding to the page where it is mended."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from filings.models import Filing
from rulebook.findings import Finding

PAGES = {"declaration": "performance-targets", "evaluation": "performance-evaluation"}


def page_of(filing: Filing, address: str) -> str:
    """The address of the page and row, empty for an address of another app."""
    kind, *parts = address.split("/")
    if kind not in PAGES or len(parts) < 2:
        return ""
    subject, row = parts[0], parts[1]
    page = reverse(f"work:{PAGES[kind]}", args=[filing.public_id, subject])
    return f"{page}#{anchor(row)}"


def anchor(row: str) -> str:
    """The id of a row on its page."""
    return f"row-{row}"


def shown(filing: Filing, finding: Finding) -> dict[str, Any]:
    """A finding as the panel prints it, with the link to its place."""
    return {
        "check_id": finding.check_id,
        "severity": finding.severity,
        "title": finding.title,
        "label": finding.label,
        "message": finding.message,
        "hint": finding.hint,
        "identity": finding.identity,
        "link": page_of(filing, finding.places[0]) if finding.places else "",
        "address": finding.places[0] if finding.places else "",
    }
