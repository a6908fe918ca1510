"""Targets and self-evaluations in the staff site: read-only lists, and the pages to file them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES
from departments.site import ScopedAdmin, site
from performance import (
    aggregation_views,
    declaration_views,
    evaluation_views,
    excel_views,
    monitoring_views,
    result_views,
    target_change_views,
    views,
)
from performance.library_admin import LibraryIndicatorAdmin
from performance.library_views import library_page
from performance.models import SelfEvaluation, TargetDeclaration
from performance.snapshots import subject_of

__all__ = ["LibraryIndicatorAdmin", "SelfEvaluationAdmin", "TargetDeclarationAdmin"]

PAGES = "filings/<uuid:filing>/performance/"
OF_SUBJECT = f"{PAGES}<slug:subject>/"
MONITORING = "filings/<uuid:filing>/monitoring/"
OF_MONTH = f"{MONITORING}<int:month>/"

OF_ROWS = f"{OF_SUBJECT}targets/rows/<slug:block>/"


class FiledAdmin(ScopedAdmin):
    """A list of what is filed, without writers; entry goes through the pages below."""

    readers = (*DEPARTMENT_ROLES, *BUREAU_ROLES)
    list_display_links = None


@admin.register(TargetDeclaration, site=site)
class TargetDeclarationAdmin(FiledAdmin):
    list_display = ("page", "filing")
    list_select_related = ("filing__department", "project")
    search_fields = ("project__name", "project__code", "filing__department__name")

    @admin.display(description="绩效目标")
    def page(self, row: TargetDeclaration) -> SafeString:
        return _link("work:performance-targets", row, row)


@admin.register(SelfEvaluation, site=site)
class SelfEvaluationAdmin(FiledAdmin):
    list_display = ("page", "filing", "filled_on", "total", "grade")
    list_select_related = ("filing__department", "declaration__project", "scorecard")
    search_fields = ("title", "filing__department__name")

    @admin.display(description="绩效自评")
    def page(self, row: SelfEvaluation) -> SafeString:
        return _link("work:performance-evaluation", row, row.declaration)

    @admin.display(description="总分", empty_value="待答")
    def total(self, row: SelfEvaluation) -> Any:
        return row.scorecard.total if hasattr(row, "scorecard") else None

    @admin.display(description="等级", empty_value="待定")
    def grade(self, row: SelfEvaluation) -> Any:
        return (row.scorecard.grade or None) if hasattr(row, "scorecard") else None


def _link(name: str, row: Any, declaration: TargetDeclaration) -> SafeString:
    address = reverse(name, args=[row.filing.public_id, subject_of(declaration)])
    return format_html('<a href="{}">{}</a>', address, row)


site.add_page(PAGES, views.performance_page, "performance")
site.add_page(f"{OF_SUBJECT}targets/", views.targets_page, "performance-targets")
site.add_page(f"{OF_SUBJECT}targets/open/", views.open_targets, "performance-open-targets")
site.add_page(
    f"{OF_SUBJECT}targets/check/", declaration_views.declaration_check, "performance-targets-check"
)
site.add_page(OF_ROWS, declaration_views.rows_page, "performance-target-rows")
site.add_page(f"{OF_ROWS}save/", declaration_views.rows_save, "performance-target-rows-save")
site.add_page(f"{OF_ROWS}check/", declaration_views.rows_check, "performance-target-rows-check")
site.add_page(f"{OF_SUBJECT}library/", library_page, "performance-indicator-library")
site.add_page(f"{PAGES}generate/", evaluation_views.generate, "performance-generate-all")
site.add_page(f"{OF_SUBJECT}generate/", evaluation_views.generate, "performance-generate")
EVALUATION = f"{OF_SUBJECT}evaluation/"
site.add_page(EVALUATION, evaluation_views.evaluation_page, "performance-evaluation")
site.add_page(
    f"{EVALUATION}check/", evaluation_views.evaluation_check, "performance-evaluation-check"
)
site.add_page(f"{EVALUATION}open/", evaluation_views.open_evaluation, "performance-open-evaluation")
site.add_page(
    f"{EVALUATION}deductions/block/",
    evaluation_views.block_deduction_page,
    "performance-block-deduction",
)
site.add_page(
    f"{EVALUATION}deductions/<int:result>/",
    evaluation_views.deduction_page,
    "performance-deduction",
)

IMPORT = f"{PAGES}import/"
site.add_page(f"{PAGES}forms/", excel_views.forms_file, "performance-template")
site.add_page(f"{OF_SUBJECT}form/", excel_views.forms_file, "performance-form-template")
site.add_page(IMPORT, excel_views.import_page, "performance-import")
site.add_page(
    f"{IMPORT}<slug:form_upload>/", excel_views.preview_page, "performance-import-preview"
)
site.add_page(
    f"{IMPORT}<slug:form_upload>/findings/",
    excel_views.findings_file,
    "performance-import-findings",
)
site.add_page(
    f"{IMPORT}<slug:form_upload>/marked/", excel_views.marked_file, "performance-import-marked"
)
site.add_page(f"{PAGES}aggregation/", aggregation_views.aggregation_page, "aggregation")
site.add_page(f"{PAGES}aggregation/links/", aggregation_views.links_page, "aggregation-links")
site.add_page("monitoring/", monitoring_views.monitoring_list, "monitoring-list")
site.add_page(MONITORING, monitoring_views.monitoring_page, "monitoring")
site.add_page(OF_MONTH, monitoring_views.report_page, "monitoring-report")
site.add_page(f"{OF_MONTH}steps/<slug:step>/", monitoring_views.report_step, "monitoring-step")
site.add_page(
    f"{OF_MONTH}changes/<int:adjustment>/", monitoring_views.change_page, "monitoring-change"
)
site.add_page(
    f"{OF_MONTH}subjects/<slug:subject>/", monitoring_views.subject_page, "monitoring-subject"
)
site.add_page("results/", result_views.results_page, "results")
site.add_page("results/export/", result_views.results_export, "results-export")
site.add_page("measures/", result_views.measures_page, "measures")
site.add_page(f"{OF_SUBJECT}result/", result_views.result_page, "result")
APPROVED = f"{EVALUATION}targets/"
site.add_page(APPROVED, target_change_views.approved_targets_page, "performance-approved-targets")
site.add_page(
    f"{APPROVED}change/<int:indicator>/",
    target_change_views.ask_change_page,
    "performance-ask-change",
)
site.add_page(
    f"{APPROVED}add/<int:goal>/", target_change_views.ask_addition_page, "performance-ask-addition"
)
site.add_page(
    f"{APPROVED}settle/<int:change>/",
    target_change_views.settle_change,
    "performance-settle-change",
)
