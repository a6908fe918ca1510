"""Pages of a department's printed book: upload, preview with questions, totals kept as evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from budgets.declared import declared_findings
from budgets.forms import PublishedForm
from budgets.import_views import PREVIEW_HOLDS
from budgets.models import Upload
from budgets.published_books import (
    PublishedPlan,
    apply_published,
    declared_of,
    keep_published,
    plan_published,
)
from budgets.services import ImportOutdated
from budgets.uploads import UploadDamaged, bytes_of, refuse
from budgets.views import PREPARERS
from departments.models import StaffMember
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from rulebook.findings import Severity
from rulebook.layouts import load_layout

SALT = "budgets.published"


@filing_page(PREPARERS, editable=True)
@require_http_methods(["GET", "POST"])
def published_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Take a department's printed book; below, the totals kept and what disagrees with them."""
    form = PublishedForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"filing": filing, "form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        context["refused"] = refuse(data)
        if not context["refused"]:
            upload = _keep(filing, staff_of(request), file.name, data)
            return redirect("work:filing_published_preview", filing.public_id, upload.sha256)
    compared = declared_of(filing)
    kept = Upload.objects.filter(filing=filing, workbook=None).select_related("uploaded_by")
    context |= {
        "compared": compared,
        "findings": list(declared_findings(compared)),
        "uploads": kept[:20],
    }
    return render(request, "budgets/published.html", context)


def _keep(filing: Filing, staff: StaffMember, name: str, data: bytes) -> Upload:
    try:
        return keep_published(filing=filing, staff=staff, name=name, data=data)
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked


def _seal(filing: Filing, upload: Upload, staff: StaffMember) -> dict[str, Any]:
    """What a confirmation is bound to: the person, the filing as previewed, the file."""
    return {"staff": staff.pk, "filing": str(filing.public_id), "upload": upload.sha256}


def _revision_in(token: str, seal: dict[str, Any]) -> int | None:
    try:
        sealed = signing.loads(token, salt=SALT, max_age=PREVIEW_HOLDS)
    except signing.BadSignature:
        return None
    revision = sealed.pop("revision", None)
    return revision if sealed == seal else None


def _answers(request: HttpRequest) -> dict[str, str]:
    """The posted answers: q:<key> → project code."""
    given = request.POST.items()
    return {name[2:]: str(value) for name, value in given if name.startswith("q:")}


@filing_page(PREPARERS, editable=True)
@require_http_methods(["GET", "POST"])
def published_preview(request: HttpRequest, filing: Filing, upload: str) -> HttpResponse:
    """What a kept book would change; which project a name means is asked here."""
    kept = get_object_or_404(Upload, filing=filing, workbook=None, sha256=upload)
    staff, answers = staff_of(request), _answers(request)
    seal = _seal(filing, kept, staff)
    if request.method == "POST":
        revision = _revision_in(request.POST.get("token", ""), seal)
        if revision is None:
            messages.error(request, "确认已失效，请重新核对后再确认。")
            return redirect(request.path)
        if _apply(request, kept, staff, answers, revision):
            return redirect("work:filing_published", filing.public_id)
    plan = _plan(request, filing, kept, answers)
    lists = {each.key: each.title for each in load_layout(filing.layout_edition).lists}
    chosen = {q.key: answers.get(q.key, q.proposed) for q in plan.questions}
    asked = {"IM-193"} if not answers else set()
    shown = [finding for finding in plan.findings if finding.check_id not in asked]
    errors = sum(1 for finding in shown if finding.severity is Severity.ERROR)
    context = {
        "filing": filing,
        "upload": kept,
        "plan": plan,
        "lists": [(lists[key], count) for key, count in plan.counts.items()],
        "questions": [(question, chosen[question.key]) for question in plan.questions],
        "findings": shown,
        "errors": errors,
        "can_confirm": not plan.book.is_refused and bool(plan.book.tables),
        "agreeing": sum(1 for each in plan.compared if each.agrees),
        "token": signing.dumps(seal | {"revision": filing.revision}, salt=SALT),
    }
    return render(request, "budgets/published_preview.html", context)


def _plan(
    request: HttpRequest, filing: Filing, upload: Upload, answers: dict[str, str]
) -> PublishedPlan:
    try:
        return plan_published(filing=filing, data=bytes_of(upload), answers=answers)
    except UploadDamaged:
        messages.error(request, "保存的文件已不可用，请重新上传。")
        return PublishedPlan()


def _apply(
    request: HttpRequest,
    upload: Upload,
    staff: StaffMember,
    answers: dict[str, str],
    revision: int,
) -> bool:
    """Apply and say what happened; whether there is nothing left to look at here."""
    try:
        plan = apply_published(upload=upload, staff=staff, answers=answers, seen_revision=revision)
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    except UploadDamaged:
        messages.error(request, "保存的文件已不可用，请重新上传。")
        return False
    except ImportOutdated as outdated:
        messages.error(request, str(outdated))
        return False
    if plan.is_refused:
        messages.error(request, "还有错误或没有回答的问题，没有写入任何内容。")
        return False
    rows, totals = sum(plan.counts.values()), len(plan.book.declared)
    messages.success(request, f"导入完成：列表 {rows} 行，公布的合计 {totals} 个留作依据。")
    return True
