"""Reads of departments, units and years; visibility starts here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import UserManager
from django.db import models
from django.db.models import Q

from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES, Role
from rulebook.editions import region_parents

if TYPE_CHECKING:
    from departments.models import StaffMember


def regions_under(region: str) -> set[str]:
    """The region and every region below it."""
    parents = region_parents()
    found = {region}
    grew = True
    while grew:
        below = {code for code, parent in parents.items() if parent in found} - found
        found |= below
        grew = bool(below)
    return found


def department_scope(staff: StaffMember, path: str = "") -> Q:
    """The condition "belongs to a department this person may see".

    ``path`` leads from the model to its department ("filing__department__"), empty for the
    department itself. Departmental roles see their own department, bureau roles the departments of
    their region and below; a system administrator sees none, being a superuser or not.
    """
    nothing = Q(pk__in=[])
    if not staff.is_authenticated or not staff.is_active:
        return nothing
    if staff.role in DEPARTMENT_ROLES and staff.department_id:
        return Q(**{f"{path}id" if path else "pk": staff.department_id})
    if staff.role in BUREAU_ROLES and staff.region_id:
        return Q(**{f"{path}region_id__in": regions_under(staff.region_id)})
    return nothing


class DepartmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(department_scope(staff))


class UnitQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(department_scope(staff, "department__"))

    def existing_in(self, fiscal_year: int) -> Self:
        """Units that file for a year: begun, and not yet ended or merged."""
        ended = Q(last_fiscal_year__isnull=True) | Q(last_fiscal_year__gte=fiscal_year)
        return self.filter(ended, first_fiscal_year__lte=fiscal_year)


class FiscalYearQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(is_open=True)


class StaffManager(UserManager[Any]):
    def visible_to(self, staff: StaffMember) -> models.QuerySet[Any]:
        """Accounts a system administrator manages; everyone else sees only themselves."""
        if staff.is_active and staff.role == Role.SYSTEM_ADMIN:
            return self.all()
        return self.filter(pk=staff.pk)

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> Any:
        """The first account of an installation: a system administrator, who has no department."""
        fields.setdefault("role", Role.SYSTEM_ADMIN.value)
        return super().create_superuser(username, email, password, **fields)
