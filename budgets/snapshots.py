"""The bridge from rows to values: workbooks and projects as checks, scores and print take them."""

from __future__ import annotations

from itertools import chain

from budgets.models import Cell, EconomicCode, FunctionalCode, ProjectYear, Workbook
from budgets.workbook import (
    CellSnapshot,
    ProjectSnapshot,
    Provenance,
    UnitKind,
    WithheldRow,
    WorkbookSnapshot,
)
from departments.models import Unit
from filings.models import Filing


def cell_snapshot(cell: Cell) -> CellSnapshot:
    return CellSnapshot(
        sheet=cell.sheet,
        row=cell.row,
        column=cell.column,
        value=cell.value,
        provenance=Provenance(cell.provenance),
        unit=cell.declared_unit,
        decimals=cell.declared_decimals,
        evidence=cell.evidence,
        note=cell.note,
    )


def _is_filed(cell: Cell) -> bool:
    """An emptied cell stays as a row for its version, and is no part of what is filed."""
    return cell.value is not None or cell.evidence is not None or bool(cell.note)


def workbook_snapshot(workbook: Workbook) -> WorkbookSnapshot:
    """One unit's book, in two queries where the workbook came ``with_names()``.

    Entered cells hold their value; a derived cell occurs only where an imported total is kept,
    and then holds nothing but that ``evidence``.
    """
    filed = filter(_is_filed, workbook.cells.all() if workbook.pk else ())
    cells = sorted(map(cell_snapshot, filed), key=_place)
    return WorkbookSnapshot(
        book=workbook.unit.code,
        name=workbook.unit.name_in(workbook.filing.fiscal_year_id),
        unit_kind=UnitKind(workbook.unit.kind),
        layout=workbook.filing.layout_edition,
        cells=tuple(cells),
        withheld=tuple(
            sorted(
                (
                    WithheldRow(sheet=row.sheet, row=row.row, legal_basis=row.legal_basis)
                    for row in (workbook.withheld_rows.all() if workbook.pk else ())
                ),
                key=lambda row: (row.sheet, row.row),
            )
        ),
    )


def _place(cell: CellSnapshot) -> tuple[str, str, str]:
    return cell.ref


def books_of(filing: Filing) -> tuple[WorkbookSnapshot, ...]:
    """The books of all units of a filing, in the order of their codes, in six queries.

    A unit of the year without a workbook has an empty book: it is missing, and named so.
    """
    workbooks = Workbook.objects.filter(filing=filing).with_names()
    unopened = [Workbook(filing=filing, unit=unit) for unit in unopened_units(filing)]
    found = [*workbooks.prefetch_related("cells", "withheld_rows"), *unopened]
    return tuple(sorted(map(workbook_snapshot, found), key=lambda book: book.book))


def unopened_units(filing: Filing) -> list[Unit]:
    """Units of the filing's year without a workbook: registered after the filing was opened."""
    units = Unit.objects.filter(department=filing.department_id)
    lacking = units.existing_in(filing.fiscal_year_id).exclude(workbooks__filing=filing)
    return list(lacking.prefetch_related("former_names"))


def projects_of(filing: Filing) -> tuple[ProjectSnapshot, ...]:
    """The projects of a filing with their figures of the year, in the order of their codes.

    A project of a unit that was merged belongs to the unit it was merged into.
    """
    years = ProjectYear.objects.filter(filing=filing).select_related("project__unit__successor")
    return tuple(
        ProjectSnapshot(
            code=year.project.code,
            name=year.project.name,
            book=year.project.unit.holder_in(filing.fiscal_year_id).code,
            original_budget=year.original_budget,
            revised_budget=year.revised_budget,
            actual=year.actual,
            unit=year.declared_unit,
            decimals=year.declared_decimals,
        )
        for year in years.order_by("project__code")
    )


def code_names(fiscal_year: int) -> dict[str, str]:
    """Code → name in a year's catalogues; of two rows in force the later one names it."""
    rows = chain(
        *(
            model.objects.in_force_in(fiscal_year)
            .order_by("code", "first_fiscal_year")
            .values_list("code", "name")
            for model in (FunctionalCode, EconomicCode)
        )
    )
    return dict(rows)
