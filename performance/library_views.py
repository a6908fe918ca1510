"""The indicator library beside a declaration: a page to search, and the same as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from budgets.models import Project
from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES, Unit
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from performance.evaluation import DEPARTMENT, unit_of_subject
from performance.suggestions import (
    LONGEST_QUERY,
    Suggestion,
    grouped,
    query_of,
    suggestions_for,
)


@require_GET
@filing_page((*DEPARTMENT_ROLES, *BUREAU_ROLES))
def library_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """Indicators to take over for a subject; ``q`` holds words, all of which must occur.

    With ``format=json`` the answer is ``{"query": "…", "suggestions": [{…}]}``, in the order of
    the page. Each suggestion has ``origin`` (last_year, similar, library) with ``origin_label``,
    ``source`` in words, ``tier_one``, ``tier_two``, ``name``, ``kind`` and ``direction`` (keys, as
    the grid of indicators takes them) with ``kind_label`` and ``direction_label``, ``target``,
    ``measure``, ``basis`` (key), ``basis_note``, ``last_year`` and ``two_years_before``. Texts not
    known are empty strings.
    """
    title = _title_or_404(filing, subject)
    words = query_of(str(request.GET.get("q", "")))
    found = suggestions_for(filing, subject, staff_of(request), words)
    if request.GET.get("format") == "json":
        return JsonResponse({"query": words, "suggestions": [_as_json(each) for each in found]})
    context = {
        "filing": filing, "subject": subject, "title": title, "query": words,
        "groups": grouped(found), "longest": LONGEST_QUERY,
    }  # fmt: skip
    return render(request, "performance/library.html", context)


def _title_or_404(filing: Filing, subject: str) -> str:
    """The name of a subject that is the filing's department's own."""
    if subject == DEPARTMENT:
        return "部门整体"
    if code := unit_of_subject(subject):
        own: Any = Unit.objects.filter(department=filing.department_id, code=code)
    else:
        own = Project.objects.filter(unit__department=filing.department_id, code=subject)
    found = own.first()
    if found is None:
        raise Http404
    return str(found.name)


def _as_json(suggestion: Suggestion) -> dict[str, str]:
    return asdict(suggestion) | {
        "origin_label": suggestion.origin.label,
        "kind_label": suggestion.kind_label,
        "direction_label": suggestion.direction_label,
    }
