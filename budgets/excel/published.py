"""PURE: a department's printed book: the lists of its units, and every total as it was declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from budgets.declared import DeclaredFigure
from budgets.entry import CellEdit
from budgets.excel.foreign import PrintedBook, read_pages
from budgets.excel.printed_lists import ReadRows, Whose, read_list
from budgets.excel.understanding import UnderstoodSheet
from budgets.workbook import (
    BudgetLists,
    ListRow,
    ProcurementRow,
    ProjectBudget,
    PurchasedServiceRow,
)
from rulebook.addresses import CellRef
from rulebook.findings import Finding, Severity
from rulebook.headers import headers_of
from rulebook.layouts import WorkbookLayout


@dataclass(frozen=True, slots=True)
class PublishedBook:
    """What a file holds. ``tables`` are the sheets and lists in it; ``places`` say where the
    records stand, in the order project budgets, procurement, purchased services."""

    tables: tuple[str, ...] = ()
    declared: tuple[DeclaredFigure, ...] = ()
    project_budgets: tuple[ProjectBudget, ...] = ()
    procurement: tuple[ProcurementRow, ...] = ()
    purchased_services: tuple[PurchasedServiceRow, ...] = ()
    places: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    understood: tuple[UnderstoodSheet, ...] = ()

    @property
    def lists(self) -> BudgetLists:
        return BudgetLists(self.project_budgets, self.procurement, self.purchased_services)

    @property
    def is_refused(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def placed(self) -> Iterator[tuple[ListRow, str]]:
        """Every record with its place in the file."""
        rows: tuple[ListRow, ...] = (
            *self.project_budgets,
            *self.procurement,
            *self.purchased_services,
        )
        return zip(rows, self.places, strict=True)


def read_published(data: bytes, layout: WorkbookLayout, whose: Whose) -> PublishedBook:
    """Read a printed book of a department; raises nothing but MemoryError for what is in it."""
    book, rows = PrintedBook(), ReadRows()
    read_pages(data, layout, book)
    for table in book.list_tables:
        read_list(table, whose, headers_of(layout.edition.kind), rows)
    by_list = {each.title: each.key for each in layout.lists}
    sheets = {ref.sheet for ref in book.edits} | {
        ref.sheet for cells in book.by_unit.values() for ref in cells
    }
    return PublishedBook(
        tables=(*sorted(sheets), *(table.table for table in book.list_tables)),
        declared=(*_declared(book, whose), *rows.totals),
        project_budgets=tuple(r for r, _ in rows.records if isinstance(r, ProjectBudget)),
        procurement=tuple(r for r, _ in rows.records if isinstance(r, ProcurementRow)),
        purchased_services=tuple(r for r, _ in rows.records if isinstance(r, PurchasedServiceRow)),
        places=tuple(
            place
            for kind in (ProjectBudget, ProcurementRow, PurchasedServiceRow)
            for row, place in rows.records
            if isinstance(row, kind)
        ),
        findings=(*book.findings, *rows.findings),
        understood=tuple(
            replace(sheet, rows=tuple(rows.lines.get(by_list.get(sheet.table, ""), sheet.rows)))
            for sheet in book.understood
        ),
    )


def _declared(book: PrintedBook, whose: Whose) -> Iterator[DeclaredFigure]:
    """The cells of department tables, and the rows of units where a table names them."""
    for ref, edit in book.edits.items():
        yield from _figure("", ref, edit, book.places[ref].label)
    for code, cells in book.by_unit.items():
        unit = code if code in whose.units else ""
        if unit or code == whose.department:
            for ref, edit in cells.items():
                place = book.unit_places[code, ref].label
                yield from _figure(unit, ref, edit, place)


def _figure(book: str, ref: CellRef, edit: CellEdit, place: str) -> Iterator[DeclaredFigure]:
    if edit.value is not None:
        yield DeclaredFigure(
            ref.sheet, book, ref.row, ref.column, edit.value, edit.unit, edit.decimals, place
        )
