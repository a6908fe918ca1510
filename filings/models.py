"""The noun of the product: a filing, what was handed in, and what happened to it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models import Department, FiscalYear, Region
from filings.querysets import (
    EventQuerySet,
    FilingDeadlineQuerySet,
    FilingQuerySet,
    JobQuerySet,
    SnapshotQuerySet,
)
from filings.states import State
from rulebook.findings import Severity
from rulebook.layouts import load_layout

STATE_CHOICES = [(state.value, state.label) for state in State]
SEVERITY_CHOICES = [(severity.value, severity.label) for severity in Severity]


EVALUATIONS_ONLY = "绩效自评"


class FilingKind(models.TextChoices):
    """What is filed; the values name the rule data families."""

    DEPARTMENTAL_BUDGET = "departmental_budget", "部门预算"
    DEPARTMENTAL_FINAL_ACCOUNTS = "departmental_final_accounts", "部门决算"


class Filing(models.Model):
    """申报件: department × year × kind × version, with its state, rules, dates and address."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="部门", related_name="filings"
    )
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, verbose_name="年度")
    kind = models.CharField("类型", max_length=40, choices=FilingKind)
    version = models.PositiveSmallIntegerField("版本", default=1)
    state = models.CharField("状态", max_length=20, choices=STATE_CHOICES, default=State.DRAFT)
    layout_edition = models.CharField("报表版式", max_length=80)
    scoring_edition = models.CharField("评分版式", max_length=80)
    outline_edition = models.CharField("报告版式", max_length=80)
    is_sample = models.BooleanField("示例数据", default=False)

    approval_document_no = models.CharField("批复文号", max_length=60, blank=True)
    approval_issued_on = models.DateField("批复日期", null=True, blank=True)
    approval_is_assumed = models.BooleanField("批复为假定", default=False)
    due_on = models.DateField("报送期限", null=True, blank=True)
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="更正的版本",
        related_name="corrections",
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
        verbose_name="提交人",
        related_name="+",
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    review_opened_at = models.DateTimeField("审核人打开时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="审核人",
        related_name="+",
    )
    approved_at = models.DateTimeField("通过时间", null=True, blank=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    superseded_at = models.DateTimeField("被更正时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawal_reason = models.CharField("撤回原因", max_length=500, blank=True)
    revision = models.PositiveIntegerField("修改序号", default=0)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申报件"
        ordering = ("-fiscal_year", "department__code", "kind", "-version")
        constraints = (
            models.UniqueConstraint(
                "department",
                "fiscal_year",
                "kind",
                "version",
                name="one_filing_per_department_year_kind_and_version",
            ),
            models.UniqueConstraint(
                "department",
                "fiscal_year",
                "kind",
                condition=Q(state=State.PUBLISHED.value, superseded_at__isnull=True),
                name="one_current_published_version",
            ),
            models.UniqueConstraint(
                "department",
                "fiscal_year",
                "kind",
                condition=~Q(state__in=[State.PUBLISHED.value, State.WITHDRAWN.value]),
                name="one_version_in_preparation",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(approved_by=F("submitted_by")),
                name="submitter_never_approves",
            ),
        )

    def __str__(self) -> str:
        return f"{self.department.name} {self.fiscal_year_id} 年{self.kind_label}"

    @property
    def kind_label(self) -> str:
        """What people call it: by its kind, or by the self-evaluations where it has no more."""
        return self.get_kind_display() if self.has_sheets else EVALUATIONS_ONLY

    @property
    def status(self) -> State:
        return State(self.state)

    @property
    def is_editable(self) -> bool:
        return self.status.is_editable

    @property
    def has_sheets(self) -> bool:
        """Whether its year has tables; of some years only the self-evaluations are filed."""
        return bool(load_layout(self.layout_edition).sheets)


class FilingDeadline(models.Model):
    """报送期限: the day by which a bureau wants a kind of filing of a year, for its region.

    A region below without a day of its own has that of the region above.
    """

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="行政区划", related_name="+")
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, verbose_name="年度")
    kind = models.CharField("类型", max_length=40, choices=FilingKind)
    due_on = models.DateField("报送期限")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="设定人", related_name="+"
    )
    set_at = models.DateTimeField("设定时间", auto_now=True)

    objects = FilingDeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报送期限"
        ordering = ("-fiscal_year", "kind", "region")
        constraints = (
            models.UniqueConstraint(
                "region", "fiscal_year", "kind", name="one_deadline_per_region_year_and_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.fiscal_year_id} 年{self.get_kind_display()}"


class SnapshotPurpose(models.TextChoices):
    SUBMISSION = "submission", "提交"
    APPROVAL = "approval", "通过"


class Snapshot(models.Model):
    """底稿快照: the canonical JSON of package and results, frozen, with its SHA-256."""

    filing = models.ForeignKey(
        Filing, models.PROTECT, verbose_name="申报件", related_name="snapshots"
    )
    purpose = models.CharField("用途", max_length=20, choices=SnapshotPurpose)
    content = models.BinaryField("内容（压缩）", editable=False)
    sha256 = models.CharField("指纹", max_length=64)
    rules_sha256 = models.CharField("规则指纹", max_length=64)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经手人", related_name="+"
    )
    taken_at = models.DateTimeField("时间", auto_now_add=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "底稿快照"
        ordering = ("filing", "id")

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.sha256[:12]}"


class Receipt(models.Model):
    """回执 of a submission: number, time, fingerprint."""

    filing = models.ForeignKey(
        Filing, models.PROTECT, verbose_name="申报件", related_name="receipts"
    )
    snapshot = models.OneToOneField(
        Snapshot, models.PROTECT, verbose_name="底稿快照", related_name="receipt"
    )
    number = models.CharField("回执编号", max_length=40, unique=True)
    issued_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "回执"
        ordering = ("-issued_at",)

    def __str__(self) -> str:
        return self.number


class FindingRecord(models.Model):
    """A finding as it was known when a snapshot was taken, or as last computed for a draft."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="finding_records"
    )
    snapshot = models.ForeignKey(
        Snapshot,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="底稿快照",
        related_name="finding_records",
    )
    sequence = models.PositiveIntegerField("序号")
    check_id = models.CharField("校验编号", max_length=20)
    severity = models.CharField("级别", max_length=10, choices=SEVERITY_CHOICES)
    identity = models.CharField("识别码", max_length=16)
    title = models.CharField("标题", max_length=200)
    label = models.CharField("位置", max_length=300, blank=True)
    message = models.TextField("说明")
    hint = models.TextField("如何修改", blank=True)
    places = models.JSONField("地址", default=list)
    left = models.CharField("左值", max_length=300, blank=True)
    right = models.CharField("右值", max_length=300, blank=True)
    difference = models.CharField("差额", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "校验问题"
        ordering = ("filing", "sequence")

    def __str__(self) -> str:
        return f"{self.check_id} {self.title}"


class Explanation(models.Model):
    """A written answer to a warning; bound to the finding, a changed value reopens it."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="explanations"
    )
    check_id = models.CharField("校验编号", max_length=20)
    identity = models.CharField("识别码", max_length=16)
    text = models.TextField("说明", max_length=2000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="填写人", related_name="+"
    )
    written_at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "情况说明"
        constraints = (
            models.UniqueConstraint("filing", "identity", name="one_explanation_per_finding"),
        )

    def __str__(self) -> str:
        return self.check_id


class Event(models.Model):
    """An append-only record of what happened; each hash covers the one before."""

    filing = models.ForeignKey(Filing, models.PROTECT, verbose_name="申报件", related_name="events")
    sequence = models.PositiveIntegerField("序号")
    action = models.CharField("动作", max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="经手人",
        related_name="+",
    )
    happened_at = models.DateTimeField("时间")
    detail = models.JSONField("内容", default=dict)
    previous_hash = models.CharField("前序指纹", max_length=64, blank=True)
    hash = models.CharField("指纹", max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ("filing", "sequence")
        constraints = (
            models.UniqueConstraint("filing", "sequence", name="events_of_a_filing_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class JobKind(models.TextChoices):
    """What a job does; the value is the key under which an app registers its service."""

    RENDER_REPORT = "render_report", "生成报告"
    IMPORT_WORKBOOK = "import_workbook", "导入工作簿"


class JobState(models.TextChoices):
    WAITING = "waiting", "等待中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"


class Job(models.Model):
    """Long work: the row is the truth, the Celery task only carries its id.

    ``key`` is the hash of what is to be done: asking twice gives the same job. ``lease_until`` is
    renewed by a running worker; a sweep takes back jobs whose lease has run out.
    """

    kind = models.CharField("类型", max_length=30, choices=JobKind)
    key = models.CharField("内容指纹", max_length=64)
    filing = models.ForeignKey(
        Filing, models.CASCADE, null=True, blank=True, verbose_name="申报件", related_name="jobs"
    )
    arguments = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.WAITING)
    progress = models.PositiveSmallIntegerField("进度（%）", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    lease_until = models.DateTimeField("有效期", null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="发起人", related_name="+"
    )
    requested_at = models.DateTimeField("发起时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    result = models.JSONField("结果", default=dict)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ("-requested_at",)
        constraints = (
            models.UniqueConstraint("kind", "key", name="one_job_per_content"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_within_0_100"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_state_display()}"

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}


def event_detail(**detail: Any) -> dict[str, Any]:
    """The detail of an event: JSON values only, empty ones left out."""
    return {key: value for key, value in detail.items() if value not in (None, "", [])}
