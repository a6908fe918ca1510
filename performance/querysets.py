"""Reads of declarations and self-evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES
from filings.querysets import filing_scope
from performance.evaluation import DEPARTMENT, unit_of_subject
from rulebook.editions import region_chain

if TYPE_CHECKING:
    from departments.models import StaffMember

DECLARED_ROWS = ("texts", "amounts", "details", "assets", "changes")
"""What belongs to a declaration beside its goals."""


def of_subject(subject: str) -> models.Q:
    """Declarations of the department, of a unit or of a project."""
    if subject == DEPARTMENT:
        return models.Q(project__isnull=True, unit__isnull=True)
    if unit := unit_of_subject(subject):
        return models.Q(unit__code=unit)
    return models.Q(project__code=subject)


class DeclarationQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def with_rows(self) -> Self:
        return self.select_related("project", "unit").prefetch_related(
            "goals__indicators__feeds__goal", *DECLARED_ROWS
        )


class SelfEvaluationQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def with_rows(self) -> Self:
        """The evaluations with all that belongs to them and to their declarations."""
        return (
            self.with_results()
            .select_related("declaration__project", "declaration__unit")
            .prefetch_related(
                "declaration__goals__indicators__feeds__goal",
                *(f"declaration__{rows}" for rows in DECLARED_ROWS),
            )
        )

    def with_results(self) -> Self:
        """The evaluations with all that belongs to them, for declarations that are known."""
        return self.prefetch_related(
            "results__deductions", "texts", "amounts", "claimed", "deductions"
        )


class LibraryQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        """The library of one's own region and of those above it."""
        if not staff.is_authenticated or not staff.is_active:
            return self.none()
        region = ""
        if staff.role in DEPARTMENT_ROLES and staff.department:
            region = staff.department.region_id
        elif staff.role in BUREAU_ROLES:
            region = staff.region_id or ""
        return self.in_force_in(region)

    def in_force_in(self, region: str) -> Self:
        """What departments of a region may use."""
        return self.filter(region_id__in=list(region_chain(region)))

    def about(self, words: str) -> Self:
        """Rows in which every one of the words occurs, wherever it does."""
        found = self
        for word in words.split():
            anywhere = Q()
            for field in ("name", "words", "tier_one", "tier_two", "source"):
                anywhere |= Q(**{f"{field}__icontains": word})
            found = found.filter(anywhere)
        return found


class FormUploadQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))


class MonitoringQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        """A department's own reports; a bureau's those that were handed in to it."""
        found = self.filter(filing_scope(staff, "filing__"))
        is_bureau = staff.is_authenticated and staff.role in BUREAU_ROLES
        return found.exclude(submitted_at=None) if is_bureau else found

    def with_names(self) -> Self:
        return self.select_related("filing__department__region", "submitted_by", "decided_by")


class ResultDecisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "evaluation__filing__"))
