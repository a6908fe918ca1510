"""PURE: what the bureau changed in the scores after a filing was handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from disclosures.filing_package import FilingPackage
from performance.evaluation import EvaluationSnapshot


def with_decisions(
    package: FilingPackage, evaluations: Iterable[EvaluationSnapshot]
) -> FilingPackage:
    """The frozen package with what the bureau decided since, and nothing else of today: its
    deductions, and the targets of a subject where it decided on a request to change them."""
    today = {evaluation.subject: evaluation for evaluation in evaluations}
    judged = tuple(
        _judged(evaluation, today.get(evaluation.subject, evaluation))
        for evaluation in package.evaluations
    )
    decided = {each.subject: each.declaration for each in judged}
    declarations = tuple(decided.get(each.subject, each) for each in package.declarations)
    return replace(package, evaluations=judged, declarations=declarations)


def _judged(frozen: EvaluationSnapshot, today: EvaluationSnapshot) -> EvaluationSnapshot:
    if frozen.declaration.changes == today.declaration.changes:
        return _deducted(frozen, today)
    kept = {row.key for row in today.declaration.indicators}
    results = tuple(row for row in frozen.results if row.indicator in kept)
    return _deducted(replace(frozen, declaration=today.declaration, results=results), today)


def _deducted(frozen: EvaluationSnapshot, today: EvaluationSnapshot) -> EvaluationSnapshot:
    made = {result.indicator: result.deductions for result in today.results}
    results = tuple(
        replace(result, deductions=made.get(result.indicator, result.deductions))
        for result in frozen.results
    )
    return replace(frozen, results=results, deductions=today.deductions)
