"""预算年度: which years are open for filing, with what rules, opened and closed; 报送期限."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from budgets.models import FunctionalCode
from departments.models import FiscalYear, StaffMember
from departments.roles import Role
from departments.services import YEAR_KEEPERS, RegisterRefused, set_year_open
from departments.site import staff_of, staff_page
from filings.deadlines import set_deadline
from filings.models import Filing, FilingDeadline, FilingKind
from reviews.forms import day_input
from rulebook.editions import editions_of
from rulebook.layouts import FAMILY


class YearForm(forms.Form):
    """The year to open or close."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2099)


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year with what is ready for it; ``kinds`` are the books some region has rules for."""

    year: int
    is_open: bool
    filings: int
    kinds: tuple[str, ...]
    codes: int


def year_rows(staff: StaffMember) -> list[YearRow]:
    """All years, newest first, with the filings this person may see."""
    counts = dict(
        Filing.objects.visible_to(staff)
        .order_by()
        .values_list("fiscal_year")
        .annotate(found=Count("pk"))
    )
    return [
        YearRow(
            year.year,
            year.is_open,
            counts.get(year.year, 0),
            tuple(str(kind.label) for kind in FilingKind if _has_layout(kind.value, year.year)),
            FunctionalCode.objects.in_force_in(year.year).count(),
        )
        for year in FiscalYear.objects.all()
    ]


def _has_layout(kind: str, fiscal_year: int) -> bool:
    return any(e.kind == kind and e.covers(fiscal_year) for e in editions_of(FAMILY))


@staff_page(YEAR_KEEPERS)
@require_http_methods(["GET", "POST"])
def years_page(request: HttpRequest) -> HttpResponse:
    """The years; a POST opens or closes one."""
    rows = year_rows(staff_of(request))
    following = max((row.year for row in rows), default=None)
    initial = {"year": following + 1} if following else {}
    form = YearForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        year, is_open = form.cleaned_data["year"], "close" not in request.POST
        try:
            set_year_open(fiscal_year=year, is_open=is_open, staff=staff_of(request))
        except RegisterRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{year} 年已{'开放' if is_open else '关闭'}填报。")
        return redirect("work:years")
    return render(request, "reviews/years.html", {"rows": rows, "form": form})


class DeadlinesForm(forms.Form):
    """The day of each kind of filing of a year; an empty one is lifted."""

    year = forms.ModelChoiceField(
        FiscalYear.objects.all(), label="年度", empty_label=None, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in FilingKind:
            label = f"{kind.label}报送期限"
            self.fields[kind.value] = forms.DateField(
                label=label, widget=day_input(), required=False
            )

    def days(self) -> dict[str, date | None]:
        """Kind → day, of what was changed."""
        return {
            kind.value: self.cleaned_data[kind.value]
            for kind in FilingKind
            if kind.value in self.changed_data
        }


def _days_of(region: str | None, year: int) -> dict[str, date]:
    """The days a bureau set itself."""
    own = FilingDeadline.objects.filter(region=region, fiscal_year=year)
    return dict(own.values_list("kind", "due_on"))


@staff_page([Role.BUREAU_REVIEWER])
@require_http_methods(["GET", "POST"])
def deadlines_page(request: HttpRequest) -> HttpResponse:
    """报送期限 of the bureau's region, a form for each year."""
    staff = staff_of(request)
    forms_by_year = {
        year.year: DeadlinesForm(
            request.POST if request.POST.get("year") == str(year.year) else None,
            initial={"year": year.year, **_days_of(staff.region_id, year.year)},
            auto_id=f"id_{year.year}_%s",
        )
        for year in FiscalYear.objects.all()
    }
    bound = next((form for form in forms_by_year.values() if form.is_bound), None)
    if bound is not None and bound.is_valid():
        year = bound.cleaned_data["year"].pk
        for kind, day in bound.days().items():
            set_deadline(staff=staff, fiscal_year=year, kind=kind, due_on=day)
        messages.success(request, f"{year} 年报送期限已保存，办理中的申报件同时改用。")
        return redirect("work:deadlines")
    shown = {"forms": forms_by_year.items(), "form": bound, "region": staff.region}
    return render(request, "reviews/deadlines.html", shown)
