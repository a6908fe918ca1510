"""Last year into this year: comparatives, openings, rows in use and continuing projects.

Last year's figures come from its approved books, never from today's rows. What a person entered is
never overwritten: it stays, and the check of openings (YY-301) says where it differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from budgets.aggregate import department_book
from budgets.checks import resolve
from budgets.checks.keys import COMPARATIVES, GOVERNMENT_FUND
from budgets.entry import CellEdit
from budgets.headlines import HEADLINES, OPENINGS
from budgets.models import Cell, Project, ProjectYear, Workbook
from budgets.services import open_workbooks, save_cells
from budgets.snapshots import code_names
from budgets.workbook import Provenance, WorkbookSnapshot
from departments.models import StaffMember
from filings.models import Filing
from filings.services import record, require_editable
from rulebook.addresses import CellRef
from rulebook.layouts import SheetLayout, WorkbookLayout, load_layout


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried. ``kept`` counts cells where a person's own figure differs and stays."""

    cells: int = 0
    kept: int = 0
    rows: int = 0
    projects: int = 0

    def plus(self, other: Carried) -> Carried:
        return Carried(
            self.cells + other.cells,
            self.kept + other.kept,
            self.rows + other.rows,
            self.projects + other.projects,
        )


def carried_edits(
    sources: Sequence[WorkbookSnapshot], layout: WorkbookLayout, names: Iterable[str]
) -> list[CellEdit]:
    """What last year's books of one unit, and of those merged into it, fill in this year's.

    Several books add up; what they had with each other is taken out, as in a department's sum.
    """
    whole = department_book(sources, "", "")
    figures, declared = resolve(whole), _declared(whole)
    known = set(names)
    return [
        CellEdit(target, figures[source].value, None, *declared.get(source, declared[None]))
        for target, source in _pairs(whole)
        if source in figures and layout.has_cell(target)
        if target.sheet != GOVERNMENT_FUND or target.row in known
    ]


def _pairs(whole: WorkbookSnapshot) -> Iterator[tuple[CellRef, CellRef]]:
    for row, source in HEADLINES.items():
        yield CellRef(COMPARATIVES, row, "prior_year"), source
    yield from OPENINGS.items()
    for cell in whole.cells:
        if cell.sheet == GOVERNMENT_FUND and cell.column == "closing":
            yield cell.ref._replace(column="opening"), cell.ref


def _declared(whole: WorkbookSnapshot) -> dict[CellRef | None, tuple[str, int]]:
    """How each cell was declared; under ``None`` their sums: as all of them were, else exactly."""
    cells = {cell.ref: (cell.unit, cell.decimals) for cell in whole.cells}
    used = {pair for pair in cells.values() if pair[0]}
    declared: dict[CellRef | None, tuple[str, int]] = dict(cells.items())
    declared[None] = used.pop() if len(used) == 1 else ("yuan", 2)
    return declared


@transaction.atomic
def carry_forward(
    *,
    filing: Filing,
    staff: StaffMember,
    books: Sequence[WorkbookSnapshot],
    projects: Iterable[str],
) -> Carried:
    """Carry last year's approved ``books`` and the codes of its ``projects`` into a filing.

    Doing it again changes nothing. A unit without a last year gets nothing. Raises FilingLocked.
    """
    require_editable(filing, staff)
    open_workbooks(filing=filing, staff=staff)
    year = filing.fiscal_year_id
    names = code_names(year)
    done = Carried(projects=_continue_projects(filing, projects))
    for workbook in Workbook.objects.filter(filing=filing).with_names().prefetch_related("cells"):
        codes = set(workbook.unit.sources_in(year))
        sources = [book for book in books if book.book in codes]
        if sources:
            done = done.plus(_carry_book(workbook, staff, sources, names))
    if done.cells or done.rows or done.projects:
        detail = {"cells": done.cells, "rows": done.rows, "projects": done.projects}
        record(filing=filing, staff=staff, action="carry_forward", detail=detail)
    return done


def _carry_book(
    workbook: Workbook,
    staff: StaffMember,
    sources: Sequence[WorkbookSnapshot],
    names: dict[str, str],
) -> Carried:
    layout = load_layout(workbook.filing.layout_edition)
    stored = {CellRef(c.sheet, c.row, c.column): c for c in workbook.cells.all()}
    edits = carried_edits(sources, layout, names)
    kept = [edit for edit in edits if _is_someones(stored.get(edit.ref), edit)]
    result = save_cells(
        workbook=workbook,
        staff=staff,
        edits=[edit for edit in edits if edit not in kept],
        provenance=Provenance.CARRIED_FORWARD,
        reason="从上年已通过的决算带入",
    )
    rows = _suggest_rows(workbook, sources, layout, names)
    return Carried(cells=len(result.saved), kept=len(kept), rows=rows)


def _is_someones(cell: Cell | None, edit: CellEdit) -> bool:
    """Whether the cell holds another figure than last year's that was not itself carried."""
    if cell is None or cell.value is None or cell.value == edit.value:
        return False
    return cell.provenance != Provenance.CARRIED_FORWARD.value


def _suggest_rows(
    workbook: Workbook,
    sources: Sequence[WorkbookSnapshot],
    layout: WorkbookLayout,
    names: dict[str, str],
) -> int:
    """Code rows of last year that still exist, as empty cells: shown, and no part of the filing."""
    there = set(Cell.objects.filter(workbook=workbook).values_list("sheet", "row"))
    used = {(c.sheet, c.row) for book in sources for c in book.cells if c.value is not None}
    rows = [
        Cell(
            workbook=workbook,
            sheet=sheet.key,
            row=row,
            column=_entered_column(sheet, row),
            provenance=Provenance.CARRIED_FORWARD.value,
        )
        for sheet in layout.sheets
        for key, row in sorted(used - there)
        if key == sheet.key and sheet.is_code_row(row) and row in names
    ]
    return len(Cell.objects.bulk_create(rows))


def _entered_column(sheet: SheetLayout, row: str) -> str:
    derived = {total.column for total in sheet.row_totals}
    return next(column for column in sheet.columns_of(row) if column not in derived)


def _continue_projects(filing: Filing, codes: Iterable[str]) -> int:
    """A record without figures for each project of last year that is still in force."""
    known = ProjectYear.objects.filter(filing=filing).values("project")
    units = filing.department.units.all()
    going_on = Project.objects.filter(code__in=list(codes), unit__in=units).in_force_in(
        filing.fiscal_year_id
    )
    new = [ProjectYear(filing=filing, project=p) for p in going_on.exclude(pk__in=known)]
    return len(ProjectYear.objects.bulk_create(new))
