"""SE-14x: what stands in the way of adding up, and a department that states another value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from performance.aggregation import Aggregated, Gap, differs
from performance.checks.catalogue import BY_ID
from performance.evaluation import DEPARTMENT, EvaluationSnapshot
from rulebook.addresses import evaluation_address
from rulebook.findings import Finding

_GAPS = {
    Gap.METHOD: "SE-140",
    Gap.PART: "SE-141",
    Gap.WEIGHT: "SE-143",
    Gap.NO_PARTS: "SE-144",
}


def check_aggregation(
    evaluation: EvaluationSnapshot, aggregated: Iterable[Aggregated]
) -> list[Finding]:
    """The findings of a department's evaluation against what its parts add up to."""
    return [finding for each in aggregated for finding in _check(evaluation, each)]


def _check(evaluation: EvaluationSnapshot, found: Aggregated) -> Iterator[Finding]:
    place = evaluation_address(DEPARTMENT, found.key, "achieved")
    label = f"{evaluation.title} 指标“{found.name}”"
    if found.gap is not None:
        yield BY_ID[_GAPS[found.gap]].finding(
            f"指标“{found.name}”：{found.question}。", place, label=label
        )
        return
    result = evaluation.result_of(found.key)
    achieved = result.achieved if result else ""
    judgement = result.judgement if result else None
    percentage = judgement.percentage if judgement else None
    if not differs(found, achieved, percentage):
        return
    stated = f"{percentage}%" if found.percentage is not None else achieved
    reason = result.deviation_reason.strip() if result else ""
    said = f"已说明：{reason.rstrip('。')}。" if reason else ""
    yield BY_ID["SE-142"].finding(
        f"指标“{found.name}”填写“{stated}”，各部分汇总为“{found.text}”（{found.steps[0]}）。{said}",
        place, label=label, left=stated, right=found.text, answered=bool(reason),
    )  # fmt: skip
