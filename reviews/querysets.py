"""Reads of remarks and waivers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from departments.querysets import department_scope
from departments.roles import BUREAU_ROLES
from filings.querysets import filing_scope

if TYPE_CHECKING:
    from departments.models import StaffMember


class RemarkQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        """A department sees the remarks that were sent; a bureau also those still being written."""
        scope = self.filter(filing_scope(staff, "filing__"))
        return scope if staff.role in BUREAU_ROLES else scope.filter(is_sent=True)

    def unanswered(self) -> Self:
        return self.filter(is_sent=True, answer="")


class WaiverQuerySet(models.QuerySet[Any]):
    def granted_in(self, staff: StaffMember) -> Self:
        """Waivers for departments this bureau looks after, drafts included."""
        return self.filter(department_scope(staff, "filing__department__"))

    def in_force_on(self, day: date) -> Self:
        return self.filter(expires_on__gte=day)
