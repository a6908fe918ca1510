"""The public site: anonymous, read-only, from approved and published content only.

No page starts a session or sets a cookie; whatever is not public does not exist here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from disclosures.package import unprinted_names
from disclosures.publication import NotPublished, PublishedContent, published_content
from disclosures.report.page import page_of
from disclosures.report.spreadsheet import MEDIA_TYPE
from disclosures.storage import FileDamaged, path_of
from filings.models import Filing
from portal.addresses import version_address
from portal.files import file_name, unchanged, with_validators
from portal.forms import SearchForm
from portal.querysets import current_reports, departments_with_reports, years_with_reports
from portal.standing import Gone, counts, standing_of
from portal.tables import ReportTable

# How long a shared cache may go on showing what has meanwhile been withdrawn.
CACHE_SECONDS = 60
NEWEST = 6

View = Callable[..., HttpResponseBase]


def public_page(view: View) -> View:
    """A page for everyone: read-only, cached for a minute; a withdrawn report answers 410."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Gone:
            response = render(request, "410.html", status=410)
        patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
        return response

    return page


@public_page
def home(request: HttpRequest) -> HttpResponseBase:
    context = {
        "form": SearchForm(),
        "years": years_with_reports(),
        "departments": departments_with_reports(),
        "newest": current_reports()[:NEWEST],
        "counts": counts(),
    }
    return render(request, "portal/home.html", context)


@public_page
def reports(request: HttpRequest) -> HttpResponseBase:
    form = SearchForm(request.GET)
    table = ReportTable(form.matching(current_reports()))
    table.turn_to(request)
    return render(request, "portal/report_list.html", {"form": form, "table": table})


@public_page
def department_reports(request: HttpRequest, code: str) -> HttpResponseBase:
    department = get_object_or_404(departments_with_reports(), code=code)
    table = ReportTable(current_reports().filter(department=department))
    table.turn_to(request)
    context = {"department": department, "table": table}
    return render(request, "portal/department.html", context)


@public_page
def report(request: HttpRequest, **place: Any) -> HttpResponseBase:
    standing = standing_of(**place)
    content = _content(standing.filing)
    found = content.results.report
    context = {
        "filing": standing.filing,
        "standing": standing,
        "content": content,
        "report": found,
        "page": page_of(found, unprinted_names(content.package)),
    }
    return render(request, "portal/report.html", context)


@public_page
def pdf(request: HttpRequest, **place: Any) -> HttpResponseBase:
    filing = standing_of(**place).filing
    stored = _content(filing).pdf
    answer = unchanged(request, filing, stored.sha256)
    if answer is None:
        try:
            file = path_of(stored.path).open("rb")
        except FileDamaged as damage:
            raise Http404("the stored file cannot be read") from damage
        name = file_name(filing, "pdf")
        answer = FileResponse(file, filename=name, content_type=stored.media_type)
    return with_validators(answer, filing, stored.sha256)


@public_page
def data(request: HttpRequest, **place: Any) -> HttpResponseBase:
    filing = standing_of(**place).filing
    package = _content(filing).json_bytes
    return _bytes(request, filing, package, "application/json; charset=utf-8")


@public_page
def tables(request: HttpRequest, **place: Any) -> HttpResponseBase:
    filing = standing_of(**place).filing
    workbook = _content(filing).tables
    if workbook is None:
        raise Http404("the published file carries no workbook")
    response = _bytes(request, filing, workbook, MEDIA_TYPE)
    disposition = content_disposition_header(True, file_name(filing, "xlsx"))
    response["Content-Disposition"] = disposition
    return response


def _bytes(
    request: HttpRequest, filing: Filing, content: bytes, content_type: str
) -> HttpResponseBase:
    """Bytes made from the snapshot, or 304 where the browser holds them."""
    sha256 = hashlib.sha256(content).hexdigest()
    answer = unchanged(request, filing, sha256)
    if answer is None:
        answer = HttpResponse(content, content_type=content_type)
    return with_validators(answer, filing, sha256)


@public_page
def robots(request: HttpRequest) -> HttpResponseBase:
    sitemap_address = request.build_absolute_uri(reverse("portal:sitemap"))
    lines = ("User-agent: *", "Allow: /", f"Sitemap: {sitemap_address}", "")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page
def sitemap(request: HttpRequest) -> HttpResponseBase:
    entries = [
        (request.build_absolute_uri(version_address(filing)), filing.published_at)
        for filing in current_reports()
    ]
    context = {"entries": entries}
    return render(request, "portal/sitemap.xml", context, content_type="application/xml")


def _content(filing: Filing) -> PublishedContent:
    try:
        return published_content(filing)
    except NotPublished as reason:
        raise Http404("no such report") from reason
