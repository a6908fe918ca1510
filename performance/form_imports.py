"""Workbooks of forms: written, kept when uploaded, previewed, applied whole or not at all."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from budgets.excel.confined import with_findings_confined
from budgets.excel.marks import TemplateMark
from budgets.list_comparison import RowChange
from budgets.services import ImportOutdated
from budgets.uploads import bytes_of, path_of, safe_name, write_once
from departments.models import StaffMember
from filings.models import Filing
from filings.services import record, require_editable
from performance.excel.comparison import FormsPlan, plan_forms
from performance.excel.confined import read_forms_confined
from performance.excel.pages import FormPage, forms_mark
from performance.excel.template import write_forms
from performance.form_saving import save_forms
from performance.models import FormUpload
from performance.workbook_pages import form_pages
from rulebook.amounts import MoneyUnit


def mark_of(filing: Filing) -> TemplateMark:
    """What a workbook of this filing's forms says about itself."""
    code = filing.department.code
    return forms_mark(str(filing.public_id), code, str(filing.fiscal_year_id))


def export_forms(*, filing: Filing, unit: MoneyUnit, subject: str = "") -> bytes | None:
    """The workbook of all forms of a filing, or of one; None where there is none."""
    pages = [page for page in form_pages(filing) if not subject or page.subject == subject]
    title = f"{filing}　绩效表格"
    return write_forms(pages, mark_of(filing), unit, title=title) if pages else None


@transaction.atomic
def keep_forms(*, filing: Filing, staff: StaffMember, name: str, data: bytes) -> FormUpload:
    """Keep a file that passed the gate, under its hash; the same file twice is one upload."""
    require_editable(filing, staff)
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    write_once(path, data)
    upload, _ = FormUpload.objects.get_or_create(
        filing=filing,
        sha256=digest,
        defaults={"name": safe_name(name), "size": len(data), "path": path, "uploaded_by": staff},
    )
    return upload


def state_of(pages: list[FormPage]) -> str:
    """What a preview is bound to: it is outdated once any form of the filing changes."""
    filed = ";".join(f"{page.subject}={page.form}={page.fingerprint}" for page in pages)
    return hashlib.sha256(filed.encode()).hexdigest()


def plan_upload(upload: FormUpload, pages: list[FormPage] | None = None) -> FormsPlan:
    """What a kept file would change in the forms as they are now. Raises UploadDamaged."""
    filing, data = upload.filing, bytes_of(upload)
    found = {page.subject: page for page in (form_pages(filing) if pages is None else pages)}
    forms = {subject: [page.form] for subject, page in found.items()}
    read = read_forms_confined(data, mark_of(filing), forms)
    return plan_forms(read, found, filing.fiscal_year_id)


@transaction.atomic
def apply_forms(*, upload: FormUpload, staff: StaffMember, seen: str) -> FormsPlan:
    """Apply a kept file whole or not at all; returns what was done, or the plan that stopped it.

    ``seen`` is the state in the preview. Applying the same file again changes nothing. Raises
    ImportOutdated, FilingLocked, UploadDamaged, PerformanceRefused.
    """
    filing = upload.filing
    require_editable(filing, staff)
    pages = form_pages(filing)
    plan = plan_upload(upload, pages)
    if plan.is_refused or plan.is_idle:
        return plan
    if seen != state_of(pages):
        raise ImportOutdated("预览之后绩效表格又有修改，请重新核对后再确认。")
    save_forms(filing=filing, staff=staff, forms=plan.changed, pages=pages)
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    detail: dict[str, Any] = {"name": upload.name, "sha256": upload.sha256}
    detail |= {"forms": [form.before.subject for form in plan.changed]}
    detail |= {kind.value: plan.count(kind) for kind in RowChange}
    record(filing=filing, staff=staff, action="import_forms", detail=detail)
    return plan


def marked_forms(upload: FormUpload) -> bytes:
    """The file with what is wrong marked in its cells. Raises UploadDamaged, Stopped."""
    return with_findings_confined(bytes_of(upload), plan_upload(upload).findings)
