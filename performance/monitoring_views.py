"""Pages of mid-year monitoring: a filing's reports, a report, a subject's entry, the bureau's list.

A department works on its own reports; a bureau reads what was handed in, as it was handed in.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES, FiscalYear
from departments.permissions import is_bureau, may_enter
from departments.roles import Role
from departments.site import staff_of, staff_page
from filings.models import Filing
from filings.pages import filing_page
from performance.links import anchor
from performance.models import MonitoringReport, TargetChange
from performance.monitored import assessed, monitored_subjects, stored_board
from performance.monitoring.board import Board, SubjectLine
from performance.monitoring.lights import MONTHS
from performance.monitoring.steps import steps_for
from performance.monitoring.values import MonitoredSubject
from performance.monitoring_forms import SubjectForms
from performance.monitoring_services import (
    MonitoringRefused,
    may_monitor,
    open_report,
    save_subject,
    take_step,
)
from performance.monitoring_tables import MonitoringTable, rows_of
from performance.services import EditConflict
from performance.target_change_views import decide, request_views
from performance.target_changes import may_decide
from performance.views import CONFLICT
from rulebook.findings import Finding

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
PER_PAGE = 50


def _month_of(text: str) -> int:
    """A month as sent, 0 where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0


@filing_page(READERS)
def monitoring_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The reports of a budget by month; the preparer opens one here."""
    staff = staff_of(request)
    may_open = may_enter(staff) and may_monitor(filing)
    if request.method == "POST":
        month = _month_of(request.POST.get("month", ""))
        try:
            open_report(filing=filing, staff=staff, month=month)
        except MonitoringRefused as refused:
            raise PermissionDenied(str(refused)) from refused
        return redirect("work:monitoring-report", filing.public_id, month)
    reports = MonitoringReport.objects.visible_to(staff).filter(filing=filing).with_names()
    known = {report.month for report in reports}
    context = {
        "filing": filing,
        "reports": [(report, _light_of(report)) for report in reports],
        "months": [month for month in range(1, MONTHS + 1) if month not in known],
        "may_open": may_open,
        "may_monitor": may_monitor(filing),
    }
    return render(request, "performance/monitoring/list.html", context)


def _light_of(report: MonitoringReport) -> Any:
    board = stored_board(report)
    return board.light if board else None


def _report_or_404(request: HttpRequest, filing: Filing, month: int) -> MonitoringReport:
    reports = MonitoringReport.objects.visible_to(staff_of(request)).with_names()
    return get_object_or_404(reports, filing=filing, month=month)


def _read(request: HttpRequest, report: MonitoringReport) -> tuple[Board, list[Finding]]:
    """The board with its findings; a bureau reads what was handed in, not what is being mended."""
    stored = stored_board(report)
    if is_bureau(staff_of(request)) and not report.status.is_handed_in:
        if stored is None:
            raise Http404
        return stored, []
    board, findings = assessed(report)
    return (stored if report.status.is_handed_in and stored else board), findings


@filing_page(READERS)
def report_page(request: HttpRequest, filing: Filing, month: int) -> HttpResponse:
    """A report: every subject with its lights, what is wrong, changes of targets, the steps."""
    report, staff = _report_or_404(request, filing, month), staff_of(request)
    board, findings = _read(request, report)
    context = {
        "filing": filing,
        "report": report,
        "board": board,
        "editable": report.status.is_editable and may_enter(staff),
        "steps": steps_for(report.status, staff.role),
        "requests": request_views(
            report.changes.select_related("asked_by", "decided_by"),
            {line.subject: line.name for line in board.subjects},
        ),
        "may_decide": may_decide(filing, staff),
        "findings": [_shown(report, finding) for finding in findings],
    }
    return render(request, "performance/monitoring/report.html", context)


def _shown(report: MonitoringReport, finding: Finding) -> dict[str, Any]:
    """A finding as the panel prints it, with the link to its row."""
    _, subject, row, _ = finding.places[0].split("/")
    place = [report.filing.public_id, report.month, subject]
    names = ("check_id", "severity", "title", "label", "message", "hint", "identity")
    shown = {name: getattr(finding, name) for name in names}
    return shown | {"link": f"{reverse('work:monitoring-subject', args=place)}#{anchor(row)}"}


@filing_page(READERS)
def subject_page(request: HttpRequest, filing: Filing, month: int, subject: str) -> HttpResponse:
    """One subject of a report: money, progress of its indicators, measures; saved as a whole."""
    report, staff = _report_or_404(request, filing, month), staff_of(request)
    board, findings = _read(request, report)
    line = board.of(subject)
    if line is None:
        raise Http404
    editable = report.status.is_editable and may_enter(staff)
    context: dict[str, Any] = {
        "filing": filing,
        "report": report,
        "board": board,
        "current": line,
        "editable": editable,
        "findings": [
            _shown(report, found)
            for found in findings
            if found.places[0].startswith(f"monitoring/{subject}/")
        ],
    }
    if request.method == "POST" and not editable:
        raise PermissionDenied("本月监控当前不能修改。")
    if not editable:
        return render(request, "performance/monitoring/subject.html", context)
    return _entry(request, report, line, context)


def _entry(
    request: HttpRequest, report: MonitoringReport, line: SubjectLine, context: dict[str, Any]
) -> HttpResponse:
    value = next(each for each in monitored_subjects(report) if each.subject == line.subject)
    forms = SubjectForms(value, request.POST if request.method == "POST" else None)
    if request.method == "POST" and forms.is_valid():
        try:
            _save(request, report, value, forms)
        except EditConflict:
            context["conflict"] = CONFLICT
        except MonitoringRefused as refused:
            raise PermissionDenied(str(refused)) from refused
        else:
            messages.success(request, f"{line.name}的监控已保存。")
            return redirect(request.path)
    kept = report.monitoredspendings.filter(subject=line.subject).first()
    context |= {
        "forms": forms,
        "version": kept.version if kept else 0,
        "goals": [
            (goal, [(row, forms.rows[row.key], anchor(row.key)) for row in goal.lines])
            for goal in line.goals
        ],
    }
    return render(request, "performance/monitoring/entry.html", context)


def _save(
    request: HttpRequest, report: MonitoringReport, value: MonitoredSubject, forms: SubjectForms
) -> None:
    text = request.POST.get("version", "")
    save_subject(
        report=report,
        staff=staff_of(request),
        subject=value.subject,
        version=int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0,
        money=forms.money.cleaned_data,
        progress=forms.progress,
        measures=forms.taken,
    )


@require_POST
@filing_page(READERS)
def report_step(request: HttpRequest, filing: Filing, month: int, step: str) -> HttpResponse:
    """Take a step with a report: hand it over or in, accept it, send it back."""
    report = _report_or_404(request, filing, month)
    reason = request.POST.get("reason", "")[:500]
    try:
        moved = take_step(report=report, staff=staff_of(request), key=step, reason=reason)
    except MonitoringRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{moved}：{moved.status.label}。")
    return redirect("work:monitoring-report", filing.public_id, month)


@require_POST
@filing_page([Role.BUREAU_REVIEWER])
def change_page(request: HttpRequest, filing: Filing, month: int, adjustment: int) -> HttpResponse:
    """Accept a request to change a target, or refuse it."""
    report = _report_or_404(request, filing, month)
    found = get_object_or_404(TargetChange, report=report, pk=adjustment)
    decide(request, found, accepted="已同意，以后各月的监控和本年度自评按新目标值。")
    return redirect("work:monitoring-report", filing.public_id, month)


@staff_page(BUREAU_ROLES)
@require_GET
def monitoring_list(request: HttpRequest) -> HttpResponse:
    """The bureau's list: lights over its departments, by year and month."""
    reports = MonitoringReport.objects.visible_to(staff_of(request)).with_names()
    reports = reports.filter(filing__superseded_at=None)
    years = list(FiscalYear.objects.values_list("year", flat=True))
    year = request.GET.get("year", "")
    month = _month_of(request.GET.get("month", ""))
    if year.isascii() and year.isdecimal() and len(year) < 5:
        reports = reports.filter(filing__fiscal_year=int(year))
    if month:
        reports = reports.filter(month=month)
    table = MonitoringTable(rows_of(reports))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "table": table,
        "years": years,
        "year": year,
        "month": month,
        "months": range(1, MONTHS + 1),
    }
    return render(request, "performance/monitoring/bureau.html", context)
