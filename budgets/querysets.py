"""Reads of catalogues, projects and workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from departments.querysets import department_scope
from filings.querysets import filing_scope

if TYPE_CHECKING:
    from departments.models import StaffMember


class CodeQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        """Catalogues belong to no department: whoever may sign in may read them."""
        return self if staff.is_authenticated and staff.is_active else self.none()

    def in_force_in(self, fiscal_year: int) -> Self:
        ended = Q(last_fiscal_year__isnull=True) | Q(last_fiscal_year__gte=fiscal_year)
        return self.filter(ended, first_fiscal_year__lte=fiscal_year)


class ProjectQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(department_scope(staff, "unit__department__"))

    def in_force_in(self, fiscal_year: int) -> Self:
        ended = Q(last_fiscal_year__isnull=True) | Q(last_fiscal_year__gte=fiscal_year)
        return self.filter(ended, first_fiscal_year__lte=fiscal_year)


class ProjectYearQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))


class BudgetListQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def with_places(self) -> Self:
        """Rows of purchases with their units and projects, in printing order."""
        return self.select_related("unit", "project").order_by("unit__code", "number")


class WorkbookQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def with_names(self) -> Self:
        """With what a page or a snapshot says about them besides their cells."""
        named = self.select_related("unit", "filing__department__region", "filing__fiscal_year")
        return named.prefetch_related("unit__former_names")


class CellQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "workbook__filing__"))


class UploadQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))
