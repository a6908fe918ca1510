"""From the address of a finding to the page where it is mended."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from filings.models import Filing
from performance.models import TargetChange
from performance.snapshots import subject_of
from rulebook.findings import Finding

PAGES = {"declaration": "performance-targets", "evaluation": "performance-evaluation"}


def page_of(filing: Filing, address: str) -> str:
    """The address of the page and row, empty for an address of another app."""
    kind, *parts = address.split("/")
    if kind == "result_use" and len(parts) == 3:
        return _result_page(filing, parts[0], parts[2])
    if kind not in PAGES or len(parts) < 2:
        return ""
    subject, row = parts[0], parts[1]
    page = reverse(f"work:{PAGES[kind]}", args=[filing.public_id, subject])
    return f"{page}#{anchor(row)}"


def _result_page(filing: Filing, subject: str, field: str) -> str:
    """Where a measure of last year is registered, or where the project is declared again."""
    if field == "done":
        return reverse("work:measures")
    return reverse("work:performance-targets", args=[filing.public_id, subject])


def page_of_request(change: TargetChange) -> str:
    """Where a request to change a target is decided."""
    filing, report, declaration = change.filing, change.report, change.declaration
    if report is not None:
        return reverse("work:monitoring-report", args=[filing.public_id, report.month])
    assert declaration is not None
    subject = subject_of(declaration)
    page = reverse("work:performance-approved-targets", args=[filing.public_id, subject])
    return f"{page}#requests"


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
