"""MO-…: what a report of mid-year monitoring must answer, and what looks odd in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from performance.checks.catalogue import BY_ID
from performance.evaluation import Direction, IndicatorKind, IndicatorSnapshot
from performance.monitoring.board import Board, IndicatorLine, SubjectLine
from performance.monitoring.values import (
    IndicatorProgress,
    Light,
    Likelihood,
    Measure,
    MeasureKind,
    MonitoredSubject,
)
from performance.reading import QuestionCode, ReadingKind, compare, read, target_question
from rulebook.addresses import monitoring_address
from rulebook.amounts import in_wan
from rulebook.findings import Finding

BUDGET_ROW = "budget"
MEASURES_ROW = "measures"
_QUESTIONS = {
    QuestionCode.ACHIEVED_MISSING: "MO-101",
    QuestionCode.ACHIEVED_UNREADABLE: "MO-102",
    QuestionCode.NOT_COMPARABLE: "MO-102",
    QuestionCode.JUDGEMENT_MISSING: "MO-104",
}
_OFF_TRACK = frozenset({Light.RED, Light.YELLOW})


def check_monitoring(
    subjects: Iterable[MonitoredSubject], board: Board, earlier: Board | None = None
) -> list[Finding]:
    """All findings of a report with its board; ``earlier`` is the board of the month reported
    before, of the same year."""
    found: list[Finding] = []
    for value in subjects:
        line = board.of(value.subject)
        if line is not None:
            found += _money(value, line)
            found += _measures(value)
            found += _since(line, earlier)
            found += _strays(value)
            for row in line.lines:
                found += _indicator(value, row)
    return found


def _money(value: MonitoredSubject, line: SubjectLine) -> Iterator[Finding]:
    def at(field: str) -> str:
        return monitoring_address(value.subject, BUDGET_ROW, field)

    budget, spent, expected = value.budget, value.spent, value.expected
    label = f"{value.name} 预算执行"
    question = line.budget_lit.question
    if question is not None:
        yield BY_ID["MO-105"].finding(
            f"{question.text}。", at("spent"), label=label, left=budget, right=spent
        )
    elif budget is not None and spent is not None and spent > budget:
        yield BY_ID["MO-106"].finding(
            f"预算数{in_wan(budget)}万元，执行数{in_wan(spent)}万元，"
            f"超出{in_wan(spent - budget)}万元。",
            at("spent"), label=label, left=budget, right=spent,
        )  # fmt: skip
    if spent is not None and expected is not None and expected < spent:
        yield BY_ID["MO-112"].finding(
            f"已支出{in_wan(spent)}万元，预计全年支出{in_wan(expected)}万元，"
            f"相差{in_wan(spent - expected)}万元。",
            at("expected"), label=label, left=spent, right=expected,
        )  # fmt: skip
    if line.budget_lit.light is Light.RED and not value.measures_for(BUDGET_ROW):
        yield BY_ID["MO-107"].finding(
            f"预算执行{line.budget_lit.steps[0]}，没有措施。",
            at("spent"), label=label, left=budget, right=spent,
        )  # fmt: skip


def _since(line: SubjectLine, earlier: Board | None) -> Iterator[Finding]:
    before = earlier.of(line.subject) if earlier else None
    if earlier is None or before is None or before.spent is None or line.spent is None:
        return
    if line.spent < before.spent:
        yield BY_ID["MO-113"].finding(
            f"{earlier.month}月监控已支出{in_wan(before.spent)}万元，"
            f"本次{in_wan(line.spent)}万元，减少{in_wan(before.spent - line.spent)}万元。",
            monitoring_address(line.subject, BUDGET_ROW, "spent"),
            label=f"{line.name} 预算执行",
            left=before.spent,
            right=line.spent,
        )


def _indicator(value: MonitoredSubject, line: IndicatorLine) -> Iterator[Finding]:
    progress, lit = line.progress, line.lit
    label = f"{value.name} 指标“{progress.name}”"

    def finding(check: str, message: str, field: str, *, answered: bool = False) -> Finding:
        return BY_ID[check].finding(
            f"指标“{progress.name}”{message}",
            monitoring_address(value.subject, line.key, field),
            label=label,
            left=progress.target,
            right=progress.achieved,
            answered=answered,
        )

    if lit.question is not None:
        check = _QUESTIONS.get(lit.question.code, "MO-103")
        field = "band" if check == "MO-104" else "achieved"
        yield finding(check, f"：{lit.question.text}。", field)
    note = progress.note.strip()
    measures = value.measures_for(line.key)
    if lit.light is Light.RED and not measures:
        said = f"已说明：{note}。" if note else ""
        yield finding("MO-107", f"为红灯，没有措施。{said}", "note", answered=bool(note))
    if lit.light in _OFF_TRACK and progress.obstacle is None:
        yield finding("MO-109", f"为{lit.light.label}，没有选明原因类别。", "obstacle")
    if progress.likelihood is Likelihood.IMPOSSIBLE and not measures:
        yield finding("MO-110", "完全不可能完成，没有措施。", "likelihood")
    if lit.light is Light.BLUE:
        yield finding("MO-114", f"：{lit.steps[0]}，目标值可能偏低。", "achieved")
    row = next(each for each in value.indicators if each.key == line.key)
    yield from _forecast(value, row, progress)


def _forecast(
    value: MonitoredSubject, row: IndicatorSnapshot, progress: IndicatorProgress
) -> Iterator[Finding]:
    """The expected value of the year against the whole target."""
    is_range = row.kind is IndicatorKind.RANGE
    if row.kind is not IndicatorKind.QUANTITATIVE and not is_range:
        return
    target, expected = read(row.target), read(progress.expected)
    if target_question(target, is_range=is_range):
        return
    place = monitoring_address(value.subject, row.key, "expected")
    label = f"{value.name} 指标“{row.name}”"
    comparison = compare(target, expected, is_range=is_range)
    if comparison.question is not None:
        missing = expected.kind is ReadingKind.EMPTY
        said = "没有填写预计全年完成值" if missing else comparison.question.text
        yield BY_ID["MO-111"].finding(
            f"指标“{row.name}”：{said.replace('完成值：', '预计完成值：')}。",
            place, label=label, left=row.target, right=progress.expected,
        )  # fmt: skip
        return
    reverse = row.direction is Direction.LOWER_IS_BETTER and not is_range
    high = comparison.target_high
    missed = (
        comparison.achieved > comparison.target
        if reverse
        else comparison.achieved < comparison.target
        or (high is not None and comparison.achieved > high)
    )
    if missed and progress.likelihood is Likelihood.CERTAIN:
        yield BY_ID["MO-108"].finding(
            f"指标“{row.name}”目标值“{row.target}”，预计全年“{progress.expected}”，"
            f"达不到目标，却选了“{Likelihood.CERTAIN.label}”完成。",
            place, label=label, left=row.target, right=progress.expected,
        )  # fmt: skip


def _measures(value: MonitoredSubject) -> Iterator[Finding]:
    known = {row.key: row for row in value.indicators}
    for number, measure in enumerate(value.measures, 1):
        lacking = _lacking(measure, known.get(measure.indicator))
        if measure.kind is MeasureKind.ADJUST_TARGET and lacking:
            yield BY_ID["MO-115"].finding(
                f"第{number}项措施{measure.kind.label}：{'；'.join(lacking)}。",
                monitoring_address(value.subject, MEASURES_ROW, str(number)),
                label=f"{value.name} 措施{number}",
                left=measure.indicator,
                right=measure.new_target,
            )


def _lacking(measure: Measure, row: IndicatorSnapshot | None) -> list[str]:
    """What an adjusted target still lacks, in Chinese."""
    found = [] if row else ["没有选择现有的指标"]
    if not measure.new_target.strip():
        found.append("没有写新目标值")
    elif row and row.kind in {IndicatorKind.QUANTITATIVE, IndicatorKind.RANGE}:
        is_range = row.kind is IndicatorKind.RANGE
        question = target_question(read(measure.new_target), is_range=is_range)
        found += [f"新{question.text}"] if question else []
    if not measure.text.strip():
        found.append("没有写理由")
    return found


def _strays(value: MonitoredSubject) -> Iterator[Finding]:
    names = {row.key: row.name for row in value.indicators}
    for progress in value.progress:
        now = names.get(progress.key)
        if now != progress.name and (progress.achieved or progress.expected or progress.note):
            is_now = f"现在是“{now}”" if now else "已经没有"
            yield BY_ID["MO-116"].finding(
                f"填报时指标{progress.key}是“{progress.name}”，{is_now}。",
                monitoring_address(value.subject, progress.key, "name"),
                label=f"{value.name} 指标{progress.key}",
                left=progress.name,
                right=now,
            )
