"""Targets and self-evaluations in the staff site: read-only lists, and the pages to file them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from departments.models import BUREAU_ROLES, DEPARTMENT_ROLES
from departments.site import ScopedAdmin, site
from performance import evaluation_views, target_change_views, views
from performance.models import SelfEvaluation, TargetDeclaration
from performance.snapshots import subject_of

PAGES = "filings/<uuid:filing>/performance/"
OF_SUBJECT = f"{PAGES}<slug:subject>/"


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
