"""From the address of a place to the page where this person reads or mends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from budgets.links import NO_OWNERS, cell_link, project_books, row_link
from departments.models import StaffMember
from departments.permissions import is_bureau
from filings.models import Filing
from performance.links import page_of as performance_page
from reviews.places import anchor
from rulebook.addresses import LIST_KINDS, cell_of
from rulebook.findings import Finding

REASON = "reason."
PROJECT_ROW = "project_budget/"


def link_for(
    filing: Filing, address: str, staff: StaffMember, owners: Mapping[str, str] = NO_OWNERS
) -> str:
    """The page of an address: the entry page for the department, the frozen one for a bureau."""
    if is_bureau(staff):
        return review_link(filing, address)
    return entry_link(filing, address, owners=owners)


def review_link(filing: Filing, place: str) -> str:
    """Where a bureau reads the place in what was handed in."""
    kind = place.partition("/")[0]
    tabs = {"cell": "sheets", "evaluation": "scores", "declaration": "scores", "text": "texts"}
    page = reverse("work:filing_review", args=[filing.public_id, tabs.get(kind, "findings")])
    found = cell_of(place)
    query = {"book": found[0], "sheet": found[1].sheet} if found else {}
    return f"{page}?{urlencode(query)}#{anchor(place)}" if query else f"{page}#{anchor(place)}"


def entry_link(
    filing: Filing, address: str, sole_book: str = "", owners: Mapping[str, str] = NO_OWNERS
) -> str:
    """Where the department enters it; empty where no page holds it. ``sole_book`` is the code of
    a department's only unit, ``owners`` gives the unit of each project of the list by code."""
    kind, _, rest = address.partition("/")
    if kind == "cell":
        return cell_link(filing, address, sole_book)
    if kind in LIST_KINDS:
        return row_link(filing, address, owners)
    if kind == "unit":
        return reverse("work:filing_workbooks", args=[filing.public_id])
    if kind == "project":
        projects = reverse("work:filing_projects", args=[filing.public_id])
        return f"{projects}#project-{rest.partition('/')[0]}"
    if kind == "text":
        return f"{reverse('work:filing_texts', args=[filing.public_id])}#{_box(rest)}"
    if kind == "filing":
        return reverse("work:filing_texts", args=[filing.public_id])
    return performance_page(filing, address)


def _box(key: str) -> str:
    """The id of a text or reason on the page of texts."""
    return f"reason-{key.removeprefix(REASON)}" if key.startswith(REASON) else f"id_text-{key}"


def shown(
    filing: Filing, findings: Iterable[Finding], staff: StaffMember
) -> Iterator[dict[str, Any]]:
    """Findings as the panel prints them, each with the link to its place."""
    listed = list(findings)
    about_projects = any(_first(each).startswith(PROJECT_ROW) for each in listed)
    owners = project_books(filing) if about_projects and not is_bureau(staff) else NO_OWNERS
    for finding in listed:
        first = _first(finding)
        yield {
            "check_id": finding.check_id,
            "severity": finding.severity,
            "title": finding.title,
            "label": finding.label,
            "message": finding.message,
            "hint": finding.hint,
            "identity": finding.identity,
            "places": finding.places,
            "link": link_for(filing, first, staff, owners) if first else "",
            "address": "" if is_bureau(staff) else first,
        }


def _first(finding: Finding) -> str:
    return finding.places[0] if finding.places else ""
