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

from performance.entries import PASSAGES
from performance.evaluation import (
    DEPARTMENT,
    ChangeKind,
    ChangeState,
    DeclarationSnapshot,
    EvaluationSnapshot,
    GoalSnapshot,
    IndicatorSnapshot,
    Judgement,
    ResultSnapshot,
)
from performance.models import (
    DeclaredAsset,
    DeclaredDetail,
    Indicator,
    IndicatorResult,
    ScoreDeduction,
    SelfEvaluation,
    TargetChange,
    TargetDeclaration,
)
from performance.scoring.steps import plain
from performance.scoring.weights import FORM_ROW
from performance.snapshots import LONG_TERM_PREFIX
from rulebook.addresses import declaration_address, evaluation_address
from rulebook.amounts import HUNDRED, decimals_of
from rulebook.forms import Horizon

_GOAL_KEY = re.compile(r"0|[1-9]\d{0,2}", re.ASCII)
_ROW_KEY = re.compile(r"[1-9]\d{0,2}", re.ASCII)
MAX_DECIMALS = 2
NAME_LENGTH = 200
INDICATOR_TEXTS = (
    "tier_one", "tier_two", "name", "target", "basis", "basis_note", "classification", "note",
    "last_year", "two_years_before",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Misfit:
    """What of a package cannot be kept in rows: its address and the reason, in Chinese."""

    address: str
    reason: str


def misfits(
    declarations: Sequence[DeclarationSnapshot],
    evaluations: Sequence[EvaluationSnapshot],
    known: Iterable[str],
) -> list[Misfit]:
    """Everything that cannot be kept. ``known`` are the department's projects and the subjects of
    its units."""
    subjects = {DEPARTMENT, *known}
    declared = {declaration.subject: declaration for declaration in declarations}
    found = [
        *(Misfit(declaration_address(subject, FORM_ROW, "subject"), f"{subject} 的绩效目标重复")
          for subject in _repeated(d.subject for d in declarations)),
        *(Misfit(evaluation_address(subject, FORM_ROW, "subject"), f"{subject} 的绩效自评重复")
          for subject in _repeated(e.subject for e in evaluations)),
    ]  # fmt: skip
    shared = _shared(declarations)
    for declaration in declarations:
        found += _of_declaration(declaration, subjects)
        found += _of_blocks(declaration)
        found += _of_parts(declaration, shared)
    for evaluation in evaluations:
        found += _of_evaluation(evaluation, declared.get(evaluation.subject))
    return found


def _repeated(keys: Iterable[str]) -> list[str]:
    return sorted(key for key, times in Counter(keys).items() if times > 1)


def _of_declaration(value: DeclarationSnapshot, subjects: set[str]) -> Iterator[Misfit]:
    def at(row: str, field: str, reason: str) -> Misfit:
        return Misfit(declaration_address(value.subject, row, field), reason)

    if value.subject not in subjects:
        yield at(FORM_ROW, "subject", f"本部门没有编码为 {value.subject} 的项目或单位")
    for horizon, goals in ((Horizon.ANNUAL, value.goals), (Horizon.LONG_TERM, value.long_term)):
        yield from (at(*misfit) for misfit in _of_goals(horizon, goals))


def _of_goals(horizon: Horizon, goals: Sequence[GoalSnapshot]) -> Iterator[tuple[str, str, str]]:
    """Row, field and reason of what is wrong with the goals of one horizon."""
    for key in _repeated(goal.key for goal in goals):
        yield key, "key", f"{horizon.label} {key} 重复"
    for key in _repeated(row.key for goal in goals for row in goal.indicators):
        yield key, "key", f"指标 {key} 重复"
    if not _ascend(_number(goal.key, horizon) for goal in goals):
        yield FORM_ROW, "goals", f"{horizon.label}没有按序号排列"
    for goal in goals:
        if not _ascend(row.key.partition(".")[2] for row in goal.indicators):
            yield goal.key, "indicators", f"{horizon.label} {goal.key} 的指标没有按行号排列"
        yield from ((goal.key, field, why) for field, why in _of_goal(goal, horizon))
        for row in goal.indicators:
            yield from ((row.key, field, why) for field, why in _of_indicator(row, goal.key))


def _number(key: str, horizon: Horizon) -> str:
    """The number of a goal's key, which of a long-term goal stands after a letter."""
    return key.removeprefix(LONG_TERM_PREFIX) if horizon is Horizon.LONG_TERM else key


def _of_blocks(value: DeclarationSnapshot) -> Iterator[Misfit]:
    """The blocks of the form beside the goals: each place once, no text too long."""
    places = [f"{amount.block}/{amount.row}/{amount.column}" for amount in value.amounts]
    for key in _repeated(field.key for field in value.fields):
        yield Misfit(declaration_address(value.subject, key, "text"), f"栏目 {key} 重复")
    for place in _repeated(places):
        yield Misfit(declaration_address(value.subject, FORM_ROW, "amounts"), f"{place} 重复")
    rows = (
        (DeclaredDetail, value.details, ("content",)),
        (DeclaredAsset, value.assets, ("name", "quantity")),
    )
    for model, items, fields in rows:
        for number, item in enumerate(items, 1):
            for field, why in _too_long(model, item, fields):
                yield Misfit(declaration_address(value.subject, str(number), field), why)
    for field, why in _too_long(TargetDeclaration, value, ("form", "source")):
        yield Misfit(declaration_address(value.subject, FORM_ROW, field), why)
    for field, why in _of_changes(value):
        yield Misfit(declaration_address(value.subject, FORM_ROW, field), why)


def _of_changes(value: DeclarationSnapshot) -> Iterator[tuple[str, str]]:
    """Requests that the database holds, one open request for a field of an indicator."""
    texts = ("row", "field", "old", "new", "reason", "decision_reason", "origin")
    for change in value.changes:
        yield from _too_long(TargetChange, change, texts)
        if len(change.indicator) > NAME_LENGTH:
            yield "indicator", f"指标名称超过 {NAME_LENGTH} 个字"
        keys = [field.key for field in change.values]
        if keys != sorted(set(keys)):
            yield "values", "新增指标的栏目重复或没有按名称排列"
    open_ones = (
        f"{change.row} {change.field}"
        for change in value.changes
        if change.state is ChangeState.ASKED and change.kind is not ChangeKind.ADD
    )
    for place in _repeated(open_ones):
        yield "changes", f"指标 {place} 有两个待决定的调整申请"


def _shared(declarations: Sequence[DeclarationSnapshot]) -> set[str]:
    """The keys of the department's own indicators, which parts may feed."""
    whole = (d for d in declarations if d.subject == DEPARTMENT)
    return {row.key for declaration in whole for row in declaration.indicators}


def _of_parts(value: DeclarationSnapshot, shared: set[str]) -> Iterator[Misfit]:
    for row in value.indicators:
        if row.feeds and (value.subject == DEPARTMENT or row.feeds not in shared):
            place = declaration_address(value.subject, row.key, "feeds")
            yield Misfit(place, f"部门整体没有可以汇总到的指标 {row.feeds}")


def _ascend(numbers: Iterable[str]) -> bool:
    """Whether the numbers are in order, as rows come back; other faults of a key are not its."""
    known = [int(number) for number in numbers if _GOAL_KEY.fullmatch(number)]
    return known == sorted(known)


def _of_goal(goal: GoalSnapshot, horizon: Horizon) -> Iterator[tuple[str, str]]:
    number = _number(goal.key, horizon)
    if not _GOAL_KEY.fullmatch(number) or (horizon is Horizon.LONG_TERM) == (number == goal.key):
        yield "key", f"{horizon.label}的序号“{goal.key}”不是 0 至 999 的整数"
    yield from _points("weight", goal.weight)


def _of_indicator(row: IndicatorSnapshot, goal: str) -> Iterator[tuple[str, str]]:
    head, _, number = row.key.partition(".")
    if head != goal or not _ROW_KEY.fullmatch(number):
        yield "key", f"指标的序号“{row.key}”应为“{goal}.”加行号"
    yield from _too_long(Indicator, row, INDICATOR_TEXTS)
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
    for key in _repeated(field.key for field in value.fields):
        yield "fields", f"栏目 {key} 重复"
    for line in _repeated(claim.line for claim in value.claimed):
        yield "claimed", f"原表得分 {line} 重复"
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
