"""What scoring costs per indicator: from numbers, from words seen before, from words never seen.

The forms are those of the sample, many times over. The numbers of the second and third kind are
drawn from a fixed seed, so that two runs measure the same work.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from disclosures.filing_package import FilingPackage
from performance.evaluation import (
    Direction,
    EvaluationSnapshot,
    IndicatorKind,
    IndicatorSnapshot,
    ResultSnapshot,
)
from performance.reading import read
from performance.scoring import ScoringParameters, load_parameters, score
from performance.scoring.scorecard import replay_line

RUNS = 5
INDICATORS = 20_000
GOAL = 500_000
SEED = 20_201_231
FROM_NUMBERS = "由判读后的数值得出分数：公式、封顶、四舍五入、扣分"
FROM_KNOWN_WORDS = "由文字评分，含全部推导；写法如示例，多有重复"
FROM_FRESH_WORDS = "由文字评分，含全部推导；没有两个数相同"
DIRECTIONS = (Direction.HIGHER_IS_BETTER, Direction.LOWER_IS_BETTER, Direction.EXACT)


@dataclass(frozen=True, slots=True)
class ScoringSpeed:
    """Indicators in a CPU second, the median of some runs; ``goal`` where there is one."""

    title: str
    indicators: int
    per_second: int
    goal: int | None = None


def scoring_speeds(package: FilingPackage, indicators: int = INDICATORS) -> list[ScoringSpeed]:
    """Each kind of work on about so many indicators."""
    parameters = load_parameters(package.head.editions.scoring)
    known = _many(package, indicators)
    fresh = _unlike(known)
    lines = [line for form in fresh for line in score(form, parameters).lines]
    scored = [line for line in lines if line.goal and line.points is not None]

    def from_numbers() -> None:
        for line in scored:
            replay_line(line)

    return [
        _speed(FROM_NUMBERS, len(scored), from_numbers, GOAL),
        _speed(FROM_KNOWN_WORDS, _size(known), _scoring(known, parameters)),
        _speed(FROM_FRESH_WORDS, _size(fresh), _scoring(fresh, parameters)),
    ]


def scoring_section(speeds: Sequence[ScoringSpeed]) -> list[str]:
    """The section of docs/benchmarks.md."""
    rows = [
        f"| {speed.title} | {speed.indicators:,} | {speed.per_second:,} | "
        + (f"{speed.goal:,} | {_met(speed, speed.goal)} |" if speed.goal else " | |")
        for speed in speeds
    ]
    return [
        "",
        "## 绩效评分",
        "",
        f"示例的自评表重复多次，一个处理器核心，精确小数，运行 {RUNS} 次取中位数。",
        "目标是每秒五十万项，指数值已经判读之后的计分；从文字判读到写出每一步推导的速度另列，不以缓存充数："
        "每次运行之前清空已判读的文字。",
        "",
        "| 项目 | 指标数 | 每 CPU 秒指标数 | 目标 | |",
        "| --- | ---: | ---: | ---: | --- |",
        *rows,
    ]


def _met(speed: ScoringSpeed, goal: int) -> str:
    return "达到" if speed.per_second >= goal else "未达到"


def _speed(
    title: str, indicators: int, work: Callable[[], None], goal: int | None = None
) -> ScoringSpeed:
    times = []
    for _ in range(RUNS):
        read.cache_clear()
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return ScoringSpeed(title, indicators, int(indicators / statistics.median(times)), goal)


def _scoring(
    forms: Sequence[EvaluationSnapshot], parameters: ScoringParameters
) -> Callable[[], None]:
    def run() -> None:
        for form in forms:
            score(form, parameters)

    return run


def _size(forms: Sequence[EvaluationSnapshot]) -> int:
    return sum(len(form.declaration.indicators) for form in forms)


def _many(package: FilingPackage, indicators: int) -> list[EvaluationSnapshot]:
    forms = package.evaluations
    rounds = -(-indicators // _size(forms))
    return [form for _ in range(rounds) for form in forms]


def _unlike(forms: Sequence[EvaluationSnapshot]) -> list[EvaluationSnapshot]:
    """The same forms, every row with a target and an achievement of its own."""
    chance = random.Random(SEED)
    return [_reworded(form, chance) for form in forms]


def _reworded(form: EvaluationSnapshot, chance: random.Random) -> EvaluationSnapshot:
    def row(indicator: IndicatorSnapshot) -> IndicatorSnapshot:
        return replace(
            indicator,
            kind=IndicatorKind.QUANTITATIVE,
            direction=chance.choice(DIRECTIONS),
            target=f"≥{chance.randint(1, 99_999_999)}次",
        )

    goals = tuple(
        replace(goal, indicators=tuple(row(each) for each in goal.indicators))
        for goal in form.declaration.goals
    )
    results = tuple(
        ResultSnapshot(row.key, f"{chance.randint(1, 99_999_999)}次")
        for goal in goals
        for row in goal.indicators
    )
    return replace(form, declaration=replace(form.declaration, goals=goals), results=results)
