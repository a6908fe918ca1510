"""The first page of every role, the bureau's list of filings, and opening a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_tables2 import RequestConfig

from departments.models import StaffMember
from departments.permissions import is_bureau, is_departmental
from departments.roles import BUREAU_ROLES, Role
from departments.site import site, staff_of, staff_page
from filings.services import FilingExists, FilingLocked
from reviews.desk import (
    DeskRow,
    board_of,
    not_begun,
    on_desk,
    rows_of,
    waiting_elsewhere,
    years,
)
from reviews.forms import OpenFilingForm, posted
from reviews.grades import grades_of
from reviews.services import begin_filing
from reviews.tables import FilingTable
from rulebook.editions import EditionMissing

ERRORS = "errors"


@staff_page()
def desk(request: HttpRequest) -> HttpResponse:
    """工作台 of whoever is signed in."""
    staff = staff_of(request)
    if staff.role == Role.SYSTEM_ADMIN:
        apps = site.get_app_list(request)
        return render(request, "reviews/desk_registers.html", {"apps": apps})
    known = years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in known else None
    if is_bureau(staff):
        year = year or next(iter(known), None)
        template, rows, context = "reviews/desk_bureau.html", *_bureau(staff, year)
    else:
        template, rows, context = "reviews/desk_department.html", *_department(staff, year)
    with_errors = [row for row in rows if row.errors]
    only_errors = ERRORS in request.GET
    shown = with_errors if only_errors else rows
    context |= {
        "rows": shown,
        "queue": [row for row in shown if row.is_mine],
        "others": [row for row in shown if not row.is_mine],
        "total": len(rows),
        "wrong": len(with_errors),
        "only_errors": only_errors,
        "years": known,
        "year": year,
    }
    return render(request, template, context)


def _department(staff: StaffMember, year: int | None) -> tuple[list[DeskRow], dict[str, Any]]:
    filings = list(on_desk(staff, year)) if is_departmental(staff) else []
    return rows_of(filings, staff), {"not_begun": not_begun(staff, year, filings)}


def _bureau(staff: StaffMember, year: int | None) -> tuple[list[DeskRow], dict[str, Any]]:
    rows = rows_of(on_desk(staff, year), staff)
    return rows, {
        "board": board_of(staff, rows, year),
        "grades": grades_of(staff, year),
        "elsewhere": waiting_elsewhere(staff, year),
    }


@staff_page(BUREAU_ROLES)
def filing_list(request: HttpRequest) -> HttpResponse:
    """All filings of the bureau's departments, or those with errors, to sort and page through."""
    only_errors = ERRORS in request.GET
    table = FilingTable(on_desk(staff_of(request), None, only_errors=only_errors))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"table": table, "only_errors": only_errors}
    return render(request, "reviews/filing_list.html", context)


@staff_page([Role.PREPARER])
def open_page(request: HttpRequest) -> HttpResponse:
    """建立申报件 of one's own department."""
    staff = staff_of(request)
    if staff.department is None:
        raise PermissionDenied
    form = OpenFilingForm(posted(request), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            filing = begin_filing(
                staff=staff,
                department=staff.department,
                fiscal_year=form.cleaned_data["fiscal_year"].pk,
                kind=form.cleaned_data["kind"],
            )
        except (FilingLocked, FilingExists) as refused:
            form.add_error(None, str(refused))
        except EditionMissing:
            form.add_error(None, "这一年度、这一类型还没有报表版式，请联系财政部门。")
        else:
            messages.success(request, "已建立申报件，可以开始填报。")
            return redirect("work:filing_overview", filing.public_id)
    return render(request, "filings/open.html", {"form": form})
