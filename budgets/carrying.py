"""Last year into this year: comparatives, openings, rows in use and continuing projects.

Last year's figures come from its approved books, never from today's rows. What a person entered is
never overwritten: it stays, and the check of openings (YY-301) says where it differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from django.db import transaction

from budgets.aggregate import department_book
from budgets.checks import BUDGET, FINAL_ACCOUNTS, network_of, resolve
from budgets.checks.keys import (
    APPROPRIATION,
    COMPARATIVES,
    GENERAL_PUBLIC,
    GOVERNMENT_FUND,
    OVERALL_FUNDS,
    REVENUE,
    SUMMARY,
    THREE_PUBLIC,
)
from budgets.checks.records import FUNDS
from budgets.entry import CellEdit
from budgets.headlines import HEADLINES, OPENINGS, THREE_PUBLIC_ITEMS
from budgets.models import Cell, Project, ProjectBudgetLine, ProjectYear, Workbook
from budgets.services import open_workbooks, save_cells
from budgets.snapshots import code_names
from budgets.workbook import ProjectBudget, ProjectFrequency, Provenance, WorkbookSnapshot
from departments.models import StaffMember
from filings.models import Filing
from filings.services import record, require_editable
from rulebook.addresses import CellRef
from rulebook.layouts import SheetLayout, WorkbookLayout, load_layout

CONTINUING = (ProjectFrequency.RECURRENT, ProjectFrequency.MULTI_YEAR)
Pairs = Iterable[tuple[CellRef, CellRef]]


@dataclass(frozen=True, slots=True)
class Carriage:
    """What one kind of book hands on. ``headlines`` maps a row of the comparatives to the cell of
    last year's book it repeats, ``openings`` this year's opening to last year's closing;
    ``by_code`` gives such pairs for the code rows of a book; ``shifted`` are sheets whose columns
    move on by a year."""

    source: str
    headlines: Mapping[str, CellRef]
    openings: Mapping[CellRef, CellRef]
    by_code: Callable[[WorkbookSnapshot], Pairs]
    shifted: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def pairs(self, whole: WorkbookSnapshot) -> Pairs:
        """Each cell of this year's book with the cell of last year's that fills it."""
        for row, source in self.headlines.items():
            yield CellRef(COMPARATIVES, row, "prior_year"), source
        yield from self.openings.items()
        yield from self.by_code(whole)
        for sheet, columns in self.shifted.items():
            rows = dict.fromkeys(cell.row for cell in whole.cells if cell.sheet == sheet)
            for row, (to, source_column) in product(rows, columns):
                yield CellRef(sheet, row, to), CellRef(sheet, row, source_column)


def _funds_opening(whole: WorkbookSnapshot) -> Pairs:
    for cell in whole.cells:
        if cell.sheet == GOVERNMENT_FUND and cell.column == "closing":
            yield cell.ref._replace(column="opening"), cell.ref


def _divisions_compared(whole: WorkbookSnapshot) -> Pairs:
    """Last year's general public budget by 类."""
    block = load_layout(whole.layout).sheet(GENERAL_PUBLIC).codes
    if block is None:
        return
    used = (cell.row for cell in whole.cells if cell.sheet == GENERAL_PUBLIC)
    for code in sorted({row[: block.levels[0]] for row in used if block.is_code(row)}):
        yield CellRef(COMPARATIVES, code, "prior_year"), CellRef(GENERAL_PUBLIC, code, "total")


PLANNED = "original_budget"
_CLOSINGS = {f"closing_{f}": CellRef(APPROPRIATION, "closing_carryover", f) for f in FUNDS}
CARRIAGES: Mapping[str, Carriage] = {
    FINAL_ACCOUNTS: Carriage(
        source="从上年已通过的决算带入",
        headlines=HEADLINES,
        openings=OPENINGS,
        by_code=_funds_opening,
    ),
    BUDGET: Carriage(
        source="从上年已通过的预算带入",
        headlines={
            "grand_total": CellRef(SUMMARY, "revenue_grand_total", PLANNED),
            "general_public_expenditure": CellRef(GENERAL_PUBLIC, "total", "total"),
            **{item: CellRef(THREE_PUBLIC, PLANNED, item) for item in THREE_PUBLIC_ITEMS},
            "closing_carryover": CellRef(SUMMARY, "closing_carryover", PLANNED),
            **_CLOSINGS,
        },
        openings={
            CellRef(REVENUE, "total", f"opening_{f}"): _CLOSINGS[f"closing_{f}"] for f in FUNDS
        },
        by_code=_divisions_compared,
        shifted={
            OVERALL_FUNDS: (("prior_year", PLANNED), ("second_prior_year", "prior_year")),
        },
    ),
}
"""Kind of layout → what it hands on. What a closing balance other than the three funds' opens is
not known from the tables: it is compared, and entered by a person."""


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
    derived = network_of(whole)
    return [
        CellEdit(target, figures[source].value, None, *declared.get(source, declared[None]))
        for target, source in CARRIAGES[layout.edition.kind].pairs(whole)
        if source in figures and layout.has_cell(target) and not derived.is_derived(target)
        if not layout.sheet(target.sheet).is_code_row(target.row) or target.row in known
    ]


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
    project_budgets: Iterable[ProjectBudget] = (),
) -> Carried:
    """Carry last year's approved ``books``, the codes of its ``projects`` and the rows of its
    list of projects into a filing.

    Doing it again changes nothing. A unit without a last year gets nothing. Raises FilingLocked.
    """
    require_editable(filing, staff)
    open_workbooks(filing=filing, staff=staff)
    year = filing.fiscal_year_id
    names = code_names(year)
    done = Carried(
        projects=_continue_projects(filing, projects)
        + _continue_budgets(filing, project_budgets, names)
    )
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
        reason=CARRIAGES[layout.edition.kind].source,
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


def _lasting_total(row: ProjectBudget) -> Decimal | None:
    """项目总预算 of a project over several years; of another it is that year's own."""
    return row.total_budget if row.frequency is ProjectFrequency.MULTI_YEAR else None


def _continue_budgets(filing: Filing, rows: Iterable[ProjectBudget], names: dict[str, str]) -> int:
    """A row without amounts for each project of last year's list that goes on and is in force.

    One-off projects end with their year; a code that ended is left for a person to choose.
    """
    known = ProjectBudgetLine.objects.filter(filing=filing).values("project")
    before = {row.code: row for row in rows if row.frequency in CONTINUING}
    going_on = Project.objects.filter(
        code__in=before, unit__in=filing.department.units.all()
    ).in_force_in(filing.fiscal_year_id)
    new = [
        ProjectBudgetLine(
            filing=filing,
            project=project,
            functional_code=code if (code := before[project.code].functional_code) in names else "",
            kind=before[project.code].kind.value,
            frequency=before[project.code].frequency.value,
            total_budget=_lasting_total(before[project.code]),
            main_use=before[project.code].main_use,
        )
        for project in going_on.exclude(pk__in=known)
    ]
    return len(ProjectBudgetLine.objects.bulk_create(new))
