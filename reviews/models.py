"""What reviewers say: remarks pinned to a place, and waivers of a rule."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from filings.models import Filing
from reviews.querysets import RemarkQuerySet, WaiverQuerySet


class Remark(models.Model):
    """审核意见, pinned to the address of a cell, sentence or indicator, with its answer.

    ``round`` counts the submissions of a filing, so that a return shows its own remarks.
    """

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="remarks"
    )
    round = models.PositiveSmallIntegerField("轮次", default=1)
    place = models.CharField("位置", max_length=300, blank=True)
    label = models.CharField("位置说明", max_length=300, blank=True)
    text = models.TextField("意见", max_length=2000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提出人", related_name="+"
    )
    made_at = models.DateTimeField("时间", auto_now_add=True)
    is_sent = models.BooleanField("已发出", default=False)
    answer = models.TextField("答复", max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="答复人",
        related_name="+",
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审核意见"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:40]


class Waiver(models.Model):
    """豁免: one check lifted for one filing, by whom, why and until when."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="waivers"
    )
    check_id = models.CharField("校验编号", max_length=20)
    reason = models.CharField("理由", max_length=500)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="批准人", related_name="+"
    )
    granted_at = models.DateTimeField("时间", auto_now_add=True)
    expires_on = models.DateField("有效期至")

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "豁免"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint("filing", "check_id", name="one_waiver_per_check_and_filing"),
        )

    def __str__(self) -> str:
        return self.check_id
