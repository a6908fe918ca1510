"""The list of a filing's targets and self-evaluations."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from performance.overview import SubjectOverview
from rulebook.amounts import in_wan
from rulebook.findings import Severity

RIGHT = {"th": {"class": "right"}, "td": {"class": "right"}}


class PerformanceTable(tables.Table):
    """One row per subject; amounts in 万元."""

    name = tables.Column("对象")
    budget = tables.Column("预算数（A）", accessor="money", attrs=RIGHT)
    spent = tables.Column("执行数（B）", accessor="money", attrs=RIGHT)
    targets = tables.Column("绩效目标", accessor="declared", empty_values=())
    total = tables.Column("自评总分", accessor="evaluated", attrs=RIGHT)
    grade = tables.Column("等级", accessor="evaluated")
    state = tables.Column("校验", accessor="findings", empty_values=())
    action = tables.Column("办理", accessor="subject", empty_values=())

    class Meta:
        attrs = {"class": "list"}
        template_name = "performance/table.html"
        orderable = False
        empty_text = "本申报件还没有项目，也没有绩效目标。"

    def __init__(self, *args: Any, page: dict[str, Any], **kwargs: Any) -> None:
        self.page_context = page
        if page["declares"]:  # nothing is evaluated in a budget
            kwargs["exclude"] = ("spent", "total", "grade")
        super().__init__(*args, **kwargs)

    def render_budget(self, record: SubjectOverview) -> str:
        return _wan(record.money[0])

    def render_spent(self, record: SubjectOverview) -> str:
        return _wan(record.money[1])

    def render_targets(self, record: SubjectOverview) -> str:
        if record.declared is None:
            return "未申报"
        return f"{len(record.declared.snapshot.indicators)} 个指标"

    def render_total(self, record: SubjectOverview) -> str:
        if record.evaluated is None:
            return ""
        card = record.evaluated.scorecard
        if card.total is None:
            return "待答"
        full = "" if card.grade else f" / {card.out_of}"
        return f"{card.total:.2f}{full}"

    def render_grade(self, record: SubjectOverview) -> str:
        return (record.evaluated.scorecard.grade or "待定") if record.evaluated else ""

    def render_state(self, record: SubjectOverview) -> str:
        if record.declared is None:
            return "未开始"
        counts = [
            f"{severity.label} {number}"
            for severity in (Severity.ERROR, Severity.WARNING)
            if (number := sum(f.severity is severity for f in record.findings))
        ]
        if self.page_context["declares"]:
            return "，".join(counts) or "没有问题"
        return "，".join(counts) or ("没有问题" if record.evaluated else "未自评")

    def render_action(self, record: SubjectOverview) -> SafeString:
        return render_to_string(
            "performance/actions.html",
            {**self.page_context, "each": record},
            request=self.page_context["request"],
        )


def _wan(yuan: Any) -> str:
    return "—" if yuan is None else f"{in_wan(yuan):,.2f}"
