"""Judgements by a person: a band, and a share of the points that must lie in it."""

from __future__ import annotations

from performance.evaluation import Judgement
from performance.reading import Question, QuestionCode
from performance.scoring.formulas import PERCENTAGE, Formula
from performance.scoring.lines import Outcome
from performance.scoring.parameters import ClauseKey, ScoringParameters
from performance.scoring.scorecard import Input
from performance.scoring.steps import plain


def judged(
    judgement: Judgement | None,
    clause: ClauseKey,
    parameters: ScoringParameters,
    inputs: tuple[Input, ...] = (),
) -> Outcome:
    """w × p %, with the band enforced."""
    if judgement is None:
        text = "请选择完成程度的档次，并给出占分值的百分比"
        question = Question(QuestionCode.JUDGEMENT_MISSING, text)
        return Outcome(clause, inputs=inputs, question=question)
    percentage = Input(
        PERCENTAGE,
        "完成程度（p）",
        f"{judgement.band.label}，{plain(judgement.percentage)}%",
        f"{plain(judgement.percentage)}%",
    )
    return Outcome(
        clause,
        Formula.BANDED,
        {PERCENTAGE: judgement.percentage},
        (*inputs, percentage),
        question=band_question(judgement, parameters),
    )


def band_question(judgement: Judgement, parameters: ScoringParameters) -> Question | None:
    """Whether the share lies in its band (clause ``qualitative``)."""
    if parameters.propose_band(judgement.percentage) is judgement.band:
        return None
    rule = parameters.band_rule(judgement.band)
    text = f"“{judgement.band.label}”一档为{rule.shown}，{plain(judgement.percentage)}%不在其中"
    return Question(QuestionCode.JUDGEMENT_OUT_OF_BAND, text)
