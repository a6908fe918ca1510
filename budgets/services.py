"""Writes on workbooks and projects. Every change of a cell leaves a :class:`CellChange`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from budgets.checks import resolve
from budgets.entry import CellEdit, network_with, refusal, with_edits
from budgets.models import Cell, CellChange, Project, ProjectYear, Upload, WithheldRow, Workbook
from budgets.snapshots import code_names, workbook_snapshot
from budgets.workbook import Provenance, WorkbookSnapshot
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import record, require_editable, touch
from rulebook.addresses import CellRef
from rulebook.findings import Finding
from rulebook.layouts import load_layout
from rulebook.network import Network

CELL_FIELDS = (
    "value",
    "evidence",
    "note",
    "provenance",
    "declared_unit",
    "declared_decimals",
    "version",
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people set one cell: both values, and who was first. Nothing of either is lost."""

    ref: CellRef
    mine: Decimal | None
    theirs: Decimal | None
    version: int
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What became of the edits; refused and conflicting ones are not stored."""

    saved: tuple[CellRef, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    refused: tuple[tuple[CellRef, Finding], ...] = ()


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


@dataclass(slots=True)
class _Saving:
    """One call of :func:`save_cells` under way."""

    workbook: Workbook
    book: WorkbookSnapshot
    network: Network
    names: Mapping[str, str]
    provenance: Provenance
    cells: dict[CellRef, Cell]
    change: CellChange
    derived: Mapping[CellRef, Decimal]
    changed: dict[CellRef, Cell] = field(default_factory=dict)
    changes: list[CellChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[tuple[CellRef, Finding]] = field(default_factory=list)

    def take(self, edit: CellEdit) -> None:
        imported = self.provenance is Provenance.IMPORTED
        reason = refusal(self.book, edit, self.network, self.names, derived_too=imported)
        if reason is not None:
            self.refused.append((edit.ref, reason))
        elif self.network.is_derived(edit.ref):
            kept = None if edit.value == self.derived.get(edit.ref) else edit.value
            self._set(edit, "evidence", kept)
        else:
            self._set(edit, "value", edit.value)

    def _set(self, edit: CellEdit, name: str, value: Decimal | None) -> None:
        cell = self.cells.get(edit.ref) or self._empty_cell(edit.ref)
        before = getattr(cell, name)
        same_note = edit.note is None or edit.note == cell.note
        if before == value and same_note:
            return
        if edit.expected_version not in (None, cell.version):
            self.conflicts.append(Conflict(edit.ref, value, before, cell.version))
            return
        setattr(cell, name, value)
        if before != value:
            cell.provenance = self.provenance.value
            cell.declared_unit, cell.declared_decimals = edit.unit, edit.decimals
        cell.note = cell.note if edit.note is None else edit.note
        cell.version += 1
        self.changed[edit.ref] = cell
        self._note_change(edit.ref, before, value, is_evidence=name == "evidence")

    def _empty_cell(self, ref: CellRef) -> Cell:
        return Cell(workbook=self.workbook, **ref._asdict(), version=0)

    def _note_change(
        self, ref: CellRef, before: Decimal | None, after: Decimal | None, *, is_evidence: bool
    ) -> None:
        self.changes.append(
            CellChange(
                workbook=self.workbook,
                **ref._asdict(),
                before=before,
                after=after,
                is_evidence=is_evidence,
                provenance=self.provenance.value,
                reason=self.change.reason,
                upload=self.change.upload,
                changed_by=self.change.changed_by,
            )
        )

    def store(self) -> None:
        new = [cell for cell in self.changed.values() if cell.pk is None]
        Cell.objects.bulk_create(new)
        known = [cell for ref, cell in self.changed.items() if ref in self.cells]
        Cell.objects.bulk_update(known, CELL_FIELDS)
        CellChange.objects.bulk_create(self.changes)
        if self.changed:
            _mark_changed(self.workbook)


def _mark_changed(workbook: Workbook) -> None:
    Workbook.objects.filter(pk=workbook.pk).update(revision=F("revision") + 1)
    touch(filing=workbook.filing)


def _begin(
    workbook: Workbook, edits: Sequence[CellEdit], provenance: Provenance, change: CellChange
) -> _Saving:
    fresh = Workbook.objects.with_names().prefetch_related("cells", "withheld_rows")
    stored = fresh.get(pk=workbook.pk)
    book = workbook_snapshot(stored)
    network = network_with(book, edits)
    places = [e for e in edits if network.layout.has_cell(e.ref) and not network.is_derived(e.ref)]
    derived = resolve(with_edits(book, places))
    return _Saving(
        workbook=stored,
        book=book,
        network=network,
        names=code_names(stored.filing.fiscal_year_id),
        provenance=provenance,
        cells={CellRef(c.sheet, c.row, c.column): c for c in stored.cells.all()},
        change=change,
        derived={ref: figure.value for ref, figure in derived.items()},
    )


def _named(workbook: Workbook, conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Conflicts with the name of the person who changed the cell last."""
    found = []
    for conflict in conflicts:
        last = (
            CellChange.objects.filter(workbook=workbook, **conflict.ref._asdict())
            .select_related("changed_by")
            .order_by("-id")
            .first()
        )
        who = str(last.changed_by) if last else ""
        found.append(Conflict(conflict.ref, conflict.mine, conflict.theirs, conflict.version, who))
    return tuple(found)


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
    saving = _begin(workbook, edits, provenance, change)
    for edit in edits:
        saving.take(edit)
    saving.store()
    return SaveResult(
        saved=tuple(saving.changed),
        conflicts=_named(workbook, saving.conflicts),
        refused=tuple(saving.refused),
    )


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
    _mark_changed(workbook)
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
        place = {"workbook": workbook, "sheet": sheet, "row": row}
        if basis.strip() and known:
            defaults = {"legal_basis": basis.strip()[:300]}
            WithheldRow.objects.update_or_create(**place, defaults=defaults)
        else:
            WithheldRow.objects.filter(**place).delete()
    detail = {"unit": workbook.unit.code, "rows": [list(place) for place in bases]}
    record(filing=workbook.filing, staff=staff, action="withhold_rows", detail=detail)
    _mark_changed(workbook)
    return list(WithheldRow.objects.filter(workbook=workbook))


PROJECT_FIELDS = ("original_budget", "revised_budget", "actual")


@dataclass(frozen=True, slots=True)
class ProjectEdit:
    """A project's figure of the year, in yuan; ``expected`` is what the person saw before."""

    project: Project
    field: str
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

    Raises FilingLocked; KeyError for a project of another department or an unknown field.
    """
    require_editable(filing, staff)
    own = Project.objects.filter(unit__department=filing.department_id).in_bulk()
    known = {year.project_id: year for year in ProjectYear.objects.filter(filing=filing)}
    conflicts, changes = [], []
    for edit in edits:
        year = known.get(edit.project.pk) or ProjectYear(
            filing=filing, project=own[edit.project.pk]
        )
        before = getattr(year, PROJECT_FIELDS[PROJECT_FIELDS.index(edit.field)])
        if before == edit.value:
            continue
        if before != edit.expected:
            conflicts.append(ProjectConflict(edit.project, edit.field, edit.value, before))
            continue
        setattr(year, edit.field, edit.value)
        year.declared_unit, year.declared_decimals = edit.unit, edit.decimals
        known[edit.project.pk] = year
        changes.append([edit.project.code, edit.field, _words(before), _words(edit.value)])
    changed = {code for code, *_ in changes}
    for year in known.values():
        if year.project.code in changed:
            year.save()
    if changes:
        detail = {"changes": changes}
        record(filing=filing, staff=staff, action="save_project_years", detail=detail)
        touch(filing=filing)
    return conflicts


def _words(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
