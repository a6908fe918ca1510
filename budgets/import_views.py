"""Pages of an import: upload, preview of what would change, confirm, list of what is wrong."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from budgets.comparison import ChangeKind, Plan
from budgets.excel.confined import Stopped
from budgets.excel.writing import FORMULA_STARTS
from budgets.forms import UploadForm
from budgets.list_comparison import RowChange
from budgets.models import Upload, Workbook
from budgets.services import ImportOutdated, apply_import, keep_upload
from budgets.uploads import UploadDamaged, bytes_of, marked_file, plan_import, refuse, state_of
from budgets.views import PREPARERS, XLSX, sheet_address, workbook_or_404
from departments.models import StaffMember
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from rulebook.findings import Finding, Severity
from rulebook.layouts import load_layout

SALT = "budgets.import"
PREVIEW_HOLDS = 60 * 60  # seconds
MOST_LINES = 500


@filing_page(PREPARERS, editable=True)
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest, filing: Filing, book: str) -> HttpResponse:
    """Take a filled template; a file that passes the gate is kept and previewed."""
    workbook = workbook_or_404(filing, book)
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"filing": filing, "workbook": workbook, "form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read()
        context["findings"] = refuse(data)
        if not context["findings"]:
            upload = _keep(workbook, staff_of(request), file.name, data)
            return redirect("work:filing_import_preview", filing.public_id, book, upload.sha256)
    context["uploads"] = Upload.objects.filter(workbook=workbook).select_related("uploaded_by")[:20]
    return render(request, "budgets/import.html", context)


def _keep(workbook: Workbook, staff: StaffMember, name: str, data: bytes) -> Upload:
    try:
        return keep_upload(workbook=workbook, staff=staff, name=name, data=data)
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked


def _upload_or_404(workbook: Workbook, digest: str) -> Upload:
    return get_object_or_404(
        Upload.objects.select_related("filing"), workbook=workbook, sha256=digest
    )


def _seal(workbook: Workbook, upload: Upload, staff: StaffMember) -> dict[str, Any]:
    """What a confirmation is bound to: the person, the filing, the file, the book as previewed."""
    return {
        "staff": staff.pk,
        "filing": str(workbook.filing.public_id),
        "upload": upload.sha256,
        "workbook": workbook.pk,
    }


def _token(workbook: Workbook, upload: Upload, staff: StaffMember) -> str:
    sealed = _seal(workbook, upload, staff) | {"state": state_of(workbook)}
    return signing.dumps(sealed, salt=SALT)


def _state_in(token: str, seal: dict[str, Any]) -> str | None:
    """The state of the book in the preview; ``None`` for a token of someone or something else."""
    try:
        sealed = signing.loads(token, salt=SALT, max_age=PREVIEW_HOLDS)
    except signing.BadSignature:
        return None
    state = sealed.pop("state", None)
    return state if sealed == seal else None


@filing_page(PREPARERS, editable=True)
@require_http_methods(["GET", "POST"])
def preview_page(request: HttpRequest, filing: Filing, book: str, upload: str) -> HttpResponse:
    """What a kept file would change; a POST with the preview's own token applies it whole."""
    workbook, staff = workbook_or_404(filing, book), staff_of(request)
    kept = _upload_or_404(workbook, upload)
    if request.method == "POST":
        seen = _state_in(request.POST.get("token", ""), _seal(workbook, kept, staff))
        if seen is None:
            messages.error(request, "确认已失效，请重新核对后再确认。")
        elif _apply(request, kept, staff, seen):
            first = load_layout(filing.layout_edition).sheets[0].key
            return redirect(sheet_address(filing, book, first))
        return redirect(request.path)
    plan = _plan(request, workbook, kept)
    context = {
        "filing": filing,
        "workbook": workbook,
        "upload": kept,
        "plan": plan,
        "kinds": [(kind, plan.count(kind)) for kind in ChangeKind],
        "changes": plan.changes[:MOST_LINES],
        "row_kinds": [(kind, plan.lists.count(kind)) for kind in RowChange],
        "row_changes": plan.lists.changes[:MOST_LINES],
        "more_rows": max(0, len(plan.lists.changes) - MOST_LINES),
        "more": max(0, len(plan.changes) - MOST_LINES),
        "errors": sum(1 for f in plan.findings if f.severity is Severity.ERROR),
        "token": _token(workbook, kept, staff),
    }
    return render(request, "budgets/preview.html", context)


def _plan(request: HttpRequest, workbook: Workbook, upload: Upload) -> Plan:
    try:
        return plan_import(workbook=workbook, data=bytes_of(upload))
    except UploadDamaged:
        messages.error(request, "保存的文件已不可用，请重新上传。")
        return Plan()


def _apply(request: HttpRequest, upload: Upload, staff: StaffMember, seen: str) -> bool:
    """Apply and say what happened; whether there is nothing left to look at here."""
    try:
        plan = apply_import(upload=upload, staff=staff, seen=seen)
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    except UploadDamaged:
        messages.error(request, "保存的文件已不可用，请重新上传。")
        return False
    except ImportOutdated as outdated:
        messages.error(request, str(outdated))
        return False
    if plan.is_refused:
        messages.error(request, "文件里有错误，没有写入任何内容。")
        return False
    written = [f"写入 {len(plan.edits)} 格"] if plan.edits else []
    rows = [f"{kind.label} {count} 行" for kind in RowChange if (count := plan.lists.count(kind))]
    words = "，".join([*written, *rows]) or "内容没有变化，这份文件已经导入过"
    messages.success(request, f"导入完成：{words}。文件指纹 {upload.sha256[:12]}。")
    return True


@filing_page(PREPARERS)
@require_GET
def findings_file(request: HttpRequest, filing: Filing, book: str, upload: str) -> HttpResponse:
    """What is wrong with a kept file, as CSV for Excel and WPS."""
    workbook = workbook_or_404(filing, book)
    kept = _upload_or_404(workbook, upload)
    return findings_csv(kept.name, _plan(request, workbook, kept).findings)


def findings_csv(name: str, findings: Iterable[Finding]) -> HttpResponse:
    """Findings of an uploaded file as an attachment named after it."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    called = f"{name.removesuffix('.xlsx')}-导入问题.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, called) or ""
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["级别", "编号", "位置", "问题", "文件中", "应为", "如何修改"])
    for finding in findings:
        row = [finding.severity.label, finding.check_id, finding.label, finding.message]
        row += [_plain(finding.left), _plain(finding.right), finding.hint]
        writer.writerow([_as_text(str(value)) for value in row])
    return response


@filing_page(PREPARERS)
@require_GET
def marked_page(request: HttpRequest, filing: Filing, book: str, upload: str) -> HttpResponse:
    """The person's own file with red cells and comments, for the department that uploaded it."""
    workbook = workbook_or_404(filing, book)
    kept = _upload_or_404(workbook, upload)
    try:
        content = marked_file(workbook=workbook, data=bytes_of(kept))
    except (UploadDamaged, Stopped):
        messages.error(request, "这份文件无法标注，请下载问题清单（CSV）。")
        return redirect("work:filing_import_preview", filing.public_id, book, upload)
    response = HttpResponse(content, content_type=XLSX)
    name = f"{kept.name.removesuffix('.xlsx')}-标注.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _as_text(text: str) -> str:
    """Words a spreadsheet must not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
