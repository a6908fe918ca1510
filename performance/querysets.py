"""Reads of declarations and self-evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from filings.querysets import filing_scope
from performance.evaluation import DEPARTMENT, unit_of_subject

if TYPE_CHECKING:
    from departments.models import StaffMember


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
            "goals__indicators__feeds__goal", "texts", "amounts", "details", "assets"
        )


class SelfEvaluationQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def with_rows(self) -> Self:
        return self.select_related("declaration__project", "declaration__unit").prefetch_related(
            "declaration__goals__indicators__feeds__goal",
            *(f"declaration__{rows}" for rows in ("texts", "amounts", "details", "assets")),
            "results__deductions",
            "texts",
            "amounts",
            "claimed",
            "deductions",
        )
