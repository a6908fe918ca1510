"""Reads of texts, reasons and rendered files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from departments.roles import DEPARTMENT_ROLES
from filings.querysets import filing_scope

if TYPE_CHECKING:
    from departments.models import StaffMember
    from filings.models import Snapshot


class TextQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))


class ReasonQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))


class PrintedExtractQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))


class RenderedFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        """Drafts are for the department; a bureau reads what was made from frozen snapshots."""
        scope = self.filter(filing_scope(staff, "filing__"))
        return scope if staff.role in DEPARTMENT_ROLES else scope.handed_in()

    def handed_in(self) -> Self:
        """Official files, and what else was made from nothing but frozen submissions."""
        return self.filter(models.Q(is_draft=False) | models.Q(snapshot__isnull=False))

    def official(self) -> Self:
        """The reports as they are published."""
        return self.filter(is_draft=False)

    def of_snapshot(self, snapshot: Snapshot) -> Self:
        """The official file with the content of a snapshot, also when it was frozen twice."""
        return self.official().filter(filing=snapshot.filing_id, source_sha256=snapshot.sha256)
