"""Workbooks of units: entered cells, their history, uploads."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from budgets.models.project import MoneyField
from budgets.querysets import CellQuerySet, UploadQuerySet, WorkbookQuerySet
from budgets.workbook import Provenance
from departments.models import Unit
from filings.models import Filing

PROVENANCE_CHOICES = [(p.value, p.label) for p in Provenance]


class Workbook(models.Model):
    """One unit's sheets of one filing. Derived values are never stored here."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="workbooks"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位", related_name="workbooks")
    template_version = models.CharField("模板版本", max_length=40, blank=True)
    revision = models.PositiveIntegerField("修改序号", default=0)

    objects = WorkbookQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作簿"
        ordering = ("unit__code",)
        constraints = (
            models.UniqueConstraint("filing", "unit", name="one_workbook_per_unit_and_filing"),
        )

    def __str__(self) -> str:
        return f"{self.unit.name} 工作簿"


class Cell(models.Model):
    """A filed cell, addressed by stable keys. Money in yuan; a count has no declared unit.

    ``evidence`` keeps an imported value of a derived cell until a person resolves it.
    """

    workbook = models.ForeignKey(
        Workbook, models.CASCADE, verbose_name="工作簿", related_name="cells"
    )
    sheet = models.CharField("表", max_length=60)
    row = models.CharField("行", max_length=60)
    column = models.CharField("栏", max_length=60)
    value = MoneyField("数值", null=True, blank=True)
    evidence = MoneyField("导入的合计", null=True, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    provenance = models.CharField(
        "来源", max_length=20, choices=PROVENANCE_CHOICES, default=Provenance.ENTERED.value
    )
    declared_unit = models.CharField("申报单位", max_length=4, blank=True, default="yuan")
    declared_decimals = models.PositiveSmallIntegerField("申报小数位", default=2)
    version = models.PositiveIntegerField("版本", default=1)

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单元格"
        ordering = ("sheet", "row", "column")
        constraints = (
            models.UniqueConstraint(
                "workbook", "sheet", "row", "column", name="one_cell_per_place"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet}/{self.row}/{self.column}"


class CellChange(models.Model):
    """One change of one cell: both values, who, when, how."""

    workbook = models.ForeignKey(
        Workbook, models.CASCADE, verbose_name="工作簿", related_name="changes"
    )
    sheet = models.CharField("表", max_length=60)
    row = models.CharField("行", max_length=60)
    column = models.CharField("栏", max_length=60)
    before = MoneyField("原值", null=True, blank=True)
    after = MoneyField("新值", null=True, blank=True)
    is_evidence = models.BooleanField("导入的合计", default=False)
    provenance = models.CharField("来源", max_length=20, choices=PROVENANCE_CHOICES)
    reason = models.CharField("原因", max_length=300, blank=True)
    upload = models.ForeignKey(
        "budgets.Upload", models.PROTECT, null=True, blank=True, verbose_name="导入文件"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="修改人", related_name="+"
    )
    changed_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "单元格修改记录"
        ordering = ("id",)
        indexes = (
            models.Index(fields=("workbook", "sheet", "row", "column"), name="changes_of_a_cell"),
        )

    def __str__(self) -> str:
        return f"{self.sheet}/{self.row}/{self.column}"


class WithheldRow(models.Model):
    """涉密: a row left out of publication with its legal basis; totals still include it."""

    workbook = models.ForeignKey(
        Workbook, models.CASCADE, verbose_name="工作簿", related_name="withheld_rows"
    )
    sheet = models.CharField("表", max_length=60)
    row = models.CharField("行", max_length=60)
    legal_basis = models.CharField("法律依据", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "不予公开的行"
        ordering = ("sheet", "row")
        constraints = (
            models.UniqueConstraint("workbook", "sheet", "row", name="a_row_is_withheld_once"),
        )

    def __str__(self) -> str:
        return f"{self.sheet}/{self.row}"


class KeptFile(models.Model):
    """An uploaded file, kept as it came with its hash; ``path`` is under the uploads folder."""

    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("指纹", max_length=64)
    size = models.PositiveIntegerField("大小")
    path = models.CharField("存放位置", max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+"
    )
    uploaded_at = models.DateTimeField("时间", auto_now_add=True)
    applied_at = models.DateTimeField("写入时间", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Upload(KeptFile):
    """A file of cells and lists: of a unit's workbook, or, without one, of the department."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="uploads"
    )
    workbook = models.ForeignKey(
        Workbook,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="工作簿",
        related_name="uploads",
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上传文件"
        ordering = ("-uploaded_at",)
