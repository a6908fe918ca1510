"""Pages of adding up: which parts make an indicator of the department, and what they give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES
from departments.permissions import may_enter
from departments.site import staff_of
from filings.models import Filing
from filings.pages import filing_page
from filings.services import FilingLocked
from performance.aggregation import suggest_feeds
from performance.aggregation_services import (
    AdoptionRefused,
    PartLink,
    adopt_aggregated,
    department_indicators,
    links_seal,
    part_indicators,
    save_links,
)
from performance.evaluation import DEPARTMENT, Aggregation
from performance.forms import Mistake, mistakes_of
from performance.models import Indicator
from performance.monitoring_forms import WanField
from performance.overview import find, overview_of
from performance.services import EditConflict
from performance.snapshots import indicator_key, indicator_snapshot
from performance.views import CONFLICT

READERS = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
METHODS = [("", "不汇总"), *((each.value, each.label) for each in Aggregation)]


class MethodForm(forms.Form):
    method = forms.ChoiceField(label="汇总方式", choices=METHODS, required=False)


class PartForm(forms.Form):
    feeds = forms.TypedChoiceField(label="汇总到", coerce=int, empty_value=None, required=False)
    money_weight = WanField(label="资金权重（万元）")

    def __init__(self, *args: Any, choices: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["feeds"].choices = choices  # type: ignore[attr-defined]


class LinkForms:
    """The page as one form: a method per indicator of the department, a link per part.

    A part without a link is proposed the indicator of the same name; only saving keeps it.
    """

    def __init__(self, filing: Filing, data: Mapping[str, Any] | None = None) -> None:
        own = list(department_indicators(filing))
        choices: list[tuple[Any, str]] = [("", "不汇总")]
        choices += [(row.pk, f"{indicator_key(row.goal, row)} {row.name}") for row in own]
        self.methods = [
            (row, MethodForm(data, prefix=f"own-{row.pk}", initial={"method": row.aggregation}))
            for row in own
        ]
        proposed = {row.pk: indicator_snapshot(row.goal, row) for row in own}
        keys = {snapshot.key: pk for pk, snapshot in proposed.items()}
        self.parts = []
        for row in part_indicators(filing):
            found = None
            if row.feeds_id is None:
                found = suggest_feeds(indicator_snapshot(row.goal, row), proposed.values())
            suggested = keys[found.key] if found else None
            initial = {"feeds": row.feeds_id or suggested, "money_weight": row.money_weight}
            form = PartForm(data, prefix=f"part-{row.pk}", choices=choices, initial=initial)
            self.parts.append((row, form, suggested is not None))

    def is_valid(self) -> bool:
        every = [*(form for _, form in self.methods), *(form for _, form, _ in self.parts)]
        checked = [form.is_valid() for form in every]
        return all(checked)

    @property
    def mistakes(self) -> list[Mistake]:
        found: list[Mistake] = []
        for row, form, _ in self.parts:
            found += mistakes_of(f"{_title(row)}“{row.name}” ", form) if form.is_bound else []
        return found

    @property
    def chosen_methods(self) -> dict[int, str]:
        return {row.pk: form.cleaned_data["method"] for row, form in self.methods}

    @property
    def chosen_links(self) -> dict[int, PartLink]:
        return {row.pk: PartLink(**form.cleaned_data) for row, form, _ in self.parts}


def _title(row: Indicator) -> str:
    return str(row.goal.declaration)


@filing_page(READERS, editable=True)
def links_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """汇总关系: link the parts to the department's indicators and say how these add up."""
    staff = staff_of(request)
    editable = filing.is_editable and may_enter(staff)
    if request.method == "POST" and not editable:
        raise PermissionDenied("只有填报岗位可以修改。")
    form = LinkForms(filing, request.POST if request.method == "POST" else None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            save_links(
                filing=filing, staff=staff, seal=request.POST.get("seal", ""),
                methods=form.chosen_methods, links=form.chosen_links,
            )  # fmt: skip
        except EditConflict:
            conflict = CONFLICT
        except FilingLocked as locked:
            raise PermissionDenied(str(locked)) from locked
        else:
            messages.success(request, "汇总关系已保存。")
            return redirect(request.path)
    context = {
        "filing": filing,
        "form": form,
        "conflict": conflict,
        "seal": links_seal(filing),
        "editable": editable,
    }
    return render(request, "performance/aggregation/links.html", context)


@filing_page(READERS, editable=True)
def aggregation_page(request: HttpRequest, filing: Filing) -> HttpResponse:
    """What the parts give for each shared indicator, beside what the department states."""
    staff = staff_of(request)
    if request.method == "POST":
        if not may_enter(staff):
            raise PermissionDenied("只有填报岗位可以修改。")
        _adopt(request, filing)
        return redirect(request.path)
    whole = find(overview_of(filing), DEPARTMENT)
    evaluated = whole.evaluated if whole else None
    rows = (
        [(each, evaluated.snapshot.result_of(each.key)) for each in evaluated.aggregated]
        if evaluated
        else []
    )
    context = {
        "filing": filing,
        "rows": rows,
        "evaluated": evaluated,
        "editable": filing.is_editable and may_enter(staff),
    }
    return render(request, "performance/aggregation/results.html", context)


def _adopt(request: HttpRequest, filing: Filing) -> None:
    key, text = request.POST.get("key", ""), request.POST.get("text", "")
    try:
        found = adopt_aggregated(filing=filing, staff=staff_of(request), key=key, text=text)
    except AdoptionRefused as refused:
        messages.error(request, str(refused))
    except FilingLocked as locked:
        raise PermissionDenied(str(locked)) from locked
    else:
        messages.success(request, f"指标“{found.name}”已采用汇总值“{found.text}”。")
