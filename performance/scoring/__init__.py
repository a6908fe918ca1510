"""PURE: scoring of self-evaluations. :func:`score` is the one public function, with
:func:`replay` to prove a stored score."""

from __future__ import annotations

from performance.evaluation import EvaluationSnapshot, ResultSnapshot
from performance.reading import Question, QuestionCode
from performance.scoring.blocks import block_line
from performance.scoring.execution import execution_line, execution_rate, objective_line
from performance.scoring.indicators import indicator_line
from performance.scoring.parameters import ScoringParameters, load_parameters
from performance.scoring.ratings import goal_subtotals, total_steps
from performance.scoring.scorecard import Scorecard, ScoreLine, replay, total_points
from performance.scoring.weights import weight_conflicts

__all__ = ["ScoreLine", "Scorecard", "ScoringParameters", "load_parameters", "replay", "score"]


def score(evaluation: EvaluationSnapshot, parameters: ScoringParameters) -> Scorecard:
    """Score one self-evaluation; what cannot be decided is asked, never guessed."""
    lines = _lines(evaluation, parameters)
    questions = _questions(evaluation, lines, parameters)
    left_out = [line for line in lines if not line.applicable]
    total = None if questions else total_points([x.points for x in lines if x.applicable])
    scheme = parameters.scheme_for(evaluation.subject)
    out_of = scheme.full_points - sum(line.max_points for line in left_out)
    grade = None if total is None or left_out else parameters.grade_of(total)
    return Scorecard(
        edition_id=parameters.edition_id,
        edition_title=parameters.title,
        subject=evaluation.subject,
        lines=lines,
        goals=goal_subtotals(evaluation.declaration, lines),
        execution_rate=execution_rate(evaluation, parameters),
        total=total,
        out_of=out_of,
        grade=grade,
        steps=total_steps(lines, total, out_of, grade, parameters),
        questions=questions,
    )


def _lines(evaluation: EvaluationSnapshot, parameters: ScoringParameters) -> tuple[ScoreLine, ...]:
    scheme = parameters.scheme_for(evaluation.subject)
    objective = scheme.objective
    head = [execution_line(evaluation, parameters)]
    if objective is not None:
        head.append(objective_line(evaluation, objective, parameters))
    if scheme.is_per_block:
        return (*head, block_line(evaluation, parameters))
    indicators = (
        indicator_line(
            row, goal.key, evaluation.result_of(row.key) or ResultSnapshot(row.key, ""), parameters
        )
        for goal in evaluation.declaration.goals
        for row in goal.indicators
    )
    return (*head, *indicators)


def _questions(
    evaluation: EvaluationSnapshot,
    lines: tuple[ScoreLine, ...],
    parameters: ScoringParameters,
) -> tuple[Question, ...]:
    weights = tuple(
        Question(QuestionCode.WEIGHTS, conflict.text)
        for conflict in weight_conflicts(evaluation.declaration, parameters)
    )
    return weights + tuple(line.question for line in lines if line.question is not None)
