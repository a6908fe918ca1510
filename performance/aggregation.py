"""PURE: adding up from projects and units to an indicator of the department.

Absolute values add after conversion of units, rates are averaged weighted by money, scores of
qualitative indicators likewise. How an indicator adds up is stated on it and never guessed from a
sign; a part that is missing or cannot be read asks, and nothing is left out in silence.
Source: 绩效自评 scoring notes, "Adding up from projects and units to a department".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from enum import StrEnum

from performance.evaluation import (
    DEPARTMENT,
    Aggregation,
    DeclarationSnapshot,
    EvaluationSnapshot,
    IndicatorSnapshot,
)
from performance.reading import RATE, Reading, ReadingKind, compare, read, target_question
from performance.scoring import Scorecard
from performance.scoring.steps import plain
from rulebook.amounts import HUNDRED, ZERO, half_up_2, in_wan

_WIDE = Context(prec=60)


class Gap(StrEnum):
    """Why an indicator cannot be added up; each is one check."""

    METHOD = "method"
    PART = "part"
    WEIGHT = "weight"
    NO_PARTS = "no_parts"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an aggregated indicator.

    ``typed`` is what was achieved as written, ``read`` as read; ``value`` is the number on the
    scale of the department's target (for scores: per cent of the part's points). ``weight`` is in
    yuan and ``share`` in per cent of all weights. ``question`` says what is missing.
    """

    subject: str
    title: str
    key: str
    name: str
    typed: str
    read: str
    value: Decimal | None
    weight: Decimal | None
    share: Decimal | None = None
    question: str = ""
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Aggregated:
    """An indicator of the department with its parts; ``value`` is exact, ``text`` is what a
    person may adopt as achieved (empty while something asks), ``percentage`` the share of the
    points where scores are averaged."""

    key: str
    name: str
    method: Aggregation | None
    parts: tuple[Part, ...]
    value: Decimal | None = None
    text: str = ""
    percentage: Decimal | None = None
    steps: tuple[str, ...] = ()
    question: str = ""
    gap: Gap | None = None

    @property
    def is_ready(self) -> bool:
        return bool(self.text)


Money = Mapping[str, Decimal | None]
"""Subject → budget in yuan."""


def aggregated_indicators(
    department: DeclarationSnapshot,
    evaluations: Sequence[EvaluationSnapshot],
    scorecards: Mapping[str, Scorecard],
    budgets: Money,
    declarations: Iterable[DeclarationSnapshot] = (),
) -> tuple[Aggregated, ...]:
    """Every indicator of the department that is to be added up, or has parts.

    ``evaluations`` are those of all subjects, ``scorecards`` theirs by subject. A declaration
    with parts but without an evaluation is given in ``declarations``: its parts are missing.
    """
    evaluated = {each.subject: each for each in evaluations}
    declared = {each.subject: each for each in declarations}
    declared |= {each.subject: each.declaration for each in evaluations}
    found = []
    for row in department.indicators:
        feeding = [
            (subject, part)
            for subject, declaration in sorted(declared.items())
            if subject != DEPARTMENT
            for part in declaration.indicators
            if part.feeds == row.key
        ]
        if row.aggregation is None and not feeding:
            continue
        parts = tuple(
            _part(row, subject, part, evaluated.get(subject), scorecards.get(subject), budgets)
            for subject, part in feeding
        )
        found.append(aggregate(row, parts))
    return tuple(found)


def _part(
    row: IndicatorSnapshot,
    subject: str,
    part: IndicatorSnapshot,
    evaluation: EvaluationSnapshot | None,
    scorecard: Scorecard | None,
    budgets: Money,
) -> Part:
    result = evaluation.result_of(part.key) if evaluation else None
    achieved = read(result.achieved if result else "")
    weight = budgets.get(subject) if part.money_weight is None else part.money_weight
    title = evaluation.title if evaluation else subject
    blank = Part(subject, title, part.key, part.name, achieved.text, achieved.shown, None, weight)
    if row.aggregation is Aggregation.SCORE_AVERAGE:
        return _scored(blank, part, scorecard)
    value, question = _value(read(row.target), achieved)
    gap = Gap.PART if question else None
    return replace(blank, value=value, question=question, gap=gap)


def _value(target: Reading, achieved: Reading) -> tuple[Decimal | None, str]:
    """(the number on the scale of the target, what stands in the way)."""
    is_range = target.kind is ReadingKind.RANGE
    if target_question(target, is_range=is_range):
        return None, f"整体指标的目标值“{target.text}”不是数值，不能汇总"
    comparison = compare(target, achieved, is_range=is_range)
    if comparison.question:
        return None, comparison.question.text
    return comparison.achieved, ""


def _scored(part: Part, row: IndicatorSnapshot, scorecard: Scorecard | None) -> Part:
    line = scorecard.line(row.key) if scorecard else None
    if line is None or line.points is None or line.max_points == 0:
        question = "该部分还没有得分"
        return replace(part, question=question, gap=Gap.PART)
    share = _WIDE.divide(line.points * HUNDRED, line.max_points)
    shown = f"{plain(line.points)}/{plain(line.max_points)}分"
    return replace(part, value=share, read=shown)


def aggregate(row: IndicatorSnapshot, parts: Sequence[Part]) -> Aggregated:
    """Add up an indicator from its parts as it states."""
    blank = Aggregated(row.key, row.name, row.aggregation, tuple(parts))
    if row.aggregation is None:
        text = "有项目或单位的指标汇总到该指标，还没有选择汇总方式"
        return replace(blank, question=text, gap=Gap.METHOD)
    if not parts:
        text = "选了汇总方式，还没有汇总的部分"
        return replace(blank, question=text, gap=Gap.NO_PARTS)
    target = read(row.target)
    if row.aggregation is Aggregation.SUM:
        return _summed(blank, target)
    return _averaged(replace(blank, parts=_with_shares(parts)), target)


def _asked(blank: Aggregated) -> Aggregated | None:
    """The indicator with the first question of its parts, None where all can be read."""
    asking = [part for part in blank.parts if part.question]
    if not asking:
        return None
    more = f"等{len(asking)}个部分" if len(asking) > 1 else ""
    text = f"{asking[0].title}“{asking[0].name}”{more}：{asking[0].question}"
    return replace(blank, question=text, gap=asking[0].gap)


def _summed(blank: Aggregated, target: Reading) -> Aggregated:
    if target.unit == RATE:
        text = "比率不能相加，请改用按资金加权平均"
        return replace(blank, question=text, gap=Gap.METHOD)
    if asked := _asked(blank):
        return asked
    values = [part.value for part in blank.parts if part.value is not None]
    value = sum(values, ZERO)
    text = f"{plain(value)}{target.written_unit}"
    step = f"{'＋'.join(plain(each) for each in values)}＝{text}"
    return replace(blank, value=value, text=text, steps=(step,))


def _with_shares(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts with their share of the money; a weight that is missing or negative asks."""
    whole = sum((part.weight for part in parts if part.weight is not None), ZERO)
    return tuple(_with_share(part, whole) for part in parts)


def _with_share(part: Part, whole: Decimal) -> Part:
    if part.weight is None or part.weight < 0 or whole <= 0:
        said = "没有资金权重" if part.weight is None else "资金权重须大于零"
        if part.question:
            return part
        return replace(part, question=said, gap=Gap.WEIGHT)
    return replace(part, share=half_up_2(_WIDE.divide(part.weight * HUNDRED, whole)))


def _averaged(blank: Aggregated, target: Reading) -> Aggregated:
    if asked := _asked(blank):
        return asked
    pairs = [
        (part.value, part.weight)
        for part in blank.parts
        if part.value is not None and part.weight is not None
    ]
    value = weighted_average(pairs)
    products = "＋".join(f"{plain(half_up_2(v))}×{plain(in_wan(w))}" for v, w in pairs)
    weights = "＋".join(plain(in_wan(w)) for _, w in pairs)
    shown = plain(half_up_2(value))
    if blank.method is Aggregation.SCORE_AVERAGE:
        text = f"按资金加权平均得分率{shown}%"
        step = f"（{products}）÷（{weights}）＝{shown}%（得分率，资金单位万元）"
        return replace(blank, value=value, percentage=half_up_2(value), text=text, steps=(step,))
    text = f"{shown}{target.written_unit}"
    step = f"（{products}）÷（{weights}）＝{text}（资金单位万元）"
    return replace(blank, value=value, text=text, steps=(step,))


def weighted_average(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Σ value × weight ÷ Σ weight, unrounded; the weights are not negative and not all zero."""
    products = sum((_WIDE.multiply(value, weight) for value, weight in pairs), ZERO)
    return _WIDE.divide(products, sum((weight for _, weight in pairs), ZERO))


def differs(found: Aggregated, achieved: str, percentage: Decimal | None) -> bool:
    """Whether what the department states is another value than the parts give.

    A printed value agrees with the exact one when it is that one as printed (two decimals).
    """
    if not found.is_ready or found.value is None:
        return False
    if found.method is Aggregation.SCORE_AVERAGE:
        return percentage is not None and percentage != found.percentage
    if read(achieved).kind is ReadingKind.EMPTY:
        return False
    stated = compare(read(f"{found.text}"), read(achieved))
    if stated.question:
        return True
    return stated.achieved not in (stated.target, found.value)


def suggest_feeds(
    part: IndicatorSnapshot, department: Iterable[IndicatorSnapshot]
) -> IndicatorSnapshot | None:
    """The department's indicator of the same name, where exactly one has it; only proposed."""
    same = [row for row in department if _name(row) == _name(part)]
    return same[0] if len(same) == 1 else None


def _name(row: IndicatorSnapshot) -> str:
    return "".join(unicodedata.normalize("NFKC", row.name).split())
