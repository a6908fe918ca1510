"""PURE: the roles of staff (岗位)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The first two belong to a department, the next two to the bureau of a region."""

    PREPARER = "preparer"
    INTERNAL_REVIEWER = "internal_reviewer"
    BUREAU_REVIEWER = "bureau_reviewer"
    PUBLISHER = "publisher"
    SYSTEM_ADMIN = "system_admin"

    @property
    def label(self) -> str:
        return {
            "preparer": "填报",
            "internal_reviewer": "部门复核",
            "bureau_reviewer": "财政审核",
            "publisher": "财政发布",
            "system_admin": "系统管理",
        }[self.value]


DEPARTMENT_ROLES = (Role.PREPARER, Role.INTERNAL_REVIEWER)
BUREAU_ROLES = (Role.BUREAU_REVIEWER, Role.PUBLISHER)
