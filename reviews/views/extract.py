"""核对公开件: an extract of the published document, held against the filing beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from budgets.uploads import safe_name
from budgets.views import XLSX
from departments.models import StaffMember
from departments.permissions import is_bureau
from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES, Role
from departments.site import staff_of
from disclosures.extract_intake import KeptExtract, extract_of, keep_extract, read_file
from disclosures.filing_package import FilingPackage
from disclosures.names import file_name
from disclosures.printed_extract import Extract, check_extract
from disclosures.printed_extract.columns import EXTRACT_SHEETS
from disclosures.printed_extract.facts import FilingFacts
from disclosures.printed_extract.template import template
from disclosures.snapshots import build_package
from disclosures.submissions import submitted
from filings.models import Filing
from filings.pages import filing_page
from filings.states import State
from reviews.forms import ExtractForm
from reviews.links import link_for
from reviews.views.filing import head_of
from reviews.views.review import tabs_of
from rulebook.findings import Finding, Severity

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
AUDITORS = (*DEPARTMENT_ROLES, Role.BUREAU_REVIEWER)
SHEET_TITLES = {sheet.field: sheet.title for sheet in EXTRACT_SHEETS}


def _package(filing: Filing, staff: StaffMember) -> FilingPackage:
    """What this person reads of a filing: a bureau what was handed in. Raises Http404."""
    if not is_bureau(staff):
        return build_package(filing)
    frozen = submitted(filing)
    if frozen is None:
        raise Http404
    return frozen.package


def _is_unopened(filing: Filing, staff: StaffMember) -> bool:
    """Whether the bureau has not opened it yet: until then nothing of it is shown."""
    waits = filing.status is State.SUBMITTED and filing.review_opened_at is None
    return waits and is_bureau(staff)


@filing_page(READERS, frozen=True)
@require_http_methods(["GET", "POST"])
def extract_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """What the kept extract gets wrong, and the form that takes another in its place."""
    staff = staff_of(request)
    if _is_unopened(filing, staff):
        return render(request, "reviews/unopened.html", head_of(request, filing))
    package = _package(filing, staff)
    form = ExtractForm(request.POST or None, request.FILES or None)
    refused: Sequence[Finding] = ()
    if request.method == "POST":
        if staff.role not in AUDITORS:
            raise PermissionDenied
        if form.is_valid():
            refused = _keep(filing, staff, package, form.cleaned_data["file"])
            if not refused:
                messages.success(request, "摘录已接收，核对结果如下。")
                return redirect("work:filing_extract", filing.public_id)
    context = head_of(
        request,
        filing,
        tab="extract",
        tabs=tabs_of(filing),
        form=form,
        refused=refused,
        may_upload=staff.role in AUDITORS,
        **_result(filing, staff, package),
    )
    return render(request, "reviews/extract.html", context)


def _keep(
    filing: Filing, staff: StaffMember, package: FilingPackage, file: Any
) -> Sequence[Finding]:
    read = read_file(file.read(), package)
    if read.extract is None:
        return read.findings
    keep_extract(filing=filing, staff=staff, name=safe_name(file.name), extract=read.extract)
    return ()


def _result(filing: Filing, staff: StaffMember, package: FilingPackage) -> dict[str, Any]:
    kept: KeptExtract | None = extract_of(filing, staff)
    if kept is None:
        return {"kept": None}
    findings = check_extract(kept.extract, package)
    groups = [
        (
            severity,
            list(_rows(filing, staff, package, [f for f in findings if f.severity is severity])),
        )
        for severity in Severity
    ]
    return {
        "kept": kept.row,
        "count": len(findings),
        "groups": [(severity, rows) for severity, rows in groups if rows],
    }


def _rows(
    filing: Filing, staff: StaffMember, package: FilingPackage, findings: Sequence[Finding]
) -> Iterator[dict[str, Any]]:
    """Findings as the list prints them: with the lines of the extract and links into the filing."""
    known = FilingFacts(package).figures
    for finding in findings:
        lines, links = [], []
        for place in finding.places:
            kind, _, rest = place.partition("/")
            if kind == "extract":
                field, _, line = rest.partition("/")
                lines.append(f"“{SHEET_TITLES[field]}”第 {line} 行")
            elif kind == "cell" and place in known:
                links.append((known[place].label, link_for(filing, place, staff)))
        yield {"finding": finding, "lines": lines, "links": links}


@filing_page(READERS, frozen=True)
@require_GET
def template_file(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The workbook to transcribe into, with the kept lines in it."""
    staff = staff_of(request)
    if _is_unopened(filing, staff):
        raise PermissionDenied
    kept = extract_of(filing, staff)
    content = template(_package(filing, staff), kept.extract if kept else Extract())
    response = HttpResponse(content, content_type=XLSX)
    name = f"公开件摘录_{file_name(filing, suffix='xlsx')}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
