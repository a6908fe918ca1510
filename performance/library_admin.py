"""The library of indicators in the staff site: a bureau keeps its own, everybody below reads it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from budgets.admin import TransferAdmin
from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES, Role
from departments.site import site, staff_of
from performance.library_resource import LibraryResource
from performance.models import LibraryIndicator


@admin.register(LibraryIndicator, site=site)
class LibraryIndicatorAdmin(TransferAdmin):
    """Rows of regions above are read; those of one's own are imported or kept by hand."""

    readers = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
    writers = (Role.BUREAU_REVIEWER,)
    importers = (Role.BUREAU_REVIEWER,)
    list_display = ("name", "scope", "tier_one", "tier_two", "kind", "reference", "source")
    list_filter = ("scope", "tier_one", "kind")
    search_fields = ("name", "tier_one", "tier_two", "words", "source")
    exclude = ("region",)

    def resource_of(self, request: HttpRequest) -> LibraryResource:
        staff = staff_of(request)
        region = staff.department.region if staff.department else staff.region
        if region is None:
            raise PermissionDenied
        return LibraryResource(region)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_own(request, obj)

    def _is_own(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or obj.region_id == staff_of(request).region_id

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.region_id = staff_of(request).region_id
        super().save_model(request, obj, form, change)
