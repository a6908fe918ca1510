"""What the page of a department's book shows: sums that open into what each unit has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets.aggregate import department_book
from budgets.checks import check_book, check_units_of, network_of, resolve
from budgets.checks.units import is_filled
from budgets.forms import figure_text
from budgets.grid import Grid, Slot, grid_of
from budgets.pages import ShownFinding, ShownPlace, place_of, refs_of, show_finding
from budgets.snapshots import books_of, code_names, projects_of
from budgets.workbook import WorkbookSnapshot
from filings.models import Filing
from rulebook.addresses import CellRef, cell_of
from rulebook.amounts import MoneyUnit
from rulebook.checks import Figures
from rulebook.findings import Finding
from rulebook.layouts import SheetLayout, WorkbookLayout, load_layout
from rulebook.network import code_rows_of

INSIDE = "抵销内部往来"


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """The units' books and their sum, resolved once for all sheets of a page."""

    books: tuple[WorkbookSnapshot, ...]
    figures: Mapping[str, Figures]
    whole: WorkbookSnapshot
    sums: Figures
    layout: WorkbookLayout
    names: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> list[WorkbookSnapshot]:
        return [book for book in self.books if not is_filled(book)]

    @property
    def filled(self) -> list[WorkbookSnapshot]:
        return [book for book in self.books if is_filled(book)]

    @property
    def sheets(self) -> list[SheetLayout]:
        """The sheets a department has: one that only states what stays inside it has none."""
        return [sheet for sheet in self.layout.sheets if not sheet.eliminates]


@dataclass(frozen=True, slots=True)
class Part:
    """One unit's share of a cell; ``book`` is empty for what is taken out between units."""

    name: str
    text: str
    book: str = ""


@dataclass(frozen=True, slots=True)
class SumCell:
    """One cell of the sum with the units that make it up."""

    anchor: str
    label: str
    text: str
    parts: tuple[Part, ...]
    is_derived: bool
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class SumSlot:
    slot: Slot
    cell: SumCell | None = None


@dataclass(frozen=True, slots=True)
class SumSheet:
    sheet: SheetLayout
    grid: Grid
    lines: tuple[tuple[SumSlot, ...], ...]


def open_department(filing: Filing) -> DepartmentView | None:
    """Read all books of a filing and add them up; ``None`` where no unit files for the year."""
    books = books_of(filing)
    if not books:
        return None
    whole = department_book(
        books, filing.department.code, filing.department.name_in(filing.fiscal_year_id)
    )
    names = code_names(filing.fiscal_year_id)
    found = check_book(whole, projects_of(filing), names, fiscal_year=filing.fiscal_year_id)
    return DepartmentView(
        books=books,
        figures={book.book: resolve(book) for book in books},
        whole=whole,
        sums=resolve(whole),
        layout=load_layout(whole.layout),
        names=names,
        findings=(*check_units_of(books), *found),
    )


def sum_sheet(view: DepartmentView, sheet: SheetLayout, unit: MoneyUnit) -> SumSheet:
    """One sheet of the sum; code rows of any unit have a line, also where nothing is left."""
    used = {(cell.sheet, cell.row) for book in (*view.books, view.whole) for cell in book.cells}
    rows = dict(code_rows_of(view.layout, used))[sheet.key]
    grid = grid_of(sheet, rows, view.names)
    wrong = {ref for finding in view.findings for ref in refs_of(finding)}
    lines = tuple(
        tuple(
            SumSlot(slot, _cell(view, slot.ref, unit, slot.ref in wrong) if slot.ref else None)
            for slot in line
        )
        for line in grid.lines
    )
    return SumSheet(sheet, grid, lines)


def _cell(view: DepartmentView, ref: CellRef, unit: MoneyUnit, is_wrong: bool) -> SumCell:
    kind = view.layout.sheet(ref.sheet).kind_of(ref.row)
    figure = view.sums.get(ref)
    return SumCell(
        anchor=f"cell-{place_of(ref).replace(':', '-')}",
        label=view.layout.label_of(ref, view.names),
        text=figure_text(None if figure is None else figure.value, unit, kind),
        parts=tuple(_parts(view, ref, unit, kind)),
        is_derived=network_of(view.whole).is_derived(ref),
        is_wrong=is_wrong,
    )


def _parts(view: DepartmentView, ref: CellRef, unit: MoneyUnit, kind: str) -> Iterator[Part]:
    held = [(book, view.figures[book.book].get(ref)) for book in view.books]
    filled = [(book, figure) for book, figure in held if figure is not None]
    for book, figure in filled:
        yield Part(book.name, figure_text(figure.value, unit, kind), book.book)
    total = view.sums[ref].value if ref in view.sums else Decimal(0)
    inside = total - sum((figure.value for _, figure in filled), Decimal(0))
    if inside:
        yield Part(INSIDE, figure_text(inside, unit, kind))


LinkToCell = Callable[[str, CellRef], str]
"""(book, cell) → the page of the cell."""


def shown_findings(
    view: DepartmentView, findings: Iterable[Finding], link_to: LinkToCell
) -> list[ShownFinding]:
    """Findings of the sum and between units; each place says whose it is."""
    return [_shown(finding, view, link_to) for finding in findings]


def _shown(finding: Finding, view: DepartmentView, link_to: LinkToCell) -> ShownFinding:
    names = {book.book: book.name for book in view.books} | {view.whole.book: view.whole.name}
    places = tuple(
        ShownPlace(f"{names[book]} {view.layout.label_of(ref, view.names)}", link_to(book, ref))
        for place in finding.places
        if (at := cell_of(place))
        for book, ref in [at]
    )
    refs = refs_of(finding)
    as_seen = show_finding(finding, view, lambda ref: "")
    return replace(as_seen, places=places, link=places[0].link if refs else "")
