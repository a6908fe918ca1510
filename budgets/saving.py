"""One saving of cells under way: which edits a book takes, refuses, or finds already changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F

from budgets.checks import resolve
from budgets.entry import CellEdit, network_with, refusal, with_edits
from budgets.models import Cell, CellChange, Workbook
from budgets.snapshots import code_names, workbook_snapshot
from budgets.workbook import Provenance, WorkbookSnapshot
from filings.services import touch
from rulebook.addresses import CellRef
from rulebook.findings import Finding
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


@dataclass(slots=True)
class Saving:
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
            mark_changed(self.workbook)


def mark_changed(workbook: Workbook) -> None:
    Workbook.objects.filter(pk=workbook.pk).update(revision=F("revision") + 1)
    touch(filing=workbook.filing)


def begin(
    workbook: Workbook, edits: Sequence[CellEdit], provenance: Provenance, change: CellChange
) -> Saving:
    fresh = Workbook.objects.with_names().prefetch_related("cells", "withheld_rows")
    stored = fresh.get(pk=workbook.pk)
    book = workbook_snapshot(stored)
    network = network_with(book, edits)
    places = [e for e in edits if network.layout.has_cell(e.ref) and not network.is_derived(e.ref)]
    derived = resolve(with_edits(book, places))
    return Saving(
        workbook=stored,
        book=book,
        network=network,
        names=code_names(stored.filing.fiscal_year_id),
        provenance=provenance,
        cells={CellRef(c.sheet, c.row, c.column): c for c in stored.cells.all()},
        change=change,
        derived={ref: figure.value for ref, figure in derived.items()},
    )


def named(workbook: Workbook, conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
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
