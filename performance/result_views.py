"""Pages of 评价结果应用: the bureau's table and its file, one project's result, open measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES, FiscalYear
from departments.permissions import may_enter
from departments.roles import Role
from departments.site import staff_of, staff_page
from filings.models import Filing
from filings.pages import filing_page
from performance.models import SelfEvaluation
from performance.querysets import of_subject
from performance.result_tables import ResultTable, results_file
from performance.result_use import Use, check_result, load_result_rules
from performance.results import (
    EvaluatedProject,
    ResultRefused,
    close_measure,
    decide_result,
    departments_of,
    evaluated_project,
    evaluated_projects,
    handed_in,
    visible_results,
)

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
PER_PAGE = 50
UNDECIDED = "待定"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
USES = [("", "请选择"), *((use.value, use.label) for use in Use)]


class DecisionForm(forms.Form):
    decided = forms.ChoiceField(label="决定", choices=USES)
    reason = forms.CharField(
        label="理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def _chosen(request: HttpRequest) -> tuple[list[EvaluatedProject], dict[str, Any]]:
    """The projects that match the filters in the address, and what the filters offer."""
    year = request.GET.get("year", "")
    department, grade = request.GET.get("department", ""), request.GET.get("grade", "")
    rows = visible_results(staff_of(request))
    if year.isascii() and year.isdecimal() and len(year) < 5:
        rows = rows.filter(filing__fiscal_year=int(year))
    every = evaluated_projects(rows)
    offered = {
        "years": list(FiscalYear.objects.values_list("year", flat=True)),
        "departments": departments_of(every),
        "grades": sorted({each.result.grade or UNDECIDED for each in every}),
    }
    found = [
        each
        for each in every
        if department in {"", each.filing.department.code}
        and grade in {"", each.result.grade or UNDECIDED}
    ]
    return found, offered | {"year": year, "department": department, "grade": grade}


@staff_page(BUREAU_ROLES)
@require_GET
def results_page(request: HttpRequest) -> HttpResponse:
    """All projects by grade, with what is proposed and what was decided."""
    found, filters = _chosen(request)
    table = ResultTable(found)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = filters | {"table": table, "query": request.GET.urlencode()}
    return render(request, "performance/results/list.html", context)


@staff_page(BUREAU_ROLES)
@require_GET
def results_export(request: HttpRequest) -> HttpResponse:
    """The same rows as a file."""
    found, _ = _chosen(request)
    response = HttpResponse(results_file(found), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="results.xlsx"'
    return response


@filing_page(READERS)
def result_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """One project's result: the bureau decides, the department registers its measures."""
    rows = handed_in().with_rows().select_related("filing__department", "scorecard")
    declared = filing.declarations.filter(of_subject(subject))
    staff, row = staff_of(request), get_object_or_404(rows, filing=filing, declaration__in=declared)
    if "decided" in request.POST and staff.role != Role.BUREAU_REVIEWER:
        raise PermissionDenied("评价结果应用由财政审核岗位确定。")
    form = DecisionForm(request.POST if "decided" in request.POST else None)
    if request.method == "POST" and _written(request, row, form):
        return redirect(request.path)
    found = evaluated_project(row)
    if not form.is_bound:
        chosen = found.result.decided or found.result.proposed
        form.initial = {"decided": chosen, "reason": found.result.reason}
    context = {
        "filing": filing,
        "found": found,
        "result": found.result,
        "form": form,
        "may_decide": staff.role == Role.BUREAU_REVIEWER,
        "may_close": may_enter(staff),
        "clause": load_result_rules(filing.scoring_edition).clause,
        "findings": check_result(found.result),
    }
    return render(request, "performance/results/result.html", context)


def _written(request: HttpRequest, row: SelfEvaluation, form: DecisionForm) -> bool:
    """Whether what was sent was kept; a refusal stands in the form or in a message."""
    staff = staff_of(request)
    try:
        if form.is_bound:
            if not form.is_valid():
                return False
            given = form.cleaned_data
            decided = Use(given["decided"])
            decide_result(evaluation=row, staff=staff, decided=decided, reason=given["reason"])
            messages.success(request, f"已确定：{decided.label}。")
            return True
        key, done = request.POST.get("key", ""), request.POST.get("done", "")[:500]
        close_measure(evaluation=row, staff=staff, key=key, done=done)
        messages.success(request, "已登记落实情况。")
    except ResultRefused as refused:
        if not form.is_bound:
            messages.error(request, str(refused))
            return True
        form.add_error(None, str(refused))
        return False
    return True


@staff_page(READERS)
@require_GET
def measures_page(request: HttpRequest) -> HttpResponse:
    """Improvement measures that are not carried out yet, by year and project."""
    every = evaluated_projects(visible_results(staff_of(request)))
    still = sorted(
        (each for each in every if each.open_measures),
        key=lambda each: (-each.filing.fiscal_year_id, each.filing.department.code),
    )
    return render(request, "performance/results/measures.html", {"projects": still})
