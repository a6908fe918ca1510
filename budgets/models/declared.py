"""Totals a department published, kept beside what its units add up to."""

from __future__ import annotations

from django.db import models

from budgets.models.project import MoneyField
from budgets.models.workbook import Upload
from budgets.querysets import BudgetListQuerySet
from filings.models import Filing


class DeclaredTotal(models.Model):
    """A total printed in a department's book, in yuan; evidence, never part of the filing.

    ``book`` is the unit it speaks of, empty for the department; ``sheet`` a table or a list.
    """

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="declared_totals"
    )
    upload = models.ForeignKey(Upload, models.PROTECT, verbose_name="导入文件", related_name="+")
    sheet = models.CharField("表", max_length=60)
    book = models.CharField("单位编码", max_length=20, blank=True)
    row = models.CharField("行", max_length=60)
    column = models.CharField("栏", max_length=60)
    value = MoneyField("公布数")
    declared_unit = models.CharField("申报单位", max_length=4, blank=True)
    declared_decimals = models.PositiveSmallIntegerField("申报小数位", default=2)
    place = models.CharField("文件中的位置", max_length=120)

    objects = BudgetListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公布的合计"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.place
