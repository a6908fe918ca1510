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
from django.db.models import Max, Q

from budgets.comparison import Plan, compare
from budgets.excel.confined import read_template_confined, with_findings_confined
from budgets.excel.found import ReadBook
from budgets.excel.gate import inspect
from budgets.excel.marks import TemplateMark
from budgets.list_comparison import KnownProject, compare_lists, fingerprint
from budgets.lists import lists_of
from budgets.models import CellChange, KeptFile, Project, Workbook
from budgets.snapshots import code_names, workbook_snapshot
from budgets.workbook import BudgetLists, CellSnapshot, ProjectBudget, WorkbookSnapshot
from departments.models import Unit
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


def lists_in(workbook: Workbook) -> BudgetLists:
    """The present lists of one unit."""
    return lists_of(workbook.filing, workbook.unit)


def state_of(workbook: Workbook) -> str:
    """What a preview is bound to: it is outdated once cells or lists of the unit change."""
    return f"{workbook.revision}:{fingerprint(lists_in(workbook))}"


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
        lists=fingerprint(lists_in(workbook)),
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


def bytes_of(upload: KeptFile) -> bytes:
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
    names = code_names(workbook.filing.fiscal_year_id)
    plan = compare(read, book, base, names)
    if plan.is_refused or not read.lists:
        return plan
    now, unit = lists_in(workbook), workbook.unit
    projects = projects_named(unit, read)
    return plan.with_lists(compare_lists(read, now, projects, names, layout, unit.code))


def projects_named(unit: Unit, read: ReadBook) -> dict[str, KnownProject]:
    """The unit's projects and those of others that a file names, by code."""
    rows = [each.row for found in read.lists for each in found.rows]
    codes = {row.code if isinstance(row, ProjectBudget) else row.project_code for row in rows}
    known = Project.objects.filter(Q(unit=unit) | Q(code__in=codes)).select_related("unit")
    return {each.code: KnownProject(each.code, each.name, each.unit.code) for each in known}


def marked_file(*, workbook: Workbook, data: bytes) -> bytes:
    """The file with what is wrong marked in its cells. Raises Stopped when it cannot be marked."""
    return with_findings_confined(data, plan_import(workbook=workbook, data=data).findings)
