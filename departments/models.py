"""Who and when: regions, departments, units and their names over time, fiscal years, staff."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from departments.querysets import (
    DepartmentQuerySet,
    FiscalYearQuerySet,
    StaffManager,
    UnitQuerySet,
)
from departments.roles import BUREAU_ROLES, DEPARTMENT_ROLES, Role

CODE = RegexValidator(r"^[0-9A-Za-z]{3,20}$", "编码只能由 3 至 20 位数字或字母组成。")


class Region(models.Model):
    """行政区划, six-digit national code; loaded from ``rulebook/data/regions.toml``."""

    code = models.CharField("区划代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="上级", related_name="children"
    )

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """部门（一级预算部门）: files reports; its book is the sum of its units'."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="行政区划")
    code = models.CharField("部门编码", max_length=20, unique=True, validators=[CODE])
    name = models.CharField("部门名称", max_length=120)
    short_names = models.CharField(
        "常用简称", max_length=200, blank=True, help_text="用空格分开，供公众查询。"
    )
    is_sample = models.BooleanField("示例部门", default=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def name_in(self, fiscal_year: int) -> str:
        """The name the department bore in a year; today's where no other is recorded."""
        return name_in(self.former_names.all(), fiscal_year) or self.name


class UnitKindChoices(models.TextChoices):
    """单位性质; the same values as ``budgets.workbook.UnitKind``."""

    ADMINISTRATIVE = "administrative", "行政单位"
    CIVIL_SERVICE_STANDARD = "civil_service_standard", "参公事业单位"
    PUBLIC_INSTITUTION = "public_institution", "事业单位"


class Unit(models.Model):
    """预算单位: files workbooks. A merged unit keeps its history and names its successor."""

    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="部门", related_name="units"
    )
    code = models.CharField("单位编码", max_length=20, unique=True, validators=[CODE])
    name = models.CharField("单位名称", max_length=120)
    kind = models.CharField("单位性质", max_length=30, choices=UnitKindChoices)
    first_fiscal_year = models.PositiveSmallIntegerField("启用年度", default=1949)
    last_fiscal_year = models.PositiveSmallIntegerField("撤销年度", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="并入单位",
        related_name="predecessors",
    )
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="由何单位分设",
        related_name="split_parts",
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预算单位"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(last_fiscal_year__isnull=True)
                | Q(last_fiscal_year__gte=F("first_fiscal_year")),
                name="unit_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def name_in(self, fiscal_year: int) -> str:
        """The name the unit bore in a year; today's where no other is recorded."""
        return name_in(self.former_names.all(), fiscal_year) or self.name

    def names_by_year(self) -> list[tuple[int, int | None, str]]:
        """(first year, last year, name) from the oldest on; today's name has no last year but the
        unit's own."""
        first, found = self.first_fiscal_year, []
        for former in sorted(self.former_names.all(), key=lambda name: name.last_fiscal_year):
            found.append((first, former.last_fiscal_year, former.name))
            first = former.last_fiscal_year + 1
        return [*found, (first, self.last_fiscal_year, self.name)]

    def holder_in(self, fiscal_year: int) -> Unit:
        """The unit that files for this one in a year: itself, or what it was merged into."""
        unit, seen = self, {self.pk}
        while unit.last_fiscal_year is not None and unit.last_fiscal_year < fiscal_year:
            if unit.successor is None or unit.successor.pk in seen:
                break
            unit = unit.successor
            seen.add(unit.pk)
        return unit

    def sources_in(self, fiscal_year: int) -> list[str]:
        """Codes of the units whose last year is this one's last year: itself if it existed, and
        what was merged into it for the year; none for a unit that is new."""
        before = fiscal_year - 1
        found = [self.code] if self.first_fiscal_year <= before else []
        for merged in self.predecessors.filter(last_fiscal_year=before):
            found += merged.sources_in(fiscal_year)
        return found


class FormerName(models.Model):
    """A name that held up to and including ``last_fiscal_year``."""

    name = models.CharField("曾用名", max_length=120)
    last_fiscal_year = models.PositiveSmallIntegerField("使用至年度")

    class Meta:
        abstract = True
        ordering = ("last_fiscal_year",)

    def __str__(self) -> str:
        return self.name


class DepartmentFormerName(FormerName):
    department = models.ForeignKey(
        Department, models.CASCADE, verbose_name="部门", related_name="former_names"
    )

    class Meta(FormerName.Meta):
        verbose_name = verbose_name_plural = "部门曾用名"
        constraints = (
            models.UniqueConstraint(
                "department", "last_fiscal_year", name="one_former_department_name_per_last_year"
            ),
        )


class UnitFormerName(FormerName):
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="单位", related_name="former_names")

    class Meta(FormerName.Meta):
        verbose_name = verbose_name_plural = "单位曾用名"
        constraints = (
            models.UniqueConstraint(
                "unit", "last_fiscal_year", name="one_former_unit_name_per_last_year"
            ),
        )


class UnitChangeKind(models.TextChoices):
    """How a unit came to be called, filed for or divided otherwise from a year on."""

    RENAME = "rename", "单位更名"
    MERGE = "merge", "单位合并"
    SPLIT = "split", "单位拆分"


class UnitChange(models.Model):
    """单位变更 as the bureau registered it; never edited, a mistake is mended by another."""

    kind = models.CharField("变更", max_length=10, choices=UnitChangeKind)
    units = models.ManyToManyField(Unit, verbose_name="涉及单位", related_name="changes")
    fiscal_year = models.PositiveSmallIntegerField("适用年度")
    decided_on = models.DateField("批准日期")
    reason = models.CharField("原因", max_length=500)
    lines = models.JSONField("变更内容", default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", related_name="+"
    )
    made_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位变更"
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """回执编号."""
        return f"DW-{self.fiscal_year}-{self.pk:06d}"


def name_in(former_names: models.QuerySet[FormerName] | list[FormerName], year: int) -> str:
    """The first former name still borne in ``year``, empty when none was."""
    held = sorted((n.last_fiscal_year, n.name) for n in former_names if n.last_fiscal_year >= year)
    return held[0][1] if held else ""


class FiscalYear(models.Model):
    """预算年度, the calendar year; filing is possible while it is open."""

    year = models.PositiveSmallIntegerField("年度", primary_key=True)
    is_open = models.BooleanField("开放填报", default=True)

    objects = FiscalYearQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预算年度"
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"{self.year} 年"


ROLE_CHOICES = [(role.value, role.label) for role in Role]


class StaffMember(AbstractUser):
    """The user model: one person, one role, one department or one bureau's region."""

    role = models.CharField(
        "岗位", max_length=20, choices=ROLE_CHOICES, default=Role.PREPARER.value
    )
    display_name = models.CharField("姓名", max_length=40, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="部门", related_name="staff"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name="财政部门所在区划"
    )

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        verbose_name = verbose_name_plural = "工作人员"
        ordering = ("username",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(role__in=[r.value for r in DEPARTMENT_ROLES])
                | Q(department__isnull=False)
                | Q(is_active=False),
                name="departmental_role_has_a_department",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[r.value for r in BUREAU_ROLES])
                | Q(region__isnull=False)
                | Q(is_active=False),
                name="bureau_role_has_a_region",
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.username
