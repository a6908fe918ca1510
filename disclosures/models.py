"""Texts and reasons people write, rendered files, and the figures of published reports."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from budgets.models.project import MoneyField
from disclosures.querysets import (
    PrintedExtractQuerySet,
    ReasonQuerySet,
    RenderedFileQuerySet,
    TextQuerySet,
)
from filings.models import Filing, Snapshot


class ReportText(models.Model):
    """A declared text or free passage: paragraphs separated by newlines, no markup."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="report_texts"
    )
    key = models.CharField("位置", max_length=60)
    body = models.TextField("内容", blank=True, max_length=20000)
    version = models.PositiveIntegerField("版本", default=1)

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报告文字"
        ordering = ("key",)
        constraints = (
            models.UniqueConstraint("filing", "key", name="one_text_per_place_and_filing"),
        )

    def __str__(self) -> str:
        return self.key


class VarianceExplanation(models.Model):
    """增减变动原因: ``amount`` is the signed part of the change it explains, in yuan; ``kind`` a
    key of the year's kinds of reasons."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="variance_explanations"
    )
    subject = models.CharField("变动项", max_length=120)
    kind = models.CharField("原因类别", max_length=40, blank=True, default="")
    amount = MoneyField("解释金额", null=True, blank=True)
    text = models.CharField("原因", max_length=500)
    number = models.PositiveSmallIntegerField("序号", default=1)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "变动原因"
        ordering = ("subject", "number")
        constraints = (
            models.UniqueConstraint(
                "filing", "subject", "number", name="reasons_of_a_change_are_numbered"
            ),
        )

    def __str__(self) -> str:
        return self.subject


class KeyTaskRow(models.Model):
    """重点工作完成情况表, one row."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="key_tasks"
    )
    number = models.PositiveSmallIntegerField("序号")
    item = models.CharField("重要事项", max_length=120)
    target = models.CharField("工作内容及目标", max_length=500)
    outcome = models.CharField("完成情况", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "重点工作"
        ordering = ("number",)
        constraints = (models.UniqueConstraint("filing", "number", name="key_tasks_are_numbered"),)

    def __str__(self) -> str:
        return self.item


class RenderedFile(models.Model):
    """A report rendered from a snapshot: stored bytes, never rendered again.

    ``is_draft`` files carry the watermark, have no snapshot and are never public. ``title`` is
    that of a form printed alone, empty for the whole report.
    """

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)
    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="rendered_files"
    )
    snapshot = models.ForeignKey(
        Snapshot,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="底稿快照",
        related_name="rendered_files",
    )
    is_draft = models.BooleanField("草稿", default=True)
    title = models.CharField("表名", max_length=200, blank=True)
    media_type = models.CharField("类型", max_length=80, default="application/pdf")
    path = models.CharField("存放位置", max_length=200)
    sha256 = models.CharField("指纹", max_length=64)
    source_sha256 = models.CharField("内容指纹", max_length=64)
    size = models.PositiveIntegerField("大小")
    pages = models.PositiveIntegerField("页数", default=0)
    rendered_at = models.DateTimeField("时间", auto_now_add=True)

    objects = RenderedFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报告文件"
        ordering = ("-rendered_at",)
        constraints = (
            models.UniqueConstraint(
                "filing", "source_sha256", "is_draft", name="one_file_per_content"
            ),
        )

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def is_word(self) -> bool:
        return self.path.endswith(".docx")


class PublishedFigure(models.Model):
    """A figure of a published report, flat, for roll-ups and comparison; in yuan or counts."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="published_figures"
    )
    sheet = models.CharField("表", max_length=60)
    row = models.CharField("行", max_length=60)
    column = models.CharField("栏", max_length=60)
    value = MoneyField("数值")

    class Meta:
        verbose_name = verbose_name_plural = "公开数据"
        ordering = ("sheet", "row", "column")
        constraints = (
            models.UniqueConstraint(
                "filing", "sheet", "row", "column", name="one_published_figure_per_place"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet}/{self.row}/{self.column}"


class PrintedExtract(models.Model):
    """The extract of a document already published, kept beside a filing; one at a time.

    ``content`` is its JSON document; what it gets wrong is worked out when it is read, so that it
    follows the filing.
    """

    filing = models.OneToOneField(
        Filing, models.CASCADE, verbose_name="申报件", related_name="printed_extract"
    )
    name = models.CharField("文件名", max_length=200)
    content = models.TextField("摘录")
    sha256 = models.CharField("指纹", max_length=64)
    lines = models.PositiveIntegerField("行数")
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+"
    )
    kept_at = models.DateTimeField("时间", auto_now=True)

    objects = PrintedExtractQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公开件摘录"

    def __str__(self) -> str:
        return self.name
