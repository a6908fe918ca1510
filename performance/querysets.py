"""Reads of declarations and self-evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from filings.querysets import filing_scope

if TYPE_CHECKING:
    from departments.models import StaffMember

DECLARED_ROWS = ("texts", "amounts", "details", "assets", "changes")
"""What belongs to a declaration beside its goals."""


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
        return self.select_related("declaration__project", "declaration__unit").prefetch_related(
            "declaration__goals__indicators__feeds__goal",
            *(f"declaration__{rows}" for rows in DECLARED_ROWS),
            "results__deductions",
            "texts",
            "amounts",
            "claimed",
            "deductions",
        )
