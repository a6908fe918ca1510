"""Points for budget execution and for the overall objective."""

from __future__ import annotations

from decimal import Decimal

from performance.evaluation import EvaluationSnapshot
from performance.reading import Question, QuestionCode
from performance.scoring.formulas import ACHIEVED, TARGET
from performance.scoring.judgements import judged
from performance.scoring.lines import Outcome, Place, build_line
from performance.scoring.parameters import ClauseKey, Component, ScoringParameters
from performance.scoring.scorecard import Input, ScoreLine
from rulebook.amounts import half_up, in_wan, rate


def execution_line(evaluation: EvaluationSnapshot, parameters: ScoringParameters) -> ScoreLine:
    """The execution component: W × min(B / A, 1)."""
    scheme = parameters.scheme_for(evaluation.subject)
    component = Component.EXECUTION
    place = Place(component.value, component, component.label, scheme.execution)
    return build_line(place, _execution(evaluation, parameters), parameters)


def _execution(evaluation: EvaluationSnapshot, parameters: ScoringParameters) -> Outcome:
    budget, spent = evaluation.budget, evaluation.spent
    clause, inputs = ClauseKey.EXECUTION, _money_inputs(budget, spent)
    question = money_question(budget, spent)
    if budget is None or spent is None or question:
        return Outcome(clause, inputs=inputs, question=question)
    if budget == 0:
        return Outcome(clause, inputs=inputs, remarks=("预算数和执行数均为零，没有执行率",))
    notices = ("执行数大于预算数，执行率按100%计分",) if spent > budget else ()
    printed = execution_rate(evaluation, parameters)
    return Outcome(
        clause,
        parameters.execution_formula,
        {TARGET: budget, ACHIEVED: spent},
        inputs,
        notices,
        ratio=spent / budget,
        remarks=(f"执行率 B/A 印作{printed}%，计分用未四舍五入的比率",),
    )


def money_question(budget: Decimal | None, spent: Decimal | None) -> Question | None:
    """What is wrong with the pair of budget and spending, both in yuan."""
    if budget is None or spent is None:
        missing = "预算数（A）" if budget is None else "执行数（B）"
        return Question(QuestionCode.MONEY_MISSING, f"没有{missing}，不能计算执行率")
    if budget < 0 or spent < 0:
        return Question(QuestionCode.MONEY_MISSING, "预算数和执行数不能为负数")
    if budget == 0 and spent > 0:
        text = f"预算数为零而执行数为{in_wan(spent)}万元，请核对调整预算数"
        return Question(QuestionCode.SPENT_WITHOUT_BUDGET, text)
    return None


def execution_rate(evaluation: EvaluationSnapshot, parameters: ScoringParameters) -> Decimal | None:
    """B / A in per cent as the edition prints it; None where there is no rate."""
    percentage = rate(evaluation.spent, evaluation.budget)
    return None if percentage is None else half_up(percentage, parameters.rate_decimals)


def _money_inputs(budget: Decimal | None, spent: Decimal | None) -> tuple[Input, ...]:
    return (
        Input(TARGET, "预算数（A）", _wan(budget), _yuan(budget)),
        Input(ACHIEVED, "执行数（B）", _wan(spent), _yuan(spent)),
    )


def _wan(yuan: Decimal | None) -> str:
    return "" if yuan is None else f"{in_wan(yuan)}万元"


def _yuan(yuan: Decimal | None) -> str:
    return "" if yuan is None else f"{yuan}元"


def objective_line(
    evaluation: EvaluationSnapshot, points: Decimal, parameters: ScoringParameters
) -> ScoreLine:
    """The overall objective: a band, and a share of the points within it."""
    component = Component.OBJECTIVE
    place = Place(component.value, component, component.label, points)
    outcome = judged(evaluation.objective_judgement, ClauseKey.OBJECTIVE, parameters)
    return build_line(place, outcome, parameters)
