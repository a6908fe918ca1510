"""Pages of self-evaluations: their targets taken over, filled in, scored, lowered by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from performance.composing import accepted_notes
from performance.deductions import (
    AnyDeduction,
    DeductionRefused,
    block_score_line,
    deduct_from_block,
    deduct_points,
    may_deduct,
    score_line,
    take_back_deduction,
)
from performance.evaluation_forms import EvaluationForms
from performance.evaluation_pages import (
    asking,
    changing_parts,
    evaluated_as_typed,
    evaluation_context,
    forms_for,
    questioned,
)
from performance.forms import DeductionForm
from performance.generating import (
    SourceMissing,
    TargetsExist,
    generate_targets,
    subjects_to_generate,
)
from performance.links import shown
from performance.models import (
    BlockDeduction,
    IndicatorResult,
    ScoreDeduction,
    SelfEvaluation,
    TargetDeclaration,
)
from performance.overview import SubjectOverview, find, overview_of
from performance.records import records_of
from performance.scoring import ScoreLine
from performance.scoring.parameters import Component
from performance.scoring.steps import plain
from performance.services import EditConflict, open_self_evaluation, save_self_evaluation
from performance.spending import spending_from
from performance.views import (
    CONFLICT,
    READERS,
    declaration_or_404,
    enter_or_refuse,
    filing_context,
    of_subject,
    version_seen,
)
from rulebook.editions import EditionMissing


@require_POST
@filing_page(READERS, editable=True)
def generate(request: HttpRequest, filing: Filing, subject: str = "") -> HttpResponse:
    """Take the targets over from the approved declarations: of one subject, or of all."""
    enter_or_refuse(request)
    subjects = [subject] if subject else subjects_to_generate(filing)
    try:
        made = generate_targets(filing=filing, staff=staff_of(request), subjects=subjects)
    except TargetsExist:
        messages.error(request, "这里已有绩效目标，没有生成；已填的目标不会被覆盖。")
    except SourceMissing as missing:
        raise Http404 from missing
    except EditionMissing:
        messages.error(request, "本年度没有适用的自评表样，没有生成。")
    else:
        if not made:
            messages.error(request, "没有可以生成的绩效目标。")
            return redirect("work:performance", filing.public_id)
        messages.success(request, f"已从{made[0].source}生成 {len(made)} 份自评，请填写完成情况。")
        if subject:
            return redirect("work:performance-evaluation", filing.public_id, subject)
    return redirect("work:performance", filing.public_id)


@require_POST
@filing_page(READERS, editable=True)
def open_evaluation(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """Begin the self-evaluation of what was declared."""
    enter_or_refuse(request)
    declaration = declaration_or_404(filing, subject)
    open_self_evaluation(declaration=declaration, staff=staff_of(request))
    return redirect("work:performance-evaluation", filing.public_id, subject)


@filing_page(READERS, editable=True)
def evaluation_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """The self-evaluation with its score and derivation as saved; wrong input is kept."""
    records = records_of(filing)
    overview = overview_of(filing, records)
    found = find(overview, subject)
    if found is None or found.evaluated is None:
        raise Http404
    conflict, data = False, None
    if request.method == "POST":
        enter_or_refuse(request)
        data = request.POST
    forms = forms_for(found.evaluated.row, filing, data)
    if data is not None and forms.is_valid():
        conflict = not _save(request, found, forms)
        if not conflict:
            return redirect(request.path)
    context = filing_context(
        request, filing, overview, **evaluation_context(filing, found.evaluated, forms, records)
    )
    context |= {
        "current": found,
        "version": found.evaluated.row.version,
        "notes": accepted_notes(found.evaluated.snapshot),
        "findings": context["findings"] + _of_targets(filing, found),
        "conflict": CONFLICT if conflict else "",
        "differences": forms.differences() if conflict else [],
        "may_deduct": may_deduct(filing, staff_of(request)),
    }
    return render(request, "performance/evaluation.html", context)


def _of_targets(filing: Filing, found: SubjectOverview) -> list[dict[str, Any]]:
    declared = found.declared.findings if found.declared else ()
    return [shown(filing, finding) for finding in declared]


def _save(request: HttpRequest, found: SubjectOverview, forms: EvaluationForms) -> bool:
    assert found.evaluated is not None
    try:
        stored = save_self_evaluation(
            evaluation=found.evaluated.row,
            staff=staff_of(request),
            version=version_seen(request),
            entry=forms.entry,
        )
    except EditConflict:
        return False
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    score = "还有待答的问题，暂无总分" if stored.total is None else f"总分 {stored.total:.2f}"
    messages.success(request, f"已保存，{score}。")
    return True


@require_POST
@filing_page(READERS, editable=True)
def evaluation_check(request: HttpRequest, filing: Filing, subject: str) -> JsonResponse:
    """What the form would score if it were saved, as JSON: the parts of the page that change."""
    enter_or_refuse(request)
    rows = SelfEvaluation.objects.with_rows().select_related("filing__department")
    own = TargetDeclaration.objects.filter(of_subject(subject), filing=filing)
    row = get_object_or_404(rows, filing=filing, declaration__in=own)
    forms = forms_for(row, filing, request.POST)
    forms.is_valid()
    records = records_of(filing)
    spending = spending_from(records, filing.scoring_edition)
    evaluated = evaluated_as_typed(filing, row, forms, spending)
    context = evaluation_context(filing, evaluated, forms, records)
    return JsonResponse(
        {
            "parts": changing_parts(context),
            "asking": asking(context),
            "questions": questioned(context),
            "errors": forms.errors,
        }
    )


@filing_page(READERS)
def deduction_page(request: HttpRequest, filing: Filing, subject: str, result: int) -> HttpResponse:
    """Lower the points of one indicator by hand, or take such a deduction back."""
    own = IndicatorResult.objects.filter(evaluation__in=_evaluations(filing, subject))
    row = get_object_or_404(own.select_related("indicator", "evaluation__filing"), pk=result)
    facts = [
        ("目标值", row.indicator.target),
        ("完成值", row.achieved or "（空）"),
    ]
    return _deduction(request, row, filing, subject, row.indicator.name, facts)


@filing_page(READERS)
def block_deduction_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """Lower the points of the indicators as one block, or take such a deduction back."""
    rows = _evaluations(filing, subject).select_related("filing")
    row = get_object_or_404(rows)
    return _deduction(request, row, filing, subject, Component.INDICATORS.label, [])


def _evaluations(filing: Filing, subject: str) -> Any:
    own = TargetDeclaration.objects.filter(of_subject(subject), filing=filing)
    return SelfEvaluation.objects.filter(filing=filing, declaration__in=own)


Lowered = IndicatorResult | SelfEvaluation


def _deduction(
    request: HttpRequest,
    row: Lowered,
    filing: Filing,
    subject: str,
    name: str,
    facts: list[tuple[str, str]],
) -> HttpResponse:
    if not may_deduct(filing, staff_of(request)):
        raise PermissionDenied("申报件不在您的岗位手中，不能扣分。")
    try:
        line = _line_of(row)
    except DeductionRefused as refused:
        messages.error(request, str(refused))
        return redirect("work:performance-evaluation", filing.public_id, subject)
    form = DeductionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _deduct(request, row, form):
        return redirect("work:performance-evaluation", filing.public_id, subject)
    evaluation = row.evaluation if isinstance(row, IndicatorResult) else row
    context = {
        "filing": filing, "subject": subject, "name": name, "form": form, "line": line,
        "facts": [("自评", evaluation.title), *facts],
        "deductions": row.deductions.select_related("made_by"),
    }  # fmt: skip
    return render(request, "performance/deduction.html", context)


def _line_of(row: Lowered) -> ScoreLine:
    return score_line(row) if isinstance(row, IndicatorResult) else block_score_line(row)


def _made(row: Lowered, pk: int) -> AnyDeduction:
    if isinstance(row, IndicatorResult):
        return get_object_or_404(ScoreDeduction, result=row, pk=pk)
    return get_object_or_404(BlockDeduction, evaluation=row, pk=pk)


def _deduct(request: HttpRequest, row: Lowered, form: DeductionForm) -> bool:
    staff, taken_back = staff_of(request), request.POST.get("take_back", "")
    try:
        if taken_back:
            pk = int(taken_back) if taken_back.isdecimal() and len(taken_back) < 19 else 0
            take_back_deduction(deduction=_made(row, pk), staff=staff)
            messages.success(request, "扣分已撤销，操作记录中保留。")
        elif form.is_valid():
            points, reason = form.cleaned_data["points"], form.cleaned_data["reason"]
            if isinstance(row, IndicatorResult):
                deduct_points(result=row, staff=staff, points=points, reason=reason)
            else:
                deduct_from_block(evaluation=row, staff=staff, points=points, reason=reason)
            messages.success(request, f"已扣 {plain(points)} 分。")
        else:
            return False
    except DeductionRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True
