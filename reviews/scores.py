"""PURE: what the bureau changed in the scores after a filing was handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from disclosures.filing_package import FilingPackage
from performance.evaluation import Deduction, EvaluationSnapshot

Place = tuple[str, str]


def with_deductions(
    package: FilingPackage, evaluations: Iterable[EvaluationSnapshot]
) -> FilingPackage:
    """The frozen package with the deductions of today, and nothing else of today."""
    made = {
        (evaluation.subject, result.indicator): result.deductions
        for evaluation in evaluations
        for result in evaluation.results
    }
    judged = tuple(_deducted(evaluation, made) for evaluation in package.evaluations)
    return replace(package, evaluations=judged)


def _deducted(
    evaluation: EvaluationSnapshot, made: dict[Place, tuple[Deduction, ...]]
) -> EvaluationSnapshot:
    results = tuple(
        replace(
            result,
            deductions=made.get((evaluation.subject, result.indicator), result.deductions),
        )
        for result in evaluation.results
    )
    return replace(evaluation, results=results)
