"""Whole books and projects replaced at once, as a data package holds them, with their history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from budgets.models import Cell, CellChange, Project, ProjectYear, WithheldRow, Workbook
from budgets.workbook import CellSnapshot, ProjectSnapshot, Provenance, WorkbookSnapshot
from budgets.workbook import WithheldRow as WithheldRowSnapshot
from departments.models import StaffMember, Unit
from filings.models import Filing
from filings.services import require_editable, touch
from rulebook.addresses import CellRef


class ProjectBelongsElsewhere(Exception):
    """A project code that another unit already uses; ``str`` names it."""


@transaction.atomic
def replace_books(
    *,
    filing: Filing,
    staff: StaffMember,
    books: Sequence[WorkbookSnapshot],
    units: Mapping[str, Unit],
) -> None:
    """File the books as they are, cell by cell; what changed is written to the history.

    A unit without a book is emptied. ``units`` maps each book's code to its unit. Raises
    FilingLocked.
    """
    require_editable(filing, staff)
    for book in books:
        Workbook.objects.get_or_create(filing=filing, unit=units[book.book])
    given = {book.book: book for book in books}
    for workbook in Workbook.objects.filter(filing=filing).select_related("unit"):
        filed = given.get(workbook.unit.code)
        _replace_cells(workbook, filed.cells if filed else (), staff)
        _replace_withheld(workbook, filed.withheld if filed else ())
    touch(filing=filing)


def _replace_withheld(workbook: Workbook, rows: Sequence[WithheldRowSnapshot]) -> None:
    workbook.withheld_rows.all().delete()
    WithheldRow.objects.bulk_create(
        WithheldRow(workbook=workbook, sheet=row.sheet, row=row.row, legal_basis=row.legal_basis)
        for row in rows
    )


def _replace_cells(workbook: Workbook, cells: Sequence[CellSnapshot], staff: StaffMember) -> None:
    known = {CellRef(c.sheet, c.row, c.column): c for c in workbook.cells.all()}
    filed = {cell.ref: cell for cell in cells}
    changes = [
        change
        for ref in sorted(known.keys() | filed.keys())
        for change in _changes(workbook, ref, known.get(ref), filed.get(ref), staff)
    ]
    versions = {ref: cell.version for ref, cell in known.items()}
    workbook.cells.all().delete()
    Cell.objects.bulk_create(_cell(workbook, cell, versions.get(cell.ref, 0) + 1) for cell in cells)
    CellChange.objects.bulk_create(changes)


def _cell(workbook: Workbook, cell: CellSnapshot, version: int) -> Cell:
    return Cell(
        workbook=workbook,
        **cell.ref._asdict(),
        value=cell.value,
        evidence=cell.evidence,
        note=cell.note,
        provenance=cell.provenance.value,
        declared_unit=cell.unit,
        declared_decimals=cell.decimals,
        version=version,
    )


def _changes(
    workbook: Workbook,
    ref: CellRef,
    before: Cell | None,
    after: CellSnapshot | None,
    staff: StaffMember,
) -> list[CellChange]:
    provenance = after.provenance if after else Provenance.IMPORTED
    pairs = (
        (before.value if before else None, after.value if after else None, False),
        (before.evidence if before else None, after.evidence if after else None, True),
    )
    return [
        CellChange(
            workbook=workbook,
            **ref._asdict(),
            before=old,
            after=new,
            is_evidence=is_evidence,
            provenance=provenance.value,
            changed_by=staff,
        )
        for old, new, is_evidence in pairs
        if old != new
    ]


@transaction.atomic
def replace_projects(
    *,
    filing: Filing,
    staff: StaffMember,
    projects: Sequence[ProjectSnapshot],
    units: Mapping[str, Unit],
) -> None:
    """File the projects' figures; a code not yet known becomes a project of its unit.

    Raises FilingLocked, and ProjectBelongsElsewhere for a code of another unit.
    """
    require_editable(filing, staff)
    filing.project_years.all().delete()
    for project in projects:
        record, _ = Project.objects.get_or_create(
            code=project.code,
            defaults={
                "unit": units[project.book],
                "name": project.name,
                "first_fiscal_year": filing.fiscal_year_id,
            },
        )
        if record.unit.holder_in(filing.fiscal_year_id).pk != units[project.book].pk:
            raise ProjectBelongsElsewhere(project.code)
        ProjectYear.objects.create(
            filing=filing,
            project=record,
            original_budget=project.original_budget,
            revised_budget=project.revised_budget,
            actual=project.actual,
            declared_unit=project.unit,
            declared_decimals=project.decimals,
        )
    touch(filing=filing)
