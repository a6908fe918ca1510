"""Pages of a unit's lists: the grid of records, what it saves while someone types, its history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgets.forms import unit_from
from budgets.list_columns import columns_of
from budgets.list_forms import NEW, ListForm
from budgets.list_pages import (
    BLANK_ROWS,
    MORE_ROWS,
    ListAttempt,
    ListCell,
    ListPage,
    attempt_of,
    changes_of,
    choices_of,
    list_page,
    suggestions_of,
)
from budgets.list_saving import RowsResult, save_rows
from budgets.models import Workbook
from budgets.pages import BookView, open_book, progress_words, sheet_states
from budgets.views import (
    PREPARERS,
    READERS,
    list_address,
    locked,
    may_edit,
    shown_findings,
    workbook_or_404,
)
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from rulebook.amounts import MoneyUnit
from rulebook.layouts import ListLayout, load_layout

MOST_NEW_ROWS = 400


def list_or_404(filing: Filing, key: str) -> ListLayout:
    try:
        return load_layout(filing.layout_edition).list_named(key)
    except KeyError:
        raise Http404 from None


@filing_page(READERS, editable=True)
@require_http_methods(["GET", "POST"])
def list_entry_page(request: HttpRequest, filing: Filing, book: str, list_key: str) -> HttpResponse:
    """One list of a unit, a row per record; the plain form of it saves all of entry too."""
    layout, workbook = list_or_404(filing, list_key), workbook_or_404(filing, book)
    view = open_book(workbook)
    if request.method == "GET":
        unit, rows = unit_from(request.GET), request.GET.getlist("rows")[:MOST_NEW_ROWS]
        wanted = ListAttempt(new_rows={key: "" for key in rows if NEW.fullmatch(key)})
        return _shown(request, view, layout, unit, wanted)
    form = ListForm.read(request.POST, list_key, columns_of(layout), choices_of(view))
    if "add" in request.POST:
        return _shown(request, view, layout, form.unit, _with_row(form, request), BLANK_ROWS)
    result = _save(request, workbook, list_key, form)
    if result.saved or result.removed:
        messages.success(request, _in_words(result))
    attempt = attempt_of(form, result)
    if attempt.is_done:
        then = unit_from({"unit": request.POST.get("then", form.unit.code)})
        return redirect(list_address(filing, book, list_key, then))
    messages.error(request, "有的格没有保存：红框标出了原因，您填写的内容都还在。")
    view = open_book(workbook_or_404(filing, book))
    return _shown(request, view, layout, form.unit, attempt)


def _save(request: HttpRequest, workbook: Workbook, list_key: str, form: ListForm) -> RowsResult:
    result: RowsResult = locked(
        save_rows,
        filing=workbook.filing,
        unit=workbook.unit,
        list_key=list_key,
        staff=staff_of(request),
        edits=form.edits,
        removals=form.removals,
    )
    return result


def _in_words(result: RowsResult) -> str:
    saved = f"已保存 {len(result.saved)} 行" if result.saved else ""
    removed = f"删除 {len(result.removed)} 行" if result.removed else ""
    return "，".join(filter(None, (saved, removed))) + "。"


def _with_row(form: ListForm, request: HttpRequest) -> ListAttempt:
    """The posted form, nothing of it saved, with rows to fill after the one that was named."""
    attempt = attempt_of(form)
    after = request.POST.get("add_after", "")
    used = [int(key[1:]) for key, _ in form.texts if NEW.fullmatch(key)]
    used += [int(key[1:]) for key in form.new_rows]
    first = max(used, default=0) + 1
    more = {f"n{number}": after for number in range(first, first + MORE_ROWS)}
    filled = {key for key, _ in form.texts}
    kept = {key: at for key, at in form.new_rows.items() if key in filled}
    return replace(attempt, new_rows=kept | more)


def _shown(
    request: HttpRequest,
    view: BookView,
    layout: ListLayout,
    unit: MoneyUnit,
    attempt: ListAttempt,
    blank: int = BLANK_ROWS,
) -> HttpResponse:
    editable = may_edit(view.workbook.filing, staff_of(request))
    page = list_page(view, layout, unit, attempt, blank=blank if editable else 0)
    context = _context(view, page, unit) | {
        "units": [*MoneyUnit],
        "editable": editable,
        "suggestions": suggestions_of(view, layout, choices_of(view)) if editable else {},
        "unsaved": len(attempt.texts),
        "draft_of": f"{staff_of(request).pk}/{view.workbook.filing.public_id}/{view.book.book}",
    }
    return render(request, "budgets/list.html", context)


def _context(view: BookView, page: ListPage, unit: MoneyUnit) -> dict[str, Any]:
    """What page and answer say about the book around the list."""
    states = sheet_states(view)
    here = view.findings_of_list(page.sheet.key)
    elsewhere = [finding for finding in view.findings if finding not in here]
    return {
        "filing": view.workbook.filing,
        "book": view.book,
        "page": page,
        "unit": unit,
        "states": states,
        "progress": progress_words(states),
        "here": shown_findings(view, unit, here),
        "elsewhere": shown_findings(view, unit, elsewhere),
    }


@filing_page(PREPARERS, editable=True)
@require_POST
def list_save(request: HttpRequest, filing: Filing, book: str, list_key: str) -> JsonResponse:
    """Save what can be saved, as JSON: the list as it is now, and what was not taken and why."""
    layout, workbook = list_or_404(filing, list_key), workbook_or_404(filing, book)
    choices = choices_of(open_book(workbook, checked=False))
    form = ListForm.read(request.POST, list_key, columns_of(layout), choices)
    result = _save(request, workbook, list_key, form)
    view = open_book(workbook_or_404(filing, book))
    attempt = attempt_of(form, result)
    tried = list_page(view, layout, form.unit, attempt, blank=0)
    stored = list_page(view, layout, form.unit, blank=0)
    context = _context(view, stored, form.unit)
    asked = [cell for row in tried.rows for cell in row.cells]
    return JsonResponse(
        {
            "time": f"{timezone.localtime():%H:%M}",
            "cells": {c.place: _as_json(c) for c in stored.cells()} | _sums(stored),
            "rows": {key: str(pk) for key, pk in result.saved.items() if not key.isdecimal()},
            "numbers": {row.key: [row.number, row.version] for row in stored.rows},
            "removed": result.removed,
            "waiting": sorted({key for key, _ in attempt.texts if not key.isdecimal()}),
            "errors": {f"{key}:{column}": w for (key, column), w in attempt.errors.items()},
            "conflicts": _parts(asked),
            "findings": render_to_string("budgets/sheet_findings.html", context),
            "sheets": render_to_string("budgets/sheet_list.html", context),
            "progress": context["progress"],
        }
    )


def _as_json(cell: ListCell) -> dict[str, Any]:
    why = [f"{finding.title}：{finding.message}" for finding in cell.findings]
    return {"text": cell.text, "original": cell.original, "why": why, "anchor": cell.anchor}


def _sums(page: ListPage) -> dict[str, Any]:
    return {f"sum:{column.key}": {"text": text, "why": []} for column, text in page.sums}


def _parts(cells: list[ListCell]) -> dict[str, str]:
    """Place → what is asked there: a choice between two values, or which one is meant."""
    templates = {"conflict": "budgets/conflict.html", "question": "budgets/question.html"}
    return {
        cell.place: render_to_string(template, {"cell": cell})
        for cell in cells
        for name, template in templates.items()
        if getattr(cell, name)
    }


@filing_page(READERS)
@require_GET
def list_history(request: HttpRequest, filing: Filing, book: str, list_key: str) -> HttpResponse:
    """Who changed what in a list, or in one of its rows, and when."""
    layout, workbook = list_or_404(filing, list_key), workbook_or_404(filing, book)
    row = request.GET.get("row", "")
    labels = {column.key: f"{column.group} {column.label}".strip() for column in columns_of(layout)}
    changes = [
        (change, labels.get(change.column, "")) for change in changes_of(workbook, layout, row)
    ]
    context = {
        "filing": filing,
        "book": workbook.unit,
        "layout": layout,
        "changes": changes,
        "is_row": row.isdecimal(),
    }
    name = "panel" if "part" in request.GET else "page"
    return render(request, f"budgets/list_history_{name}.html", context)
