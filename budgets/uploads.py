"""Uploaded workbooks as files and as plans: kept under their hash, compared, never trusted."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path, PurePath

from django.conf import settings
from django.db.models import Max

from budgets.comparison import Plan, compare
from budgets.excel.confined import read_template_confined, with_findings_confined
from budgets.excel.gate import inspect
from budgets.excel.marks import TemplateMark
from budgets.models import CellChange, Upload, Workbook
from budgets.snapshots import code_names, workbook_snapshot
from budgets.workbook import CellSnapshot, WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.findings import Finding
from rulebook.layouts import load_layout

FOLDER = "workbooks"
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
LONGEST_NAME = 120
IN_USE = "xlsx"


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


def refuse(data: bytes) -> list[Finding]:
    """The findings of the gate; a file that has any is not kept."""
    return inspect(data, most_bytes=settings.UPLOAD_MAX_BYTES)


def path_of(digest: str) -> str:
    """Where a file with this hash is kept, under the uploads folder."""
    return f"{FOLDER}/{digest[:2]}/{digest}.{IN_USE}"


def write_once(name: str, data: bytes) -> None:
    """Put bytes under a name made from their hash; what is there already is the same."""
    path: Path = settings.MEDIA_ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


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
    read = read_template_confined(data, layout, mark_of(workbook))
    book = workbook_snapshot(workbook)
    changes = int(read.mark.changes) if read.mark else 0
    base = book_as_of(workbook, book, changes)
    return compare(read, book, base, code_names(workbook.filing.fiscal_year_id))


def marked_file(*, workbook: Workbook, data: bytes) -> bytes:
    """The file with what is wrong marked in its cells. Raises Stopped when it cannot be marked."""
    return with_findings_confined(data, plan_import(workbook=workbook, data=data).findings)
