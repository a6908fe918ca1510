"""Pages of one filing for its department: overview, findings, files, history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from budgets.models import Upload
from budgets.uploads import UploadDamaged, bytes_of
from departments.models import StaffMember
from departments.permissions import is_bureau, may_enter
from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES
from departments.site import staff_of
from disclosures.drafts import has_redline, is_frozen_for
from disclosures.submissions import last_year_of
from filings.models import Event, Filing
from filings.pages import filing_page
from filings.services import FilingExists, FilingLocked, broken_event, explain
from filings.states import State
from reviews.desk import row_of
from reviews.dossier import Dossier, dossier_of
from reviews.forms import WordsForm, posted
from reviews.last_year import carried_words, carry_from_last_year
from reviews.links import shown
from reviews.services import open_correction
from reviews.words import action_words, detail_words
from reviews.workflow import TRANSITIONS, Transition, TransitionNotAllowed, allowed

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
OWN_PAGES = {
    "hand_over": "filing_submit",
    "submit": "filing_submit",
    "approve": "filing_approve",
    "publish": "filing_publish",
}


def step_link(filing: Filing, step: Transition) -> str:
    """Where a step is prepared and confirmed; only a POST takes it."""
    if step.key in OWN_PAGES:
        return reverse(f"work:{OWN_PAGES[step.key]}", args=[filing.public_id])
    return reverse("work:filing_step", args=[filing.public_id, step.key])


def head_of(request: HttpRequest, filing: Filing, **more: Any) -> dict[str, Any]:
    """What the head of every page of a filing shows: state, holder, days left, steps."""
    staff = staff_of(request)
    opened = filing.review_opened_at is not None
    steps = allowed(filing.status, staff.role, opened=opened)
    return {
        "filing": filing,
        "row": row_of(filing, staff, timezone.localdate()),
        "steps": [(step, step_link(filing, step)) for step in steps],
        "editable": filing.is_editable and may_enter(staff),
        "bureau": is_bureau(staff),
        "may_correct": may_enter(staff) and may_be_corrected(filing),
        **more,
    }


def may_be_corrected(filing: Filing) -> bool:
    over = filing.status in {State.PUBLISHED, State.WITHDRAWN}
    return over and filing.superseded_at is None


@filing_page(READERS, frozen=True)
def overview(request: HttpRequest, filing: Filing) -> HttpResponse:
    """概况: what the filing consists of, how far each part is, and the next step."""
    if is_bureau(staff_of(request)):
        return redirect("work:filing_review", filing.public_id)
    dossier = dossier_of(filing)
    moves = Event.objects.filter(filing=filing, action__in=[each.key for each in TRANSITIONS])
    last = moves.order_by("-sequence").first()
    frozen = is_frozen_for(filing, staff_of(request))
    context = head_of(
        request,
        filing,
        tab="overview",
        dossier=dossier,
        has_earlier=has_redline(filing, frozen=frozen),
        last_year=last_year_of(filing),
        hand_back=last if last is not None and last.action == "hand_back" else None,
    )
    return render(request, "filings/overview.html", context)


@filing_page(DEPARTMENT_ROLES, editable=True)
def findings(request: HttpRequest, filing: Filing) -> HttpResponse:
    """问题: every finding with its place; each warning with the box for its explanation."""
    staff = staff_of(request)
    dossier = dossier_of(filing)
    form = boxes_of(dossier, posted(request))
    if request.method == "POST" and form.is_valid():
        if not may_enter(staff):
            raise PermissionDenied("说明由填报岗位填写。")
        return _save_explanations(request, filing, dossier, form)
    context = head_of(request, filing, tab="findings", **listed(filing, dossier, staff, form))
    return render(request, "filings/findings.html", context)


def boxes_of(dossier: Dossier, data: Any = None) -> WordsForm:
    """A box for every warning of this moment, with the words written so far."""
    written = {each.finding.identity: each.text for each in dossier.gate.warnings}
    return WordsForm(data, keys=written, initial=written, label="情况说明")


def listed(filing: Filing, dossier: Dossier, staff: StaffMember, form: WordsForm) -> dict[str, Any]:
    """The findings of a gate as the pages show them."""
    gate = dossier.gate
    warnings = [each.finding for each in gate.warnings]
    boxes = [form[finding.identity] for finding in warnings]
    return {
        "gate": gate,
        "blocking": list(shown(filing, gate.blocking, staff)),
        "warnings": list(zip(shown(filing, warnings, staff), boxes, strict=True)),
        "notices": list(shown(filing, gate.notices, staff)),
        "waived": list(shown(filing, gate.waived, staff)),
        "form": form,
    }


def _save_explanations(
    request: HttpRequest, filing: Filing, dossier: Dossier, form: WordsForm
) -> HttpResponse:
    checks = {each.finding.identity: each.finding.check_id for each in dossier.gate.warnings}
    try:
        for identity, text in form.written().items():
            explain(
                filing=filing,
                staff=staff_of(request),
                check_id=checks[identity],
                identity=identity,
                text=text,
            )
    except FilingLocked as locked:
        messages.error(request, str(locked))
    else:
        messages.success(request, "说明已保存。")
    return redirect(request.path)


@filing_page(DEPARTMENT_ROLES)
def files(request: HttpRequest, filing: Filing) -> HttpResponse:
    """附件: the original uploads, drafts and official files, and reports being made."""
    return render(request, "filings/files.html", head_of(request, filing, **files_of(filing)))


@filing_page(READERS, frozen=True)
def upload(request: HttpRequest, filing: Filing, upload: int) -> HttpResponse:
    """An uploaded file as it came, to save and not to open in the browser."""
    bureau = is_bureau(staff_of(request))
    shown = uploads_until_submission(filing) if bureau else filing.uploads.all()
    found = get_object_or_404(shown, pk=upload)
    try:
        content = bytes_of(found)
    except UploadDamaged as damaged:
        raise Http404("原始文件已不在或已被改动。") from damaged
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    return response


def files_of(filing: Filing) -> dict[str, Any]:
    """Everything the department keeps with the filing."""
    return {
        "tab": "files",
        "uploads": filing.uploads.select_related("workbook__unit", "uploaded_by"),
        "rendered": filing.rendered_files.all(),
        "jobs": filing.jobs.unfinished(),
    }


def uploads_until_submission(filing: Filing) -> QuerySet[Upload]:
    """The uploads behind what was handed in last."""
    if filing.submitted_at is None:
        return filing.uploads.none()
    return filing.uploads.filter(uploaded_at__lte=filing.submitted_at)


def handed_in_files(filing: Filing) -> dict[str, Any]:
    """What a bureau sees of them: no drafts, and no upload made after the submission."""
    uploads = uploads_until_submission(filing).select_related("workbook__unit", "uploaded_by")
    return {
        "tab": "files",
        "uploads": uploads,
        "rendered": filing.rendered_files.handed_in(),
        "jobs": filing.jobs.none(),
    }


@filing_page(DEPARTMENT_ROLES)
def history(request: HttpRequest, filing: Filing) -> HttpResponse:
    """记录: every step, who and when."""
    return render(request, "filings/history.html", head_of(request, filing, **history_of(filing)))


def history_of(filing: Filing) -> dict[str, Any]:
    """Events as words, newest first, and whether their chain is whole."""
    events = Event.objects.filter(filing=filing).select_related("actor").order_by("-sequence")
    return {
        "tab": "history",
        "events": [(e, action_words(e.action), detail_words(e.detail)) for e in events],
        "is_whole": broken_event(filing) is None,
    }


@require_POST
@filing_page(DEPARTMENT_ROLES)
def correct(request: HttpRequest, filing: Filing) -> HttpResponse:
    """更正: open the next version with the same content."""
    if not may_enter(staff_of(request)):
        raise PermissionDenied("更正由填报岗位建立。")
    try:
        correction = open_correction(filing=filing, staff=staff_of(request))
    except (TransitionNotAllowed, FilingLocked) as refused:
        messages.error(request, str(refused))
        return redirect("work:filing_overview", filing.public_id)
    except FilingExists:
        known = Filing.objects.in_preparation(
            filing.department_id, filing.fiscal_year_id, filing.kind
        )
        correction = get_object_or_404(Filing, pk=known.pk)
        messages.info(request, "更正版本已经建立，没有重复建立。")
    else:
        messages.success(request, f"已建立第 {correction.version} 版，原公开版本在新版公开前不变。")
    return redirect("work:filing_overview", correction.public_id)


@require_POST
@filing_page(DEPARTMENT_ROLES)
def carry(request: HttpRequest, filing: Filing) -> HttpResponse:
    """从上年带入, for a filing that was opened before last year's was approved; safe to repeat."""
    if not may_enter(staff_of(request)):
        raise PermissionDenied("从上年带入由填报岗位办理。")
    try:
        carried = carry_from_last_year(filing=filing, staff=staff_of(request))
    except FilingLocked as locked:
        messages.error(request, str(locked))
    else:
        if carried is None:
            messages.info(request, "上年没有已通过的申报件，没有带入任何内容。")
        else:
            messages.success(request, carried_words(carried))
    return redirect("work:filing_overview", filing.public_id)
