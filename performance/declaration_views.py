"""Pages of a target declaration: the form, the grids of its rows, checks while someone types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from budgets.forms import unit_from
from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES, Role, StaffMember
from departments.permissions import is_departmental, may_enter
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from performance.checks import check_declaration, lint_filing
from performance.declaration_entry import DeclarationEntry, snapshot_of_entry
from performance.declaration_form import edits_from
from performance.declaring import Edited, edit_declaration, entry_of
from performance.evaluation import DEPARTMENT, DeclarationSnapshot, unit_of_subject
from performance.form_columns import ROW_BLOCKS
from performance.form_edits import NEW, Applied, Edits, apply, proposals
from performance.form_figures import FilingRecords, form_figures
from performance.form_pages import BLANK_ROWS, Pages
from performance.form_shown import Attempt, FormCell, ShownBlock
from performance.links import shown
from performance.models import TargetDeclaration
from performance.new_rows import with_blank_rows, with_suggestion
from performance.records import records_of
from performance.scoring import load_parameters
from performance.snapshots import declarations_of
from performance.suggestions import LONGEST_QUERY, grouped, query_of, suggestions_for
from rulebook.amounts import MoneyUnit
from rulebook.findings import Finding
from rulebook.forms import BlockKind, FormBlock, FormEdition, load_form

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
PREPARERS = (Role.PREPARER,)


@dataclass(frozen=True, slots=True)
class Opened:
    """A declaration with what its pages need besides; a constant number of queries."""

    filing: Filing
    row: TargetDeclaration
    subject: str
    form: FormEdition
    records: FilingRecords
    unit: MoneyUnit
    entry: DeclarationEntry
    declared: tuple[DeclarationSnapshot, ...]

    def check(self, entry: DeclarationEntry) -> list[Finding]:
        """Findings of the declaration as entered, beside the others of the filing."""
        parameters = load_parameters(self.filing.scoring_edition)
        mine = snapshot_of_entry(entry, self.subject, self.form.id)
        snapshots = [mine if each.subject == self.subject else each for each in self.declared]
        lints = lint_filing(snapshots, self.records, parameters.placeholders)
        own = [f for f in lints if f.places[0].split("/")[1] == self.subject]
        name = self.records.name_of(self.subject)
        return [*check_declaration(mine, parameters, name), *own]

    def pages(
        self, entry: DeclarationEntry, attempt: Attempt | None = None, editable: bool = True
    ) -> Pages:
        return Pages(
            self.form,
            entry,
            form_figures(self.form, self.subject, self.records),
            self.unit,
            self.filing.fiscal_year_id,
            self.row.version,
            self.check(entry),
            attempt or Attempt(),
            editable,
        )

    def block(self, key: str) -> FormBlock:
        """A block whose rows come and go; Http404 for another."""
        found = next((b for b in self.form.blocks if b.key == key), None)
        if found is None or found.kind not in ROW_BLOCKS:
            raise Http404
        return found


def is_declared_on_form(row: TargetDeclaration) -> bool:
    """Whether the targets stand on a form of declaration, not on that of an evaluation."""
    return bool(row.form) and load_form(row.form).is_of_targets


def opened(filing: Filing, subject: str, data: Any) -> Opened:
    """The declaration of a subject on its form; Http404 where there is none."""
    if subject == DEPARTMENT:
        found: dict[str, Any] = {"project": None, "unit": None}
    elif code := unit_of_subject(subject):
        found = {"unit__code": code}
    else:
        found = {"project__code": subject}
    rows = TargetDeclaration.objects.filter(filing=filing).with_rows()
    row = get_object_or_404(rows.select_related("project__unit"), **found)
    if not is_declared_on_form(row):
        raise Http404
    form = load_form(row.form)
    default = MoneyUnit.WAN if MoneyUnit.WAN.label in form.unit_label else MoneyUnit.YUAN
    unit = unit_from(data) if data.get("unit") else default
    return Opened(
        filing, row, subject, form, records_of(filing), unit, entry_of(row), declarations_of(filing)
    )


def declaration_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """The form with all its blocks; every field of it is saved at once, place by place."""
    opening = opened(filing, subject, request.POST or request.GET)
    if request.method != "POST":
        return _form(request, opening, Attempt())
    if not may_enter(staff_of(request)):
        raise PermissionDenied("只有填报岗位可以修改。")
    edits = edits_from(request.POST, opening.form)
    edited = _edit(opening, staff_of(request), edits)
    if edited.applied.is_whole:
        messages.success(request, "已保存。" if edited.applied.taken else "没有要保存的修改。")
        then = request.POST.get("then", "") or opening.unit.code
        return redirect(f"{request.path}?unit={unit_from({'unit': then}).code}")
    if edited.applied.taken:
        messages.success(request, f"已保存 {edited.applied.taken} 处。")
    messages.error(request, "有的栏目没有保存：红框标出了原因，您填写的内容都还在。")
    again = opened(filing, subject, request.POST)
    return _form(request, again, Attempt(edits, edited.applied))


def _edit(opening: Opened, staff: StaffMember, edits: Edits) -> Edited:
    try:
        return edit_declaration(
            declaration=opening.row, staff=staff, unit=opening.unit, edits=edits
        )
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked


def _may_edit(request: HttpRequest, filing: Filing) -> bool:
    return filing.is_editable and may_enter(staff_of(request))


def _form(request: HttpRequest, opening: Opened, attempt: Attempt) -> HttpResponse:
    editable = _may_edit(request, opening.filing)
    pages = opening.pages(opening.entry, attempt, editable)
    blocks = pages.blocks()
    context = _context(opening, pages, blocks) | {
        "blocks": blocks,
        "editable": editable,
        "may_print": is_departmental(staff_of(request)),
        "units": [*MoneyUnit],
    }
    return render(request, "performance/declaration.html", context)


def _context(opening: Opened, pages: Pages, blocks: tuple[ShownBlock, ...]) -> dict[str, Any]:
    """What every page and answer says about the declaration around a block."""
    filled = sum(block.is_filled for block in blocks)
    wrong = sum(block.has_error for block in blocks)
    return {
        "filing": opening.filing,
        "subject": opening.subject,
        "title": str(opening.row),
        "form": opening.form,
        "unit": opening.unit,
        "states": blocks,
        "progress": f"{len(blocks)} 栏已填 {filled} 栏，{wrong} 栏有误",
        "findings": [shown(opening.filing, finding) for finding in pages.findings],
    }


@filing_page(PREPARERS, editable=True)
@require_POST
def declaration_check(request: HttpRequest, filing: Filing, subject: str) -> JsonResponse:
    """Shares, totals and findings as they would be, nothing saved."""
    opening = opened(filing, subject, request.POST)
    edits = edits_from(request.POST, opening.form)
    applied = apply(opening.entry, opening.form, opening.unit, edits)
    pages = opening.pages(applied.entry)
    context = _context(opening, pages, pages.blocks())
    return JsonResponse(
        {
            "derived": pages.derived(),
            "errors": {":".join(place): words for place, words in applied.errors.items()},
            "findings": render_to_string("performance/declaration_findings.html", context),
            "progress": context["progress"],
        }
    )


@filing_page(READERS, editable=True)
@require_http_methods(["GET", "POST"])
def rows_page(request: HttpRequest, filing: Filing, subject: str, block: str) -> HttpResponse:
    """The rows of one block in the grid; the plain form of it saves all of entry too."""
    opening = opened(filing, subject, request.POST or request.GET)
    found = opening.block(block)
    if request.method == "GET":
        rows = tuple(key for key in request.GET.getlist("rows") if NEW.fullmatch(key))
        return _grid(request, opening, found, Attempt(new_rows=rows))
    if not may_enter(staff_of(request)):
        raise PermissionDenied("只有填报岗位可以修改。")
    edits = edits_from(request.POST, opening.form, block)
    if "add" in request.POST:
        after = request.POST.get("add_after", "")
        return _grid(request, opening, found, with_blank_rows(edits, found, after))
    if "find" in request.POST or "insert" in request.POST:
        return _with_library(request, opening, found, edits)
    edited = _edit(opening, staff_of(request), edits)
    if edited.applied.taken or edited.applied.removed:
        messages.success(request, _in_words(edited.applied))
    if edited.applied.is_whole:
        then = request.POST.get("then", "") or opening.unit.code
        return redirect(f"{request.path}?unit={unit_from({'unit': then}).code}")
    messages.error(request, "有的格没有保存：红框标出了原因，您填写的内容都还在。")
    again = opened(filing, subject, request.POST)
    return _grid(request, again, found, Attempt(edits, edited.applied))


def _in_words(applied: Applied) -> str:
    saved = f"已保存 {applied.taken} 格" if applied.taken else ""
    removed = f"删除 {len(applied.removed)} 行" if applied.removed else ""
    return "，".join(filter(None, (saved, removed))) + "。"


def _with_library(
    request: HttpRequest, opening: Opened, block: FormBlock, edits: Edits
) -> HttpResponse:
    """The posted grid, nothing of it saved, with what the library has for the words, and with the
    indicator that was chosen of it as a new row."""
    words = query_of(request.POST.get("words", ""))
    found = suggestions_for(opening.filing, opening.subject, staff_of(request), words)
    attempt, wanted = Attempt(edits), request.POST.get("insert")
    chosen = next((each for each in found if each.key == wanted), None)
    if chosen is not None:
        after = request.POST.get("add_after", "")
        attempt = with_suggestion(edits, opening.form, block, chosen, after)
        messages.success(request, f"已插入“{chosen.name}”，来源：{chosen.source}。")
    elif wanted is not None:
        messages.error(request, "这条指标已有变动，没有插入，请重新查找。")
    return _grid(request, opening, block, attempt, {"query": words, "groups": grouped(found)})


def _grid(
    request: HttpRequest,
    opening: Opened,
    block: FormBlock,
    attempt: Attempt,
    library: dict[str, Any] | None = None,
) -> HttpResponse:
    editable = _may_edit(request, opening.filing)
    pages = opening.pages(opening.entry, attempt, editable)
    page = pages.block(block, BLANK_ROWS if editable else 0)
    path = [opening.filing.public_id, opening.subject, block.key]
    context = _context(opening, pages, pages.blocks()) | {
        "page": page,
        "blank": pages.new(block.key, "__row__", page.columns),
        "editable": editable,
        "may_print": is_departmental(staff_of(request)),
        "units": [*MoneyUnit],
        "offered": pages.offered(block) if editable else {},
        "here": _here(opening, pages, block),
        "elsewhere": _elsewhere(opening, pages, block),
        "unsaved": len(attempt.texts()),
        "save": reverse("work:performance-target-rows-save", args=path),
        "check": reverse("work:performance-target-rows-check", args=path),
        "draft_of": f"{staff_of(request).pk}/{opening.filing.public_id}/{opening.subject}",
        "has_goal": block.kind is BlockKind.INDICATORS,
        "library": library,
        "longest": LONGEST_QUERY,
    }
    return render(request, "performance/declaration_rows.html", context)


def _here(opening: Opened, pages: Pages, block: FormBlock) -> list[dict[str, Any]]:
    """Findings of the block, each leading to its cell."""
    cells = {
        finding.identity: f"#cell-{row}-{column}"
        for (row, column), found in pages.findings_by_row(block).items()
        for finding in found
    }
    return [
        shown(opening.filing, f) | {"link": cells.get(f.identity, "")}
        for f in pages.findings_of(block)
    ]


def _elsewhere(opening: Opened, pages: Pages, block: FormBlock) -> list[dict[str, Any]]:
    here = pages.findings_of(block)
    return [shown(opening.filing, f) for f in pages.findings if f not in here]


@filing_page(PREPARERS, editable=True)
@require_POST
def rows_save(request: HttpRequest, filing: Filing, subject: str, block: str) -> JsonResponse:
    """Save what can be saved, as JSON: the rows as they are now, and what was not taken and why."""
    opening = opened(filing, subject, request.POST)
    found = opening.block(block)
    edits = edits_from(request.POST, opening.form, block)
    edited = _edit(opening, staff_of(request), edits)
    now = opened(filing, subject, request.POST)
    pages = now.pages(now.entry)
    stored = pages.block(found)
    tried = now.pages(now.entry, Attempt(edits, edited.applied)).block(found)
    context = _context(now, pages, pages.blocks()) | {
        "page": stored,
        "here": _here(now, pages, found),
        "elsewhere": _elsewhere(now, pages, found),
    }
    applied = edited.applied
    return JsonResponse(
        {
            "time": f"{timezone.localtime():%H:%M}",
            "cells": {c.place: _as_json(c) for line in stored.lines for c in line.cells}
            | {f"sum:{column.key}": {"text": text, "why": []} for column, text in stored.sums}
            | {"balance": {"text": stored.balance, "why": []}},
            "rows": {key: str(pk) for key, pk in edited.rows.items() if NEW.fullmatch(key)},
            "numbers": {line.key: [line.number, line.version] for line in stored.lines},
            "removed": applied.removed,
            "waiting": sorted({row for _, row, _ in applied.errors if NEW.fullmatch(row)}),
            "errors": {":".join(place[1:]): words for place, words in applied.errors.items()},
            "conflicts": _conflicts(tried),
            "options": pages.offered(found),
            "findings": render_to_string("budgets/sheet_findings.html", context),
            "sheets": render_to_string("performance/declaration_blocks.html", context),
            "progress": context["progress"],
        }
    )  # fmt: skip


def _as_json(cell: FormCell) -> dict[str, Any]:
    return {
        "text": cell.text, "original": cell.original, "why": _why(cell.findings),
        "anchor": cell.anchor,
    }  # fmt: skip


def _why(findings: tuple[Finding, ...] | list[Finding]) -> list[str]:
    return [f"{finding.title}：{finding.message}" for finding in findings]


def _conflicts(tried: ShownBlock) -> dict[str, str]:
    return {
        cell.place: render_to_string("budgets/conflict.html", {"cell": cell})
        for line in tried.lines
        for cell in line.cells
        if cell.conflict
    }


@filing_page(PREPARERS, editable=True)
@require_POST
def rows_check(request: HttpRequest, filing: Filing, subject: str, block: str) -> JsonResponse:
    """Findings by row, sums, and the kind and direction that a target proposes; nothing saved."""
    opening = opened(filing, subject, request.POST)
    found = opening.block(block)
    edits = edits_from(request.POST, opening.form, block)
    applied = apply(opening.entry, opening.form, opening.unit, edits)
    pages = opening.pages(applied.entry)
    touched = {edit.place[1] for edit in edits.places}
    by_row = pages.findings_by_row(found)
    concerned = {
        finding.identity: shown(filing, finding) | {"link": f"#cell-{row}-{column}"}
        for (row, column), each in by_row.items()
        for finding in each
        if row in touched
    }
    columns = pages.block(found).columns
    return JsonResponse(
        {
            "derived": {f"sum:{c.key}": pages.amounts.sum_of(found, c) for c in columns}
            | {"balance": pages.amounts.balance()},
            "errors": {
                ":".join(place[1:]): words
                for place, words in applied.errors.items()
                if place in {edit.place for edit in edits.places}
            },
            "cells": {f"{row}:{column}": _why(each) for (row, column), each in by_row.items()},
            "proposed": proposals(applied.entry, opening.form, block, edits),
            "findings": render_to_string(
                "budgets/findings.html", {"findings": list(concerned.values())}
            ),
            "count": len(concerned),
        }
    )  # fmt: skip
