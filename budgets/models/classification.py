"""Catalogues of codes with years of validity; names change, codes end."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from budgets.querysets import CodeQuerySet

DIGITS = RegexValidator(r"^\d{3}(\d{2}){0,2}$", "科目编码为 3、5 或 7 位数字。")


class Code(models.Model):
    """One code for a span of years. ``is_verified`` is false for rows that were compiled from
    general knowledge, until a bureau imports its own year's catalogue."""

    code = models.CharField("编码", max_length=7, validators=[DIGITS])
    name = models.CharField("名称", max_length=120)
    first_fiscal_year = models.PositiveSmallIntegerField("启用年度")
    last_fiscal_year = models.PositiveSmallIntegerField("停用年度", null=True, blank=True)
    is_verified = models.BooleanField("已核实", default=False)
    source = models.CharField("来源", max_length=120, blank=True)
    definition = models.TextField("说明", blank=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("code", "first_fiscal_year")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


LETTER_CODE = RegexValidator(r"^[A-Z]\d{0,19}$", "编码为一个大写字母加数字。")


def constraints_of(name: str) -> tuple[models.UniqueConstraint, models.CheckConstraint]:
    """A code begins once in a year and ends no earlier than it begins; ``name`` begins the names
    of the constraints."""
    return (
        models.UniqueConstraint("code", "first_fiscal_year", name=f"{name}_once_per_first_year"),
        models.CheckConstraint(
            condition=Q(last_fiscal_year__isnull=True)
            | Q(last_fiscal_year__gte=F("first_fiscal_year")),
            name=f"{name}_ends_after_it_begins",
        ),
    )


class FunctionalCode(Code):
    """支出功能分类: 类 (3 digits), 款 (5), 项 (7)."""

    class Meta(Code.Meta):
        verbose_name = verbose_name_plural = "支出功能分类科目"
        constraints = constraints_of("functional_code")


class EconomicCode(Code):
    """支出经济分类 of departments: 类 (3 digits), 款 (5)."""

    basic_group = models.CharField(
        "基本支出类别",
        max_length=10,
        blank=True,
        choices=[("personnel", "人员经费"), ("operating", "公用经费")],
    )

    class Meta(Code.Meta):
        verbose_name = verbose_name_plural = "部门预算支出经济分类科目"
        constraints = constraints_of("economic_code")


class ProcurementItem(Code):
    """政府采购品目: a letter (A goods, B works, C services) and digits."""

    code = models.CharField("编码", max_length=20, validators=[LETTER_CODE])

    class Meta(Code.Meta):
        verbose_name = verbose_name_plural = "政府采购品目"
        constraints = constraints_of("procurement_item")


class ServiceDirectoryEntry(Code):
    """政府购买服务指导目录: 一级 (a letter), 二级 (two digits more), 三级 (four digits more)."""

    code = models.CharField("编码", max_length=20, validators=[LETTER_CODE])

    class Meta(Code.Meta):
        verbose_name = verbose_name_plural = "政府购买服务指导目录"
        constraints = constraints_of("service_entry")
