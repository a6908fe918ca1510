"""第三部分十三 and 第六部分: self-evaluations in words.

Scores, budgets and rates are figures; what was achieved, what went wrong and what comes next are
the words of people.
"""

from __future__ import annotations

from decimal import Decimal

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
from performance.composing import DEVIATION, IMPROVEMENT, accepted_notes
from performance.scoring import Scorecard, ScoreLine
from performance.scoring.parameters import Component
from performance.scoring.scorecard import Fulfilment
from rulebook.addresses import declaration_address, evaluation_address, project_address
from rulebook.amounts import HUNDRED


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
    """The total with its grade, and what it is made of."""
    name = evaluation_name(each)
    return (
        paragraph(f"{facts.year}年度{name}", score_phrase(each), "。"),
        *_components(each),
        *_target_changes(each),
    )


def _components(each: EvaluationFacts) -> tuple[Paragraph, ...]:
    """ "其中：预算执行情况得19.77分（满分20分），…"; nothing while a part waits for an answer."""
    card = each.scorecard
    if card is None or card.total is None:
        return ()
    parts = [
        spans(component.label, "得", points(got), "（满分", points(full), "）")
        for component in Component
        for got, full in _component(card, component)
    ]
    return (paragraph("其中：", clauses(*parts), "。"),)


def _component(card: Scorecard, component: Component) -> list[tuple[Fact, Fact]]:
    """Points and full points of a component, each bound to the lines it is the sum of."""
    lines = [x for x in card.lines if x.component is component and x.applicable]
    if not lines:
        return []
    got = [Fact(x.points, (_line_address(card, x, "points"),)) for x in lines]
    full = [Fact(x.max_points, (_line_address(card, x, "max_points"),)) for x in lines]
    return [(added(got, "各项得分之和"), added(full, "各项分值之和"))]


def _line_address(card: Scorecard, line: ScoreLine, field: str) -> str:
    return evaluation_address(card.subject, line.key, field)


def _target_changes(each: EvaluationFacts) -> tuple[Paragraph, ...]:
    """The targets that were changed after approval, with why."""
    notes = accepted_notes(each.evaluation)
    return tuple(Paragraph((f"目标{note}",), origin="free") for note in notes)


def evaluation_goals(facts: ReportFacts, each: EvaluationFacts) -> tuple[Paragraph, ...]:
    """Execution, then the goals achieved: how many indicators, then what people say of them."""
    if each.is_department:
        execution = _department_execution(facts, each)
    else:
        name = f"{evaluation_name(each)}"
        execution = spans(_execution(name, *budget_and_spent(facts, each)), "。")
    counted = _fulfilment(each)
    lead = "（2）完成的绩效目标。"
    achieved = each.passage("goals_achieved") or ("" if counted else NOT_FILED)
    return (
        paragraph("（1）预算执行情况。", execution),
        *((paragraph(lead, counted, "。"),) if counted else ()),
        *free(achieved, "" if counted else lead),
    )


def _fulfilment(each: EvaluationFacts) -> Spans:
    """ "共设置绩效指标12个，其中11个达到目标，1个未完成", where each indicator is scored."""
    lines = _indicator_lines(each)
    if not lines or any(line.points is None for line in lines):
        return ()
    below = [line for line in lines if line.is_below_full]
    over = [line for line in lines if line.fulfilment is Fulfilment.OVER]
    reached = [line for line in lines if not line.is_below_full]
    return clauses(
        spans("共设置绩效指标", _counted(each, lines)),
        spans("其中", _counted(each, reached), "达到目标"),
        spans("超额较多的", _counted(each, over)) if over else (),
        spans(_counted(each, below), "未全部完成") if below else (),
    )


def _indicator_lines(each: EvaluationFacts) -> list[ScoreLine]:
    """The lines of single indicators, none where they are scored as one block."""
    lines = each.scorecard.lines if each.scorecard else ()
    keys = {row.key for row in each.evaluation.declaration.indicators}
    return [line for line in lines if line.key in keys]


def _counted(each: EvaluationFacts, lines: list[ScoreLine]) -> Spans:
    """How many lines, bound to each of them."""
    subject = each.evaluation.subject
    places = [evaluation_address(subject, line.key, "points") for line in lines]
    addresses = tuple(places) or (evaluation_address(subject, "total", "points"),)
    return count(Fact(Decimal(len(lines)), addresses, "指标个数"), "个")


def evaluation_problems(facts: ReportFacts, each: EvaluationFacts) -> tuple[Paragraph, ...]:
    """What people found, and the reasons they gave row by row."""
    reasons = _row_by_row(each, DEVIATION)
    return (
        *_passage(each, "last_year_use", "（1）上年度结果应用情况。"),
        *_listed(each, "problems", "（2）本年度绩效问题和原因。", reasons),
    )


def evaluation_next_steps(facts: ReportFacts, each: EvaluationFacts) -> tuple[Paragraph, ...]:
    """What people plan, and the measures they gave row by row."""
    measures = _row_by_row(each, IMPROVEMENT)
    return (
        *_listed(each, "next_steps", "（1）下一步拟改进措施。", measures),
        *_passage(each, "budget_link", "（2）拟与预算安排相结合情况。"),
    )


def _row_by_row(each: EvaluationFacts, box: str) -> tuple[Paragraph, ...]:
    """The reasons or measures of the rows that did not just meet their targets, with figures."""
    found = []
    for line in _indicator_lines(each):
        result = each.evaluation.result_of(line.key)
        if result is None or line.points is None:
            continue
        said = result.deviation_reason if box == DEVIATION else result.improvement_measure
        if said.strip():
            found.append(_row(each, line, said, box))
    return tuple(found)


def _row(each: EvaluationFacts, line: ScoreLine, said: str, box: str) -> Paragraph:
    words = " ".join(said.split()).rstrip("。")
    if box == IMPROVEMENT:
        return paragraph(f"针对“{line.label}”：", words, "。")
    subject = each.evaluation.subject
    got = Fact(line.points, (evaluation_address(subject, line.key, "points"),))
    full = Fact(line.max_points, (evaluation_address(subject, line.key, "max_points"),))
    return paragraph(
        f"“{line.label}”", _degree(each, line), "得", points(got),
        "（满分", points(full), "），原因：", words, "。",
    )  # fmt: skip


def _degree(each: EvaluationFacts, line: ScoreLine) -> Spans:
    """ "完成目标的80.00%，", where the degree of fulfilment is a number."""
    if line.ratio is None:
        return ()
    places = [evaluation_address(each.evaluation.subject, line.key, "achieved")]
    places.append(declaration_address(each.evaluation.subject, line.key, "target"))
    degree = Fact(line.ratio * HUNDRED, tuple(places), "完成值与目标值之比")
    return spans("完成目标的", percent(degree), "，")


def _listed(
    each: EvaluationFacts, key: str, lead: str, rows: tuple[Paragraph, ...]
) -> tuple[Paragraph, ...]:
    """A passage and the rows after it; the rows alone under the lead where nobody wrote one."""
    if each.passage(key) or not rows:
        return (*_passage(each, key, lead), *rows)
    return (paragraph(lead), *rows)


def _passage(each: EvaluationFacts, key: str, lead: str) -> tuple[Paragraph, ...]:
    return free(each.passage(key) or NOT_FILED, lead)
