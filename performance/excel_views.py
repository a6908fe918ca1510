"""Pages of forms in XLSX: download, upload, preview of what would change, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from budgets.excel.confined import Stopped
from budgets.forms import UploadForm
from budgets.import_views import findings_csv
from budgets.list_comparison import RowChange
from budgets.services import ImportOutdated
from budgets.uploads import UploadDamaged, refuse, safe_name
from budgets.views import PREPARERS, XLSX, unit_from
from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES, StaffMember
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from performance.excel.comparison import FormsPlan
from performance.form_imports import (
    apply_forms,
    export_forms,
    keep_forms,
    marked_forms,
    plan_upload,
    state_of,
)
from performance.intake import PerformanceRefused
from performance.models import FormUpload
from performance.workbook_pages import form_pages
from rulebook.findings import Severity

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
SALT = "performance.import"
PREVIEW_HOLDS = 60 * 60  # seconds
MOST_LINES = 500


@filing_page(READERS)
@require_GET
def forms_file(request: HttpRequest, filing: Filing, subject: str = "") -> HttpResponse:
    """The workbook of all forms of a filing, or of one, with what is filed, in 元 or 万元."""
    unit = unit_from(request.GET)
    content = export_forms(filing=filing, unit=unit, subject=subject)
    if content is None:
        raise Http404
    whose = f"（{subject}）" if subject else ""
    name = safe_name(f"{filing}绩效表格{whose}（{unit.label}）.xlsx")
    return _attachment(content, name)


def _attachment(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@filing_page(PREPARERS, editable=True)
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Take a filled workbook; a file that passes the gate is kept and previewed."""
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"filing": filing, "form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        context["findings"] = refuse(data)
        if not context["findings"]:
            upload = _keep(filing, staff_of(request), file.name, data)
            return redirect("work:performance-import-preview", filing.public_id, upload.sha256)
    kept = FormUpload.objects.filter(filing=filing).select_related("uploaded_by")
    return render(request, "performance/import.html", context | {"uploads": kept[:20]})


def _keep(filing: Filing, staff: StaffMember, name: str, data: bytes) -> FormUpload:
    try:
        return keep_forms(filing=filing, staff=staff, name=name, data=data)
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked


def _upload_or_404(filing: Filing, digest: str) -> FormUpload:
    return get_object_or_404(FormUpload, filing=filing, sha256=digest)


def _seal(upload: FormUpload, staff: StaffMember) -> dict[str, Any]:
    """What a confirmation is bound to: the person, the file, and the forms as previewed."""
    return {"staff": staff.pk, "upload": upload.pk, "sha256": upload.sha256}


def _state_in(token: str, seal: dict[str, Any]) -> str | None:
    """The state of the forms in the preview; ``None`` for a token of someone or something else."""
    try:
        sealed = signing.loads(token, salt=SALT, max_age=PREVIEW_HOLDS)
    except signing.BadSignature:
        return None
    state = sealed.pop("state", None)
    return state if sealed == seal else None


@filing_page(PREPARERS, editable=True)
@require_http_methods(["GET", "POST"])
def preview_page(request: HttpRequest, filing: Filing, form_upload: str) -> HttpResponse:
    """What a kept file would change; a POST with the preview's own token applies it whole."""
    kept, staff = _upload_or_404(filing, form_upload), staff_of(request)
    seal = _seal(kept, staff)
    if request.method == "POST":
        seen = _state_in(request.POST.get("token", ""), seal)
        if seen is None:
            messages.error(request, "确认已失效，请重新核对后再确认。")
        elif _apply(request, kept, staff, seen):
            return redirect("work:performance", filing.public_id)
        return redirect(request.path)
    pages = form_pages(filing)
    plan = _plan(request, kept)
    context = {
        "filing": filing,
        "upload": kept,
        "plan": plan,
        "kinds": [(kind, plan.count(kind)) for kind in RowChange],
        "changes": plan.changes[:MOST_LINES],
        "more": max(0, len(plan.changes) - MOST_LINES),
        "errors": sum(finding.severity is Severity.ERROR for finding in plan.findings),
        "token": signing.dumps(seal | {"state": state_of(pages)}, salt=SALT),
    }
    return render(request, "performance/import_preview.html", context)


def _plan(request: HttpRequest, upload: FormUpload) -> FormsPlan:
    try:
        return plan_upload(upload)
    except UploadDamaged:
        messages.error(request, "保存的文件已不可用，请重新上传。")
        return FormsPlan()


def _apply(request: HttpRequest, upload: FormUpload, staff: StaffMember, seen: str) -> bool:
    """Apply and say what happened; whether there is nothing left to look at here."""
    try:
        plan = apply_forms(upload=upload, staff=staff, seen=seen)
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    except UploadDamaged:
        messages.error(request, "保存的文件已不可用，请重新上传。")
        return False
    except (ImportOutdated, PerformanceRefused) as refused:
        messages.error(request, str(refused))
        return False
    if plan.is_refused:
        messages.error(request, "文件里有错误，没有写入任何内容。")
        return False
    counts = [f"{kind.label} {count} 处" for kind in RowChange if (count := plan.count(kind))]
    words = "，".join(counts) or "内容没有变化，这份文件已经导入过"
    messages.success(request, f"导入完成：{words}。文件指纹 {upload.sha256[:12]}。")
    return True


@filing_page(PREPARERS)
@require_GET
def findings_file(request: HttpRequest, filing: Filing, form_upload: str) -> HttpResponse:
    """What is wrong with a kept file, as CSV for Excel and WPS."""
    kept = _upload_or_404(filing, form_upload)
    return findings_csv(kept.name, _plan(request, kept).findings)


@filing_page(PREPARERS)
@require_GET
def marked_file(request: HttpRequest, filing: Filing, form_upload: str) -> HttpResponse:
    """The person's own file with red cells and comments, for the department that uploaded it."""
    kept = _upload_or_404(filing, form_upload)
    try:
        content = marked_forms(kept)
    except (UploadDamaged, Stopped):
        messages.error(request, "这份文件无法标注，请下载问题清单（CSV）。")
        return redirect("work:performance-import-preview", filing.public_id, form_upload)
    return _attachment(content, f"{kept.name.removesuffix('.xlsx')}-标注.xlsx")
