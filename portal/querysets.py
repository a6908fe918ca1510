"""What the public may find: published reports and the marked old versions they corrected."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from departments.models import Department, DepartmentFormerName
from filings.models import Filing
from filings.states import State


def current_reports() -> QuerySet[Filing]:
    """Published reports, newest first: what lists and the search show."""
    reports = Filing.objects.current().select_related("department__region")
    return reports.prefetch_related("department__former_names").order_by("-published_at", "-id")


def versions_of(department_code: str, fiscal_year: int, kind: str) -> QuerySet[Filing]:
    """Every version that was ever published, newest first."""
    return (
        Filing.objects.filter(
            department__code=department_code,
            fiscal_year=fiscal_year,
            kind=kind,
            published_at__isnull=False,
            state__in=[State.PUBLISHED, State.WITHDRAWN],
        )
        .select_related("department__region")
        .prefetch_related("department__former_names")
        .order_by("-version")
    )


def named_like(words: str) -> Q:
    """Reports of departments whose name, short or former name contains every word."""
    condition = Q()
    for word in words.split():
        former = DepartmentFormerName.objects.filter(
            department=OuterRef("department"), name__icontains=word
        )
        condition &= Q(
            Q(department__name__icontains=word)
            | Q(department__short_names__icontains=word)
            | Q(Exists(former))
        )
    return condition


def departments_with_reports() -> QuerySet[Department]:
    published = Filing.objects.current().filter(department=OuterRef("pk"))
    return Department.objects.filter(Exists(published)).order_by("code")


def years_with_reports() -> list[int]:
    years = Filing.objects.current().order_by("-fiscal_year")
    return list(years.values_list("fiscal_year_id", flat=True).distinct())
