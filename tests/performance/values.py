"""Declarations and evaluations for the pure tests: one clean project form, changed one by one."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from performance.evaluation import (
    DEPARTMENT,
    Band,
    DeclarationSnapshot,
    Direction,
    EvaluationSnapshot,
    GoalSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.scoring import ScoringParameters, load_parameters
from rulebook.amounts import from_wan

CASES = Path(__file__).parent.parent / "cases"
PROJECT_CODE = "00000000000T000000001"
DIRECTIONS = {
    "正向": Direction.HIGHER_IS_BETTER,
    "反向": Direction.LOWER_IS_BETTER,
    "等于": Direction.EXACT,
    "未定": None,
}
KINDS = {kind.label: kind for kind in IndicatorKind}
BANDS = {"达成": Band.REACHED, "部分达成": Band.PARTLY_REACHED, "未达成": Band.NOT_REACHED}


def wuhan_2023() -> ScoringParameters:
    return load_parameters("self_evaluation/wuhan_2023")


def cases_of(name: str) -> list[dict[str, Any]]:
    """The cases of one TOML file, with exact decimals."""
    with (CASES / name).open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)["case"]


def indicator(key: str, row: dict[str, Any]) -> IndicatorSnapshot:
    """A row as the cases write it: 名称, 目标, 完成, 分值, and what differs from the usual."""
    weight = Decimal(row.get("分值", 10))
    return IndicatorSnapshot(
        key=key,
        tier_one=row.get("一级", "产出指标"),
        tier_two=row.get("二级", "数量指标"),
        name=row["名称"],
        kind=KINDS[row.get("性质", "定量")],
        direction=DIRECTIONS[row.get("方向", "正向")],
        target=row["目标"],
        weight=weight,
        tier_one_weight=Decimal(row["一级分值"]) if "一级分值" in row else None,
        tier_two_weight=weight,
    )


def judgement(share: list[Any] | None) -> Judgement | None:
    """["部分达成", 75] → the band and the share of the points."""
    return None if share is None else Judgement(BANDS[share[0]], Decimal(share[1]))


def result(key: str, row: dict[str, Any]) -> ResultSnapshot:
    return ResultSnapshot(
        key, row["完成"], judgement(row.get("评定")), row.get("原因", ""), row.get("措施", "")
    )


def evaluation_of(case: dict[str, Any]) -> EvaluationSnapshot:
    """One whole form of a case: 预算 and 支出 in 万元, goals with their rows."""
    goals, results = [], []
    for number, goal in enumerate(case["年度目标"], start=1):
        rows = [(f"{number}.{i}", row) for i, row in enumerate(goal["指标"], start=1)]
        goals.append(
            GoalSnapshot(
                str(number),
                goal.get("内容", ""),
                Decimal(goal["分值"]),
                tuple(indicator(key, row) for key, row in rows),
            )
        )
        results += [result(key, row) for key, row in rows]
    subject = DEPARTMENT if case.get("整体", False) else PROJECT_CODE
    return EvaluationSnapshot(
        subject=subject,
        title=case["名称"],
        form="department" if subject == DEPARTMENT else "project",
        declaration=DeclarationSnapshot(subject, "全年工作目标。", tuple(goals)),
        budget=from_wan(Decimal(case["预算"])),
        spent=from_wan(Decimal(case["支出"])),
        execution_reason="",
        objective_achieved="全年工作按计划完成。",
        objective_judgement=judgement(case.get("总目标")),
        objective_reason=case.get("总目标原因", ""),
        results=tuple(results),
        deviation_reason="",
        improvement_measure="",
        filled_on=date(2024, 1, 22),
    )


CLEAN_ROWS: list[dict[str, Any]] = [
    {"一级": "成本指标", "二级": "经济成本指标", "名称": "每件办理成本", "目标": "≤400元/件",
     "完成": "380元/件", "方向": "反向"},
    {"名称": "巡查次数", "目标": "≥50次", "完成": "52次"},
    {"名称": "培训人次", "目标": "≥600人次", "完成": "620人次"},
    {"二级": "质量指标", "名称": "验收合格率", "目标": "95%-100%", "完成": "98%", "性质": "区间"},
    {"一级": "效益指标", "二级": "社会效益指标", "名称": "警情", "目标": "较上年下降",
     "完成": "下降5%", "性质": "趋势", "方向": "反向"},
    {"一级": "满意度指标", "二级": "服务对象满意度指标", "名称": "群众满意程度", "目标": "基本满意",
     "完成": "满意", "性质": "定性", "方向": "未定", "评定": ["达成", 100]},
]  # fmt: skip
COST, PATROLS, TRAINING, ACCEPTANCE, INCIDENTS, SATISFACTION = (f"1.{n}" for n in range(1, 7))


def clean_evaluation() -> EvaluationSnapshot:
    """A project form of 20 + 20 + 60 that raises nothing and scores 100."""
    return evaluation_of(
        {
            "名称": "示例项目",
            "预算": "100",
            "支出": "100",
            "总目标": ["达成", 100],
            "年度目标": [{"内容": "示例年度目标", "分值": 60, "指标": CLEAN_ROWS}],
        }
    )


def with_result(evaluation: EvaluationSnapshot, key: str, **changes: Any) -> EvaluationSnapshot:
    """The same form with one result changed."""
    results = tuple(
        replace(row, **changes) if row.indicator == key else row for row in evaluation.results
    )
    return replace(evaluation, results=results)


def with_indicator(evaluation: EvaluationSnapshot, key: str, **changes: Any) -> EvaluationSnapshot:
    """The same form with one declared indicator changed."""
    declaration = declared_with(evaluation.declaration, key, **changes)
    return replace(evaluation, declaration=declaration)


def declared_with(
    declaration: DeclarationSnapshot, key: str, **changes: Any
) -> DeclarationSnapshot:
    goals = tuple(
        replace(
            goal,
            indicators=tuple(
                replace(row, **changes) if row.key == key else row for row in goal.indicators
            ),
        )
        for goal in declaration.goals
    )
    return replace(declaration, goals=goals)
