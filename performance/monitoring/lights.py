"""PURE: the light of an indicator and of a budget, with how it came about.

Forward: achieved against the part of the target due by the month. Reverse: within the bound green,
else red. A person judges qualitative ones. What cannot be read asks and has no light.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from performance.evaluation import Band, Direction, IndicatorKind, IndicatorSnapshot
from performance.monitoring.rules import MonitoringRules
from performance.monitoring.values import IndicatorProgress, Light
from performance.reading import RATE, Question, QuestionCode, Reading, ReadingKind, compare, read
from performance.scoring.directions import direction_question
from performance.scoring.indicators import same_trend
from performance.scoring.parameters import ScoringParameters
from performance.scoring.steps import plain
from rulebook.amounts import HUNDRED, half_up_2, in_wan

MONTHS = 12
_BANDS = {
    Band.REACHED: Light.GREEN,
    Band.PARTLY_REACHED: Light.YELLOW,
    Band.NOT_REACHED: Light.RED,
}
RATE_NOTICE = "目标值是比率，仍按时间进度折算；请结合预计全年完成值判断"


@dataclass(frozen=True, slots=True)
class Lit:
    """A light, or the question that stands in its way; ``rate`` is in per cent of what is due by
    time, ``steps`` say in Chinese how the light came about."""

    light: Light | None
    rate: Decimal | None = None
    steps: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    question: Question | None = None


def indicator_light(
    indicator: IndicatorSnapshot,
    progress: IndicatorProgress,
    month: int,
    rules: MonitoringRules,
    parameters: ScoringParameters,
) -> Lit:
    """The light of an indicator at the end of a month (1 to 12)."""
    target, achieved = read(indicator.target), read(progress.achieved)
    match indicator.kind:
        case IndicatorKind.QUANTITATIVE:
            return _quantitative(indicator, target, achieved, month, rules, parameters)
        case IndicatorKind.RANGE:
            return _range(target, achieved, month, rules)
        case IndicatorKind.TREND if same_trend(target, achieved):
            return Lit(Light.GREEN, steps=(f"“{achieved.text}”与目标“{target.text}”方向一致",))
        case _:
            return _judged(progress, achieved)


def _quantitative(
    indicator: IndicatorSnapshot,
    target: Reading,
    achieved: Reading,
    month: int,
    rules: MonitoringRules,
    parameters: ScoringParameters,
) -> Lit:
    comparison = compare(target, achieved)
    question = comparison.question or direction_question(indicator, target, parameters)
    if question:
        return Lit(None, question=question)
    if indicator.direction is Direction.LOWER_IS_BETTER:
        return _within(comparison.achieved, comparison.target, comparison.notices)
    if comparison.target == 0:
        met = Light.GREEN if comparison.achieved == 0 else Light.RED
        return Lit(met, steps=("目标值为零：完成值为零绿灯，否则红灯",), notices=comparison.notices)
    notices = comparison.notices
    if target.unit == RATE:
        notices = (*notices, RATE_NOTICE)
    return _by_time(comparison.achieved, comparison.target, month, rules, notices)


def _within(achieved: Decimal, bound: Decimal, notices: tuple[str, ...]) -> Lit:
    if achieved <= bound:
        step = f"反向指标：{plain(achieved)}没有超过控制数{plain(bound)}"
        return Lit(Light.GREEN, steps=(step,), notices=notices)
    step = f"反向指标：{plain(achieved)}超过控制数{plain(bound)}"
    return Lit(Light.RED, steps=(step,), notices=notices)


def _range(target: Reading, achieved: Reading, month: int, rules: MonitoringRules) -> Lit:
    """Inside green; above the upper bound red; below, the lower bound as due by time."""
    comparison = compare(target, achieved, is_range=True)
    low, high, value = comparison.target, comparison.target_high, comparison.achieved
    if comparison.question or high is None:
        return Lit(None, question=comparison.question)
    if value > high:
        step = f"{plain(value)}超过区间上限{plain(high)}"
        return Lit(Light.RED, steps=(step,), notices=comparison.notices)
    if value >= low:
        step = f"{plain(value)}在区间{plain(low)}至{plain(high)}之内"
        return Lit(Light.GREEN, steps=(step,), notices=comparison.notices)
    return _by_time(value, low, month, rules, comparison.notices)


def _judged(progress: IndicatorProgress, achieved: Reading) -> Lit:
    if achieved.kind is ReadingKind.EMPTY:
        return Lit(None, question=Question(QuestionCode.ACHIEVED_MISSING, "没有填写完成情况"))
    if progress.band is None:
        text = "请评定完成程度：达成、部分达成或未达成"
        return Lit(None, question=Question(QuestionCode.JUDGEMENT_MISSING, text))
    return Lit(_BANDS[progress.band], steps=(f"评定为“{progress.band.label}”",))


def _by_time(
    achieved: Decimal,
    target: Decimal,
    month: int,
    rules: MonitoringRules,
    notices: tuple[str, ...] = (),
) -> Lit:
    rate = progress_rate(achieved, target, month)
    light = light_of(rate, rules, has_blue=True)
    step = (
        f"{plain(achieved)}÷（{plain(target)}×{month}÷{MONTHS}）＝{half_up_2(rate)}%，{light.label}"
    )
    return Lit(light, rate, (step,), notices)


def progress_rate(done: Decimal, whole: Decimal, month: int) -> Decimal:
    """``done`` in per cent of the part of ``whole`` that is due by the month; whole is not 0."""
    return done * MONTHS * HUNDRED / (whole * month)


def light_of(rate: Decimal, rules: MonitoringRules, *, has_blue: bool) -> Light:
    """The light of an unrounded rate; a bound belongs to the better light."""
    if rate < rules.red_below:
        return Light.RED
    if rate < rules.yellow_below:
        return Light.YELLOW
    return Light.BLUE if has_blue and rate >= rules.blue_from else Light.GREEN


def budget_light(
    budget: Decimal | None, spent: Decimal | None, month: int, rules: MonitoringRules
) -> Lit:
    """The light of a budget in yuan: spending against time, without blue."""
    if budget is None or spent is None:
        missing = "预算数" if budget is None else "执行数"
        return Lit(None, question=Question(QuestionCode.MONEY_MISSING, f"没有{missing}"))
    if budget < 0 or spent < 0:
        text = "预算数和执行数不能为负"
        return Lit(None, question=Question(QuestionCode.MONEY_MISSING, text))
    if budget == 0:
        if spent == 0:
            return Lit(None, steps=("没有预算也没有支出，不分灯",))
        text = f"没有预算却有支出{in_wan(spent)}万元"
        return Lit(None, question=Question(QuestionCode.SPENT_WITHOUT_BUDGET, text))
    rate = progress_rate(spent, budget, month)
    light = light_of(rate, rules, has_blue=False)
    step = (
        f"{in_wan(spent)}÷（{in_wan(budget)}×{month}÷{MONTHS}）＝{half_up_2(rate)}%，{light.label}"
    )
    return Lit(light, rate, (step,))


def worst(lights: list[Light | None]) -> Light | None:
    """The worst of several lights; None where there is none."""
    found = [light for light in Light if light in lights]
    return found[0] if found else None
