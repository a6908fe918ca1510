"""Pages of targets that were approved with the budget, and of the requests to change them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from departments.permissions import may_enter
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from performance.composing import change_words
from performance.forms import DIRECTIONS, KINDS, PointsField, line_field
from performance.indicators import tree_of
from performance.links import shown
from performance.models import Goal, Indicator, TargetChange
from performance.overview import find, overview_of
from performance.scoring.steps import plain
from performance.snapshots import target_change
from performance.target_changes import (
    CHANGEABLE,
    ChangeRefused,
    ask_addition,
    ask_changes,
    ask_removal,
    decide_change,
    may_decide,
    take_back_change,
)
from performance.views import READERS, declaration_or_404, enter_or_refuse, filing_context
from rulebook.forms import Horizon


class ReasonForm(forms.Form):
    """Why a target should change, or why the reviewer decides as he does."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ChangeForm(ReasonForm):
    """An indicator as it should be."""

    name = line_field(Indicator, "name")
    target = line_field(Indicator, "target", required=False)
    kind = forms.ChoiceField(label="性质", choices=KINDS)
    direction = forms.ChoiceField(label="方向", choices=DIRECTIONS, required=False)
    tier_one = line_field(Indicator, "tier_one", options="tier-ones")
    tier_two = line_field(Indicator, "tier_two", options="tier-twos")

    field_order: tuple[str, ...] = (*CHANGEABLE, "reason")


class AdditionForm(ChangeForm):
    """An indicator to be added under a goal."""

    weight = PointsField(label="分值")

    field_order = (
        "name",
        "target",
        "kind",
        "direction",
        "tier_one",
        "tier_two",
        "weight",
        "reason",
    )


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request in words, and who asked and decided; ``about`` names its subject in a report."""

    row: TargetChange
    words: str
    about: str = ""


def request_views(
    changes: Iterable[TargetChange], names: Mapping[str, str] | None = None
) -> list[RequestView]:
    """Requests as they are read on the screen; ``names`` are those of the subjects of a report."""
    known = names or {}
    return [
        RequestView(row, change_words(target_change(row)), known.get(row.subject, ""))
        for row in changes
    ]


@filing_page(READERS)
def approved_targets_page(request: HttpRequest, filing: Filing, subject: str) -> HttpResponse:
    """The targets as approved, where they came from, and the requests to change them."""
    overview = overview_of(filing)
    found = find(overview, subject)
    if found is None or found.declared is None or not found.declared.row.is_generated:
        raise Http404
    row = found.declared.row
    changes = row.changes.select_related("asked_by", "decided_by")
    goals = [goal for goal in row.goals.all() if goal.horizon == Horizon.ANNUAL]
    context = filing_context(
        request, filing, overview, current=found, row=row, goals=goals,
        findings=[shown(filing, finding) for finding in found.declared.findings],
        requests=request_views(changes), may_decide=may_decide(filing, staff_of(request)),
        form=ReasonForm(),
    )  # fmt: skip
    return render(request, "performance/evaluation_targets.html", context)


@filing_page(READERS, editable=True)
def ask_change_page(
    request: HttpRequest, filing: Filing, subject: str, indicator: int
) -> HttpResponse:
    """Ask for other values of an indicator, or for it to be left out."""
    declaration = declaration_or_404(filing, subject)
    own = Indicator.objects.filter(goal__declaration=declaration)
    row = get_object_or_404(own.select_related("goal__declaration__filing"), pk=indicator)
    _may_ask(request, filing)
    initial = {field: getattr(row, field) for field in CHANGEABLE}
    removes = "remove" in request.POST
    data = request.POST if request.method == "POST" else None
    form = (ReasonForm if removes else ChangeForm)(data, initial=initial)
    if data is not None and form.is_valid() and _asked(request, row, form):
        return redirect("work:performance-approved-targets", filing.public_id, subject)
    given = initial | {"reason": request.POST.get("reason", "")}
    shown_form = ChangeForm(given) if removes else form
    context = _ask_context(request, filing, subject, declaration.form, shown_form)
    return render(request, "performance/evaluation_change.html", context | {"indicator": row})


def _asked(request: HttpRequest, row: Indicator, form: forms.Form) -> bool:
    """Make the requests of the form, all or none."""
    staff, reason = staff_of(request), form.cleaned_data["reason"]
    changed = [field for field in form.changed_data if field in CHANGEABLE]
    try:
        if "remove" in request.POST:
            ask_removal(indicator=row, staff=staff, reason=reason)
        elif not changed:
            form.add_error(None, "没有改动任何一栏，没有需要申请的内容。")
            return False
        else:
            values = {field: form.cleaned_data[field] for field in changed}
            ask_changes(indicator=row, staff=staff, values=values, reason=reason)
    except ChangeRefused as refused:
        form.add_error(None, str(refused))
        return False
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    messages.success(request, "申请已记下，审核人决定之前仍按批复的目标计分。")
    return True


@filing_page(READERS, editable=True)
def ask_addition_page(
    request: HttpRequest, filing: Filing, subject: str, goal: int
) -> HttpResponse:
    """Ask for another indicator under a goal."""
    declaration = declaration_or_404(filing, subject)
    goals = Goal.objects.filter(declaration=declaration, horizon=Horizon.ANNUAL.value)
    row = get_object_or_404(goals.select_related("declaration__filing"), pk=goal)
    _may_ask(request, filing)
    form = AdditionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _added(request, row, form):
        return redirect("work:performance-approved-targets", filing.public_id, subject)
    context = _ask_context(request, filing, subject, declaration.form, form)
    return render(request, "performance/evaluation_change.html", context | {"goal": row})


def _added(request: HttpRequest, goal: Goal, form: AdditionForm) -> bool:
    given = dict(form.cleaned_data)
    reason, weight = given.pop("reason"), given.pop("weight")
    values = given | {"weight": "" if weight is None else plain(weight)}
    try:
        ask_addition(goal=goal, staff=staff_of(request), values=values, reason=reason)
    except ChangeRefused as refused:
        form.add_error(None, str(refused))
        return False
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    messages.success(request, "申请已记下，审核人同意之后这项指标才列入自评。")
    return True


def _may_ask(request: HttpRequest, filing: Filing) -> None:
    enter_or_refuse(request)
    if not filing.is_editable:
        raise PermissionDenied("这份申报件当前不能修改。")


def _ask_context(
    request: HttpRequest, filing: Filing, subject: str, edition: str, form: forms.Form
) -> dict[str, Any]:
    return {
        "filing": filing, "subject": subject, "form": form, "tree": tree_of(edition),
        "editable": filing.is_editable and may_enter(staff_of(request)),
    }  # fmt: skip


@require_POST
@filing_page(READERS)
def settle_change(request: HttpRequest, filing: Filing, subject: str, change: int) -> HttpResponse:
    """The reviewer decides on a request, or the filer takes it back."""
    own = TargetChange.objects.filter(declaration=declaration_or_404(filing, subject))
    row = get_object_or_404(own.select_related("declaration__filing"), pk=change)
    staff = staff_of(request)
    try:
        if "take_back" in request.POST:
            enter_or_refuse(request)
            take_back_change(change=row, staff=staff)
            messages.success(request, "申请已撤回。")
        else:
            if not may_decide(filing, staff):
                raise PermissionDenied("只有审核人在申报件送审后可以决定目标调整申请。")
            decide(request, row, accepted="已同意，目标和得分已经更新。")
    except ChangeRefused as refused:
        messages.error(request, str(refused))
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    return redirect("work:performance-approved-targets", filing.public_id, subject)


def decide(request: HttpRequest, change: TargetChange, *, accepted: str) -> None:
    """Decide as was sent, and say what came of it; ``accepted`` says what an acceptance does."""
    accept, reason = "accept" in request.POST, request.POST.get("reason", "")[:500]
    try:
        decide_change(change=change, staff=staff_of(request), accept=accept, reason=reason)
    except ChangeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, accepted if accept else "已不同意，仍按批复的目标。")
