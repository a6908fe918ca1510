"""SE-…: what a self-evaluation must answer before it is submitted."""

from __future__ import annotations

from collections.abc import Iterator

from performance.checks.catalogue import BY_ID
from performance.composing import change_words
from performance.evaluation import (
    NUMERIC,
    Band,
    ChangeState,
    Direction,
    EvaluationSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    ResultSnapshot,
)
from performance.reading import QuestionCode, compare, read
from performance.scoring.parameters import Component, ScoringParameters
from performance.scoring.scorecard import Fulfilment, Scorecard, ScoreLine
from performance.scoring.steps import plain
from performance.scoring.weights import FORM_ROW
from rulebook.addresses import evaluation_address
from rulebook.amounts import ZERO, half_up_2, in_wan
from rulebook.findings import Finding
from rulebook.forms import FieldKind, load_form

_LINE_CHECKS = {
    QuestionCode.ACHIEVED_MISSING: ("SE-111", "achieved"),
    QuestionCode.ACHIEVED_UNREADABLE: ("SE-112", "achieved"),
    QuestionCode.NOT_COMPARABLE: ("SE-113", "achieved"),
    QuestionCode.JUDGEMENT_MISSING: ("SE-114", "judgement"),
    QuestionCode.JUDGEMENT_OUT_OF_BAND: ("SE-107", "judgement"),
    QuestionCode.DEDUCTION_INVALID: ("SE-117", "deductions"),
}
_HEAD_CHECKS = {
    QuestionCode.MONEY_MISSING: ("SE-102", "budget"),
    QuestionCode.SPENT_WITHOUT_BUDGET: ("SE-103", "budget"),
    QuestionCode.JUDGEMENT_MISSING: ("SE-106", "objective_judgement"),
    QuestionCode.JUDGEMENT_OUT_OF_BAND: ("SE-107", "objective_judgement"),
}


def check_evaluation(
    evaluation: EvaluationSnapshot, scorecard: Scorecard, parameters: ScoringParameters
) -> list[Finding]:
    """All findings of one self-evaluation and its scorecard, in the order of the form.

    Faults of the targets themselves are findings of :func:`check_declaration`; here one finding
    says that they stand in the way of the score.
    """
    return [
        *_targets(evaluation, scorecard),
        *(f for line in scorecard.lines for f in _line(evaluation, line, parameters)),
        *_strays(evaluation),
        *_levels(evaluation),
        *_claimed(evaluation, scorecard),
        *_requests(evaluation),
        *_fields(evaluation),
    ]


def _requests(evaluation: EvaluationSnapshot) -> Iterator[Finding]:
    """Requests to change targets that nobody decided."""
    for change in evaluation.declaration.changes:
        if change.state is ChangeState.ASKED:
            yield BY_ID["SE-131"].finding(
                change_words(change),
                evaluation_address(evaluation.subject, change.row, "target"),
                label=f"{evaluation.title} 指标“{change.indicator}”",
                left=change.old,
                right=change.new,
            )


def _fields(evaluation: EvaluationSnapshot) -> Iterator[Finding]:
    """Fields that the form requires and a person left empty; an unknown form requires none."""
    try:
        edition = load_form(evaluation.form)
    except KeyError:
        return
    texts = {field.key: field.text for field in evaluation.fields}
    for field in edition.fields():
        if not field.is_required or field.kind is FieldKind.RECORD:
            continue
        filled = evaluation.filled_on if field.key == "filled_on" else texts.get(field.key, "")
        if not str(filled or "").strip():
            yield BY_ID["SE-132"].finding(
                f"“{field.label}”没有填写。",
                evaluation_address(evaluation.subject, FORM_ROW, field.key),
                label=f"{evaluation.title} {field.label}",
            )


def _line(
    evaluation: EvaluationSnapshot, line: ScoreLine, parameters: ScoringParameters
) -> Iterator[Finding]:
    yield from _question(evaluation, line)
    if line.component is Component.EXECUTION:
        yield from _execution(evaluation, line)
    elif line.component is Component.OBJECTIVE:
        yield from _objective(evaluation, line)
    elif line.key == Component.INDICATORS.value:
        yield from _block(evaluation, line)
    else:
        yield from _indicator(evaluation, line, parameters)


def _block(evaluation: EvaluationSnapshot, line: ScoreLine) -> Iterator[Finding]:
    """Rows of a block that cannot be judged, or were not reached while the block is full."""
    for row in evaluation.declaration.indicators:
        result = evaluation.result_of(row.key) or ResultSnapshot(row.key, "")
        reason = result.deviation_reason.strip()
        if said := _unsettled(row, result, line):
            yield BY_ID["SE-120"].finding(
                f"指标“{row.name}”目标值“{row.target}”，完成值“{result.achieved}”：{said}。"
                f"{_said(reason)}",
                evaluation_address(evaluation.subject, row.key, "achieved"),
                evaluation_address(evaluation.subject, row.key, "deviation_reason"),
                label=f"{evaluation.title} 指标“{row.name}”",
                left=row.target,
                right=result.achieved,
                answered=bool(reason),
            )


def _unsettled(row: IndicatorSnapshot, result: ResultSnapshot, line: ScoreLine) -> str:
    """What a person has to look at before a row passes within its block, empty where nothing."""
    if row.kind not in NUMERIC:
        alike = row.target.strip() == result.achieved.strip()
        return "" if alike else "完成值与目标值写法不同，请确认是否完成"
    is_range = row.kind is IndicatorKind.RANGE
    comparison = compare(read(row.target), read(result.achieved), is_range=is_range)
    if comparison.question:
        return comparison.question.text
    missed = (
        comparison.achieved > comparison.target
        if row.direction is Direction.LOWER_IS_BETTER
        else comparison.achieved < comparison.target
    )
    return "没有达到目标值，块得分没有扣分" if missed and not line.deductions else ""


def _levels(evaluation: EvaluationSnapshot) -> Iterator[Finding]:
    """The money of all levels against the whole, for budget and spending (form of 2019)."""
    for column, whole in (("budget", evaluation.budget), ("spent", evaluation.spent)):
        rows = [a for a in evaluation.amounts if a.column == column]
        if not rows or whole is None:
            continue
        total = sum((row.amount for row in rows), ZERO)
        if total != whole:
            name = "预算数" if column == "budget" else "执行数"
            yield BY_ID["SE-121"].finding(
                f"各级资金{name}合计{in_wan(total)}万元，资金总额{in_wan(whole)}万元，"
                f"相差{in_wan(abs(total - whole))}万元。",
                *(evaluation_address(evaluation.subject, f"{a.block}.{a.row}", column)
                  for a in rows),
                label=f"{evaluation.title} {name}", left=total, right=whole,
            )  # fmt: skip


def _claimed(evaluation: EvaluationSnapshot, scorecard: Scorecard) -> Iterator[Finding]:
    """Points printed on an imported form that the rule does not give, with the derivation."""
    for claim in evaluation.claimed:
        line = scorecard.line(claim.line)
        points, steps = (line.points, line.steps) if line else (scorecard.total, scorecard.steps)
        if points != claim.points:
            shown = "没有得分" if points is None else f"为{plain(points)}分"
            label = _name(line) if line else "总分"
            yield BY_ID["SE-119"].finding(
                f"{label}原表为{plain(claim.points)}分，按规则{shown}：{'；'.join(steps)}。",
                evaluation_address(evaluation.subject, claim.line, "points"),
                label=f"{evaluation.title} {label}",
                left=claim.points,
                right=points,
            )
    if evaluation.claimed_grade and evaluation.claimed_grade != scorecard.grade:
        shown = f"为{scorecard.grade}" if scorecard.grade else "暂不定等级"
        yield BY_ID["SE-119"].finding(
            f"等级原表为{evaluation.claimed_grade}，按规则{shown}。",
            evaluation_address(evaluation.subject, "total", "grade"),
            label=f"{evaluation.title} 等级",
            left=evaluation.claimed_grade,
            right=scorecard.grade or "",
        )


def _targets(evaluation: EvaluationSnapshot, scorecard: Scorecard) -> Iterator[Finding]:
    own = set(_LINE_CHECKS) | set(_HEAD_CHECKS)
    faults = [question.text for question in scorecard.questions if question.code not in own]
    if faults:
        more = f"等{len(faults)}项" if len(faults) > 1 else ""
        yield BY_ID["SE-101"].finding(
            f"绩效目标有问题，尚不能计分：{faults[0]}{more}。",
            evaluation_address(evaluation.subject, "form", "declaration"),
            label=evaluation.title,
            left="；".join(faults),
        )


def _question(evaluation: EvaluationSnapshot, line: ScoreLine) -> Iterator[Finding]:
    checks = _LINE_CHECKS if line.component is Component.INDICATORS else _HEAD_CHECKS
    if line.question is None or line.question.code not in checks:
        return
    check_id, field = checks[line.question.code]
    typed = {entry.name: entry.typed for entry in line.inputs}
    yield BY_ID[check_id].finding(
        f"{_name(line)}：{line.question.text}。",
        evaluation_address(evaluation.subject, line.key, field),
        label=_label(evaluation, line),
        left=typed.get("A"),
        right=typed.get("B", typed.get("p")),
    )


def _name(line: ScoreLine) -> str:
    return f"指标“{line.label}”" if line.component is Component.INDICATORS else line.label


def _label(evaluation: EvaluationSnapshot, line: ScoreLine) -> str:
    return f"{evaluation.title} {_name(line)}"


def _execution(evaluation: EvaluationSnapshot, line: ScoreLine) -> Iterator[Finding]:
    budget, spent, reason = evaluation.budget, evaluation.spent, evaluation.execution_reason.strip()
    place = evaluation_address(evaluation.subject, line.key, "execution_reason")
    if not line.applicable:
        yield BY_ID["SE-104"].finding(
            f"预算数和执行数均为零，预算执行情况不计分。{_said(reason)}",
            place, label=_label(evaluation, line), left=budget, right=spent, answered=bool(reason),
        )  # fmt: skip
    elif line.question is None and budget is not None and spent is not None and spent > budget:
        yield BY_ID["SE-105"].finding(
            f"预算数{in_wan(budget)}万元，执行数{in_wan(spent)}万元，"
            f"超出{in_wan(spent - budget)}万元。{_said(reason)}",
            place, label=_label(evaluation, line), left=budget, right=spent, answered=bool(reason),
        )  # fmt: skip


def _said(*reasons: str) -> str:
    """The written answers, appended to the message of a warning they answer."""
    written = "；".join(reason.strip().rstrip("。") for reason in reasons if reason.strip())
    return f"已说明：{written}。" if written else ""


def _objective(evaluation: EvaluationSnapshot, line: ScoreLine) -> Iterator[Finding]:
    subject, label = evaluation.subject, _label(evaluation, line)
    if not evaluation.objective_achieved.strip():
        place = evaluation_address(subject, line.key, "objective_achieved")
        yield BY_ID["SE-110"].finding("没有填写总目标的全年实际完成情况。", place, label=label)
    judgement, reason = evaluation.objective_judgement, evaluation.objective_reason.strip()
    if judgement is None or line.earned is None or not line.is_below_full:
        return
    points = f"总目标得{plain(line.earned)}分（满分{plain(line.max_points)}分）"
    place = evaluation_address(subject, line.key, "objective_reason")
    if judgement.band is not Band.REACHED:
        yield BY_ID["SE-108"].finding(
            f"{points}，评为“{judgement.band.label}”。{_said(reason)}",
            place, label=label, left=line.earned, right=line.max_points, answered=bool(reason),
        )  # fmt: skip
    elif not reason:
        yield BY_ID["SE-109"].finding(
            f"{points}，没有说明原因。",
            place, label=label, left=line.earned, right=line.max_points,
        )  # fmt: skip


def _indicator(
    evaluation: EvaluationSnapshot, line: ScoreLine, parameters: ScoringParameters
) -> Iterator[Finding]:
    result = evaluation.result_of(line.key)
    if result is None or line.computed is None:
        return
    if line.fulfilment is Fulfilment.OVER:
        yield _over(evaluation, line, result, parameters)
    elif line.is_below_full:
        yield _under(evaluation, line, result)


def _over(
    evaluation: EvaluationSnapshot,
    line: ScoreLine,
    result: ResultSnapshot,
    parameters: ScoringParameters,
) -> Finding:
    times = "" if line.ratio is None else f"，为目标的{half_up_2(line.ratio)}倍"
    target, achieved = (entry.typed for entry in line.inputs)
    reason = result.deviation_reason.strip()
    return BY_ID["SE-115"].finding(
        f"{_name(line)}目标值“{target}”，完成值“{achieved}”{times}，"
        f"达到{plain(parameters.over_fulfilment_bound)}倍以上须说明原因。{_said(reason)}",
        evaluation_address(evaluation.subject, line.key, "deviation_reason"),
        label=_label(evaluation, line),
        left=target,
        right=achieved,
        answered=bool(reason),
    )


def _under(evaluation: EvaluationSnapshot, line: ScoreLine, result: ResultSnapshot) -> Finding:
    reason, measure = result.deviation_reason.strip(), result.improvement_measure.strip()
    wanted = [name for name, text in (("原因", reason), ("改进措施", measure)) if not text]
    ask = f"须写明{'和'.join(wanted)}。" if wanted else ""
    target, achieved, *_ = (entry.typed for entry in line.inputs)
    points = f"按规则得{line.earned}分（满分{plain(line.max_points)}分）"
    return BY_ID["SE-116"].finding(
        f"{_name(line)}目标值“{target}”，完成值“{achieved}”，{points}。"
        f"{ask}{_said(reason, measure)}",
        evaluation_address(evaluation.subject, line.key, "deviation_reason"),
        evaluation_address(evaluation.subject, line.key, "improvement_measure"),
        label=_label(evaluation, line),
        left=target,
        right=achieved,
        answered=not wanted,
    )


def _strays(evaluation: EvaluationSnapshot) -> Iterator[Finding]:
    open_rows = {row.key for row in evaluation.declaration.indicators}
    for result in evaluation.results:
        if result.indicator not in open_rows:
            yield BY_ID["SE-118"].finding(
                f"完成情况“{result.achieved}”所指的指标{result.indicator}不在绩效目标中，或已填写过。",
                evaluation_address(evaluation.subject, result.indicator, "achieved"),
                label=f"{evaluation.title} 指标{result.indicator}",
                left=result.achieved,
            )
        open_rows.discard(result.indicator)
