"""PURE: the self-evaluation forms as the edition prints them (整体自评表, 项目自评表)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from budgets.checks.keys import EXPENDITURE
from disclosures.facts import EvaluationFacts, Fact, ReportFacts, share
from disclosures.narrative.performance import budget_and_spent, evaluation_name
from disclosures.narrative.phrases import (
    AmountStyle,
    percent,
    points,
    text_of,
    two_decimals,
    wan_text,
)
from disclosures.report.blocks import Cell, HeaderCell, Table
from disclosures.report.tables import Rows, shares
from performance.composing import DEVIATION, IMPROVEMENT, accepted_notes, box_text
from performance.evaluation import GoalSnapshot, IndicatorSnapshot
from performance.scoring import Scorecard, ScoreLine, load_parameters
from performance.scoring.parameters import ClauseKey, Component
from rulebook.addresses import declaration_address, evaluation_address

WIDTH = 7
WIDTHS = [Decimal(width) for width in (11, 12, 14, 25, 14, 14, 10)]
INDICATOR_HEADS = (
    "一级指标",
    "二级指标",
    "指标名称",
    "年初目标值\n（A）",
    "实际完成值\n（B）",
    "得分",
)


def form_table(facts: ReportFacts, each: EvaluationFacts) -> Table:
    """The form with its head, execution, objective, goals with indicators, causes and measures."""
    name = evaluation_name(each)
    rows: Rows = [
        *(_department_head(facts) if each.is_department else _project_head(facts, each)),
        *_execution(facts, each),
        *_objective(facts, each),
        *(row for goal in each.evaluation.declaration.goals for row in _goal(facts, each, goal)),
        *_closing(each),
    ]
    return Table(
        key=f"{each.evaluation.subject}_form",
        number="",
        title=f"{facts.year}年度{name}绩效自评表",
        unit_label="单位：万元",
        header=(),
        body=tuple(rows),
        widths=shares(WIDTHS),
        style="form",
        head_lines=(_head_line(each),),
        notes=(*accepted_notes(each.evaluation), *_rules(facts, each)),
    )


def _head_line(each: EvaluationFacts) -> str:
    filled = each.evaluation.filled_on
    when = f"填报日期：{filled.year}年{filled.month}月{filled.day}日" if filled else "填报日期："
    return f"{when}　总分：{text_of(points(_total(each)))}"


def _total(each: EvaluationFacts) -> Fact:
    total = each.scorecard.total if each.scorecard else None
    return Fact(total, (evaluation_address(each.evaluation.subject, "total", "points"),))


def _rules(facts: ReportFacts, each: EvaluationFacts) -> tuple[str, ...]:
    """The scoring rules that apply, printed under the form, unverified ones marked."""
    parameters = load_parameters(facts.head.editions.scoring)
    scored = parameters.scheme_for(each.evaluation.subject).objective is not None
    texts = [
        f"{clause.text}{'' if clause.verified else '（条文未经核实）'}"
        for key, clause in parameters.clauses.items()
        if scored or key != ClauseKey.OBJECTIVE
    ]
    return tuple(f"注{number}．{text}" for number, text in enumerate(texts, start=1))


def _label(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(text, "center", colspan=colspan, rowspan=rowspan, style="label")


def _department_head(facts: ReportFacts) -> Rows:
    parts = [facts.cell(EXPENDITURE, "total", key) for key in ("basic", "project")]
    basic, project = (_amount(part, 2) for part in parts)
    return [
        (_label("单位名称"), Cell(facts.head.department_name, colspan=WIDTH - 1)),
        (_label("基本支出总额"), basic, _label("项目支出总额", 2), project),
    ]


def _project_head(facts: ReportFacts, each: EvaluationFacts) -> Rows:
    subject = each.evaluation.subject
    project = next((p for p in facts.projects if p.code == subject), None)
    name = project.name if project else each.evaluation.title
    return [
        (_label("项目名称"), Cell(name, colspan=3), _label("项目编码"), Cell(subject, colspan=2)),
        (
            _label("主管部门"),
            Cell(facts.head.department_name, colspan=3),
            _label("项目实施单位"),
            Cell("、".join(facts.unit_names), colspan=2),
        ),
    ]


def _amount(fact: Fact, colspan: int = 1) -> Cell:
    text = "" if fact.value is None else wan_text(fact.value, AmountStyle.GROUPED)
    return Cell(text, "right", fact.addresses[0], colspan=colspan)


def _execution(facts: ReportFacts, each: EvaluationFacts) -> Rows:
    line = _line(each.scorecard, Component.EXECUTION)
    most = plain(line.max_points) if line else ""
    budget, spent = budget_and_spent(facts, each)
    rate = share(spent, budget)
    name = "部门整体支出总额" if each.is_department else "年度财政资金总额"
    heads = ("预算数\n（A）", "执行数\n（B）", "执行率\n（B/A）", f"得分\n（{most}分×执行率）")
    return [
        (
            _label(f"预算执行情况（万元）\n（{most}分）", rowspan=2),
            _label("", 2),
            *(_label(head) for head in heads),
        ),
        (
            _label(name, 2),
            _amount(budget),
            _amount(spent),
            Cell("" if rate.value is None else text_of(percent(rate)), "right"),
            _points(each, line),
        ),
    ]


def _line(card: Scorecard | None, component: Component) -> ScoreLine | None:
    return card.line(component.value) if card else None


def _points(each: EvaluationFacts, line: ScoreLine | None) -> Cell:
    if line is None or line.points is None:
        return Cell("", "right")
    address = evaluation_address(each.evaluation.subject, line.key, "points")
    return Cell(two_decimals(line.points), "right", address)


def _objective(facts: ReportFacts, each: EvaluationFacts) -> Rows:
    """年初设定目标 and 全年实际完成情况, where the scheme scores an overall objective."""
    line = _line(each.scorecard, Component.OBJECTIVE)
    if line is None:
        return []
    subject = each.evaluation.subject
    declared = Cell(
        each.evaluation.declaration.objective,
        address=declaration_address(subject, "objective", "text"),
        colspan=3,
    )
    achieved = Cell(
        each.evaluation.objective_achieved,
        address=evaluation_address(subject, "objective", "achieved"),
        colspan=2,
    )
    return [
        (
            _label(weighted("项目绩效总目标", line.max_points), rowspan=2),
            _label("年初设定目标", 3),
            _label("全年实际完成情况", 2),
            _label("得分"),
        ),
        (declared, achieved, _points(each, line)),
    ]


def _goal(facts: ReportFacts, each: EvaluationFacts, goal: GoalSnapshot) -> Rows:
    """The goal's own row, if it has a text, and its indicators under their tiers."""
    rows: Rows = []
    if goal.text:
        rows.append(
            (
                _label(weighted(f"年度目标{goal.key}", goal.weight)),
                Cell(goal.text, colspan=WIDTH - 1),
            ),
        )
    heads = tuple(_label(head) for head in INDICATOR_HEADS)
    span = len(goal.indicators) + 1
    rows.append((_label(weighted("年度绩效指标", goal.weight), rowspan=span), *heads))
    merged = load_parameters(facts.head.editions.scoring).tier_two_merged
    rows.extend(_indicator_rows(each, goal, merged))
    return rows


def _indicator_rows(
    each: EvaluationFacts, goal: GoalSnapshot, merged: bool
) -> Iterator[tuple[Cell, ...]]:
    for (tier_one, weight), group in groupby(
        goal.indicators, key=lambda row: (row.tier_one, row.tier_one_weight)
    ):
        members = list(group)
        tier = _label(weighted(tier_one, weight), rowspan=len(members))
        for index, row in enumerate(members):
            lead = (tier,) if not index else ()
            yield (*lead, *_tier_two(members, index, merged), *_indicator(each, row))


def _tier_two(members: list[IndicatorSnapshot], index: int, merged: bool) -> tuple[Cell, ...]:
    """The header of a row; the same header above several rows is one node only where merged."""
    row = members[index]
    head = (row.tier_two, row.tier_two_weight)
    if not merged:
        return (_label(weighted(*head)),)
    if index and (members[index - 1].tier_two, members[index - 1].tier_two_weight) == head:
        return ()
    span = 1
    for other in members[index + 1 :]:
        if (other.tier_two, other.tier_two_weight) != head:
            break
        span += 1
    return (_label(weighted(*head), rowspan=span),)


def _indicator(each: EvaluationFacts, row: IndicatorSnapshot) -> tuple[Cell, ...]:
    subject = each.evaluation.subject
    result = each.evaluation.result_of(row.key)
    line = each.scorecard.line(row.key) if each.scorecard else None
    return (
        Cell(row.name, address=declaration_address(subject, row.key, "name")),
        Cell(row.target, "center", declaration_address(subject, row.key, "target")),
        Cell(
            result.achieved if result else "",
            "center",
            evaluation_address(subject, row.key, "achieved"),
        ),
        _points(each, line),
    )


def _closing(each: EvaluationFacts) -> Rows:
    evaluation = each.evaluation
    passages = (
        ("偏差大或目标未完成原因分析", DEVIATION),
        ("改进措施及结果应用方案", IMPROVEMENT),
    )
    return [
        (
            _label(label),
            Cell(
                box_text(evaluation, each.scorecard, key),
                address=evaluation_address(evaluation.subject, "closing", key),
                colspan=WIDTH - 1,
            ),
        )
        for label, key in passages
    ]


def weighted(name: str, weight: Decimal | None) -> str:
    """质量指标, and （2分） below it; only the name where the form prints no weight."""
    return name if weight is None else f"{name}\n（{plain(weight)}分）"


def plain(number: Decimal) -> str:
    """2.0 → 2, 1.50 → 1.5."""
    return f"{number.normalize():f}"


def derivation_table(facts: ReportFacts, each: EvaluationFacts) -> Table:
    """Every scored line with weight, steps and points: the derivation that replays the score."""
    lines = each.scorecard.lines if each.scorecard else ()
    steps = each.scorecard.steps if each.scorecard else ()
    names = ("序号", "评分项目", "分值", "计算过程", "得分")
    body = tuple(
        (
            Cell(str(number), "center"),
            Cell(line.label),
            Cell(plain(line.max_points), "center"),
            Cell("；".join(_explained(line))),
            _points(each, line),
        )
        for number, line in enumerate(lines, start=1)
    )
    total = Cell(text_of(points(_total(each))), "right", style="total")
    foot = (_label("合计", 2), Cell(_full(each), "center"), Cell("；".join(steps)), total)
    return Table(
        key=f"{each.evaluation.subject}_derivation",
        number="",
        title=f"{facts.year}年度{evaluation_name(each)}得分计算过程",
        unit_label="",
        header=(tuple(HeaderCell(name) for name in names),),
        body=(*body, foot),
        widths=shares([Decimal(width) for width in (6, 21, 7, 57, 9)]),
        style="form",
    )


def _full(each: EvaluationFacts) -> str:
    return plain(each.scorecard.out_of) if each.scorecard else ""


def _explained(line: ScoreLine) -> tuple[str, ...]:
    return line.steps if line.question is None else (*line.steps, line.question.text)
