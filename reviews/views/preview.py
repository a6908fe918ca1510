"""预览: the report as a web page while people file; an edit shows where it is printed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from departments.roles import DEPARTMENT_ROLES
from disclosures.snapshots import build_package
from filings.models import Filing
from filings.pages import filing_page
from reviews.preview import Preview, ShownSection, section_at
from reviews.views.filing import head_of

MOST_SECTIONS = 2000
ELSEWHERE = "没有印在报告里的问题"
NOWHERE = "这个位置没有印在报告里。"


@require_GET
@filing_page(DEPARTMENT_ROLES)
def preview_page(request: HttpRequest, filing: Filing) -> HttpResponseBase:
    """The report with its findings in the margin. ``at`` names a section, or an address that is
    looked up and sent on to where it is printed."""
    preview = Preview(filing, build_package(filing))
    at = request.GET.get("at", "")
    if at and at not in preview.page.walked:
        return _sent_on(request, filing, preview.place_of(at))
    context = head_of(
        request,
        filing,
        tab="preview",
        report=preview.results.report,
        contents=preview.page.contents,
        sections=preview.sections(at),
        elsewhere=preview.findings.get("", ()),
        elsewhere_heading=ELSEWHERE,
    )
    return render(request, "reviews/preview.html", context)


def _sent_on(request: HttpRequest, filing: Filing, anchor: str) -> HttpResponse:
    page = reverse("work:filing_preview", args=[filing.public_id])
    if not anchor:
        messages.info(request, NOWHERE)
        return redirect(page)
    return redirect(f"{page}?{urlencode({'at': section_at(anchor)})}#{anchor}")


@require_GET
@filing_page(DEPARTMENT_ROLES)
def preview_sections(request: HttpRequest, filing: Filing) -> JsonResponse:
    """Sections that come into sight, as JSON."""
    preview = Preview(filing, build_package(filing))
    wanted = request.GET.getlist("section")[:MOST_SECTIONS]
    return JsonResponse({"sections": [_as_json(each) for each in preview.drawn(wanted)]})


@require_POST
@filing_page(DEPARTMENT_ROLES)
def preview_changes(request: HttpRequest, filing: Filing) -> HttpResponse:
    """What says something else than the browser shows, as JSON; nothing after no edit.

    ``seen`` maps the anchors shown to their fingerprints. ``order`` lets the browser notice that
    sections came or went, for which the page is loaded anew.
    """
    if request.POST.get("revision") == str(filing.revision):
        return HttpResponse(status=204)
    preview = Preview(filing, build_package(filing))
    elsewhere = {"findings": preview.findings.get("", ()), "heading": ELSEWHERE}
    return JsonResponse(
        {
            "revision": filing.revision,
            "order": list(preview.page.walked),
            "sections": [_as_json(each) for each in preview.changed(_seen(request))],
            "elsewhere": render_to_string("reviews/preview_margin.html", elsewhere),
        }
    )


def _seen(request: HttpRequest) -> dict[str, str]:
    """Anchor → fingerprint as the browser sent them. Raises BadRequest for anything else."""
    try:
        found = json.loads(request.POST.get("seen", "{}"))
    except (ValueError, RecursionError) as error:
        raise BadRequest("seen is not JSON") from error
    if not isinstance(found, dict) or len(found) > MOST_SECTIONS:
        raise BadRequest("seen is not a map of sections")
    return {str(anchor): str(value) for anchor, value in found.items()}


def _as_json(section: ShownSection) -> dict[str, Any]:
    return {
        "anchor": section.anchor,
        "fingerprint": section.fingerprint,
        "html": section.html,
    }
