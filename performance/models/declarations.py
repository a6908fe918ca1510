"""What was promised: declarations with every block of their form, goals and indicators."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from budgets.models import Project
from budgets.models.project import MoneyField
from departments.models import Unit
from filings.models import Filing
from performance.models.fields import (
    AGGREGATION_CHOICES,
    DIRECTION_CHOICES,
    KIND_CHOICES,
    DeclaredAmount,
    FormCell,
    FormText,
    PointsField,
)
from performance.querysets import DeclarationQuerySet
from rulebook.forms import Horizon

HORIZON_CHOICES = [(each.value, each.label) for each in Horizon]


class TargetDeclaration(models.Model):
    """绩效目标: of a project, of a unit as a whole, or, without either, of the department."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="declarations"
    )
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="项目",
        help_text="留空表示部门或单位整体。",
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="单位",
        help_text="单位整体的绩效目标；部门整体和项目留空。",
    )
    form = models.CharField("表样", max_length=80, blank=True)
    objective = models.TextField("年度总目标", blank=True)
    long_term_objective = models.TextField("长期总目标", blank=True)
    long_term_until = models.PositiveSmallIntegerField("长期目标截止年度", null=True, blank=True)
    source = models.CharField("目标来源", max_length=200, blank=True)
    source_declaration = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="来源申报表",
        related_name="evaluated_in",
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "绩效目标申报"
        ordering = ("project__code",)
        constraints = (
            models.UniqueConstraint(
                "filing", "project", name="one_declaration_per_project_and_filing"
            ),
            models.UniqueConstraint("filing", "unit", name="one_declaration_per_unit_and_filing"),
            models.UniqueConstraint(
                "filing",
                condition=Q(project__isnull=True, unit__isnull=True),
                name="one_overall_declaration_per_filing",
            ),
            models.CheckConstraint(
                condition=Q(project__isnull=True) | Q(unit__isnull=True),
                name="a_declaration_is_of_a_project_or_a_unit",
            ),
        )

    def __str__(self) -> str:
        if self.project:
            return self.project.name
        return f"{self.unit.name}整体" if self.unit else "部门整体"

    @property
    def is_generated(self) -> bool:
        """Whether the targets were taken from an approved declaration, and so stand."""
        return bool(self.source)


class DeclaredText(FormText):
    """What was written into a field of the form; ``key`` is the field's."""

    declaration = models.ForeignKey(
        TargetDeclaration, models.CASCADE, verbose_name="绩效目标申报", related_name="texts"
    )

    class Meta(FormText.Meta):
        verbose_name = verbose_name_plural = "申报表栏目"
        constraints = (models.UniqueConstraint("declaration", "key", name="one_text_per_field"),)


class DeclaredFormAmount(FormCell):
    """An amount written into a cell of the form, in yuan."""

    declaration = models.ForeignKey(
        TargetDeclaration, models.CASCADE, verbose_name="绩效目标申报", related_name="amounts"
    )

    class Meta(FormCell.Meta):
        verbose_name = verbose_name_plural = "申报表金额"
        constraints = (
            models.UniqueConstraint(
                "declaration", "block", "row", "column", name="one_amount_per_cell_of_a_form"
            ),
        )


class DeclaredDetail(DeclaredAmount):
    """A row of 项目支出明细及依据, in yuan by source."""

    declaration = models.ForeignKey(
        TargetDeclaration, models.CASCADE, verbose_name="绩效目标申报", related_name="details"
    )
    number = models.PositiveSmallIntegerField("行号")
    content = models.CharField("项目内容", max_length=300)
    calculation = models.TextField("测算依据及说明", blank=True)
    own_level = MoneyField("本级财政拨款", null=True, blank=True)
    transfer = MoneyField("上级转移支付", null=True, blank=True)
    other = MoneyField("其他资金", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "支出明细"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("declaration", "number", name="details_are_numbered"),
        )

    def __str__(self) -> str:
        return self.content


class DeclaredAsset(DeclaredAmount):
    """A row of 项目资产配置计划及采购计划, in yuan."""

    declaration = models.ForeignKey(
        TargetDeclaration, models.CASCADE, verbose_name="绩效目标申报", related_name="assets"
    )
    number = models.PositiveSmallIntegerField("行号")
    name = models.CharField("品名", max_length=200)
    quantity = models.CharField("数量", max_length=60, blank=True)
    amount = MoneyField("金额", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "资产配置和采购计划"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("declaration", "number", name="assets_are_numbered"),
        )

    def __str__(self) -> str:
        return self.name


class Goal(models.Model):
    """A goal of the year or a long-term one. A form without goals has one of each horizon at
    most, with number 0 and no text."""

    declaration = models.ForeignKey(
        TargetDeclaration, models.CASCADE, verbose_name="绩效目标申报", related_name="goals"
    )
    horizon = models.CharField(
        "期限", max_length=10, choices=HORIZON_CHOICES, default=Horizon.ANNUAL.value
    )
    number = models.PositiveSmallIntegerField("序号")
    text = models.TextField("目标内容", blank=True)
    weight = PointsField("分值", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "绩效目标"
        ordering = ("horizon", "number")
        constraints = (
            models.UniqueConstraint(
                "declaration", "horizon", "number", name="goals_of_a_horizon_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lte=100),
                name="goal_weight_within_0_100",
            ),
        )

    def __str__(self) -> str:
        return f"{Horizon(self.horizon).label} {self.number}" if self.number else "项目绩效指标"


class Indicator(models.Model):
    """三级指标, with its place in the tree and the header weights printed above it."""

    goal = models.ForeignKey(
        Goal, models.CASCADE, verbose_name="绩效目标", related_name="indicators"
    )
    number = models.PositiveSmallIntegerField("行号")
    tier_one = models.CharField("一级指标", max_length=40)
    tier_one_weight = PointsField("一级指标分值", null=True, blank=True)
    tier_two = models.CharField("二级指标", max_length=40)
    tier_two_weight = PointsField("二级指标分值", null=True, blank=True)
    name = models.CharField("指标名称", max_length=200)
    kind = models.CharField("类型", max_length=20, choices=KIND_CHOICES)
    direction = models.CharField("方向", max_length=20, choices=DIRECTION_CHOICES, blank=True)
    target = models.CharField("年初目标值", max_length=200)
    weight = PointsField("分值", null=True, blank=True)
    basis = models.CharField("指标值确定依据", max_length=20, blank=True)
    basis_note = models.CharField("依据说明", max_length=300, blank=True)
    classification = models.CharField("指标分类", max_length=20, blank=True)
    note = models.CharField("指标值说明", max_length=300, blank=True)
    last_year = models.CharField("上年指标值", max_length=200, blank=True)
    two_years_before = models.CharField("前年指标值", max_length=200, blank=True)
    aggregation = models.CharField(
        "汇总方式", max_length=20, choices=AGGREGATION_CHOICES, blank=True
    )
    feeds = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="汇总到整体指标",
        related_name="parts",
    )
    money_weight = MoneyField("资金权重", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "绩效指标"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("goal", "number", name="indicators_of_a_goal_are_numbered"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lte=100),
                name="indicator_weight_within_0_100",
            ),
        )

    def __str__(self) -> str:
        return self.name
