"""Projects and their figures of a year."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from budgets.querysets import ProjectQuerySet, ProjectYearQuerySet
from departments.models import Unit
from filings.models import Filing

PROJECT_CODE = RegexValidator(
    r"^\d{8}\d{3}T\d{9}$",
    "项目编码为 6 位区划、2 位年份、3 位部门、字母 T 和 9 位顺序号。",
)


class MoneyField(models.DecimalField):
    """An amount in yuan, exact to the fen."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class Project(models.Model):
    """项目: code of 6 region digits, 2 of the year it was created, 3 of the department, T, 9."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位", related_name="projects")
    code = models.CharField("项目编码", max_length=30, unique=True, validators=[PROJECT_CODE])
    name = models.CharField("项目名称", max_length=120)
    first_fiscal_year = models.PositiveSmallIntegerField("设立年度")
    last_fiscal_year = models.PositiveSmallIntegerField("结束年度", null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class ProjectYear(models.Model):
    """A project's figures in one filing, in yuan."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="project_years"
    )
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="years")
    original_budget = MoneyField("年初预算数", null=True, blank=True)
    revised_budget = MoneyField("全年预算数（A）", null=True, blank=True)
    actual = MoneyField("执行数（B）", null=True, blank=True)
    declared_unit = models.CharField("申报单位", max_length=4, default="yuan")
    declared_decimals = models.PositiveSmallIntegerField("申报小数位", default=2)

    objects = ProjectYearQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目年度数据"
        ordering = ("project__code",)
        constraints = (
            models.UniqueConstraint("filing", "project", name="one_record_per_project_and_filing"),
        )

    def __str__(self) -> str:
        return self.project.name
