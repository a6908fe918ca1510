"""What is reported in the middle of a year."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from budgets.models.project import MoneyField
from filings.models import Filing
from performance.models.fields import BAND_CHOICES
from performance.monitoring.steps import ReportState
from performance.monitoring.values import Likelihood, MeasureKind, Obstacle
from performance.querysets import MonitoringQuerySet


class MonitoringReport(models.Model):
    """绩效运行监控 of a budget at the end of a month; ``board`` is what was handed in last."""

    filing = models.ForeignKey(
        Filing, models.PROTECT, verbose_name="申报件", related_name="monitoring_reports"
    )
    month = models.PositiveSmallIntegerField("月份")
    state = models.CharField(
        "状态",
        max_length=20,
        choices=[(state.value, state.label) for state in ReportState],
        default=ReportState.DRAFT.value,
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="建立人", related_name="+"
    )
    opened_at = models.DateTimeField("建立时间", auto_now_add=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="报送人",
        related_name="+",
    )
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="审核人",
        related_name="+",
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    reason = models.CharField("退回原因", max_length=500, blank=True)
    board = models.JSONField("报送内容", null=True, blank=True)

    objects = MonitoringQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "绩效运行监控"
        ordering = ("filing", "month")
        constraints = (
            models.UniqueConstraint("filing", "month", name="one_monitoring_report_per_month"),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="monitored_month_within_1_12"
            ),
        )

    def __str__(self) -> str:
        return f"{self.filing.fiscal_year_id} 年 {self.month} 月绩效运行监控"

    @property
    def status(self) -> ReportState:
        return ReportState(self.state)


class OfReport(models.Model):
    """A row of a report; ``subject`` is spelled as in a declaration's snapshot."""

    report = models.ForeignKey(
        MonitoringReport, models.CASCADE, verbose_name="监控", related_name="%(class)ss"
    )
    subject = models.CharField("对象", max_length=40)

    class Meta:
        abstract = True


class MonitoredSpending(OfReport):
    """What was spent of a subject's budget to date and will be in the year, in yuan."""

    spent = MoneyField("截至本月末执行数", null=True, blank=True)
    expected = MoneyField("预计全年支出", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "预算执行监控"
        ordering = ("subject",)
        constraints = (
            models.UniqueConstraint("report", "subject", name="one_spending_per_subject"),
        )

    def __str__(self) -> str:
        return self.subject


class MonitoredIndicator(OfReport):
    """What was reported for an indicator; its name and target are kept as they were then."""

    key = models.CharField("指标号", max_length=20)
    name = models.CharField("指标名称", max_length=200)
    target = models.CharField("目标值", max_length=200, blank=True)
    achieved = models.CharField("截至本月末完成值", max_length=200, blank=True)
    expected = models.CharField("预计全年完成值", max_length=200, blank=True)
    obstacle = models.CharField(
        "原因类别",
        max_length=20,
        choices=[(each.value, each.label) for each in Obstacle],
        blank=True,
    )
    likelihood = models.CharField(
        "完成可能性",
        max_length=20,
        choices=[(each.value, each.label) for each in Likelihood],
        blank=True,
    )
    band = models.CharField("完成程度", max_length=20, choices=BAND_CHOICES, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标监控"
        ordering = ("subject", "key")
        constraints = (
            models.UniqueConstraint(
                "report", "subject", "key", name="one_row_per_monitored_indicator"
            ),
        )

    def __str__(self) -> str:
        return self.name


class MonitoringMeasure(OfReport):
    """A measure about a subject or one of its indicators."""

    number = models.PositiveSmallIntegerField("序号")
    kind = models.CharField(
        "措施", max_length=20, choices=[(each.value, each.label) for each in MeasureKind]
    )
    indicator = models.CharField("指标号", max_length=20, blank=True)
    new_target = models.CharField("新目标值", max_length=200, blank=True)
    text = models.CharField("内容和理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "监控措施"
        ordering = ("subject", "number")
        constraints = (
            models.UniqueConstraint("report", "subject", "number", name="measures_are_numbered"),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
