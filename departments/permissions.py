"""Who may do what, as plain functions of a person; what they may see is in the querysets."""

from __future__ import annotations

from collections.abc import Iterable

from departments.models import StaffMember
from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES, Role


def has_role(staff: StaffMember, roles: Iterable[str]) -> bool:
    """Whether the person is active and holds one of the roles."""
    return staff.is_active and staff.role in set(roles)


def may_enter(staff: StaffMember) -> bool:
    """Whether the person files data (填报) for a department."""
    return has_role(staff, [Role.PREPARER])


def is_departmental(staff: StaffMember) -> bool:
    return has_role(staff, DEPARTMENT_ROLES)


def is_bureau(staff: StaffMember) -> bool:
    return has_role(staff, BUREAU_ROLES)
