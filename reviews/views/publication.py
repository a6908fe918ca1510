"""公开: what is about to become public, how far its report is, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from departments.roles import Role
from departments.site import staff_of
from disclosures.models import RenderedFile
from disclosures.publication import NotPublished, approved_snapshot
from disclosures.services import has_official_file, request_official
from filings.models import Filing, JobKind
from filings.pages import filing_page
from filings.states import State
from reviews.views.filing import head_of

LOOK_AGAIN = "3"  # seconds


@filing_page([Role.PUBLISHER], frozen=True)
def publish_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The publisher's page; it looks again by itself while the report is being made."""
    try:
        snapshot = approved_snapshot(filing)
    except NotPublished:
        messages.info(request, "申报件还没有通过审核。")
        return redirect("work:filing_review", filing.public_id)
    jobs = filing.jobs.filter(kind=JobKind.RENDER_REPORT, arguments__snapshot=snapshot.pk)
    context = head_of(
        request,
        filing,
        snapshot=snapshot,
        pdf=RenderedFile.objects.of_snapshot(snapshot).first(),
        is_ready=has_official_file(snapshot),
        job=jobs.first(),
        superseded=Filing.objects.current().same_as(filing).exclude(pk=filing.pk).first(),
    )
    response = render(request, "reviews/publish.html", context)
    job = context["job"]
    if filing.status is State.APPROVED and job is not None and not job.is_over:
        response["Refresh"] = LOOK_AGAIN
    return response


@require_POST
@filing_page([Role.PUBLISHER], frozen=True)
def render_again(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Ask again for the official report, for example after a failure."""
    if filing.status is State.APPROVED:
        request_official(snapshot=approved_snapshot(filing), staff=staff_of(request))
    return redirect("work:filing_publish", filing.public_id)
