"""The lists of a budget book: project budgets, procurement, purchased services."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from budgets.models.project import MoneyField, Project
from budgets.querysets import BudgetListQuerySet
from budgets.workbook import ProjectFrequency, ProjectKind
from departments.models import Unit
from filings.models import Filing


class ListLine(models.Model):
    """What every row of a list has: whose filing, and how its amounts were declared.

    ``version`` grows with every change of the row on screen; :class:`ListChange` says what it was.
    """

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="%(class)ss"
    )
    functional_code = models.CharField("支出功能分类科目", max_length=7, blank=True)
    declared_unit = models.CharField("申报单位", max_length=4, default="yuan")
    declared_decimals = models.PositiveSmallIntegerField("申报小数位", default=2)
    version = models.PositiveIntegerField("版本", default=1)

    objects = BudgetListQuerySet.as_manager()

    class Meta:
        abstract = True


class ProjectBudgetLine(ListLine):
    """A row of 项目支出预算表: one project's money of the year by source, in yuan."""

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", related_name="budget_lines"
    )
    kind = models.CharField(
        "项目类别", max_length=20, choices=[(kind.value, kind.label) for kind in ProjectKind]
    )
    frequency = models.CharField(
        "项目类型", max_length=20, choices=[(each.value, each.label) for each in ProjectFrequency]
    )
    general_public = MoneyField("本年拨款一般公共预算", null=True, blank=True)
    government_fund = MoneyField("本年拨款政府性基金预算", null=True, blank=True)
    state_capital = MoneyField("本年拨款国有资本经营预算", null=True, blank=True)
    carryover_general_public = MoneyField("结转结余一般公共预算", null=True, blank=True)
    carryover_government_fund = MoneyField("结转结余政府性基金预算", null=True, blank=True)
    carryover_state_capital = MoneyField("结转结余国有资本经营预算", null=True, blank=True)
    special_account_funds = MoneyField("财政专户管理资金", null=True, blank=True)
    own_source_funds = MoneyField("单位资金", null=True, blank=True)
    total_budget = MoneyField("项目总预算", null=True, blank=True)
    main_use = models.CharField("主要用途", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "项目支出预算"
        ordering = ("project__code",)
        constraints = (
            models.UniqueConstraint("filing", "project", name="one_budget_per_project_and_filing"),
        )

    def __str__(self) -> str:
        return self.project.name


class PurchaseLine(ListLine):
    """What both lists of purchases have; without a project the row stands under operating costs."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位", related_name="%(class)ss")
    number = models.PositiveIntegerField("行号")
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="项目",
        related_name="%(class)ss",
    )
    project_name = models.CharField("项目（原文）", max_length=120, blank=True)
    economic_code = models.CharField("部门支出经济分类", max_length=7, blank=True)
    funding_source = models.CharField("资金来源", max_length=60, blank=True)
    fund_nature = models.CharField("资金性质", max_length=60, blank=True)
    quantity = MoneyField("数量", null=True, blank=True)
    amount = MoneyField("金额", null=True, blank=True)

    class Meta:
        abstract = True


class ProcurementLine(PurchaseLine):
    """A row of 政府采购预算表, money in yuan."""

    item_code = models.CharField("采购品目编码", max_length=20, blank=True)
    item_name = models.CharField("采购品目", max_length=120, blank=True)
    unit_price = MoneyField("单价", null=True, blank=True)
    measure = models.CharField("计量单位", max_length=20, blank=True)
    sme_amount = MoneyField("其中面向中小企业", null=True, blank=True)
    micro_amount = MoneyField("其中面向小微企业", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "政府采购预算"
        ordering = ("unit__code", "number")
        constraints = (
            models.UniqueConstraint(
                "filing", "unit", "number", name="procurement_rows_are_numbered_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.item_name}"


class PurchasedServiceLine(PurchaseLine):
    """A row of 政府购买服务预算表, in yuan, with three levels of the guide directory."""

    includes_procurement = models.BooleanField("是否包含政府采购", default=False)
    content = models.CharField("政府购买服务内容", max_length=200, blank=True)
    directory_tier_one = models.CharField("一级目录", max_length=120, blank=True)
    directory_tier_two = models.CharField("二级目录", max_length=120, blank=True)
    directory_tier_three = models.CharField("三级目录", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "政府购买服务预算"
        ordering = ("unit__code", "number")
        constraints = (
            models.UniqueConstraint(
                "filing", "unit", "number", name="purchased_services_are_numbered_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.content}"


class ListChange(models.Model):
    """One change of one column of a list's row, in words; rows may be gone, their history stays.

    ``row_version`` is the row's version after the change; without a column the whole row was
    added or removed.
    """

    filing = models.ForeignKey(
        Filing, models.CASCADE, verbose_name="申报件", related_name="list_changes"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位", related_name="+")
    list_key = models.CharField("列表", max_length=40)
    row = models.PositiveBigIntegerField("行")
    row_label = models.CharField("行名", max_length=200)
    row_version = models.PositiveIntegerField("版本")
    column = models.CharField("栏", max_length=60, blank=True)
    before = models.CharField("原值", max_length=300, blank=True)
    after = models.CharField("新值", max_length=300, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="修改人", related_name="+"
    )
    changed_at = models.DateTimeField("时间", auto_now_add=True)

    objects = BudgetListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "列表修改记录"
        ordering = ("id",)
        indexes = (models.Index(fields=("filing", "list_key", "row"), name="changes_of_a_row"),)

    def __str__(self) -> str:
        return f"{self.row_label} {self.column}".strip()
