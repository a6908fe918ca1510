"""The department's book: the sum of its units' sheets, read-only, each cell opening into units."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from budgets.department_pages import open_department, shown_findings, sum_sheet
from budgets.forms import unit_from
from budgets.pages import refs_of
from budgets.views import READERS, sheet_address
from filings.models import Filing
from filings.pages import filing_page
from rulebook.addresses import CellRef
from rulebook.amounts import MoneyUnit


def department_address(filing: Filing, sheet: str) -> str:
    return reverse("work:filing_department_sheet", args=[filing.public_id, sheet])


@filing_page(READERS)
@require_GET
def department_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """部门汇总: the first sheet of the sum; without one, the list of workbooks says why."""
    view = open_department(filing)
    if view is None or not view.sheets:
        return redirect("work:filing_workbooks", filing.public_id)
    return redirect(department_address(filing, view.sheets[0].key))


@filing_page(READERS)
@require_GET
def department_sheet_page(request: HttpRequest, filing: Filing, sheet: str) -> HttpResponse:
    """One sheet of the sum, with its findings and the units that filed nothing."""
    view = open_department(filing)
    known = {each.key: each for each in view.sheets} if view else {}
    if view is None or sheet not in known:
        raise Http404
    unit = unit_from(request.GET)
    units = {book.book for book in view.books}

    def link_to(book: str, ref: CellRef) -> str:
        own = book in units
        page = (
            sheet_address(filing, book, ref.sheet) if own else department_address(filing, ref.sheet)
        )
        return f"{page}#cell-{ref.row}-{ref.column}"

    here = [f for f in view.findings if sheet in {ref.sheet for ref in refs_of(f)}]
    elsewhere = [f for f in view.findings if f not in here]
    context = {
        "filing": filing,
        "view": view,
        "page": sum_sheet(view, known[sheet], unit),
        "unit": unit,
        "units": list(MoneyUnit),
        "here": shown_findings(view, here, link_to),
        "elsewhere": shown_findings(view, elsewhere, link_to),
    }
    return render(request, "budgets/department.html", context)
