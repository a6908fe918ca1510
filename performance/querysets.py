"""Reads of declarations and self-evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from filings.querysets import filing_scope

if TYPE_CHECKING:
    from departments.models import StaffMember


class DeclarationQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def with_rows(self) -> Self:
        return self.select_related("project").prefetch_related("goals__indicators")


class SelfEvaluationQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def with_rows(self) -> Self:
        return self.select_related("declaration__project").prefetch_related(
            "declaration__goals__indicators", "results__deductions"
        )
