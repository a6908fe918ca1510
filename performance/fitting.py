"""Whether declarations and evaluations of a data package can be kept in rows.

Checks judge what was promised and achieved; here is only what the database could not hold or
would not give back equal: subjects, keys, lengths, points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from performance.evaluation import (
    DEPARTMENT,
    DeclarationSnapshot,
    EvaluationSnapshot,
    GoalSnapshot,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.models import Indicator, IndicatorResult, ScoreDeduction, SelfEvaluation
from performance.scoring.steps import plain
from performance.scoring.weights import FORM_ROW
from performance.snapshots import PASSAGES
from rulebook.addresses import declaration_address, evaluation_address
from rulebook.amounts import HUNDRED, decimals_of

_GOAL_KEY = re.compile(r"0|[1-9]\d{0,2}", re.ASCII)
_ROW_KEY = re.compile(r"[1-9]\d{0,2}", re.ASCII)
MAX_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Misfit:
    """What of a package cannot be kept in rows: its address and the reason, in Chinese."""

    address: str
    reason: str


def misfits(
    declarations: Sequence[DeclarationSnapshot],
    evaluations: Sequence[EvaluationSnapshot],
    projects: Iterable[str],
) -> list[Misfit]:
    """Everything that cannot be kept. ``projects`` are the codes of the department's projects."""
    subjects = {DEPARTMENT, *projects}
    declared = {declaration.subject: declaration for declaration in declarations}
    found = [
        *(Misfit(declaration_address(subject, FORM_ROW, "subject"), f"{subject} 的绩效目标重复")
          for subject in _repeated(d.subject for d in declarations)),
        *(Misfit(evaluation_address(subject, FORM_ROW, "subject"), f"{subject} 的绩效自评重复")
          for subject in _repeated(e.subject for e in evaluations)),
    ]  # fmt: skip
    for declaration in declarations:
        found += _of_declaration(declaration, subjects)
    for evaluation in evaluations:
        found += _of_evaluation(evaluation, declared.get(evaluation.subject))
    return found


def _repeated(keys: Iterable[str]) -> list[str]:
    return sorted(key for key, times in Counter(keys).items() if times > 1)


def _of_declaration(value: DeclarationSnapshot, subjects: set[str]) -> Iterator[Misfit]:
    def at(row: str, field: str, reason: str) -> Misfit:
        return Misfit(declaration_address(value.subject, row, field), reason)

    if value.subject not in subjects:
        yield at(FORM_ROW, "subject", f"本部门没有编码为 {value.subject} 的项目")
    for key in _repeated(goal.key for goal in value.goals):
        yield at(key, "key", f"年度目标 {key} 重复")
    for key in _repeated(row.key for row in value.indicators):
        yield at(key, "key", f"指标 {key} 重复")
    if not _ascend(goal.key for goal in value.goals):
        yield at(FORM_ROW, "goals", "年度目标没有按序号排列")
    for goal in value.goals:
        if not _ascend(row.key.partition(".")[2] for row in goal.indicators):
            yield at(goal.key, "indicators", f"年度目标 {goal.key} 的指标没有按行号排列")
        yield from (at(goal.key, field, reason) for field, reason in _of_goal(goal))
        for row in goal.indicators:
            yield from (at(row.key, field, why) for field, why in _of_indicator(row, goal.key))


def _ascend(numbers: Iterable[str]) -> bool:
    """Whether the numbers are in order, as rows come back; other faults of a key are not its."""
    known = [int(number) for number in numbers if _GOAL_KEY.fullmatch(number)]
    return known == sorted(known)


def _of_goal(goal: GoalSnapshot) -> Iterator[tuple[str, str]]:
    if not _GOAL_KEY.fullmatch(goal.key):
        yield "key", f"年度目标的序号“{goal.key}”不是 0 至 999 的整数"
    yield from _points("weight", goal.weight)


def _of_indicator(row: IndicatorSnapshot, goal: str) -> Iterator[tuple[str, str]]:
    head, _, number = row.key.partition(".")
    if head != goal or not _ROW_KEY.fullmatch(number):
        yield "key", f"指标的序号“{row.key}”应为“{goal}.”加行号"
    yield from _too_long(Indicator, row, ("tier_one", "tier_two", "name", "target"))
    for field in ("weight", "tier_one_weight", "tier_two_weight"):
        yield from _points(field, getattr(row, field))


def _of_evaluation(
    value: EvaluationSnapshot, declared: DeclarationSnapshot | None
) -> Iterator[Misfit]:
    def at(row: str, field: str, reason: str) -> Misfit:
        return Misfit(evaluation_address(value.subject, row, field), reason)

    if value.declaration != declared:
        yield at(FORM_ROW, "declaration", f"{value.title}：自评所载的绩效目标与申报的绩效目标不同")
    for field, why in _of_head(value):
        yield at(FORM_ROW, field, why)
    rows = {row.key for row in value.declaration.indicators}
    for key in _repeated(result.indicator for result in value.results):
        yield at(key, "achieved", f"指标 {key} 的完成情况重复")
    for result in value.results:
        if result.indicator not in rows:
            yield at(result.indicator, "achieved", f"绩效目标中没有指标 {result.indicator}")
        for field, why in _of_result(result):
            yield at(result.indicator, field, why)


def _of_head(value: EvaluationSnapshot) -> Iterator[tuple[str, str]]:
    yield from _too_long(SelfEvaluation, value, ("title", "form"))
    yield from _share("objective_judgement", value.objective_judgement)
    for key in sorted({key for key, _ in value.report} - set(PASSAGES)):
        yield "report", f"没有名为 {key} 的文字段"
    for key in _repeated(key for key, _ in value.report):
        yield "report", f"文字段 {key} 重复"


def _of_result(result: ResultSnapshot) -> Iterator[tuple[str, str]]:
    yield from _too_long(IndicatorResult, result, ("achieved",))
    yield from _share("judgement", result.judgement)
    for deduction in result.deductions:
        yield from _points("deductions", deduction.points)
        yield from _too_long(ScoreDeduction, deduction, ("reason", "role"))


def _too_long(
    model: type[models.Model], value: object, fields: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for name in fields:
        field = model._meta.get_field(name)
        limit = getattr(field, "max_length", None)
        if limit is not None and len(getattr(value, name)) > limit:
            yield name, f"{getattr(field, 'verbose_name', '文字')}超过 {limit} 个字"


def _points(field: str, points: Decimal | None) -> Iterator[tuple[str, str]]:
    if points is not None and not (0 < points <= HUNDRED and decimals_of(points) <= MAX_DECIMALS):
        yield field, f"分值 {plain(points)} 应大于 0、不大于 100，小数不超过两位"


def _share(field: str, judgement: Judgement | None) -> Iterator[tuple[str, str]]:
    if judgement is None:
        return
    share = judgement.percentage
    if not (0 <= share <= HUNDRED and decimals_of(share) <= MAX_DECIMALS):
        yield field, f"百分比 {plain(share)} 应在 0 至 100 之间，小数不超过两位"
