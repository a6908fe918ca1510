"""The budgets part of the staff site: catalogues, projects, and the addresses of our own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import escape

from budgets.catalogue_views import catalogue_file, catalogue_page
from budgets.checks.keys import PROCUREMENT, PROJECT_BUDGETS, PURCHASED_SERVICES
from budgets.department_views import department_page, department_sheet_page
from budgets.entry_views import cell_page, sheet_check, sheet_save
from budgets.import_views import findings_file, import_page, marked_page, preview_page
from budgets.list_resources import ListResource, csv_of
from budgets.list_views import list_entry_page, list_history, list_save
from budgets.models import (
    EconomicCode,
    FunctionalCode,
    ProcurementItem,
    ProcurementLine,
    Project,
    ProjectBudgetLine,
    PurchasedServiceLine,
    ServiceDirectoryEntry,
)
from budgets.published_views import published_page, published_preview
from budgets.resources import (
    CodeResource,
    EconomicCodeResource,
    FunctionalCodeResource,
    ProcurementItemResource,
    ServiceDirectoryResource,
    StrictResource,
)
from budgets.views import (
    evidence_page,
    open_missing_page,
    projects_page,
    sheet_page,
    template_page,
    withhold_page,
    workbooks_page,
)
from departments.models import BUREAU_ROLES, Role
from departments.site import ScopedAdmin, site, staff_of
from filings.models import Filing
from filings.states import State

BOOK = "filings/<uuid:filing>/books/<str:book>/"
SHEET = f"{BOOK}sheets/<str:sheet>/"
LIST = f"{BOOK}lists/<str:list_key>/"
PUBLISHED = "filings/<uuid:filing>/published/"
UPLOAD = f"{BOOK}import/<str:upload>/"

site.add_page("filings/<uuid:filing>/books/", workbooks_page, "filing_workbooks")
site.add_page("filings/<uuid:filing>/books/open/", open_missing_page, "filing_open_books")
site.add_page(SHEET, sheet_page, "filing_sheet")
site.add_page(f"{SHEET}check/", sheet_check, "filing_sheet_check")
site.add_page(f"{SHEET}save/", sheet_save, "filing_sheet_save")
site.add_page(f"{SHEET}cell/", cell_page, "filing_cell")
site.add_page(f"{SHEET}evidence/", evidence_page, "filing_sheet_evidence")
site.add_page(f"{SHEET}withhold/", withhold_page, "filing_sheet_withhold")
site.add_page(LIST, list_entry_page, "filing_list")
site.add_page(f"{LIST}save/", list_save, "filing_list_save")
site.add_page(f"{LIST}history/", list_history, "filing_list_history")
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


class TransferAdmin(ScopedAdmin):
    """Rows that are read here, written by importing files and taken out as a file."""

    importers: tuple[str, ...] = ()
    export_format = "XLSX"
    list_per_page = 100
    change_list_template = "budgets/codes.html"

    def resource_of(self, request: HttpRequest) -> StrictResource:
        """The resource that reads and writes files for this person."""
        raise NotImplementedError

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
        return catalogue_page(request, self.resource_of(request), done)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.file_of(request)

    def file_of(self, request: HttpRequest) -> HttpResponseBase:
        return catalogue_file(self.resource_of(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {
            "may_import": self.has_import_permission(request),
            "export_format": self.export_format,
        }
        return super().changelist_view(request, (extra_context or {}) | more)


class CodeAdmin(TransferAdmin):
    """A catalogue: read by everyone, changed only by importing a whole one."""

    readers = tuple(Role)
    importers = (Role.BUREAU_REVIEWER, Role.SYSTEM_ADMIN)
    resource: type[CodeResource]
    list_display = ("code", "name", "first_fiscal_year", "last_fiscal_year", "verified_mark")
    list_filter = ("is_verified", "first_fiscal_year")
    search_fields = ("code", "name")

    @admin.display(description="核实情况", ordering="is_verified")
    def verified_mark(self, code: Any) -> str:
        return "已核实" if code.is_verified else "未核实，待财政部门导入本年度目录"

    def resource_of(self, request: HttpRequest) -> StrictResource:
        return self.resource()


@admin.register(FunctionalCode, site=site)
class FunctionalCodeAdmin(CodeAdmin):
    resource = FunctionalCodeResource


@admin.register(EconomicCode, site=site)
class EconomicCodeAdmin(CodeAdmin):
    resource = EconomicCodeResource


@admin.register(ProcurementItem, site=site)
class ProcurementItemAdmin(CodeAdmin):
    resource = ProcurementItemResource


@admin.register(ServiceDirectoryEntry, site=site)
class ServiceDirectoryAdmin(CodeAdmin):
    resource = ServiceDirectoryResource


ON_ITS_WAY = (State.INTERNAL_REVIEW, State.SUBMITTED, State.APPROVED)
OVER = (State.PUBLISHED, State.WITHDRAWN)
PROJECT_FACTS = ("unit", "code", "name", "first_fiscal_year", "last_fiscal_year")
PROJECT_IDENTITY = ("unit", "code", "first_fiscal_year")


def filings_with(project: Project) -> set[int]:
    """The ids of the filings in which the project occurs, whatever part of them names it."""
    found: set[int] = set()
    for relation in Project._meta.related_objects:
        model: Any = relation.related_model
        if any(field.name == "filing" for field in model._meta.fields):
            rows = model._default_manager.filter(**{relation.field.name: project})
            found |= set(rows.values_list("filing", flat=True))
    return found


@admin.register(Project, site=site)
class ProjectAdmin(ScopedAdmin):
    """Projects of one's own units; a bureau reads them.

    What a filing says about a project stays as it is while the filing is reviewed; what publication
    identified it by stays for good. A filing that was returned may be mended.
    """

    readers = (Role.INTERNAL_REVIEWER, *BUREAU_ROLES)
    writers = (Role.PREPARER,)
    list_display = ("code", "name", "unit", "first_fiscal_year", "last_fiscal_year")
    list_filter = ("first_fiscal_year",)
    list_select_related = ("unit",)
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return PROJECT_IDENTITY if obj is not None and _first_in(obj, OVER) else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        fixed = obj is not None and _first_in(obj, ON_ITS_WAY) is not None
        return super().has_change_permission(request, obj) and not fixed

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        fixed = obj is not None and _first_in(obj, (*ON_ITS_WAY, *OVER)) is not None
        return super().has_delete_permission(request, obj) and not fixed

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": PROJECT_FACTS, "description": _why_locked(obj)})]


def _first_in(project: Project, states: tuple[State, ...]) -> Filing | None:
    found = Filing.objects.with_names().filter(pk__in=filings_with(project), state__in=states)
    return found.first()


def _why_locked(project: Project | None) -> str:
    """Which filing fixes a project, and what to do; empty while nothing does."""
    if project is None:
        return ""
    if filing := _first_in(project, ON_ITS_WAY):
        return f"{escape(filing)}{filing.status.label}，项目不能修改；收回或退回后可以修改。"
    if filing := _first_in(project, OVER):
        return f"{escape(filing)}{filing.status.label}，项目编码、单位和设立年度不再修改。"
    return ""


class ListAdmin(TransferAdmin):
    """Rows of a list over all units: a department imports its own, a bureau takes them out."""

    readers = (Role.PREPARER, Role.INTERNAL_REVIEWER, *BUREAU_ROLES)
    importers = (Role.PREPARER,)
    export_format = "CSV"
    key: str
    list_filter = ("filing__fiscal_year",)

    def resource_of(self, request: HttpRequest) -> StrictResource:
        return ListResource.of(self.key, staff_of(request))

    def file_of(self, request: HttpRequest) -> HttpResponseBase:
        return csv_of(ListResource.of(self.key, staff_of(request)))


@admin.register(ProjectBudgetLine, site=site)
class ProjectBudgetAdmin(ListAdmin):
    key = PROJECT_BUDGETS
    list_display = ("project", "filing", "kind", "frequency", "functional_code")
    list_select_related = ("project", "filing__department")
    search_fields = ("project__code", "project__name")


@admin.register(ProcurementLine, site=site)
class ProcurementAdmin(ListAdmin):
    key = PROCUREMENT
    list_display = ("unit", "number", "project_name", "item_code", "item_name", "amount", "filing")
    list_select_related = ("unit", "filing__department")
    search_fields = ("item_code", "item_name", "project_name")


@admin.register(PurchasedServiceLine, site=site)
class PurchasedServiceAdmin(ListAdmin):
    key = PURCHASED_SERVICES
    list_display = ("unit", "number", "project_name", "content", "amount", "filing")
    list_select_related = ("unit", "filing__department")
    search_fields = ("content", "project_name")
