"""Pages of a filing's workbooks: the list, a sheet as printed, projects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgets.forms import (
    EvidenceForm,
    ProjectsForm,
    SheetForm,
    WithholdForm,
    unit_from,
)
from budgets.list_columns import column_at, columns_of
from budgets.models import Project, Workbook
from budgets.pages import (
    NOTHING,
    Attempt,
    BookView,
    LinkTo,
    LinkToRow,
    ShownFinding,
    attempt_of,
    open_book,
    progress_words,
    sheet_states,
    sheet_view,
    show_finding,
    with_result,
)
from budgets.project_pages import project_findings, project_rows
from budgets.services import (
    export_workbook,
    open_missing_workbooks,
    resolve_evidence,
    save_cells,
    save_project_years,
    withhold_rows,
)
from budgets.snapshots import unopened_units
from budgets.tables import WorkbookTable
from departments.models import Role, StaffMember
from departments.permissions import may_enter
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from rulebook.addresses import CellRef, RowRef
from rulebook.amounts import MoneyUnit
from rulebook.findings import Finding
from rulebook.layouts import SheetLayout, WorkbookLayout

PREPARERS = (Role.PREPARER,)
READERS = tuple(role for role in Role if role != Role.SYSTEM_ADMIN)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def may_edit(filing: Filing, staff: StaffMember) -> bool:
    """Whether the page offers inputs; the services decide again."""
    own = staff.department_id == filing.department_id
    return filing.is_editable and may_enter(staff) and own


def workbook_or_404(filing: Filing, book: str) -> Workbook:
    """A unit's workbook; a year without tables has none that could be opened."""
    if not filing.has_sheets:
        raise Http404
    found = Workbook.objects.filter(filing=filing).with_names()
    return get_object_or_404(found.prefetch_related("cells", "withheld_rows"), unit__code=book)


def sheet_or_404(layout: WorkbookLayout, key: str) -> SheetLayout:
    if not layout.has_sheet(key):
        raise Http404
    return layout.sheet(key)


def sheet_address(filing: Filing, book: str, sheet: str, unit: MoneyUnit = MoneyUnit.YUAN) -> str:
    address = reverse("work:filing_sheet", args=[filing.public_id, book, sheet])
    return address if unit is MoneyUnit.YUAN else f"{address}?unit={unit.code}"


def sheet_link(view: BookView, unit: MoneyUnit) -> LinkTo:
    """Links to the cells of a book."""

    def link_to(ref: CellRef) -> str:
        page = sheet_address(view.workbook.filing, view.book.book, ref.sheet, unit)
        return f"{page}#cell-{ref.row}-{ref.column}"

    return link_to


def list_address(filing: Filing, book: str, list_key: str, unit: MoneyUnit = MoneyUnit.YUAN) -> str:
    address = reverse("work:filing_list", args=[filing.public_id, book, list_key])
    return address if unit is MoneyUnit.YUAN else f"{address}?unit={unit.code}"


def row_link(view: BookView, unit: MoneyUnit) -> LinkToRow:
    """Links to the rows of a book's lists."""

    def link_to(row: RowRef) -> str:
        column = column_at(columns_of(view.layout.list_named(row.list_key)), row.field)
        page = list_address(view.workbook.filing, view.book.book, row.list_key, unit)
        return f"{page}#cell-{row.row}-{column.key if column else row.field}"

    return link_to


def shown_findings(view: BookView, unit: MoneyUnit, found: Iterable[Finding]) -> list[ShownFinding]:
    """Findings of a book with links to its sheets and lists."""
    link_to, link_to_row = sheet_link(view, unit), row_link(view, unit)
    return [show_finding(finding, view, link_to, link_to_row) for finding in found]


@filing_page(READERS)
@require_GET
def workbooks_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The units' workbooks of a filing, each with its progress."""
    if not filing.has_sheets:
        return render(request, "budgets/no_sheets.html", {"filing": filing})
    found = Workbook.objects.filter(filing=filing).with_names()
    views = [open_book(book) for book in found.prefetch_related("cells", "withheld_rows")]
    rows = [
        {
            "code": view.book.book,
            "name": view.book.name,
            "kind": view.book.unit_kind.label,
            "progress": progress_words(sheet_states(view)),
            "link": sheet_address(filing, view.book.book, view.layout.sheets[0].key),
        }
        for view in views
    ]
    lacking = unopened_units(filing)
    context = {
        "filing": filing,
        "table": WorkbookTable(rows),
        "nothing": not rows,
        "lacking": [(unit.name_in(filing.fiscal_year_id), unit.code) for unit in lacking],
        "editable": may_edit(filing, staff_of(request)),
    }
    return render(request, "budgets/workbooks.html", context)


@require_POST
@filing_page(PREPARERS, editable=True)
def open_missing_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """补建 the workbooks of units registered after the filing was opened; safe to repeat."""
    try:
        made = open_missing_workbooks(filing=filing, staff=staff_of(request))
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    if made:
        names = "、".join(unit.name_in(filing.fiscal_year_id) for unit in made)
        messages.success(request, f"已补建{names}的报表，可以开始填报。")
    else:
        messages.info(request, "各单位都已有报表，没有补建。")
    return redirect("work:filing_workbooks", filing.public_id)


@filing_page(READERS, editable=True)
@require_http_methods(["GET", "POST"])
def sheet_page(request: HttpRequest, filing: Filing, book: str, sheet: str) -> HttpResponse:
    """One sheet as printed: entered cells as inputs, computed ones grey, findings beside them."""
    workbook = workbook_or_404(filing, book)
    view = open_book(workbook)
    layout = sheet_or_404(view.layout, sheet)
    if request.method == "GET":
        attempt = replace(NOTHING, rows=_rows_wanted(request, layout))
        context = sheet_context(request, view, layout, unit_from(request.GET), attempt)
        return render(request, "budgets/sheet.html", context)
    form = SheetForm.read(request.POST, layout)
    if "add" in request.POST:
        attempt, wrong = _with_new_row(form, view, request.POST["new_code"])
        context = sheet_context(request, view, layout, form.unit, attempt) | {"wrong_code": wrong}
        return render(request, "budgets/sheet.html", context)
    result = locked(save_cells, workbook=workbook, staff=staff_of(request), edits=_edits(form))
    if result.saved:
        messages.success(request, f"已保存 {len(result.saved)} 格。")
    attempt = with_result(attempt_of(form, result.saved), result)
    if not (attempt.errors or attempt.conflicts):
        then = unit_from({"unit": request.POST.get("then", form.unit.code)})
        return redirect(sheet_address(filing, book, sheet, then))
    messages.error(request, "有的格没有保存：红框标出了原因，您填写的内容都还在。")
    context = sheet_context(
        request, open_book(workbook_or_404(filing, book)), layout, form.unit, attempt
    )
    return render(request, "budgets/sheet.html", context)


def _rows_wanted(request: HttpRequest, sheet: SheetLayout) -> tuple[str, ...]:
    """Code rows to be shown though nothing is filed in them yet."""
    block = sheet.codes
    wanted = request.GET.getlist("rows")[:200]
    return tuple(
        row for row in wanted if block and sheet.is_code_row(row) and len(row) == block.entry_length
    )


def _edits(form: SheetForm) -> list[Any]:
    return list(form.edits.values())


def locked(service: Any, **arguments: Any) -> Any:
    """Call a service; a filing that may not be changed answers 403 with the reason."""
    try:
        return service(**arguments)
    except FilingLocked as reason:
        raise PermissionDenied(str(reason)) from reason


def _with_new_row(form: SheetForm, view: BookView, code: str) -> tuple[Attempt, str]:
    """The posted form with one more code row, or what is wrong with the code."""
    code = code.strip().partition(" ")[0]
    block = form.sheet.codes
    fits = block is not None and form.sheet.is_code_row(code) and len(code) == block.entry_length
    wrong = ""
    if not fits:
        wrong = f"“{code[:20]}”不是本表的明细科目编码，请从列表中选择。"
    elif code not in view.names:
        wrong = f"科目编码 {code} 不在 {view.workbook.filing.fiscal_year_id} 年目录中。"
    else:
        form.rows.append(code)
    return attempt_of(form), wrong


def sheet_context(
    request: HttpRequest, view: BookView, sheet: SheetLayout, unit: MoneyUnit, attempt: Attempt
) -> dict[str, Any]:
    """Everything the template of a sheet shows."""
    filing = view.workbook.filing
    states = sheet_states(view)
    here = view.findings_of(sheet)
    elsewhere = [finding for finding in view.findings if finding not in here]
    return {
        "filing": filing,
        "book": view.book,
        "page": sheet_view(view, sheet, unit, attempt),
        "states": states,
        "progress": progress_words(states),
        "unit": unit,
        "units": list(MoneyUnit),
        "here": shown_findings(view, unit, here),
        "elsewhere": shown_findings(view, unit, elsewhere),
        "editable": may_edit(filing, staff_of(request)),
        "choices": _choices(sheet, view),
        "withheld": [row for row in view.book.withheld if row.sheet == sheet.key],
        "withholdable": [(row, view.names.get(row, "")) for row in view.rows_of(sheet)],
        "unsaved": len(attempt.texts),
        "draft_of": f"{staff_of(request).pk}/{filing.public_id}/{view.book.book}",
    }


def _choices(sheet: SheetLayout, view: BookView) -> list[tuple[str, str]]:
    """The catalogue's codes that may be entered on a sheet."""
    block = sheet.codes
    if block is None or block.listed:
        return []
    fits = [c for c in view.names if len(c) == block.entry_length and sheet.is_code_row(c)]
    return [(code, view.names[code]) for code in sorted(fits)]


@filing_page(PREPARERS, editable=True)
@require_POST
def evidence_page(request: HttpRequest, filing: Filing, book: str, sheet: str) -> HttpResponse:
    """Let go of an imported total that disagrees, with the reason."""
    workbook = workbook_or_404(filing, book)
    form = EvidenceForm(request.POST)
    if form.is_valid():
        ref = CellRef(sheet, form.cleaned_data["row"], form.cleaned_data["column"])
        reason = form.cleaned_data["reason"]
        locked(resolve_evidence, workbook=workbook, staff=staff_of(request), ref=ref, reason=reason)
        messages.success(request, "已按计算结果处理，原来导入的合计留在修改记录中。")
    else:
        messages.error(request, "请写明原因。")
    return redirect(sheet_address(filing, book, sheet))


@filing_page(PREPARERS, editable=True)
@require_POST
def withhold_page(request: HttpRequest, filing: Filing, book: str, sheet: str) -> HttpResponse:
    """Mark a row as not published (涉密), or publish it again."""
    view = open_book(workbook_or_404(filing, book))
    layout = sheet_or_404(view.layout, sheet)
    form = WithholdForm(request.POST)
    row = form.data.get("row", "")
    if form.is_valid() and (layout.row(row) or row in view.rows_of(layout)):
        bases = {(sheet, row): form.cleaned_data["legal_basis"]}
        locked(withhold_rows, workbook=view.workbook, staff=staff_of(request), bases=bases)
        messages.success(request, "不予公开的行已更新；合计仍然包含这些行。")
    else:
        messages.error(request, "请选择本表的一行。")
    return redirect(sheet_address(filing, book, sheet))


@filing_page(READERS)
@require_GET
def template_page(request: HttpRequest, filing: Filing, book: str) -> HttpResponse:
    """The unit's XLSX template with its present values, in 元 or 万元."""
    workbook = workbook_or_404(filing, book)
    unit = unit_from(request.GET)
    name = f"{workbook.unit.name}{filing.fiscal_year_id}年填报模板（{unit.label}）.xlsx"
    response = HttpResponse(export_workbook(workbook=workbook, unit=unit), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@filing_page(READERS, editable=True)
@require_http_methods(["GET", "POST"])
def projects_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The projects' figures of the year: opening budget, revised budget, executed."""
    units = filing.department.units.all()
    in_force = Project.objects.filter(unit__in=units).in_force_in(filing.fiscal_year_id)
    projects = {project.pk: project for project in in_force.select_related("unit")}
    form = ProjectsForm(unit_from(request.GET))
    if request.method == "POST":
        form = ProjectsForm.read(request.POST, projects)
        conflicts = locked(
            save_project_years, filing=filing, staff=staff_of(request), edits=form.edits
        )
        form.settle(conflicts)
        if not form.errors:
            messages.success(request, "项目年度数据已保存。")
            return redirect(f"{request.path}?unit={form.unit.code}")
        messages.error(request, "有的格没有保存：红框标出了原因，您填写的内容都还在。")
    context = {
        "filing": filing,
        "rows": project_rows(filing, projects.values(), form),
        "findings": project_findings(filing),
        "unit": form.unit,
        "units": list(MoneyUnit),
        "editable": may_edit(filing, staff_of(request)),
    }
    return render(request, "budgets/projects.html", context)
