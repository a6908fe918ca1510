"""Writes on workbooks, projects and uploads. Every change of a cell leaves a ``CellChange``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from budgets.comparison import ChangeKind, Plan
from budgets.entry import CellEdit, network_with, refusal
from budgets.excel.list_template import ListsToWrite
from budgets.excel.template import write_template
from budgets.list_comparison import ListPlan, RowChange
from budgets.lists import ProjectUnknown, replace_lists
from budgets.models import Cell, CellChange, Project, ProjectYear, Upload, WithheldRow, Workbook
from budgets.replacing import ProjectBelongsElsewhere
from budgets.saving import SaveResult, begin, mark_changed, named
from budgets.snapshots import code_names, unopened_units, workbook_snapshot
from budgets.uploads import (
    bytes_of,
    lists_in,
    mark_of,
    path_of,
    plan_import,
    refuse,
    safe_name,
    state_of,
    write_once,
)
from budgets.workbook import Provenance
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import record, require_editable, touch
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit
from rulebook.findings import Finding
from rulebook.layouts import load_layout


@transaction.atomic
def open_workbooks(*, filing: Filing, staff: StaffMember) -> list[Workbook]:
    """A workbook for each unit that exists in the filing's year; those there are stay."""
    require_editable(filing, staff)
    units = Unit.objects.filter(department=filing.department).existing_in(filing.fiscal_year_id)
    return [
        Workbook.objects.get_or_create(
            filing=filing, unit=unit, defaults={"template_version": filing.layout_edition}
        )[0]
        for unit in units
    ]


@transaction.atomic
def open_missing_workbooks(*, filing: Filing, staff: StaffMember) -> list[Unit]:
    """补建: a workbook for each unit registered after the filing was opened; says which.

    Raises FilingLocked.
    """
    require_editable(filing, staff)
    lacking = unopened_units(filing)
    if lacking:
        open_workbooks(filing=filing, staff=staff)
        names = "、".join(unit.name_in(filing.fiscal_year_id) for unit in lacking)
        record(filing=filing, staff=staff, action="open_workbooks", detail={"unit": names})
        touch(filing=filing)
    return lacking


@transaction.atomic
def save_cells(
    *,
    workbook: Workbook,
    staff: StaffMember,
    edits: Sequence[CellEdit],
    provenance: Provenance = Provenance.ENTERED,
    upload: Upload | None = None,
    reason: str = "",
) -> SaveResult:
    """Store edits of one book. Refused and conflicting edits come back, the others are kept.

    With provenance IMPORTED a value of a derived cell becomes evidence where it disagrees with
    what the entered cells give; otherwise derived cells are refused. Raises FilingLocked.
    """
    require_editable(workbook.filing, staff)
    change = CellChange(reason=reason, upload=upload, changed_by=staff)
    saving = begin(workbook, edits, provenance, change)
    for edit in edits:
        saving.take(edit)
    saving.store()
    return SaveResult(
        saved=tuple(saving.changed),
        conflicts=named(workbook, saving.conflicts),
        refused=tuple(saving.refused),
    )


@transaction.atomic
def write_note(
    *, workbook: Workbook, staff: StaffMember, ref: CellRef, note: str, seen: str
) -> bool:
    """Set the note of an entered cell; ``False`` when it is not what the person had ``seen``.

    The figure's version stays: a note is no reason to ask a colleague about the figure. Raises
    FilingLocked, and KeyError for a cell which nobody can enter.
    """
    require_editable(workbook.filing, staff)
    book = workbook_snapshot(workbook)
    edit = CellEdit(ref, Decimal(0))
    names = code_names(workbook.filing.fiscal_year_id)
    if refusal(book, edit, network_with(book, [edit]), names):
        raise KeyError(ref)
    cell = Cell.objects.filter(workbook=workbook, **ref._asdict()).first()
    cell = cell or Cell(workbook=workbook, **ref._asdict(), version=0)
    if cell.note == note:
        return True
    if cell.note != seen:
        return False
    cell.note = note
    cell.save()
    CellChange.objects.create(
        workbook=workbook,
        **ref._asdict(),
        before=cell.value,
        after=cell.value,
        provenance=Provenance.ENTERED.value,
        reason=f"备注改为“{note[:280]}”" if note else "删去备注",
        changed_by=staff,
    )
    mark_changed(workbook)
    return True


@transaction.atomic
def resolve_evidence(
    *, workbook: Workbook, staff: StaffMember, ref: CellRef, reason: str
) -> CellChange | None:
    """Let go of an imported total that disagrees, with the reason; ``None`` when there is none.

    The derived value stands as it stood; the imported one stays in the history.
    """
    require_editable(workbook.filing, staff)
    cell = Cell.objects.filter(workbook=workbook, **ref._asdict(), evidence__isnull=False).first()
    if cell is None:
        return None
    change = CellChange.objects.create(
        workbook=workbook,
        **ref._asdict(),
        before=cell.evidence,
        after=None,
        is_evidence=True,
        provenance=Provenance.ENTERED.value,
        reason=reason,
        changed_by=staff,
    )
    Cell.objects.filter(pk=cell.pk).update(evidence=None, version=F("version") + 1)
    mark_changed(workbook)
    return change


@transaction.atomic
def withhold_rows(
    *, workbook: Workbook, staff: StaffMember, bases: Mapping[tuple[str, str], str]
) -> list[WithheldRow]:
    """Set which rows are not published (涉密): (sheet, row) → legal basis, empty to lift it.

    Rows outside the layout are left out of account; the history keeps who and when.
    """
    require_editable(workbook.filing, staff)
    layout = load_layout(workbook.filing.layout_edition)
    for (sheet, row), basis in bases.items():
        known = layout.has_sheet(sheet) and layout.sheet(sheet).columns_of(row)
        place: dict[str, Any] = {"workbook": workbook, "sheet": sheet, "row": row}
        if basis.strip() and known:
            defaults = {"legal_basis": basis.strip()[:300]}
            WithheldRow.objects.update_or_create(**place, defaults=defaults)
        else:
            WithheldRow.objects.filter(**place).delete()
    detail = {"unit": workbook.unit.code, "rows": [list(place) for place in bases]}
    record(filing=workbook.filing, staff=staff, action="withhold_rows", detail=detail)
    mark_changed(workbook)
    return list(WithheldRow.objects.filter(workbook=workbook))


@dataclass(frozen=True, slots=True)
class ProjectEdit:
    """A project's figure of the year, in yuan; ``expected`` is what the person saw before."""

    project: Project
    field: Literal["original_budget", "revised_budget", "actual"]
    value: Decimal | None
    expected: Decimal | None
    unit: str = "yuan"
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class ProjectConflict:
    project: Project
    field: str
    mine: Decimal | None
    theirs: Decimal | None


@transaction.atomic
def save_project_years(
    *, filing: Filing, staff: StaffMember, edits: Sequence[ProjectEdit]
) -> list[ProjectConflict]:
    """Store projects' figures; those someone else changed meanwhile come back with both values.

    Raises FilingLocked; KeyError for a project of another department.
    """
    require_editable(filing, staff)
    own = Project.objects.filter(unit__department=filing.department_id).in_bulk()
    known = {year.project_id: year for year in ProjectYear.objects.filter(filing=filing)}
    conflicts: list[ProjectConflict] = []
    changes: list[list[str]] = []
    for edit in edits:
        project = own[edit.project.pk]
        year = known.get(project.pk) or ProjectYear(filing=filing, project=project)
        before = getattr(year, edit.field)
        if before != edit.value and before != edit.expected:
            conflicts.append(ProjectConflict(project, edit.field, edit.value, before))
        elif before != edit.value:
            setattr(year, edit.field, edit.value)
            year.declared_unit, year.declared_decimals = edit.unit, edit.decimals
            year.save()
            known[project.pk] = year
            changes.append([project.code, edit.field, _words(before), _words(edit.value)])
    if changes:
        detail = {"changes": changes}
        record(filing=filing, staff=staff, action="save_project_years", detail=detail)
        touch(filing=filing)
    return conflicts


def _words(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def export_workbook(*, workbook: Workbook, unit: MoneyUnit = MoneyUnit.YUAN) -> bytes:
    """The book's XLSX template with its present values."""
    names = code_names(workbook.filing.fiscal_year_id)
    return write_template(
        workbook_snapshot(workbook),
        names,
        mark_of(workbook),
        unit,
        lists=_lists_to_write(workbook),
        suggested=workbook.cells.values_list("sheet", "row"),
    )


def _lists_to_write(workbook: Workbook) -> ListsToWrite:
    """The unit's rows, its projects in force, and those going on from last year without a row."""
    filing, lists = workbook.filing, lists_in(workbook)
    in_force = Project.objects.filter(unit=workbook.unit).in_force_in(filing.fiscal_year_id)
    projects = dict(in_force.values_list("code", "name"))
    listed = {row.code for row in lists.project_budgets}
    going_on = ProjectYear.objects.filter(filing=filing, project__code__in=projects)
    codes = going_on.values_list("project__code", flat=True)
    suggested = tuple(sorted(set(codes) - listed))
    return ListsToWrite(lists, projects, suggested)


@transaction.atomic
def keep_upload(*, workbook: Workbook, staff: StaffMember, name: str, data: bytes) -> Upload:
    """Keep a file that passed the gate, under its hash; the same file twice is one upload."""
    require_editable(workbook.filing, staff)
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    write_once(path, data)
    upload, _ = Upload.objects.get_or_create(
        workbook=workbook,
        filing=workbook.filing,
        sha256=digest,
        defaults={"name": safe_name(name), "size": len(data), "path": path, "uploaded_by": staff},
    )
    return upload


class ImportOutdated(Exception):
    """The book changed after the preview; it has to be looked at again."""


@transaction.atomic
def apply_import(*, upload: Upload, staff: StaffMember, seen: str | None) -> Plan:
    """Apply a kept file whole or not at all; returns what was done, or the plan that stopped it.

    ``seen`` is the state of the book in the preview (``None`` for a command line that shows none).
    Applying the same file again changes nothing. Raises ImportOutdated, FilingLocked.
    """
    require_editable(upload.filing, staff)
    workbook = Workbook.objects.with_names().get(uploads=upload)
    plan = plan_import(workbook=workbook, data=bytes_of(upload))
    if plan.is_refused or (upload.applied_at and plan.is_idle):
        return plan
    if seen not in (None, state_of(workbook)):
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
    if plan.lists.changes:
        _apply_lists(workbook, staff, plan.lists)
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    detail = {"unit": workbook.unit.code, "name": upload.name, "sha256": upload.sha256}
    counts: dict[str, Any] = {kind.value: plan.count(kind) for kind in ChangeKind}
    if plan.lists.changes:
        counts["rows"] = {kind.value: plan.lists.count(kind) for kind in RowChange}
    record(filing=upload.filing, staff=staff, action="import_workbook", detail=detail | counts)
    return plan


def _apply_lists(workbook: Workbook, staff: StaffMember, plan: ListPlan) -> None:
    """Store the rows of one unit. Raises ImportOutdated where a project meanwhile is another's."""
    unit = workbook.unit
    try:
        replace_lists(
            filing=workbook.filing,
            staff=staff,
            lists=plan.after,
            units={unit.code: unit},
            only=unit,
        )
    except (ProjectBelongsElsewhere, ProjectUnknown) as error:
        words = f"项目 {error} 刚被改动，请重新核对后再确认。"
        raise ImportOutdated(words) from error
    mark_changed(workbook)


def import_workbook(*, workbook: Workbook, staff: StaffMember, name: str, data: bytes) -> Plan:
    """Gate, keep, plan and apply one file without a preview. Raises FilingLocked."""
    if findings := refuse(data):
        return Plan(findings=tuple(findings))
    upload = keep_upload(workbook=workbook, staff=staff, name=name, data=data)
    return apply_import(upload=upload, staff=staff, seen=None)


def import_file(
    *, workbook: Workbook, staff: StaffMember, name: str, content: bytes
) -> Sequence[Finding]:
    """:func:`import_workbook` for the command line: what is to be said about the file."""
    return import_workbook(workbook=workbook, staff=staff, name=name, data=content).findings
