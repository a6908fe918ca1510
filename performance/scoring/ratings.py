"""From lines to subtotals, the total and its grade."""

from __future__ import annotations

from decimal import Decimal

from performance.evaluation import DeclarationSnapshot
from performance.scoring.parameters import Component, ScoringParameters
from performance.scoring.scorecard import GoalSubtotal, ScoreLine, component_points, total_points
from performance.scoring.steps import plain
from rulebook.amounts import ZERO


def goal_subtotals(
    declaration: DeclarationSnapshot, lines: tuple[ScoreLine, ...]
) -> tuple[GoalSubtotal, ...]:
    """The points of each annual goal, as the form prints them."""
    return tuple(
        GoalSubtotal(
            goal.key,
            goal.text,
            sum((row.weight for row in goal.indicators if row.weight is not None), ZERO),
            total_points([line.points for line in _of_goal(lines, goal.key)]),
        )
        for goal in declaration.goals
    )


def _of_goal(lines: tuple[ScoreLine, ...], goal: str) -> list[ScoreLine]:
    return [x for x in lines if x.component is Component.INDICATORS and x.goal == goal]


def total_steps(
    lines: tuple[ScoreLine, ...],
    total: Decimal | None,
    out_of: Decimal,
    grade: str | None,
    parameters: ScoringParameters,
) -> tuple[str, ...]:
    """How the total came about, in words."""
    if total is None:
        return ("还有待答的问题，暂不计算总分",)
    parts = "＋".join(
        f"{component.label}{plain(points)}"
        for component in Component
        if (points := component_points(lines, component)) is not None
    )
    added = f"总分＝{parts}＝{plain(total)}（满分{plain(out_of)}）"
    if grade is None:
        return added, "预算执行情况不适用，总分不折算，等级由审核人确定"
    return added, f"等级：{grade}（{parameters.clauses['grade'].text}）"
