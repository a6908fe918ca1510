"""What was promised and what was achieved: declarations, self-evaluations, scorecards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from budgets.models import Project
from filings.models import Filing
from performance.evaluation import Band, Direction, IndicatorKind
from performance.querysets import DeclarationQuerySet, SelfEvaluationQuerySet

KIND_CHOICES = [(kind.value, kind.label) for kind in IndicatorKind]
DIRECTION_CHOICES = [(direction.value, direction.label) for direction in Direction]
BAND_CHOICES = [(band.value, band.label) for band in Band]


class PointsField(models.DecimalField):
    """Points or a percentage, two decimals."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 6)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class TargetDeclaration(models.Model):
    """绩效目标: of a project, or of the department as a whole where ``project`` is empty."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="declarations"
    )
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="项目",
        help_text="留空表示部门整体。",
    )
    objective = models.TextField("总体目标", blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "绩效目标申报"
        ordering = ("project__code",)
        constraints = (
            models.UniqueConstraint(
                "filing", "project", name="one_declaration_per_project_and_filing"
            ),
            models.UniqueConstraint(
                "filing",
                condition=Q(project__isnull=True),
                name="one_overall_declaration_per_filing",
            ),
        )

    def __str__(self) -> str:
        return self.project.name if self.project else "部门整体"


class Goal(models.Model):
    """年度目标. A form without goals has one, with number 0 and no text."""

    declaration = models.ForeignKey(
        TargetDeclaration, models.CASCADE, verbose_name="绩效目标申报", related_name="goals"
    )
    number = models.PositiveSmallIntegerField("序号")
    text = models.TextField("目标内容", blank=True)
    weight = PointsField("分值", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度目标"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("declaration", "number", name="goals_are_numbered"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lte=100),
                name="goal_weight_within_0_100",
            ),
        )

    def __str__(self) -> str:
        return f"年度目标 {self.number}" if self.number else "项目绩效指标"


class Indicator(models.Model):
    """三级指标, with its place in the tree and the header weights printed above it."""

    goal = models.ForeignKey(
        Goal, models.CASCADE, verbose_name="年度目标", related_name="indicators"
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


class SelfEvaluation(models.Model):
    """绩效自评 of a declaration; budget and spending come from cells or the project's record."""

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="evaluations"
    )
    declaration = models.OneToOneField(
        TargetDeclaration, models.CASCADE, verbose_name="绩效目标", related_name="evaluation"
    )
    title = models.CharField("名称", max_length=200)
    form = models.CharField("表样", max_length=80)
    filled_on = models.DateField("填报日期", null=True, blank=True)
    execution_reason = models.TextField("预算执行说明", blank=True)
    objective_achieved = models.TextField("全年实际完成情况", blank=True)
    objective_band = models.CharField(
        "总目标完成档次", max_length=20, choices=BAND_CHOICES, blank=True
    )
    objective_percentage = PointsField("总目标得分比例（%）", null=True, blank=True)
    objective_reason = models.TextField("总目标未满分原因", blank=True)
    deviation_reason = models.TextField("偏差大或目标未完成原因分析", blank=True)
    improvement_measure = models.TextField("改进措施及结果应用方案", blank=True)
    goals_achieved = models.TextField("完成的绩效目标", blank=True)
    last_year_use = models.TextField("上年度结果应用情况", blank=True)
    problems = models.TextField("本年度绩效问题和原因", blank=True)
    next_steps = models.TextField("下一步拟改进措施", blank=True)
    budget_link = models.TextField("拟与预算安排相结合情况", blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = SelfEvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "绩效自评"
        ordering = ("declaration__project__code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(objective_percentage__isnull=True)
                | Q(objective_percentage__gte=0, objective_percentage__lte=100),
                name="objective_percentage_within_0_100",
            ),
        )

    def __str__(self) -> str:
        return self.title


class IndicatorResult(models.Model):
    """实际完成值 of one indicator, as typed, with reasons."""

    evaluation = models.ForeignKey(
        SelfEvaluation, models.CASCADE, verbose_name="绩效自评", related_name="results"
    )
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, verbose_name="绩效指标", related_name="results"
    )
    achieved = models.CharField("实际完成值", max_length=200, blank=True)
    band = models.CharField("完成档次", max_length=20, choices=BAND_CHOICES, blank=True)
    percentage = PointsField("得分比例（%）", null=True, blank=True)
    deviation_reason = models.TextField("偏差原因", blank=True)
    improvement_measure = models.TextField("改进措施", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标完成情况"
        ordering = ("indicator__goal__number", "indicator__number")
        constraints = (
            models.UniqueConstraint(
                "evaluation", "indicator", name="one_result_per_indicator_and_evaluation"
            ),
            models.CheckConstraint(
                condition=Q(percentage__isnull=True) | Q(percentage__gte=0, percentage__lte=100),
                name="percentage_within_0_100",
            ),
        )

    def __str__(self) -> str:
        return self.achieved


class ScoreDeduction(models.Model):
    """A score lowered by a person; never raised above what the rule gives."""

    result = models.ForeignKey(
        IndicatorResult, models.CASCADE, verbose_name="指标完成情况", related_name="deductions"
    )
    points = PointsField("扣减分值")
    reason = models.CharField("扣分原因", max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="扣分人", related_name="+"
    )
    role = models.CharField("岗位", max_length=20)
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "人工扣分"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(points__gt=0), name="a_deduction_lowers_the_score"),
        )

    def __str__(self) -> str:
        return f"−{self.points}"


class StoredScorecard(models.Model):
    """得分 with its derivation, as last computed; a snapshot freezes its own copy."""

    evaluation = models.OneToOneField(
        SelfEvaluation, models.CASCADE, verbose_name="绩效自评", related_name="scorecard"
    )
    scoring_edition = models.CharField("评分版式", max_length=80)
    total = PointsField("总分", null=True, blank=True)
    grade = models.CharField("等级", max_length=10, blank=True)
    derivation = models.JSONField("推导过程", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "得分"

    def __str__(self) -> str:
        return str(self.total)
