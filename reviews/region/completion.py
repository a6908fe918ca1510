"""PURE: what people add to the figures of a filing: targets, scores, texts, reasons, code names.

Written after the figures stand, as a person would: a reason is given for every change the filing
shows, and for no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from budgets.checks import FINAL_ACCOUNTS, resolve
from budgets.checks.keys import BUDGET, EXPENDITURE
from budgets.workbook import ProjectSnapshot, WorkbookSnapshot
from disclosures.evaluate import facts_of, total_book
from disclosures.filing_package import CodeLabel, FilingPackage, KeyTask, Reason, Text
from disclosures.outline import load_outline
from disclosures.reasons import RequiredReason, required_reasons
from performance.evaluation import DEPARTMENT
from performance.scoring import load_parameters
from reviews.region.catalogue import ECONOMIC, FUNCTIONAL, labels_of
from reviews.region.dice import Dice
from reviews.region.performance import (
    chosen_projects,
    declaration_of,
    declared_projects,
    evaluation_of,
)
from rulebook.addresses import CellRef
from rulebook.layouts import load_layout

_WORDS = {
    "duties": "贯彻执行本行业的法律法规。\n拟订本行业的工作计划。\n办理上级交办的其他事项。",
    "organisation": "本部门由机关和下属单位组成，单位名单见表。",
    "performance_overview": "按要求组织自评，自评覆盖重点项目。",
    "performance_problems": "个别指标设置不够细。",
    "performance_measures": "逐项完善指标。",
    "results_application": "自评结果用于编制下年预算和改进管理。",
    "special_funds": "本年度不涉及专项转移支付。",
    "key_work_summary": "围绕年度任务开展工作，各项任务按期完成。",
    "staffing_note": "人员按编制管理。",
    "procurement_note": "货物类主要是办公设备，服务类主要是物业和维修。",
    "state_assets_note": "办公用房由机关事务管理部门统一管理。",
    "three_public_note": "“三公”经费按规定的标准和审批程序使用。",
}
_MORE = ("工作任务增加", "人员和项目支出增加", "新开展的工作增多")
_LESS = ("厉行节约，压减一般性开支", "部分工作上年已经完成", "项目支出按进度安排")


def completed(package: FilingPackage, dice: Dice) -> FilingPackage:
    """The whole package of these figures; the same dice give the same words."""
    return _with_words(_with_performance(_named(package), dice), dice)


def completed_with(
    package: FilingPackage, evaluated: Sequence[ProjectSnapshot], dice: Dice
) -> FilingPackage:
    """The whole package of final accounts, with self-evaluations of the department and of these
    projects."""
    return _with_words(_with_evaluations(_named(package), evaluated, dice), dice)


def _named(package: FilingPackage) -> FilingPackage:
    return replace(package, codes=_codes(package))


def _codes(package: FilingPackage) -> tuple[CodeLabel, ...]:
    used = {used for book in package.books for used in _codes_of(book)}
    used |= {(FUNCTIONAL, row.functional_code) for row in package.project_budgets}
    for row in package.lists.purchases:
        used |= {(FUNCTIONAL, row.functional_code), (ECONOMIC, row.economic_code)}
    return labels_of(used)


def _codes_of(book: WorkbookSnapshot) -> Iterator[tuple[str, str]]:
    layout = load_layout(book.layout)
    for sheet, row in {(cell.sheet, cell.row) for cell in book.cells}:
        codes = layout.sheet(sheet).codes
        if codes is not None and codes.is_code(row):
            yield codes.classification, row


def _with_performance(package: FilingPackage, dice: Dice) -> FilingPackage:
    head, parameters = package.head, load_parameters(package.head.editions.scoring)
    if not dice.chance(60):
        return package
    if head.kind != FINAL_ACCOUNTS:
        subjects = [row.code for row in declared_projects(package.project_budgets, dice)]
        declared = tuple(declaration_of(s, parameters, dice) for s in (DEPARTMENT, *subjects))
        return replace(package, declarations=declared)
    return _with_evaluations(package, chosen_projects(package.projects, dice), dice)


def _with_evaluations(
    package: FilingPackage, evaluated: Sequence[ProjectSnapshot], dice: Dice
) -> FilingPackage:
    head, parameters = package.head, load_parameters(package.head.editions.scoring)
    figures = resolve(total_book(package))
    budget = figures.get(CellRef(BUDGET, "total", "revised_budget"))
    spent = figures.get(CellRef(EXPENDITURE, "total", "total"))
    money: dict[str, tuple[Decimal | None, Decimal | None]] = {
        DEPARTMENT: (budget.value if budget else None, spent.value if spent else None)
    }
    titles = {DEPARTMENT: "部门整体"}
    for project in evaluated:
        money[project.code] = (project.revised_budget, project.actual)
        titles[project.code] = project.name
    declared = tuple(declaration_of(subject, parameters, dice) for subject in money)
    forms = tuple(
        evaluation_of(each, titles[each.subject], *money[each.subject], head.fiscal_year)
        for each in declared
    )
    return replace(package, declarations=declared, evaluations=forms)


def _with_words(package: FilingPackage, dice: Dice) -> FilingPackage:
    outline = load_outline(package.head.editions.outline)
    texts = tuple(Text(text.key, _WORDS[text.key]) for text in outline.texts)
    tasks = (
        (KeyTask("年度重点任务", "按计划完成", "已完成"),)
        if outline.has_section("key_tasks")
        else ()
    )
    written = replace(package, texts=texts, key_tasks=tasks)
    wanted = required_reasons(facts_of(written, ()))
    return replace(written, reasons=tuple(r for each in wanted for r in _reasons(each, dice)))


def _reasons(wanted: RequiredReason, dice: Dice) -> list[Reason]:
    """One reason, at times with its amount, at times two that add up to the change."""
    words = _MORE if wanted.change > 0 else _LESS
    if dice.chance(60):
        return [Reason(wanted.subject, dice.one_of(words))]
    if dice.chance(50):
        return [Reason(wanted.subject, dice.one_of(words), wanted.change)]
    part = wanted.change - 1
    return [
        Reason(wanted.subject, words[0], part),
        Reason(wanted.subject, words[1], wanted.change - part),
    ]
