"""PURE: edits of cells, and which of them a workbook takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from budgets.checks import network_of
from budgets.problems import problem
from budgets.workbook import CellSnapshot, WorkbookSnapshot
from rulebook.addresses import CellRef, cell_address
from rulebook.findings import Finding
from rulebook.layouts import SheetLayout, WorkbookLayout, load_layout
from rulebook.network import Network


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A wish to set one cell: money in yuan or a count, ``None`` to empty it.

    ``expected_version`` is the version the person saw, 0 for a cell not yet filled, ``None`` where
    nobody looked (an import of a whole book). ``unit`` and ``decimals`` say how it was declared.
    ``note`` replaces the cell's note unless it is ``None``.
    """

    ref: CellRef
    value: Decimal | None
    expected_version: int | None = None
    unit: str = "yuan"
    decimals: int = 2
    note: str | None = None


def with_edits(book: WorkbookSnapshot, edits: Iterable[CellEdit]) -> WorkbookSnapshot:
    """The book as it would be after the edits; nothing is stored."""
    known = book.by_ref()
    changed: list[CellSnapshot] = []
    for edit in edits:
        evidence = known[edit.ref].evidence if edit.ref in known else None
        changed.append(
            CellSnapshot(
                *edit.ref, edit.value, unit=edit.unit, decimals=edit.decimals, evidence=evidence
            )
        )
    return book.with_cells(changed)


def network_with(book: WorkbookSnapshot, edits: Iterable[CellEdit]) -> Network:
    """The relations of the book, its new code rows included; cells that do not exist left out."""
    layout = load_layout(book.layout)
    return network_of(with_edits(book, [e for e in edits if layout.has_cell(e.ref)]))


def classification_of(layout: WorkbookLayout, ref: CellRef) -> str:
    """Which catalogue a code row belongs to, empty for a fixed row."""
    sheet = layout.sheet(ref.sheet)
    return sheet.codes.classification if sheet.codes and sheet.is_code_row(ref.row) else ""


def refusal(
    book: WorkbookSnapshot,
    edit: CellEdit,
    network: Network,
    names: Mapping[str, str],
    *,
    derived_too: bool = False,
) -> Finding | None:
    """Why a cell cannot be filled, ``None`` when it can. Emptying needs no catalogue.

    With ``derived_too`` a computed cell takes a value, as evidence.
    """
    layout = network.layout
    if not layout.has_cell(edit.ref):
        return _refused("IM-140", book, edit, "这一格不在本年度的表样中。", edit.ref.row)
    label = layout.label_of(edit.ref, dict(names))
    derived = network.is_derived(edit.ref)
    if derived and not derived_too:
        return _refused("IM-140", book, edit, f"{label}由系统计算，不能填写。", label)
    if derived or edit.value is None:
        return None
    if classification_of(layout, edit.ref) and edit.ref.row not in names:
        return _refused("IM-132", book, edit, f"科目编码 {edit.ref.row} 不在目录中。", label)
    if not edit.unit and (edit.value != edit.value.to_integral_value() or edit.value < 0):
        return _refused("IM-138", book, edit, f"{label}填的是 {edit.value:f}。", label)
    return None


def _refused(id: str, book: WorkbookSnapshot, edit: CellEdit, message: str, label: str) -> Finding:
    place = cell_address(book.book, edit.ref)
    return problem(id, message, label=label, places=(place,), left=edit.value)


def unit_of_cell(sheet: SheetLayout, row: str, unit: str) -> str:
    """The unit a cell is declared in: none for counts, else the one given."""
    return unit if sheet.kind_of(row) == "money" else ""
