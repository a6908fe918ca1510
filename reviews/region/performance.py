"""PURE: targets and self-evaluations of an invented department, met and worth full points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from budgets.workbook import ProjectBudget, ProjectSnapshot
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
from performance.scoring.parameters import ScoringParameters
from reviews.region.dice import Dice

MEASURES: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("成本指标", "经济成本指标", "单位成本", "≤", "元", 400),
    ("产出指标", "数量指标", "完成任务数量", "≥", "次", 60),
    ("产出指标", "质量指标", "验收合格率", "≥", "%", 95),
    ("效益指标", "社会效益指标", "受益人数", "≥", "人", 800),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥", "%", 90),
)
"""一级, 二级, what is measured, sign, unit, a target."""
_GOAL = "按计划完成各项工作任务，提高资金使用效益"
FULL = Judgement(Band.REACHED, Decimal(100))


def declaration_of(subject: str, parameters: ScoringParameters, dice: Dice) -> DeclarationSnapshot:
    """Targets whose points add up at every level; one goal or two."""
    points = int(parameters.scheme_for(subject).indicators)
    weights = dice.split(points // 10, dice.between(1, 2))
    goals = tuple(_goal(str(at), weight * 10, dice) for at, weight in enumerate(weights, 1))
    return DeclarationSnapshot(subject, f"{_GOAL}。", goals)


def _goal(key: str, points: int, dice: Dice) -> GoalSnapshot:
    shares = dice.split(points, len(MEASURES))
    tier_ones: dict[str, int] = {}
    for measure, share in zip(MEASURES, shares, strict=True):
        tier_ones[measure[0]] = tier_ones.get(measure[0], 0) + share
    rows = tuple(
        _indicator(f"{key}.{at}", MEASURES[at - 1], share, tier_ones[MEASURES[at - 1][0]], dice)
        for at, share in enumerate(shares, 1)
    )
    return GoalSnapshot(key, f"{_GOAL}（目标{key}）。", Decimal(points), rows)


def _indicator(
    key: str, measure: tuple[str, str, str, str, str, int], share: int, header: int, dice: Dice
) -> IndicatorSnapshot:
    tier_one, tier_two, name, sign, unit, target = measure
    lower = sign == "≤"
    wanted = target if unit == "%" else dice.near(target, 80, 120)
    return IndicatorSnapshot(
        key=key,
        tier_one=tier_one,
        tier_two=tier_two,
        name=name,
        kind=IndicatorKind.QUANTITATIVE,
        direction=Direction.LOWER_IS_BETTER if lower else Direction.HIGHER_IS_BETTER,
        target=f"{sign}{wanted}{unit}",
        weight=Decimal(share),
        tier_one_weight=Decimal(header),
        tier_two_weight=Decimal(share),
    )


def evaluation_of(
    declaration: DeclarationSnapshot,
    title: str,
    budget: Decimal | None,
    spent: Decimal | None,
    year: int,
) -> EvaluationSnapshot:
    """A self-evaluation that reached every target exactly; only execution may cost points."""
    own = declaration.subject == DEPARTMENT
    passages = ("goals_achieved", "last_year_use", "problems", "next_steps", "budget_link")
    return EvaluationSnapshot(
        subject=declaration.subject,
        title=title,
        form="",
        declaration=declaration,
        budget=budget,
        spent=spent,
        execution_reason="",
        objective_achieved="" if own else "各项工作任务按计划完成。",
        objective_judgement=None if own else FULL,
        objective_reason="",
        results=tuple(
            ResultSnapshot(row.key, row.target.lstrip("≤≥")) for row in declaration.indicators
        ),
        deviation_reason="",
        improvement_measure="",
        filled_on=date(year + 1, 1, 20),
        report=tuple((key, _PASSAGES[key]) for key in passages),
    )


_PASSAGES = {
    "goals_achieved": "各项目标任务按计划完成。",
    "last_year_use": "按上年自评结果完善了指标。",
    "problems": "部分工作启动较晚，进度前慢后快。",
    "next_steps": "提前做好前期准备，按月跟踪进度。",
    "budget_link": "自评结果作为安排下年预算的参考。",
}


def chosen_projects(projects: Sequence[ProjectSnapshot], dice: Dice) -> list[ProjectSnapshot]:
    """A few projects that are evaluated."""
    return sorted(dice.some_of(spent_projects(projects), dice.between(1, 3)), key=lambda p: p.code)


def spent_projects(projects: Sequence[ProjectSnapshot]) -> list[ProjectSnapshot]:
    """The projects with money, none that spent beyond its budget."""
    return [p for p in projects if p.actual and p.actual <= (p.revised_budget or 0)]


def declared_projects(projects: Sequence[ProjectBudget], dice: Dice) -> list[ProjectBudget]:
    """A few projects of a budget that declare targets."""
    return sorted(dice.some_of(projects, dice.between(1, 3)), key=lambda p: p.code)
