"""单位: the register as the bureau reads and changes it, with preview and receipt."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from budgets.unit_changes import Outcome, UnitChangeRefused, rehearse
from departments.models import StaffMember, Unit
from departments.roles import Role
from departments.services import RegisterRefused
from departments.site import View, staff_of, staff_page
from filings.models import Filing
from reviews.forms import posted
from reviews.unit_forms import MergeForm, RenameForm, SplitForm, UnitChangeForm
from rulebook.findings import Finding

KEEPERS = (Role.BUREAU_REVIEWER,)
PER_PAGE = 50


@staff_page(KEEPERS)
@require_GET
def units_page(request: HttpRequest) -> HttpResponse:
    """The units of the bureau's departments, found by name (also a former one) or code."""
    words = request.GET.get("q", "").strip()
    found = Unit.objects.visible_to(staff_of(request)).select_related("department", "successor")
    if words:
        named = Q(name__contains=words) | Q(former_names__name__contains=words)
        named |= Q(code__startswith=words) | Q(department__name__contains=words)
        found = found.filter(named).distinct()
    page = Paginator(found.prefetch_related("former_names"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "reviews/units.html", {"page": page, "words": words})


@staff_page(KEEPERS)
@require_GET
def unit_page(request: HttpRequest, unit: str) -> HttpResponse:
    """One unit: its names by year, what changed it with receipts, and the filings it is in."""
    staff = staff_of(request)
    found = _unit_or_404(staff, unit)
    filings = Filing.objects.visible_to(staff).with_names().filter(workbooks__unit=found)
    context = {
        "unit": found,
        "changes": found.changes.select_related("made_by").prefetch_related("units"),
        "filings": [(filing, found.name_in(filing.fiscal_year_id)) for filing in filings],
    }
    return render(request, "reviews/unit.html", context)


def _unit_or_404(staff: StaffMember, code: str) -> Unit:
    units = Unit.objects.visible_to(staff).select_related("department", "successor", "split_from")
    return get_object_or_404(units.prefetch_related("former_names"), code=code)


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of change: its name, its form, and what it does in one sentence."""

    title: str
    form: type[UnitChangeForm]
    explained: str


RENAME = Act("更名", RenameForm, "从所填年度起使用新名称；以前年度的报表和报告仍用当年的名称。")
MERGE = Act(
    "合并",
    MergeForm,
    "从所填年度起，所选单位并入本单位填报；它们以前年度的报表保留，上年数并入本单位。"
    "并入新设单位的，请系统管理员先登记新单位。",
)
SPLIT = Act("拆分", SplitForm, "从所填年度起，由本单位分设新单位；以前年度的报表仍归本单位。")


def change_page(act: Act) -> View:
    """The page of a change: the form, then a preview of what it does, then the confirmation."""

    @staff_page(KEEPERS)
    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest, unit: str) -> HttpResponse:
        staff = staff_of(request)
        found = _unit_or_404(staff, unit)
        form = act.form(posted(request), unit=found)
        context: dict[str, Any] = {"unit": found, "act": act, "form": form}
        if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
            try:
                return _rehearsed(request, form, staff, context)
            except RegisterRefused as refused:
                form.add_error(None, str(refused))
            except UnitChangeRefused as refused:
                context["findings"] = _shown(refused.findings)
        context["unit"] = _unit_or_404(staff, unit)
        return render(request, "reviews/unit_change.html", context)

    return page


def _rehearsed(
    request: HttpRequest, form: UnitChangeForm, staff: StaffMember, context: dict[str, Any]
) -> HttpResponse:
    """Show what the change would do, or do it where exactly this was shown before.

    Raises RegisterRefused, UnitChangeRefused.
    """
    outcome = rehearse(lambda: form.make(staff))
    seal = _seal(outcome)
    form.unit = _unit_or_404(staff, form.unit.code)
    if request.POST.get("confirm") == seal:
        change = form.make(staff).change
        messages.success(request, f"已登记{change.get_kind_display()}，回执编号 {change.number}。")
        return redirect("work:unit", form.unit.code)
    if "confirm" in request.POST:
        messages.warning(request, "预览之后情况有变化，请重新核对后再确认。")
    shown = {"seal": seal, "lines": outcome.lines, "notices": _shown(outcome.notices)}
    return render(request, "reviews/unit_preview.html", context | shown | {"unit": form.unit})


def _seal(outcome: Outcome) -> str:
    """The fingerprint of what was previewed."""
    change = outcome.change
    said = [change.kind, change.fiscal_year, str(change.decided_on), change.reason]
    said += [outcome.lines, [notice.identity for notice in outcome.notices]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _shown(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Findings as the panel prints them; a draft of a department has no page for the bureau."""
    names = ("check_id", "severity", "title", "label", "message", "hint", "identity")
    return [{name: getattr(finding, name) for name in names} for finding in findings]


rename_page, merge_page, split_page = map(change_page, (RENAME, MERGE, SPLIT))
