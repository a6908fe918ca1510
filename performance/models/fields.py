"""Fields and choices that the models of this app share."""

from __future__ import annotations

from django.db import models

from budgets.models.project import MoneyField
from performance.evaluation import Aggregation, Band, Direction, IndicatorKind

KIND_CHOICES = [(kind.value, kind.label) for kind in IndicatorKind]
DIRECTION_CHOICES = [(direction.value, direction.label) for direction in Direction]
BAND_CHOICES = [(band.value, band.label) for band in Band]
AGGREGATION_CHOICES = [(each.value, each.label) for each in Aggregation]


class PointsField(models.DecimalField):
    """Points or a percentage, two decimals."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 6)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class FormText(models.Model):
    """What was written into a field of a form; ``key`` is the field's."""

    key = models.CharField("栏目", max_length=40)
    text = models.TextField("内容", blank=True)

    class Meta:
        abstract = True
        ordering = ("key",)

    def __str__(self) -> str:
        return self.text


class DeclaredAmount(models.Model):
    """How an amount was declared: its unit of money and decimals."""

    declared_unit = models.CharField("申报单位", max_length=4, default="yuan")
    declared_decimals = models.PositiveSmallIntegerField("申报小数位", default=2)

    class Meta:
        abstract = True


class FormCell(DeclaredAmount):
    """An amount written into a cell of a form, in yuan."""

    block = models.CharField("栏块", max_length=40)
    row = models.CharField("行", max_length=40)
    column = models.CharField("列", max_length=40)
    amount = MoneyField("金额")

    class Meta:
        abstract = True
        ordering = ("block", "row", "column")

    def __str__(self) -> str:
        return str(self.amount)
