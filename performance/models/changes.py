"""Requests to change targets that were approved with the budget, wherever they were asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from filings.models import Filing
from performance.evaluation import ChangeKind, ChangeState
from performance.models.declarations import Indicator, TargetDeclaration
from performance.models.monitoring import MonitoringReport

CHANGE_CHOICES = [(each.value, each.label) for each in ChangeKind]
STATE_CHOICES = [(each.value, each.label) for each in ChangeState]


class TargetChange(models.Model):
    """目标调整申请: until the reviewer accepts it, the approved target scores.

    Asked with a self-evaluation it belongs to the ``declaration`` that is evaluated, asked in the
    middle of the year to the ``report`` and its ``subject``, spelled as in a snapshot. What was
    accepted there reaches the self-evaluation as a request of its declaration, with the name of
    the report as ``origin``. ``values`` are the fields of an indicator to be added. The row and
    name of the indicator are kept as they were, so that the request can be read after its
    indicator is gone.
    """

    declaration = models.ForeignKey(
        TargetDeclaration,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="绩效目标申报",
        related_name="changes",
    )
    report = models.ForeignKey(
        MonitoringReport,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="绩效运行监控",
        related_name="changes",
    )
    subject = models.CharField("监控对象", max_length=40, blank=True)
    origin = models.CharField("来自", max_length=40, blank=True)
    kind = models.CharField("申请事项", max_length=10, choices=CHANGE_CHOICES)
    indicator = models.ForeignKey(
        Indicator,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="绩效指标",
        related_name="changes",
    )
    row = models.CharField("行", max_length=12)
    indicator_name = models.CharField("指标名称", max_length=200)
    field = models.CharField("栏目", max_length=20, blank=True)
    old = models.CharField("原值", max_length=200, blank=True)
    new = models.CharField("新值", max_length=200, blank=True)
    values = models.JSONField("新增指标", default=dict, blank=True)
    reason = models.CharField("理由", max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", related_name="+"
    )
    asked_on = models.DateField("申请日期")
    state = models.CharField(
        "状态", max_length=10, choices=STATE_CHOICES, default=ChangeState.ASKED.value
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="审核人",
        related_name="+",
    )
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decision_reason = models.CharField("审核意见", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目标调整申请"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                "indicator",
                "field",
                condition=Q(state=ChangeState.ASKED.value, indicator__isnull=False),
                name="one_open_request_per_field_of_an_indicator",
            ),
            models.UniqueConstraint(
                "report", "subject", "row", name="one_request_per_indicator_of_a_report"
            ),
            models.CheckConstraint(
                condition=Q(declaration__isnull=False, report__isnull=True, subject="")
                | (Q(declaration__isnull=True, report__isnull=False, origin="") & ~Q(subject="")),
                name="asked_with_an_evaluation_or_in_monitoring",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.indicator_name}"

    @property
    def is_open(self) -> bool:
        return self.state == ChangeState.ASKED

    @property
    def filing(self) -> Filing:
        """Where it was asked: the evaluated filing, or the budget that is monitored."""
        asked_in = self.declaration or self.report
        if asked_in is None:
            raise ValueError("a request is asked somewhere")
        return asked_in.filing
