"""The registers a system administrator keeps: departments, units, years and accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from departments.models import (
    Department,
    DepartmentFormerName,
    FiscalYear,
    StaffMember,
    Unit,
    UnitChange,
    UnitFormerName,
)
from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES, Role
from departments.site import ScopedAdmin, site, staff_of

KEEPERS = (Role.SYSTEM_ADMIN,)


class RegisterAdmin(ScopedAdmin):
    """All rows of a register, for system administrators only; nothing is deleted."""

    writers = KEEPERS

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = self.model._default_manager.all()
        return rows if self._is(request, KEEPERS) else rows.none()

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """A register may point at any row of another register."""
        return admin.ModelAdmin.formfield_for_foreignkey(self, db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FormerNames(admin.TabularInline):
    """Names borne before today's; a report of an old year prints the old name."""

    extra = 0
    verbose_name_plural = "曾用名"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff_of(request).role in KEEPERS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff_of(request).role in KEEPERS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff_of(request).role in KEEPERS

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff_of(request).role in KEEPERS


class DepartmentFormerNames(FormerNames):
    model = DepartmentFormerName


class UnitFormerNames(FormerNames):
    model = UnitFormerName


@admin.register(Department, site=site)
class DepartmentAdmin(RegisterAdmin):
    """What addresses and codes of filings are made of is fixed by the first filing."""

    list_display = ("name", "code", "region", "is_sample")
    list_select_related = ("region",)
    search_fields = ("name", "code", "short_names")
    inlines = (DepartmentFormerNames,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        filed = obj is not None and obj.filings.exists()
        return ("region", "code", "is_sample") if filed else ()


UNIT_FACTS = (
    "department",
    "code",
    "name",
    "kind",
    "first_fiscal_year",
    "last_fiscal_year",
    "successor",
    "split_from",
)


def is_filed_for(unit: Unit | None) -> bool:
    """Whether a unit has a book or a registered change: from then on the bureau changes it."""
    return unit is not None and (unit.workbooks.exists() or unit.changes.exists())


@admin.register(Unit, site=site)
class UnitAdmin(RegisterAdmin):
    """Units are registered here; once filed for, the bureau renames, merges and splits them."""

    list_display = ("name", "code", "department", "kind", "first_fiscal_year", "last_fiscal_year")
    list_select_related = ("department",)
    list_filter = ("kind",)
    search_fields = ("name", "code", "department__name")
    inlines = (UnitFormerNames,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*UNIT_FACTS, *(("names", "history") if obj is not None else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("names", "history")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_filed_for(obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> tuple[type[FormerNames], ...]:
        return () if is_filed_for(obj) else self.inlines

    @admin.display(description="各年度名称")
    def names(self, unit: Unit) -> SafeString:
        rows = ((_years(first, last), name) for first, last, name in unit.names_by_year())
        return format_html_join("", "<div>{}：{}</div>", rows)

    @admin.display(description="变更记录")
    def history(self, unit: Unit) -> SafeString:
        """Receipts of what the bureau registered, newest first."""
        changes = unit.changes.select_related("made_by")
        rows = (
            (c.number, c.get_kind_display(), c.fiscal_year, c.reason, str(c.made_by), _lines(c))
            for c in changes
        )
        said = "<div>{} {}，{} 年起；{}（{}登记）{}</div>"
        return format_html_join("", said, rows) or format_html("{}", "没有登记过变更")


def _years(first: int, last: int | None) -> str:
    return f"{first} 年起" if last is None else f"{first} 至 {last} 年"


def _lines(change: UnitChange) -> SafeString:
    return format_html_join("", "<br>{}：{} → {}", change.lines)


@admin.register(FiscalYear, site=site)
class FiscalYearAdmin(RegisterAdmin):
    list_display = ("year", "is_open")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A year is not renumbered, which would make another; the page of years opens it."""
        return ("year", "is_open") if obj is not None else ()


def scope_errors(cleaned: dict[str, Any]) -> dict[str, str]:
    """What a role lacks: departmental roles want a department, bureau roles a region."""
    role = cleaned.get("role")
    errors = {}
    if role in DEPARTMENT_ROLES and not cleaned.get("department"):
        errors["department"] = "这一岗位须选择部门。"
    if role in BUREAU_ROLES and not cleaned.get("region"):
        errors["region"] = "这一岗位须选择财政部门所在区划。"
    return errors


def refuse_half_a_role(form: forms.ModelForm[StaffMember]) -> dict[str, Any]:
    """A role without what it is for is refused on the form, before the database refuses it."""
    for field, message in scope_errors(form.cleaned_data).items():
        form.add_error(field, message)
    return form.cleaned_data


class StaffMemberForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = StaffMember

    def clean(self) -> dict[str, Any]:
        super().clean()
        return refuse_half_a_role(self)


class NewStaffMemberForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = StaffMember

    def clean(self) -> dict[str, Any]:
        super().clean()
        return refuse_half_a_role(self)


@admin.register(StaffMember, site=site)
class StaffMemberAdmin(RegisterAdmin, UserAdmin):
    """Accounts. Nobody changes the role of their own account or makes a superuser here."""

    form = StaffMemberForm
    add_form = NewStaffMemberForm
    list_display = ("username", "display_name", "role", "department", "region", "is_active")
    list_select_related = ("department", "region")
    list_filter = ("role", "is_active")
    search_fields = ("username", "display_name")
    filter_horizontal = ()
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "is_active")}),
        ("岗位", {"fields": ("role", "department", "region")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "display_name",
                    "role",
                    "department",
                    "region",
                    "password1",
                    "password2",
                )
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """One's own role and scope are for another administrator to change."""
        mine = obj is not None and obj.pk == staff_of(request).pk
        return ("role", "department", "region", "is_active") if mine else ()
