"""Points of the indicators as one block, in editions that give none to a single indicator.

The block earns its points; whatever was not reached is a deduction by hand with its reason.
"""

from __future__ import annotations

from performance.evaluation import EvaluationSnapshot
from performance.scoring.formulas import Formula
from performance.scoring.lines import Outcome, Place, build_line
from performance.scoring.parameters import ClauseKey, Component, ScoringParameters
from performance.scoring.scorecard import Input, ScoreLine


def block_line(evaluation: EvaluationSnapshot, parameters: ScoringParameters) -> ScoreLine:
    """The one line of all indicators (clause ``block``)."""
    component = Component.INDICATORS
    points = parameters.scheme_for(evaluation.subject).indicators
    place = Place(component.value, component, component.label, points)
    rows = evaluation.declaration.indicators
    filled = [row for row in rows if (r := evaluation.result_of(row.key)) and r.achieved.strip()]
    inputs = (
        Input("A", "指标", f"{len(rows)}项", f"{len(rows)}项"),
        Input("B", "已填完成值", f"{len(filled)}项", f"{len(filled)}项"),
    )
    outcome = Outcome(ClauseKey.BLOCK, Formula.BLOCK, {}, inputs)
    return build_line(place, outcome, parameters, evaluation.deductions)
