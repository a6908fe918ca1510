"""PURE: a department's book is the sum of its units' books, even of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from budgets.workbook import CellSnapshot, Provenance, UnitKind, WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.amounts import total

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


def department_book(books: Sequence[WorkbookSnapshot], code: str, name: str) -> WorkbookSnapshot:
    """The books of a department's units added up cell by cell; empty cells add nothing.

    Raises ValueError without books or when the units' layouts differ.
    """
    if len({book.layout for book in books}) != 1:
        raise ValueError("units of one department file one layout")
    cells: dict[CellRef, CellSnapshot] = {}
    for book in books:
        for cell in book.cells:
            known = cells.get(cell.ref)
            cells[cell.ref] = cell if known is None else _added(known, cell)
    return WorkbookSnapshot(
        book=code,
        name=name,
        unit_kind=_kind_of(books),
        layout=books[0].layout,
        cells=tuple(cells[ref] for ref in sorted(cells)),
        withheld=tuple(dict.fromkeys(row for book in books for row in book.withheld)),
        remainders=tuple(rest for book in books for rest in book.remainders),
    )
