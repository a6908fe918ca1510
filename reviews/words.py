"""PURE: what the steps of a filing are called, on the screen and in its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from departments.roles import Role
from filings.states import State
from reviews.workflow import TRANSITIONS

OTHER_ACTIONS = {
    "open": "建立申报件",
    "open_review": "打开审核",
    "supersede": "被更正版本取代",
    "waive": "豁免校验",
    "carry_forward": "从上年带入",
    "import_published": "导入部门公布表",
    "import_package": "导入数据包",
    "keep_extract": "上传公开件摘录",
    "withhold_rows": "设定不予公开的行",
    "save_project_years": "修改项目数",
    "import_forms": "导入绩效表格",
    "deduct": "人工扣分",
    "take_back_deduction": "撤销扣分",
    "generate_targets": "从绩效目标生成自评",
    "ask_target_change": "申请调整绩效目标",
    "take_back_target_change": "撤回目标调整申请",
    "decide_target_change": "决定目标调整申请",
    "carry_target_change": "监控中同意的目标调整列入自评",
    "unit_change": "登记单位变更",
    "open_workbooks": "补建单位报表",
    "monitoring_open": "建立绩效运行监控",
    "monitoring_hand_over": "监控送部门复核",
    "monitoring_take_back": "取回绩效运行监控",
    "monitoring_hand_back": "监控退回填报",
    "monitoring_submit": "报送绩效运行监控",
    "monitoring_recall": "收回绩效运行监控",
    "monitoring_accept": "认可绩效运行监控",
    "monitoring_send_back": "退回绩效运行监控",
    "change_target": "同意调整绩效目标",
    "refuse_target_change": "不同意调整绩效目标",
    "link_parts": "保存汇总关系",
    "adopt_aggregated": "采用汇总值",
    "decide_result": "确定评价结果应用",
    "close_measure": "登记改进措施落实",
}
ACTIONS = {step.key: step.verb for step in TRANSITIONS} | OTHER_ACTIONS
UNNAMED = "其他操作"

DETAILS = {
    "receipt": "回执",
    "sha256": "指纹",
    "reason": "原因",
    "remarks": "审核意见条数",
    "document_no": "批复文号",
    "check": "校验",
    "until": "有效期至",
    "version": "版本",
    "evaluation": "自评",
    "indicator": "指标",
    "points": "扣减分值",
    "before": "原得分",
    "after": "现得分",
    "change": "变更",
    "month": "月份",
    "old_target": "原目标值",
    "new_target": "新目标值",
    "old_value": "原完成值",
    "new_value": "新完成值",
    "decision": "决定",
    "done": "落实情况",
    "source": "来源",
    "field": "栏目",
    "old": "原值",
    "new": "新值",
    "unit": "单位",
    "cells": "格数",
    "rows": "科目行数",
    "projects": "项目数",
}

DONE = {
    "hand_over": "已送部门复核。",
    "take_back": "已取回，可以继续修改。",
    "hand_back": "已退回填报岗位。",
    "submit": "已提交审核。",
    "recall": "已收回，可以继续修改。",
    "send_back": "已退回，部门会看到全部审核意见。",
    "approve": "已通过，正在生成正式报告。",
    "revoke": "已撤销通过，退回部门修改。",
    "publish": "已公开。",
    "withdraw": "已撤回公开。",
}

HOLDERS = {
    State.DRAFT: Role.PREPARER,
    State.RETURNED: Role.PREPARER,
    State.INTERNAL_REVIEW: Role.INTERNAL_REVIEWER,
    State.SUBMITTED: Role.BUREAU_REVIEWER,
    State.APPROVED: Role.PUBLISHER,
}


def holder_of(state: State) -> str:
    """Whose turn it is, by role; empty when nobody needs to do anything."""
    return HOLDERS[state].label if state in HOLDERS else ""


def action_words(action: str) -> str:
    return ACTIONS.get(action, UNNAMED)


def detail_words(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The detail of an event as (label, words); what has no words of its own is left out."""
    return [
        (DETAILS[key], str(value))
        for key, value in detail.items()
        if key in DETAILS and not isinstance(value, list | dict)
    ]
