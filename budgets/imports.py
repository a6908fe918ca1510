"""Writes of uploaded workbooks: keep the file, say what it would change, apply it whole."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path, PurePath

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from budgets.comparison import ChangeKind, Plan, compare
from budgets.excel.gate import inspect
from budgets.excel.marks import TemplateMark
from budgets.excel.reading import read_template
from budgets.excel.template import write_template
from budgets.models import CellChange, Upload, Workbook
from budgets.services import save_cells
from budgets.snapshots import code_names, workbook_snapshot
from budgets.workbook import CellSnapshot, Provenance, WorkbookSnapshot
from departments.models import StaffMember
from filings.services import record, require_editable
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit
from rulebook.findings import Finding
from rulebook.layouts import load_layout

FOLDER = "workbooks"
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
LONGEST_NAME = 120
IN_USE = "xlsx"


class ImportOutdated(Exception):
    """The book changed after the preview; it has to be looked at again."""


def safe_name(name: str) -> str:
    """The name of an uploaded file without folders, control or direction characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = PurePath(UNSAFE.sub("", last).strip(" .") or "未命名").stem
    return f"{stem[:LONGEST_NAME]}.{IN_USE}"


def mark_of(workbook: Workbook) -> TemplateMark:
    """What the template of this book says about itself now."""
    filing = workbook.filing
    last = CellChange.objects.filter(workbook=workbook).aggregate(last=Max("id"))["last"]
    return TemplateMark(
        layout=filing.layout_edition,
        filing=str(filing.public_id),
        department=filing.department.code,
        unit=workbook.unit.code,
        fiscal_year=str(filing.fiscal_year_id),
        changes=str(last or 0),
    )


def template_of(workbook: Workbook, unit: MoneyUnit) -> bytes:
    """The book's XLSX template with its present values."""
    names = code_names(workbook.filing.fiscal_year_id)
    return write_template(workbook_snapshot(workbook), names, mark_of(workbook), unit)


def refuse(data: bytes) -> list[Finding]:
    """The findings of the gate; a file that has any is not kept."""
    return inspect(data, most_bytes=settings.UPLOAD_MAX_BYTES)


def _write_once(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


@transaction.atomic
def keep_upload(*, workbook: Workbook, staff: StaffMember, name: str, data: bytes) -> Upload:
    """Keep a file that passed the gate, under its hash; the same file twice is one upload."""
    require_editable(workbook.filing, staff)
    digest = hashlib.sha256(data).hexdigest()
    path = f"{FOLDER}/{digest[:2]}/{digest}.{IN_USE}"
    _write_once(settings.MEDIA_ROOT / path, data)
    upload, _ = Upload.objects.get_or_create(
        workbook=workbook,
        filing=workbook.filing,
        sha256=digest,
        defaults={"name": safe_name(name), "size": len(data), "path": path, "uploaded_by": staff},
    )
    return upload


class UploadDamaged(Exception):
    """The kept file no longer has the fingerprint it was kept under."""


def bytes_of(upload: Upload) -> bytes:
    """The kept file. Raises UploadDamaged when it is gone or changed."""
    path: Path = settings.MEDIA_ROOT / upload.path
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        raise UploadDamaged(upload.name)
    return data


def book_as_of(workbook: Workbook, book: WorkbookSnapshot, changes: int) -> WorkbookSnapshot:
    """The entered cells as they were after the change with that number, read from the history."""
    later = CellChange.objects.filter(workbook=workbook, id__gt=changes, is_evidence=False)
    cells = book.by_ref()
    for change in later.order_by("-id"):
        ref = CellRef(change.sheet, change.row, change.column)
        known = cells.get(ref) or CellSnapshot(*ref, None)
        cells[ref] = replace(known, value=change.before)
    filled = [cells[ref] for ref in sorted(cells) if cells[ref].value is not None]
    return replace(book, cells=tuple(filled))


def plan_import(*, workbook: Workbook, data: bytes) -> Plan:
    """What the file would change in the book as it is now; stores nothing."""
    layout = load_layout(workbook.filing.layout_edition)
    read = read_template(data, layout, mark_of(workbook))
    book = workbook_snapshot(workbook)
    changes = int(read.mark.changes) if read.mark else 0
    base = book_as_of(workbook, book, changes)
    return compare(read, book, base, code_names(workbook.filing.fiscal_year_id))


@transaction.atomic
def apply_import(*, upload: Upload, staff: StaffMember, seen_revision: int | None) -> Plan:
    """Apply a kept file whole or not at all; returns what was done, or the plan that stopped it.

    ``seen_revision`` is the book's revision in the preview (``None`` for a command line that shows
    none). Applying the same file again changes nothing. Raises ImportOutdated, FilingLocked.
    """
    require_editable(upload.filing, staff)
    workbook = Workbook.objects.with_names().get(pk=upload.workbook_id)
    plan = plan_import(workbook=workbook, data=bytes_of(upload))
    if plan.is_refused or (upload.applied_at and not plan.edits):
        return plan
    if seen_revision not in (None, workbook.revision):
        raise ImportOutdated("预览之后工作簿又有修改，请重新核对后再确认。")
    result = save_cells(
        workbook=workbook,
        staff=staff,
        edits=plan.edits,
        provenance=Provenance.IMPORTED,
        upload=upload,
    )
    if result.refused or result.conflicts:
        raise ImportOutdated("部分单元格不能写入，本次导入没有写入任何内容。")
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    detail = {"unit": workbook.unit.code, "name": upload.name, "sha256": upload.sha256}
    counts = {kind.value: plan.count(kind) for kind in ChangeKind}
    record(filing=upload.filing, staff=staff, action="import_workbook", detail=detail | counts)
    return plan


def import_workbook(*, workbook: Workbook, staff: StaffMember, name: str, data: bytes) -> Plan:
    """Gate, keep, plan and apply one file without a preview, for the command line."""
    if findings := refuse(data):
        return Plan(findings=tuple(findings))
    upload = keep_upload(workbook=workbook, staff=staff, name=name, data=data)
    return apply_import(upload=upload, staff=staff, seen_revision=None)
