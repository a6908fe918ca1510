"""PURE: what unsaved edits would change: derived values and the relations they touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.checks import check_book, resolve
from budgets.entry import CellEdit, network_with, refusal, with_edits
from budgets.workbook import ProjectSnapshot, WorkbookSnapshot
from rulebook.addresses import CellRef
from rulebook.findings import Finding


@dataclass(frozen=True, slots=True)
class Recheck:
    """Nothing here is stored. ``derived`` holds the computed cells that the edits reach."""

    derived: Mapping[CellRef, Decimal | None]
    findings: tuple[Finding, ...]
    refused: Mapping[CellRef, Finding]


def recheck(
    book: WorkbookSnapshot,
    projects: Sequence[ProjectSnapshot],
    names: Mapping[str, str],
    edits: Sequence[CellEdit],
    *,
    fiscal_year: int,
) -> Recheck:
    """Hold the edits against the book without saving them; only relations they touch are judged."""
    network = network_with(book, edits)
    refused = {e.ref: why for e in edits if (why := refusal(book, e, network, names)) is not None}
    kept = [edit for edit in edits if edit.ref not in refused]
    tried = with_edits(book, kept)
    figures = resolve(tried)
    touched = {edit.ref for edit in kept}
    reached = network.reached_from(touched)
    found = check_book(
        tried, projects, names, fiscal_year=fiscal_year, only=touched, figures=figures
    )
    return Recheck(
        derived={
            ref: figures[ref].value if ref in figures else None
            for ref in sorted(reached)
            if network.is_derived(ref)
        },
        findings=tuple(found),
        refused=refused,
    )
