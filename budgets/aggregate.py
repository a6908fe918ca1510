"""PURE: a department's book is the sum of its units' books, even of one.

What units of one department pay each other is taken out on both sides (部门内部往来抵销), in the
entered cells, so that every total and balance follows by the same relations as in a unit's book.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from budgets.workbook import CellSnapshot, Provenance, UnitKind, WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.amounts import total
from rulebook.layouts import WorkbookLayout, load_layout

EXACT = ("yuan", 2)


def _added(first: CellSnapshot, second: CellSnapshot) -> CellSnapshot:
    same = (first.unit, first.decimals) == (second.unit, second.decimals)
    assumed = Provenance.ASSUMED in {first.provenance, second.provenance}
    return replace(
        first,
        value=total([first.value, second.value]),
        evidence=None,
        note="",
        provenance=Provenance.ASSUMED if assumed else first.provenance,
        unit=first.unit if same else EXACT[0],
        decimals=first.decimals if same else EXACT[1],
    )


def _kind_of(books: Sequence[WorkbookSnapshot]) -> UnitKind:
    kinds = {book.unit_kind for book in books}
    return UnitKind.PUBLIC_INSTITUTION if UnitKind.PUBLIC_INSTITUTION in kinds else min(kinds)


def _inside(book: WorkbookSnapshot, layout: WorkbookLayout) -> Iterator[CellSnapshot]:
    """What stays between units, as negative cells at the places that state it."""
    targets = {
        (sheet.key, each.column): each.sheet for sheet in layout.sheets for each in sheet.eliminates
    }
    for cell in book.cells:
        target = targets.get((cell.sheet, cell.column))
        if target is not None and cell.value is not None:
            yield replace(cell, sheet=target, value=-cell.value)


def _sum_of(books: Sequence[WorkbookSnapshot]) -> dict[CellRef, CellSnapshot]:
    """All cells added up, without what stays inside; a kept total of one unit is no department's.

    A cell of which nothing is left outside is left out, so that no row of zeros is printed.
    """
    layout = load_layout(books[0].layout)
    unprinted = {sheet.key for sheet in layout.sheets if sheet.eliminates}
    cells: dict[CellRef, CellSnapshot] = {}
    for book in books:
        for cell in book.cells:
            if cell.sheet not in unprinted:
                known = cells.get(cell.ref)
                own = cell if len(books) == 1 else replace(cell, evidence=None, note="")
                cells[cell.ref] = own if known is None else _added(known, cell)
    inside = [cell for book in books for cell in _inside(book, layout)]
    for cell in inside:
        known = cells.get(cell.ref)
        cells[cell.ref] = cell if known is None else _added(known, cell)
    gone = {cell.ref for cell in inside if not cells[cell.ref].value}
    return {ref: cell for ref, cell in cells.items() if ref not in gone}


def department_book(books: Sequence[WorkbookSnapshot], code: str, name: str) -> WorkbookSnapshot:
    """The books of a department's units added up cell by cell; empty cells add nothing.

    Raises ValueError without books or when the units' layouts differ.
    """
    if len({book.layout for book in books}) != 1:
        raise ValueError("units of one department file one layout")
    cells = _sum_of(books)
    return WorkbookSnapshot(
        book=code,
        name=name,
        unit_kind=_kind_of(books),
        layout=books[0].layout,
        cells=tuple(cells[ref] for ref in sorted(cells)),
        withheld=tuple(dict.fromkeys(row for book in books for row in book.withheld)),
        remainders=tuple(rest for book in books for rest in book.remainders),
    )


def outward_book(book: WorkbookSnapshot) -> WorkbookSnapshot:
    """One unit's book without what it has with other units of its department."""
    return department_book([book], book.book, book.name)
