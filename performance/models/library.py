"""绩效指标库: indicators a bureau recommends, reference data of its region and those below."""

from __future__ import annotations

from django.db import models

from departments.models import Region
from performance.models.fields import DIRECTION_CHOICES, KIND_CHOICES
from performance.querysets import LibraryQuerySet


class LibraryScope(models.TextChoices):
    """Which forms an indicator is meant for."""

    OVERALL = "overall", "整体"
    PROJECT = "project", "项目"
    ANY = "any", "通用"


class LibraryIndicator(models.Model):
    """A recommended 三级指标. ``words`` are the industries and topics it is found by, separated
    by blanks; ``reference`` is a usual target and no more than that."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    scope = models.CharField("适用", max_length=10, choices=LibraryScope, default=LibraryScope.ANY)
    tier_one = models.CharField("一级指标", max_length=40)
    tier_two = models.CharField("二级指标", max_length=40)
    name = models.CharField("指标名称", max_length=200)
    kind = models.CharField("性质", max_length=20, choices=KIND_CHOICES)
    direction = models.CharField("方向", max_length=20, choices=DIRECTION_CHOICES, blank=True)
    measure = models.CharField("计量单位", max_length=20, blank=True)
    reference = models.CharField("参考值", max_length=200, blank=True)
    basis = models.CharField("常用依据", max_length=300, blank=True)
    source = models.CharField("来源", max_length=200)
    words = models.CharField("行业和主题词", max_length=200, blank=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "绩效指标库"
        ordering = ("tier_one", "tier_two", "name", "id")
        constraints = (
            models.UniqueConstraint(
                "region", "scope", "tier_one", "tier_two", "name",
                name="one_indicator_per_place_of_the_library",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name
