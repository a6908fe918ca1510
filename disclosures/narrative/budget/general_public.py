"""预算情况说明五、六: general public expenditure, and its basic expenditure by economic 类."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from budgets.checks.keys import BASIC_DETAIL, EXPENDITURE, GENERAL_PUBLIC
from budgets.workbook import ProjectBudget
from disclosures.comparisons.compared import ITEM_PREFIX, PRIOR_YEAR, Compared
from disclosures.facts import Fact, ReportFacts, codes_of
from disclosures.narrative.budget.accounts import last_budget
from disclosures.narrative.budget.projects import project_money, projects_phrase
from disclosures.narrative.funds import full_code_name, items_spent, names_within
from disclosures.narrative.passages import paragraph, reason_clause
from disclosures.narrative.phrases import (
    Movement,
    Spans,
    amount,
    change_phrase,
    clauses,
    composition,
    movement,
    share_phrase,
    spans,
)
from disclosures.reasons import compared
from disclosures.report.blocks import Paragraph
from rulebook.layouts import SheetLayout

NAME = "一般公共预算支出"
BASIC_NAME = "一般公共预算基本支出"
PURPOSES = (("基本支出", "basic"), ("项目支出", "project"))
SIDES = (("人员经费", "personnel"), ("公用经费", "operating"))
OF_THE_FUND = ("general_public", "carryover_general_public")


def size(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Total, share of all expenditure, change against last year's budget."""
    comparison = compared(facts)[f"general_public_expenditure.{PRIOR_YEAR}"]
    whole = facts.cell(EXPENDITURE, "total", "total")
    sentence = clauses(
        spans(f"{facts.year}年{NAME}", amount(comparison.current)),
        share_phrase(comparison.current, whole, "支出预算") if comparison.current.value else (),
        change_phrase(comparison.current, comparison.base, last_budget(facts)),
    )
    reason = reason_clause(facts, comparison)
    return (paragraph(sentence, reason, "。", subject=comparison.subject),)


def structure(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """By purpose with shares, then by 类 with the share and the change of each."""
    total = facts.cell(GENERAL_PUBLIC, "total", "total")
    divisions = [
        each
        for subject, each in compared(facts).items()
        if subject.startswith(ITEM_PREFIX) and (each.change.value or not each.current.is_nothing)
    ]
    if not divisions:
        return (paragraph(f"本部门{facts.year}年没有安排{NAME}。"),)
    purposes = [(name, facts.cell(GENERAL_PUBLIC, "total", key)) for name, key in PURPOSES]
    return (
        paragraph(f"{facts.year}年{NAME}", amount(total), "。", composition(purposes, total, NAME)),
        *_basic_parts(facts),
        paragraph("按支出功能分类分："),
        *(
            paragraph(f"{number}.", _division(facts, each, total), "。", subject=each.subject)
            for number, each in enumerate(divisions, start=1)
        ),
    )


def _basic_parts(facts: ReportFacts) -> tuple[Paragraph, ...]:
    parts = _filled((name, facts.cell(GENERAL_PUBLIC, "total", key)) for name, key in SIDES)
    return (paragraph("基本支出中，", parts, "。"),) if parts else ()


def _filled(parts: Iterable[tuple[str, Fact]]) -> Spans:
    return clauses(*(spans(name, amount(fact)) for name, fact in parts if not fact.is_nothing))


def _division(facts: ReportFacts, each: Compared, total: Fact) -> Spans:
    """公共安全支出72643.00万元，占…，比上年预算…; last year unknown is said of the whole."""
    name = facts.code_name("functional", each.subject.split(".")[1])
    known = movement(each.current, each.base) is not Movement.UNKNOWN
    changed = change_phrase(each.current, each.base, last_budget(facts)) if known else ()
    reason = reason_clause(facts, each)
    if each.current.is_nothing:
        return spans(clauses((f"{name}本年没有安排",), changed), reason)
    share = share_phrase(each.current, total, NAME)
    return spans(clauses(spans(name, amount(each.current)), share, changed), reason)


def use(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Each 项: basic and project expenditure, and the largest projects it pays for."""
    sheet = facts.layout.sheet(GENERAL_PUBLIC)
    items = items_spent(facts, sheet, "total")
    if not items:
        return (paragraph(f"本部门{facts.year}年没有安排{NAME}。"),)
    return tuple(
        paragraph(
            f"{number}.{full_code_name(facts, sheet, code)}",
            amount(facts.cell(sheet.key, code, "total")),
            _purposes(facts, code),
            "。",
        )
        for number, code in enumerate(items, start=1)
    )


def _purposes(facts: ReportFacts, code: str) -> Spans:
    """ "，其中：人员经费…，公用经费…", and the projects; of a single purpose that it is all."""
    named = [*SIDES, ("项目支出", "project")]
    cells = [(name, facts.cell(GENERAL_PUBLIC, code, key)) for name, key in named]
    present = [name for name, fact in cells if not fact.is_nothing]
    projects = projects_phrase(_projects_of(facts, code))
    if len(present) == 1:
        return clauses((f"，全部为{present[0]}",), projects)
    return spans("，其中：", clauses(_filled(cells), projects)) if present else ()


def _projects_of(facts: ReportFacts, code: str) -> Iterator[tuple[ProjectBudget, Fact]]:
    """The projects that a 项 pays for from this fund."""
    for project in facts.lists.project_budgets:
        money = project_money(project, OF_THE_FUND)
        if project.functional_code == code and not money.is_nothing:
            yield project, money


def basic(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """基本支出 by side, then each economic 类 with what it is for."""
    sheet = facts.layout.sheet(BASIC_DETAIL)
    total = facts.cell(sheet.key, "total", "total")
    if total.is_nothing:
        return (paragraph(f"本部门{facts.year}年没有安排{BASIC_NAME}。"),)
    sides = composition(
        [(name, facts.cell(sheet.key, "total", key)) for name, key in SIDES], total, BASIC_NAME
    )
    length = codes_of(sheet).levels[0]
    divisions = [
        code
        for code in facts.code_rows(sheet)
        if len(code) == length and facts.cell(sheet.key, code, "total").value
    ]
    return (
        paragraph(f"{facts.year}年{BASIC_NAME}", amount(total), "。", sides),
        paragraph("按部门预算支出经济分类分："),
        *(
            paragraph(f"{number}.", _economic(facts, sheet, code, total), "。")
            for number, code in enumerate(divisions, start=1)
        ),
    )


def _economic(facts: ReportFacts, sheet: SheetLayout, code: str, total: Fact) -> Spans:
    spent = facts.cell(sheet.key, code, "total")
    names = names_within(facts, sheet, "total", (code,))
    return clauses(
        spans(facts.code_name(codes_of(sheet).classification, code), amount(spent)),
        share_phrase(spent, total, BASIC_NAME),
        spans("主要包括：", "、".join(names)) if names else (),
    )
