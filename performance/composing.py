"""PURE: the one box of a form, composed from the reasons given row by row.

The composed lines are never stored: they are made from the rows each time, so that the box cannot
say anything else than they do. What a person adds to the box stands after them.
"""

from __future__ import annotations

from collections.abc import Iterator

from performance.evaluation import (
    ChangeKind,
    ChangeState,
    Direction,
    EvaluationSnapshot,
    IndicatorKind,
    TargetChangeSnapshot,
)
from performance.scoring import Scorecard
from performance.scoring.parameters import Component
from performance.scoring.scorecard import Fulfilment

DEVIATION, IMPROVEMENT = "deviation_reason", "improvement_measure"
BOXES = (DEVIATION, IMPROVEMENT)


def composed_lines(
    evaluation: EvaluationSnapshot, scorecard: Scorecard | None, box: str
) -> tuple[str, ...]:
    """What the rows of the form say for a box (:data:`BOXES`), in the order of the form."""
    return tuple(_lines(evaluation, scorecard, box))


def box_text(evaluation: EvaluationSnapshot, scorecard: Scorecard | None, box: str) -> str:
    """The whole box: the composed lines, then the words a person added."""
    added = evaluation.deviation_reason if box == DEVIATION else evaluation.improvement_measure
    lines = [*composed_lines(evaluation, scorecard, box), added.strip()]
    return "\n".join(line for line in lines if line)


def _lines(evaluation: EvaluationSnapshot, scorecard: Scorecard | None, box: str) -> Iterator[str]:
    if box == DEVIATION:
        for component, reason in (
            (Component.EXECUTION, evaluation.execution_reason),
            (Component.OBJECTIVE, evaluation.objective_reason),
        ):
            if reason.strip():
                yield f"{component.label}：{_sentence(reason)}"
    for row in evaluation.declaration.indicators:
        result = evaluation.result_of(row.key)
        if result is None:
            continue
        reason = result.deviation_reason if box == DEVIATION else result.improvement_measure
        if reason.strip():
            yield f"“{row.name}”{_fulfilled(scorecard, row.key)}：{_sentence(reason)}"


def _fulfilled(scorecard: Scorecard | None, key: str) -> str:
    """ "（未完成）" or "（超额完成）"; nothing where a person judges."""
    line = scorecard.line(key) if scorecard else None
    if line is None:
        return ""
    marks = {Fulfilment.UNDER: "（未完成）", Fulfilment.OVER: "（超额完成）"}
    return marks.get(line.fulfilment, "")


def _sentence(text: str) -> str:
    return f"{' '.join(text.split()).rstrip('。；')}。"


LABELS = {
    "name": "指标名称",
    "target": "目标值",
    "kind": "性质",
    "direction": "方向",
    "tier_one": "一级指标",
    "tier_two": "二级指标",
}
"""What the fields that change by a request are called."""


def label_of(field: str) -> str:
    """The name of a field, empty for requests about a whole indicator."""
    return LABELS.get(field, "")


def shown_value(field: str, value: str) -> str:
    """The value of a field in words: a kind and a direction by their names."""
    if not value:
        return "（空）"
    if field == "kind":
        return IndicatorKind(value).label
    return Direction(value).label if field == "direction" else value


def change_words(change: TargetChangeSnapshot) -> str:
    """A request as a note under a form.

    For example: 调整指标：“巡查次数”的目标值由“≥50次”调整为“≥40次”，理由：…；已同意：…。
    One that comes from monitoring names the report before the reason.
    """
    old, new = shown_value(change.field, change.old), shown_value(change.field, change.new)
    said = {
        ChangeKind.CHANGE: f"“{change.indicator}”的{label_of(change.field)}由“{old}”调整为“{new}”",
        ChangeKind.ADD: f"“{change.indicator}”，目标值“{new}”",
        ChangeKind.REMOVE: f"“{change.indicator}”，批复的目标值“{old}”",
    }[change.kind]
    asked = f"在{change.origin}中申请，" if change.origin else ""
    decided = f"：{change.decision_reason}" if change.decision_reason else ""
    state = f"{change.state.label}{decided}".rstrip("。")
    return f"{change.kind.label}：{said}，{asked}理由：{change.reason.rstrip('。')}；{state}。"


def accepted_notes(evaluation: EvaluationSnapshot) -> tuple[str, ...]:
    """The accepted requests as notes, for what is printed."""
    changes = evaluation.declaration.changes
    return tuple(change_words(c) for c in changes if c.state is ChangeState.ACCEPTED)
