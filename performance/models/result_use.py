"""结果应用: what follows from an evaluation for the next budget, and measures carried out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from performance.models.evaluations import SelfEvaluation
from performance.querysets import ResultDecisionQuerySet
from performance.result_use import Use

USE_CHOICES = [(use.value, use.label) for use in Use]


class ResultDecision(models.Model):
    """What the bureau decided about a project after its evaluation, beside what was proposed.

    It goes with an evaluation that a new import replaces; the filing's history keeps it.
    """

    evaluation = models.OneToOneField(
        SelfEvaluation, models.CASCADE, verbose_name="绩效自评", related_name="result_decision"
    )
    proposed = models.CharField("建议", max_length=20, choices=USE_CHOICES, blank=True)
    decided = models.CharField("决定", max_length=20, choices=USE_CHOICES)
    reason = models.CharField("理由", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="决定人", related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", auto_now=True)

    objects = ResultDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价结果应用"
        ordering = ("evaluation",)

    def __str__(self) -> str:
        return self.get_decided_display()


class MeasureClosure(models.Model):
    """An improvement measure carried out: ``key`` is the indicator's, or "form" for the form's
    own; ``text`` is the measure as it was written when it was closed."""

    evaluation = models.ForeignKey(
        SelfEvaluation, models.CASCADE, verbose_name="绩效自评", related_name="closures"
    )
    key = models.CharField("指标号", max_length=20)
    text = models.TextField("改进措施")
    done = models.CharField("落实情况", max_length=500)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", related_name="+"
    )
    closed_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ResultDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "改进措施落实"
        ordering = ("evaluation", "key")
        constraints = (
            models.UniqueConstraint("evaluation", "key", name="a_measure_is_closed_once"),
        )

    def __str__(self) -> str:
        return self.done
