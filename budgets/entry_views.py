"""What the grid asks while someone types: check, save, and the page of one cell.

The page of a cell is whole without JavaScript; the grid takes the ``part`` of it for its panel.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from budgets.cell_pages import history_of, in_words, parts_of, text_of
from budgets.forms import NoteForm, SheetForm, figure_text, unit_from
from budgets.models import Cell
from budgets.pages import (
    NOTHING,
    Attempt,
    BookView,
    EntryCell,
    SheetView,
    attempt_of,
    open_book,
    place_of,
    refs_of,
    sheet_view,
    show_finding,
    with_result,
)
from budgets.recheck import recheck
from budgets.services import save_cells, write_note
from budgets.snapshots import projects_of
from budgets.views import (
    PREPARERS,
    READERS,
    locked,
    may_edit,
    sheet_context,
    sheet_link,
    sheet_or_404,
    shown_findings,
    workbook_or_404,
)
from departments.permissions import is_departmental
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from rulebook.addresses import CellRef, cell_address
from rulebook.amounts import MoneyUnit
from rulebook.findings import Finding
from rulebook.layouts import SheetLayout, load_layout


@filing_page(PREPARERS, editable=True)
@require_POST
def sheet_check(request: HttpRequest, filing: Filing, book: str, sheet: str) -> JsonResponse:
    """What unsaved edits would change, as JSON: computed cells and the findings they touch."""
    view = open_book(workbook_or_404(filing, book), checked=False)
    layout = sheet_or_404(view.layout, sheet)
    form = SheetForm.read(request.POST, layout)
    projects = [p for p in projects_of(filing) if p.book == book]
    edits = list(form.edits.values())
    found = recheck(view.book, projects, view.names, edits, fiscal_year=filing.fiscal_year_id)
    derived = {
        place_of(ref): figure_text(value, form.unit, layout.kind_of(ref.row))
        for ref, value in found.derived.items()
        if ref.sheet == sheet
    }
    refused = {place_of(ref): why.message for ref, why in found.refused.items()}
    errors = {place_of(ref): words for ref, words in form.errors.items()}
    link_to = sheet_link(view, form.unit)
    shown = [show_finding(finding, view, link_to) for finding in found.findings]
    return JsonResponse(
        {
            "derived": derived,
            "errors": errors | refused,
            "count": len(shown),
            "ids": [finding.check_id for finding in shown],
            "findings": render_to_string(
                "budgets/findings.html", {"findings": shown, "filing": filing}
            ),
            "cells": _marks(found.findings, sheet),
        }
    )


def _marks(findings: tuple[Finding, ...], sheet: str) -> dict[str, list[str]]:
    """Cell of the sheet → what is wrong with it, in words."""
    marks: dict[str, list[str]] = {}
    for finding in findings:
        for ref in refs_of(finding):
            if ref.sheet == sheet:
                marks.setdefault(place_of(ref), []).append(f"{finding.title}：{finding.message}")
    return marks


@filing_page(PREPARERS, editable=True)
@require_POST
def sheet_save(request: HttpRequest, filing: Filing, book: str, sheet: str) -> JsonResponse:
    """Save what can be saved, as JSON: the sheet as it is now, and what was not taken and why."""
    workbook = workbook_or_404(filing, book)
    layout = sheet_or_404(load_layout(filing.layout_edition), sheet)
    form = SheetForm.read(request.POST, layout)
    edits = list(form.edits.values())
    result = locked(save_cells, workbook=workbook, staff=staff_of(request), edits=edits)
    view = open_book(workbook_or_404(filing, book))
    attempt = with_result(attempt_of(form, result.saved), result)
    stored = sheet_context(request, view, layout, form.unit, NOTHING)
    return JsonResponse(
        {
            "time": f"{timezone.localtime():%H:%M}",
            "saved": len(result.saved),
            "cells": {cell.place: _as_json(cell) for cell in _cells(stored["page"])},
            "errors": {place_of(ref): words for ref, words in attempt.errors.items()},
            "conflicts": {
                cell.place: render_to_string("budgets/conflict.html", {"cell": cell})
                for cell in _clashes(view, layout, form.unit, attempt)
            },
            "findings": render_to_string("budgets/sheet_findings.html", stored),
            "sheets": render_to_string("budgets/sheet_list.html", stored),
            "progress": stored["progress"],
        }
    )


def _clashes(
    view: BookView, layout: SheetLayout, unit: MoneyUnit, attempt: Attempt
) -> list[EntryCell]:
    """The cells a colleague changed first; laid out only where there are any."""
    if not attempt.conflicts:
        return []
    return [cell for cell in _cells(sheet_view(view, layout, unit, attempt)) if cell.conflict]


def _cells(page: SheetView) -> list[EntryCell]:
    return [shown.cell for line in page.lines for shown in line if shown.cell]


def _as_json(cell: EntryCell) -> dict[str, Any]:
    why = [f"{finding.title}：{finding.message}" for finding in cell.findings]
    return {"text": cell.text, "original": cell.original, "why": why}


@filing_page(READERS, editable=True)
@require_http_methods(["GET", "POST"])
def cell_page(request: HttpRequest, filing: Filing, book: str, sheet: str) -> HttpResponse:
    """One cell: how it is computed, what is wrong with it, its history and its note."""
    view = open_book(workbook_or_404(filing, book))
    ref = _cell_or_404(request, view, sheet_or_404(view.layout, sheet))
    form, is_part = NoteForm(request.POST or None), "part" in request.GET
    if request.method == "POST" and not _may_note(request, view, ref):
        raise PermissionDenied("这一格不能写备注。")
    is_written = form.is_valid() and _write(request, view, ref, form.cleaned_data)
    if is_written and not is_part:
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    context = _cell_context(request, view, ref) | {
        "form": form,
        "lost": form.is_bound and not is_written,
    }
    return render(request, f"budgets/cell_{'panel' if is_part else 'page'}.html", context)


def _cell_or_404(request: HttpRequest, view: BookView, sheet: SheetLayout) -> CellRef:
    ref = CellRef(sheet.key, request.GET.get("row", ""), request.GET.get("column", ""))
    is_known = ref.row in view.names or ref.row in sheet.ordered_rows(view.rows_of(sheet))
    if not (is_known and sheet.has_cell(ref.row, ref.column)):
        raise Http404
    return ref


def _may_note(request: HttpRequest, view: BookView, ref: CellRef) -> bool:
    """Notes stand at cells which people enter, and at no code outside the catalogue."""
    has_name = ref.row in view.names or view.layout.sheet(ref.sheet).row(ref.row) is not None
    own = may_edit(view.workbook.filing, staff_of(request))
    return own and has_name and not view.network.is_derived(ref)


def _write(request: HttpRequest, view: BookView, ref: CellRef, data: dict[str, str]) -> bool:
    book, staff = view.workbook, staff_of(request)
    note, seen = data["note"], data["seen"]
    return bool(locked(write_note, workbook=book, staff=staff, ref=ref, note=note, seen=seen))


def _cell_context(request: HttpRequest, view: BookView, ref: CellRef) -> dict[str, Any]:
    """Everything the template of a cell shows."""
    filing, unit = view.workbook.filing, unit_from(request.GET)
    link_to = sheet_link(view, unit)
    parts = parts_of(view, ref, unit)
    stored = Cell.objects.filter(workbook=view.workbook, **ref._asdict()).first()
    return {
        "filing": filing,
        "book": view.book,
        "label": view.layout.label_of(ref, view.names),
        "text": text_of(view, ref, unit),
        "link": link_to(ref),
        "address": cell_address(view.book.book, ref) if is_departmental(staff_of(request)) else "",
        "sheet": ref.sheet,
        "here": f"?{urlencode({'row': ref.row, 'column': ref.column, 'unit': unit.code})}",
        "unit": unit,
        "is_derived": view.network.is_derived(ref),
        "words": in_words(parts),
        "parts": [(part, link_to(part.ref)) for part in parts],
        "findings": shown_findings(view, unit, (f for f in view.findings if ref in refs_of(f))),
        "changes": history_of(view, ref, unit),
        "note": stored.note if stored else "",
        "may_note": _may_note(request, view, ref),
    }
