"""Pages of targets and self-evaluations of one filing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from budgets.models import Project
from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES, Unit
from departments.permissions import is_departmental, may_enter
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from performance.declaration_views import declaration_page, is_declared_on_form
from performance.declaring import entry_of, open_declaration, save_declaration
from performance.evaluation import DEPARTMENT, is_overall, unit_of_subject
from performance.forms import WEIGHTED_FIELDS, TargetsForm
from performance.generating import subjects_to_generate
from performance.indicators import tree_of
from performance.links import shown
from performance.models import TargetDeclaration
from performance.monitoring_services import may_monitor
from performance.overview import SubjectOverview, find, overview_of
from performance.querysets import of_subject
from performance.scoring import load_parameters
from performance.services import (
    EditConflict,
    FormUnknown,
    declares,
    forms_of,
)
from performance.snapshots import goals_of, indicator_keys
from performance.tables import PerformanceTable
from rulebook.editions import EditionMissing
from rulebook.forms import FormEdition, Horizon

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
MORE_ROWS = 5
MOST_DIGITS = 4  # of a number of rows
NO_FORM = "本地区本年度还没有绩效目标申报表的表样，暂时不能申报。请联系财政部门。"
CONFLICT = "您打开本页之后，另有人保存过。下面保留了您填写的内容；再次保存即以您的内容为准。"


@filing_page(READERS)
def performance_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The list of a filing's targets and self-evaluations with scores and states."""
    overview = overview_of(filing)
    missing = [each for each in overview if each.declared is None]
    context = filing_context(
        request, filing, overview,
        declares=declares(filing),
        may_monitor=may_monitor(filing),
        missing=len(missing),
        sources=subjects_to_generate(filing),
        missing_projects=sum(not is_overall(each.subject) for each in missing),
        variants={
            "project": _variants(filing, is_project=True),
            "overall": _variants(filing, is_project=False),
        },
    )  # fmt: skip
    table = PerformanceTable(overview, page={**context, "request": request})
    return render(request, "performance/list.html", context | {"table": table})


def _variants(filing: Filing, *, is_project: bool) -> tuple[FormEdition, ...]:
    """The forms to choose from, none where the region has none for the year."""
    try:
        return forms_of(filing, is_project=is_project)
    except EditionMissing:
        return ()


def filing_context(
    request: HttpRequest, filing: Filing, overview: list[SubjectOverview], **more: Any
) -> dict[str, Any]:
    return {
        "filing": filing,
        "overview": overview,
        "editable": filing.is_editable and may_enter(staff_of(request)),
        "may_print": is_departmental(staff_of(request)),
        **more,
    }


def enter_or_refuse(request: HttpRequest) -> None:
    if not may_enter(staff_of(request)):
        raise PermissionDenied("只有填报岗位可以修改。")


def declaration_or_404(filing: Filing, subject: str) -> TargetDeclaration:
    return get_object_or_404(TargetDeclaration, of_subject(subject), filing=filing)


@require_POST
@filing_page(READERS, editable=True)
def open_targets(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """Begin the declaration of the department, of a unit or of a project, on a form in force."""
    enter_or_refuse(request)
    project = unit = None
    if code := unit_of_subject(subject):
        unit = get_object_or_404(Unit, department=filing.department_id, code=code)
    elif subject != DEPARTMENT:
        own = Project.objects.filter(unit__department=filing.department_id)
        project = get_object_or_404(own.select_related("unit"), code=subject)
    try:
        open_declaration(
            filing=filing, staff=staff_of(request), project=project, unit=unit,
            form=request.POST.get("form", ""),
        )  # fmt: skip
    except EditionMissing:
        messages.error(request, NO_FORM)
        return redirect("work:performance", filing.public_id)
    except FormUnknown:
        messages.error(request, "所选表样不是本地区本年度在用的，请重新选择。")
        return redirect("work:performance", filing.public_id)
    return redirect("work:performance-targets", filing.public_id, subject)


@filing_page(READERS, editable=True)
def targets_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """The declaration on its form; where the targets stand on the form of an evaluation, the
    objective, goals and indicators with their points on one page, saved as a whole."""
    overview = overview_of(filing)
    found = find(overview, subject)
    if found is None or found.declared is None:
        raise Http404
    if found.declared.row.is_generated:
        return redirect("work:performance-approved-targets", filing.public_id, subject)
    if is_declared_on_form(found.declared.row):
        return declaration_page(request, filing, subject)
    row, data, conflict = found.declared.row, None, False
    if request.method == "POST":
        enter_or_refuse(request)
        data = _with_more_rows(request.POST)
    form = TargetsForm(targets_initial(row), data)
    if data is not None and "more" not in data and form.is_valid():
        conflict = not _save_targets(request, row, form)
        if not conflict:
            messages.success(request, "绩效目标已保存。")
            return redirect(request.path)
    findings = [shown(filing, finding) for finding in found.declared.findings]
    context = filing_context(
        request, filing, overview, current=found, form=form, findings=findings,
        version=row.version, conflict=CONFLICT if conflict else "", evaluates=not declares(filing),
        tree=tree_of(row.form),
        scheme=load_parameters(filing.scoring_edition).scheme_for(subject),
    )  # fmt: skip
    return render(request, "performance/targets.html", context)


def targets_initial(row: TargetDeclaration) -> dict[str, Any]:
    """The stored declaration as the form's initial values; fetch it with ``with_rows()``."""
    goals, keys = goals_of(row, Horizon.ANNUAL), indicator_keys(row)
    return {
        "objective": row.objective,
        "goals": [
            {"row": goal.pk, "key": goal.number, "text": goal.text, "weight": goal.weight}
            for goal in goals
        ],
        "indicators": [
            {"row": line.pk, "key": keys[line.pk], "goal": number}
            | {field: getattr(line, field) for field in WEIGHTED_FIELDS}
            for number, goal in enumerate(goals, 1)
            for line in goal.indicators.all()
        ],
    }


def _with_more_rows(data: QueryDict) -> QueryDict:
    """ "再加几行": the same input with blank rows added, nothing saved."""
    if "more" not in data:
        return data
    changed = data.copy()
    total = data.get("rows-TOTAL_FORMS", "")[:MOST_DIGITS]
    changed["rows-TOTAL_FORMS"] = str((int(total) if total.isdecimal() else 0) + MORE_ROWS)
    return changed


def version_seen(request: HttpRequest) -> int:
    """The version the person saw; 0, which no row has, where none came."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _save_targets(request: HttpRequest, row: TargetDeclaration, form: TargetsForm) -> bool:
    try:
        save_declaration(
            declaration=row,
            staff=staff_of(request),
            version=version_seen(request),
            entry=replace(
                entry_of(row),
                objective=form.head.cleaned_data["objective"],
                goals=tuple(form.entries()),
            ),
        )
    except EditConflict:
        return False
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    return True
