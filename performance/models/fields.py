"""Fields and choices that the models of this app share."""

from __future__ import annotations

from django.db import models

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


class DeclaredAmount(models.Model):
    """How an amount was declared: its unit of money and decimals."""

    declared_unit = models.CharField("申报单位", max_length=4, default="yuan")
    declared_decimals = models.PositiveSmallIntegerField("申报小数位", default=2)

    class Meta:
        abstract = True
