"""The budgets part of the staff site: catalogues, projects, and the addresses of our own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from budgets.catalogue_views import catalogue_file, catalogue_page
from budgets.department_views import department_page, department_sheet_page
from budgets.entry_views import cell_page, sheet_check, sheet_save
from budgets.import_views import findings_file, import_page, marked_page, preview_page
from budgets.models import EconomicCode, FunctionalCode, Project
from budgets.published_views import published_page, published_preview
from budgets.resources import CodeResource, EconomicCodeResource, FunctionalCodeResource
from budgets.views import (
    evidence_page,
    projects_page,
    sheet_page,
    template_page,
    withhold_page,
    workbooks_page,
)
from departments.models import BUREAU_ROLES, Role
from departments.site import ScopedAdmin, site

BOOK = "filings/<uuid:filing>/books/<str:book>/"
SHEET = f"{BOOK}sheets/<str:sheet>/"
PUBLISHED = "filings/<uuid:filing>/published/"
UPLOAD = f"{BOOK}import/<str:upload>/"

site.add_page("filings/<uuid:filing>/books/", workbooks_page, "filing_workbooks")
site.add_page(SHEET, sheet_page, "filing_sheet")
site.add_page(f"{SHEET}check/", sheet_check, "filing_sheet_check")
site.add_page(f"{SHEET}save/", sheet_save, "filing_sheet_save")
site.add_page(f"{SHEET}cell/", cell_page, "filing_cell")
site.add_page(f"{SHEET}evidence/", evidence_page, "filing_sheet_evidence")
site.add_page(f"{SHEET}withhold/", withhold_page, "filing_sheet_withhold")
site.add_page(f"{BOOK}template/", template_page, "filing_template")
site.add_page(f"{BOOK}import/", import_page, "filing_import")
site.add_page("filings/<uuid:filing>/published/", published_page, "filing_published")
site.add_page(
    "filings/<uuid:filing>/published/<str:upload>/", published_preview, "filing_published_preview"
)
site.add_page(UPLOAD, preview_page, "filing_import_preview")
site.add_page(f"{UPLOAD}findings/", findings_file, "filing_import_findings")
site.add_page("filings/<uuid:filing>/department/", department_page, "filing_department")
site.add_page(
    "filings/<uuid:filing>/department/<str:sheet>/",
    department_sheet_page,
    "filing_department_sheet",
)
site.add_page(f"{UPLOAD}marked/", marked_page, "filing_import_marked")
site.add_page("filings/<uuid:filing>/projects/", projects_page, "filing_projects")


class CodeAdmin(ScopedAdmin):
    """A catalogue: read by everyone, changed only by importing a whole one."""

    readers = tuple(Role)
    importers = (Role.BUREAU_REVIEWER, Role.SYSTEM_ADMIN)
    resource: type[CodeResource]
    list_display = ("code", "name", "first_fiscal_year", "last_fiscal_year", "verified_mark")
    list_filter = ("is_verified", "first_fiscal_year")
    search_fields = ("code", "name")
    list_per_page = 100
    change_list_template = "budgets/codes.html"

    @admin.display(description="核实情况", ordering="is_verified")
    def verified_mark(self, code: Any) -> str:
        return "已核实" if code.is_verified else "未核实，待财政部门导入本年度目录"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self._is(request, self.importers)

    def get_urls(self) -> list[Any]:
        name = self.opts.model_name
        own: list[URLPattern] = [
            path("import/", site.admin_view(self.import_view), name=f"budgets_{name}_import"),
            path("export/", site.admin_view(self.export_view), name=f"budgets_{name}_export"),
        ]
        return own + list(super().get_urls())

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        done = reverse(f"work:budgets_{self.opts.model_name}_changelist")
        return catalogue_page(request, self.resource(), done)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return catalogue_file(self.resource())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_import = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, (extra_context or {}) | may_import)


@admin.register(FunctionalCode, site=site)
class FunctionalCodeAdmin(CodeAdmin):
    resource = FunctionalCodeResource


@admin.register(EconomicCode, site=site)
class EconomicCodeAdmin(CodeAdmin):
    resource = EconomicCodeResource


@admin.register(Project, site=site)
class ProjectAdmin(ScopedAdmin):
    """Projects of one's own units; a bureau reads them."""

    readers = (Role.INTERNAL_REVIEWER, *BUREAU_ROLES)
    writers = (Role.PREPARER,)
    list_display = ("code", "name", "unit", "first_fiscal_year", "last_fiscal_year")
    list_filter = ("first_fiscal_year",)
    list_select_related = ("unit",)
    search_fields = ("code", "name")
