"""What was achieved: self-evaluations, results, deductions and stored scores."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from filings.models import Filing
from performance.models.declarations import Indicator, TargetDeclaration
from performance.models.fields import BAND_CHOICES, FormCell, FormText, PointsField
from performance.querysets import SelfEvaluationQuerySet


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
    claimed_grade = models.CharField("原表等级", max_length=10, blank=True)
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


class EvaluationText(FormText):
    """What was written into another field of the form (合并明细项目, 说明)."""

    evaluation = models.ForeignKey(
        SelfEvaluation, models.CASCADE, verbose_name="绩效自评", related_name="texts"
    )

    class Meta(FormText.Meta):
        verbose_name = verbose_name_plural = "自评表栏目"
        constraints = (
            models.UniqueConstraint("evaluation", "key", name="one_text_per_field_of_evaluation"),
        )


class EvaluationAmount(FormCell):
    """The money of one level (中央, 省, 市 …) in the execution block, in yuan."""

    evaluation = models.ForeignKey(
        SelfEvaluation, models.CASCADE, verbose_name="绩效自评", related_name="amounts"
    )

    class Meta(FormCell.Meta):
        verbose_name = verbose_name_plural = "自评表金额"
        constraints = (
            models.UniqueConstraint(
                "evaluation", "block", "row", "column", name="one_amount_per_cell_of_evaluation"
            ),
        )


class ClaimedScore(models.Model):
    """Points printed on an imported form; compared with the rule, never taken for it."""

    evaluation = models.ForeignKey(
        SelfEvaluation, models.CASCADE, verbose_name="绩效自评", related_name="claimed"
    )
    line = models.CharField("评分项目", max_length=20)
    points = PointsField("原表得分")

    class Meta:
        verbose_name = verbose_name_plural = "原表得分"
        ordering = ("line",)
        constraints = (models.UniqueConstraint("evaluation", "line", name="one_claim_per_line"),)

    def __str__(self) -> str:
        return str(self.points)


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


class Lowering(models.Model):
    """Points taken off by a person; never added, never without a reason."""

    points = PointsField("扣减分值")
    reason = models.CharField("扣分原因", max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="扣分人", related_name="+"
    )
    role = models.CharField("岗位", max_length=20)
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ("id",)

    def __str__(self) -> str:
        return f"−{self.points}"


class ScoreDeduction(Lowering):
    """A deduction from the points of one indicator."""

    result = models.ForeignKey(
        IndicatorResult, models.CASCADE, verbose_name="指标完成情况", related_name="deductions"
    )

    class Meta(Lowering.Meta):
        verbose_name = verbose_name_plural = "人工扣分"
        constraints = (
            models.CheckConstraint(condition=Q(points__gt=0), name="a_deduction_lowers_the_score"),
        )


class BlockDeduction(Lowering):
    """A deduction from the indicators as one block, where the edition gives points per block."""

    evaluation = models.ForeignKey(
        SelfEvaluation, models.CASCADE, verbose_name="绩效自评", related_name="deductions"
    )

    class Meta(Lowering.Meta):
        verbose_name = verbose_name_plural = "按块扣分"
        constraints = (
            models.CheckConstraint(condition=Q(points__gt=0), name="a_deduction_lowers_the_block"),
        )


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
