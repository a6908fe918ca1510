"""Pages of targets and self-evaluations of one filing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from budgets.models import Project
from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES
from departments.permissions import is_departmental, may_enter
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from performance.cards import cards_of, part_of
from performance.deductions import (
    DeductionRefused,
    deduct_points,
    may_deduct,
    score_line,
    take_back_deduction,
)
from performance.evaluation import DEPARTMENT
from performance.forms import DeductionForm, EvaluationForms, TargetsForm
from performance.indicators import tree_of
from performance.links import shown
from performance.models import IndicatorResult, ScoreDeduction, TargetDeclaration
from performance.overview import SubjectOverview, find, overview_of
from performance.querysets import of_subject
from performance.scoring import load_parameters
from performance.scoring.parameters import Component
from performance.scoring.steps import plain
from performance.services import (
    INDICATOR_FIELDS,
    EditConflict,
    open_declaration,
    open_self_evaluation,
    save_declaration,
    save_self_evaluation,
)
from performance.snapshots import goals_of, indicator_keys
from performance.tables import PerformanceTable
from rulebook.forms import Horizon

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
MORE_ROWS = 5
MOST_DIGITS = 4  # of a number of rows
CONFLICT = "您打开本页之后，另有人保存过。下面保留了您填写的内容；再次保存即以您的内容为准。"


@filing_page(READERS)
def performance_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The list of a filing's targets and self-evaluations with scores and states."""
    overview = overview_of(filing)
    context = _context(request, filing, overview)
    table = PerformanceTable(overview, page={**context, "request": request})
    return render(request, "performance/list.html", context | {"table": table})


def _context(
    request: HttpRequest, filing: Filing, overview: list[SubjectOverview], **more: Any
) -> dict[str, Any]:
    return {
        "filing": filing,
        "overview": overview,
        "editable": filing.is_editable and may_enter(staff_of(request)),
        "may_print": is_departmental(staff_of(request)),
        **more,
    }


def _enter_or_refuse(request: HttpRequest) -> None:
    if not may_enter(staff_of(request)):
        raise PermissionDenied("只有填报岗位可以修改。")


def _declaration_or_404(filing: Filing, subject: str) -> TargetDeclaration:
    return get_object_or_404(TargetDeclaration, of_subject(subject), filing=filing)


@require_POST
@filing_page(READERS, editable=True)
def open_targets(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """Begin the declaration of the department or of one of its projects."""
    _enter_or_refuse(request)
    project = None
    if subject != DEPARTMENT:
        own = Project.objects.filter(unit__department=filing.department_id)
        project = get_object_or_404(own, code=subject)
    open_declaration(filing=filing, staff=staff_of(request), project=project)
    return redirect("work:performance-targets", filing.public_id, subject)


@require_POST
@filing_page(READERS, editable=True)
def open_evaluation(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """Begin the self-evaluation of what was declared."""
    _enter_or_refuse(request)
    declaration = _declaration_or_404(filing, subject)
    open_self_evaluation(declaration=declaration, staff=staff_of(request))
    return redirect("work:performance-evaluation", filing.public_id, subject)


@filing_page(READERS, editable=True)
def targets_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """The declaration: objective, goals, indicators; on one page, saved as a whole."""
    overview = overview_of(filing)
    found = find(overview, subject)
    if found is None or found.declared is None:
        raise Http404
    row, data, conflict = found.declared.row, None, False
    if request.method == "POST":
        _enter_or_refuse(request)
        data = _with_more_rows(request.POST)
    form = TargetsForm(targets_initial(row), data)
    if data is not None and "more" not in data and form.is_valid():
        conflict = not _save_targets(request, row, form)
        if not conflict:
            messages.success(request, "绩效目标已保存。")
            return redirect(request.path)
    findings = [shown(filing, finding) for finding in found.declared.findings]
    context = _context(
        request, filing, overview, current=found, form=form, findings=findings,
        version=row.version, conflict=CONFLICT if conflict else "",
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
            | {field: getattr(line, field) for field in INDICATOR_FIELDS}
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


def _version(request: HttpRequest) -> int:
    """The version the person saw; 0, which no row has, where none came."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _save_targets(request: HttpRequest, row: TargetDeclaration, form: TargetsForm) -> bool:
    try:
        save_declaration(
            declaration=row,
            staff=staff_of(request),
            version=_version(request),
            objective=form.head.cleaned_data["objective"],
            goals=form.entries(),
        )
    except EditConflict:
        return False
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    return True


@filing_page(READERS, editable=True)
def evaluation_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """The self-evaluation with its score and derivation as saved; wrong input is kept."""
    overview = overview_of(filing)
    found = find(overview, subject)
    if found is None or found.evaluated is None:
        raise Http404
    conflict, data = False, None
    if request.method == "POST":
        _enter_or_refuse(request)
        data = request.POST
    forms = EvaluationForms(found.evaluated.row, data)
    if data is not None and forms.is_valid():
        conflict = not _save_evaluation(request, found, forms)
        if not conflict:
            return redirect(request.path)
    context = _context(request, filing, overview, **_evaluation_context(filing, found, forms))
    context |= {
        "conflict": CONFLICT if conflict else "",
        "differences": forms.differences() if conflict else [],
        "may_deduct": may_deduct(filing, staff_of(request)),
    }
    return render(request, "performance/evaluation.html", context)


def _evaluation_context(
    filing: Filing, found: SubjectOverview, forms: EvaluationForms
) -> dict[str, Any]:
    evaluated = found.evaluated
    assert evaluated is not None
    return {
        "current": found,
        "card": evaluated.scorecard,
        "evaluation": evaluated.snapshot,
        "version": evaluated.row.version,
        "forms": forms,
        "head": forms.head,
        "goals": cards_of(filing, evaluated, forms),
        "execution": part_of(filing, evaluated, Component.EXECUTION),
        "objective": part_of(filing, evaluated, Component.OBJECTIVE),
        "findings": [shown(filing, finding) for finding in found.findings],
    }


def _save_evaluation(request: HttpRequest, found: SubjectOverview, forms: EvaluationForms) -> bool:
    assert found.evaluated is not None
    try:
        stored = save_self_evaluation(
            evaluation=found.evaluated.row,
            staff=staff_of(request),
            version=_version(request),
            fields=forms.fields,
            results=forms.entered,
        )
    except EditConflict:
        return False
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    score = "还有待答的问题，暂无总分" if stored.total is None else f"总分 {stored.total:.2f}"
    messages.success(request, f"已保存，{score}。")
    return True


@filing_page(READERS)
def deduction_page(request: HttpRequest, filing: Filing, subject: str, result: int) -> HttpResponse:
    """Lower the points of one indicator by hand, or take such a deduction back."""
    own = IndicatorResult.objects.filter(evaluation__filing=filing).filter(
        evaluation__declaration__in=TargetDeclaration.objects.filter(
            of_subject(subject), filing=filing
        )
    )
    row = get_object_or_404(own.select_related("indicator", "evaluation__filing"), pk=result)
    if not may_deduct(filing, staff_of(request)):
        raise PermissionDenied("申报件不在您的岗位手中，不能扣分。")
    form = DeductionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _deduct(request, row, form):
        return redirect("work:performance-evaluation", filing.public_id, subject)
    context = {
        "filing": filing, "subject": subject, "row": row, "form": form,
        "line": score_line(row), "deductions": row.deductions.select_related("made_by"),
    }  # fmt: skip
    return render(request, "performance/deduction.html", context)


def _deduct(request: HttpRequest, row: IndicatorResult, form: DeductionForm) -> bool:
    staff, taken_back = staff_of(request), request.POST.get("take_back", "")
    try:
        if taken_back:
            deductions = ScoreDeduction.objects.filter(result=row)
            pk = int(taken_back) if taken_back.isdecimal() and len(taken_back) < 19 else 0
            take_back_deduction(deduction=get_object_or_404(deductions, pk=pk), staff=staff)
            messages.success(request, "扣分已撤销，操作记录中保留。")
        elif form.is_valid():
            points = form.cleaned_data["points"]
            deduct_points(
                result=row, staff=staff, points=points, reason=form.cleaned_data["reason"]
            )
            messages.success(request, f"已扣 {plain(points)} 分。")
        else:
            return False
    except DeductionRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True
