"""第三部分十三 and 第六部分: self-evaluations in words.

Scores, budgets and rates are figures; what was achieved, what went wrong and what comes next are
the words of people.
"""

from __future__ import annotations

from budgets.checks.keys import BUDGET, EXPENDITURE, SUMMARY
from disclosures.facts import EvaluationFacts, Fact, ReportFacts, added, share
from disclosures.narrative.passages import declared, figure_of, free, paragraph
from disclosures.narrative.phrases import (
    NOT_FILED,
    Spans,
    amount,
    clauses,
    count,
    percent,
    points,
    share_phrase,
    spans,
)
from disclosures.report.blocks import Paragraph
from rulebook.addresses import evaluation_address, project_address


def evaluation_name(facts: EvaluationFacts) -> str:
    """What the evaluation is of: the department as a whole, or 某某项目."""
    title = facts.evaluation.title
    return title if facts.is_department or title.endswith("项目") else f"{title}项目"


def budget_and_spent(facts: ReportFacts, each: EvaluationFacts) -> tuple[Fact, Fact]:
    """全年预算数（A）and 执行数（B）, from the cells or the project's record."""
    subject = each.evaluation.subject
    if each.is_department:
        budget = facts.cell(BUDGET, "total", "revised_budget").addresses
        spent = facts.cell(SUMMARY, "expenditure_total", "actual").addresses
    else:
        budget = (project_address(subject, "revised_budget"),)
        spent = (project_address(subject, "actual"),)
    return Fact(each.evaluation.budget, budget), Fact(each.evaluation.spent, spent)


def score_phrase(each: EvaluationFacts) -> Spans:
    """ "绩效自评得分99.73分，等级为“优”"; a withheld score says so."""
    card = each.scorecard
    if card is None or card.total is None:
        return ("绩效自评得分尚未确定",)
    total = Fact(card.total, (evaluation_address(card.subject, "total", "points"),))
    full = Fact(card.out_of, (evaluation_address(card.subject, "total", "out_of"),))
    grade = f"，等级为“{card.grade}”" if card.grade else spans("（满分", points(full), "）")
    return spans("绩效自评得分", points(total), grade)


def _execution(name: str, budget: Fact, spent: Fact) -> Spans:
    rate = share(spent, budget, "执行数 ÷ 全年预算数")
    return clauses(
        spans(name, "全年预算", amount(budget)),
        spans("实际执行", amount(spent)),
        spans("执行率", percent(rate)) if rate.value is not None else (),
    )


def performance_work(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """How evaluation was done: people's words, then the figures of projects and department."""
    department = [each for each in facts.evaluations if each.is_department]
    return (
        *declared(facts, "performance_overview"),
        *_projects_covered(facts),
        *(paragraph for each in department for paragraph in _department(facts, each)),
        *declared(facts, "performance_problems", "存在的问题和原因："),
        *declared(facts, "performance_measures", "下一步改进措施："),
    )


def _project_evaluations(facts: ReportFacts) -> list[EvaluationFacts]:
    return [each for each in facts.evaluations if not each.is_department]


def _projects_covered(facts: ReportFacts) -> tuple[Paragraph, ...]:
    projects = _project_evaluations(facts)
    if not projects:
        return (paragraph(f"{facts.year}年度本部门没有开展绩效自评的项目。"),)
    covered = added([budget_and_spent(facts, each)[0] for each in projects], "各项目全年预算之和")
    whole = facts.cell(BUDGET, "project", "revised_budget")
    sentence = clauses(
        spans(
            f"{facts.year}年度共对",
            count(figure_of(len(projects), "filing/evaluations"), "个"),
            "项目开展绩效自评",
        ),
        spans("涉及全年预算资金", amount(covered)),
        share_phrase(covered, whole, "项目支出全年预算"),
    )
    return (paragraph(sentence, "。"),)


def _department(facts: ReportFacts, each: EvaluationFacts) -> tuple[Paragraph, ...]:
    return (
        paragraph("部门整体支出", score_phrase(each), "。", *_department_execution(facts, each)),
        *_passage(each, "goals_achieved", "完成的绩效目标："),
    )


def _department_execution(facts: ReportFacts, each: EvaluationFacts) -> Spans:
    parts = [
        _execution(
            name,
            facts.cell(BUDGET, key, "revised_budget"),
            facts.cell(EXPENDITURE, "total", key),
        )
        for name, key in (("基本支出", "basic"), ("项目支出", "project"))
        if facts.cell(BUDGET, key, "revised_budget").value is not None
    ]
    listed = [spans("；" if index else "；其中：", part) for index, part in enumerate(parts)]
    whole = _execution("部门整体支出", *budget_and_spent(facts, each))
    return spans(whole, *listed, "。")


def performance_results(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Each project: figures of ours, then what its people wrote."""
    projects = _project_evaluations(facts)
    if not projects:
        return (paragraph(f"本部门{facts.year}年度没有项目绩效自评结果。"),)
    total = count(figure_of(len(projects), "filing/evaluations"), "个")
    lead = paragraph(f"本部门在{facts.year}年度部门决算中反映", total, "项目的绩效自评结果。")
    found = [lead]
    for number, each in enumerate(projects, start=1):
        found.extend(_project(facts, each, number))
    return tuple(found)


def _project(facts: ReportFacts, each: EvaluationFacts, number: int) -> tuple[Paragraph, ...]:
    name = evaluation_name(each)
    return (
        paragraph(
            f"{number}.{name}：",
            _execution("", *budget_and_spent(facts, each)),
            "，",
            score_phrase(each),
            "。",
        ),
        *_passage(each, "goals_achieved", "主要产出和效益："),
        *_passage(each, "problems", "发现的问题及原因："),
        *_passage(each, "next_steps", "下一步改进措施："),
    )


def performance_application(facts: ReportFacts) -> tuple[Paragraph, ...]:
    return declared(facts, "results_application")


# ── the report in words of one evaluation (annex) ───────────────────────────────────────────────


def evaluation_score(facts: ReportFacts, each: EvaluationFacts) -> tuple[Paragraph, ...]:
    name = evaluation_name(each)
    return (paragraph(f"{facts.year}年度{name}", score_phrase(each), "。"),)


def evaluation_goals(facts: ReportFacts, each: EvaluationFacts) -> tuple[Paragraph, ...]:
    """Execution, then the goals achieved."""
    if each.is_department:
        execution = _department_execution(facts, each)
    else:
        name = f"{evaluation_name(each)}"
        execution = spans(_execution(name, *budget_and_spent(facts, each)), "。")
    achieved = _passage(each, "goals_achieved", "（2）完成的绩效目标。")
    return (paragraph("（1）预算执行情况。", execution), *achieved)


def evaluation_problems(facts: ReportFacts, each: EvaluationFacts) -> tuple[Paragraph, ...]:
    return (
        *_passage(each, "last_year_use", "（1）上年度结果应用情况。"),
        *_passage(each, "problems", "（2）本年度绩效问题和原因。"),
    )


def evaluation_next_steps(facts: ReportFacts, each: EvaluationFacts) -> tuple[Paragraph, ...]:
    return (
        *_passage(each, "next_steps", "（1）下一步拟改进措施。"),
        *_passage(each, "budget_link", "（2）拟与预算安排相结合情况。"),
    )


def _passage(each: EvaluationFacts, key: str, lead: str) -> tuple[Paragraph, ...]:
    return free(each.passage(key) or NOT_FILED, lead)
