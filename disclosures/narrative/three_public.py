"""第三部分九: the three public expenses, with the counts behind them.

The budget compared with is the adjusted one (全年预算), which is what the sheet prints.
"""

from __future__ import annotations

from budgets.checks.keys import INSTITUTION, THREE_PUBLIC
from disclosures.facts import Fact, ReportFacts
from disclosures.narrative.passages import budget_reason, paragraph, reason_clause
from disclosures.narrative.phrases import (
    Movement,
    Spans,
    amount,
    change_phrase,
    clauses,
    completion_phrase,
    count,
    difference_phrase,
    movement,
    spans,
)
from disclosures.reasons import PRIOR_YEAR, REVISED_BUDGET, Compared, compared
from disclosures.report.blocks import Paragraph

BUDGET_NAME = "全年预算"


def three_public_overall(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Budget, outturn, completion and change against last year in total."""
    sheet = facts.layout.sheet(THREE_PUBLIC)
    every = compared(facts)
    against_budget = every[f"three_public_total.{REVISED_BUDGET}"]
    if facts.is_empty(sheet) and against_budget.current.value is None:
        return (paragraph(sheet.empty_sentence),)
    last_year = every[f"three_public_total.{PRIOR_YEAR}"]
    return (
        paragraph(
            f"{facts.year}年度“三公”经费财政拨款支出",
            _against_budget(facts, against_budget),
            "。",
            subject=against_budget.subject,
        ),
        _overall_against_last_year(facts, last_year),
    )


def _overall_against_last_year(facts: ReportFacts, last_year: Compared) -> Paragraph:
    name = f"{facts.prior_year}年度"
    if movement(last_year.current, last_year.base) is Movement.UNKNOWN:
        return paragraph(f"{name}“三公”经费支出没有可比数据，不作比较。")
    changed = change_phrase(last_year.current, last_year.base, name)
    reason = reason_clause(facts, last_year)
    return paragraph("“三公”经费支出", changed, reason, "。", subject=last_year.subject)


def three_public_details(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The three items, vehicles split into purchase and operation, each with its counts."""
    vehicles = Compared(
        f"vehicles.{REVISED_BUDGET}",
        "公务用车购置及运行维护费",
        facts.cell(THREE_PUBLIC, "actual", "vehicles"),
        facts.cell(THREE_PUBLIC, REVISED_BUDGET, "vehicles"),
        False,
    )
    split = not (vehicles.current.is_nothing and vehicles.base.is_nothing)
    return (
        _item(facts, "1.", "overseas_travel", _travel(facts)),
        paragraph("2.公务用车购置及运行维护费", _against_budget(facts, vehicles), "。"),
        *(_vehicle_items(facts) if split else ()),
        _item(facts, "3.", "official_hospitality", _hospitality(facts)),
    )


def _vehicle_items(facts: ReportFacts) -> tuple[Paragraph, ...]:
    bought = _counts(facts, ("本年购置公务用车", "vehicles_bought"))
    held = _counts(facts, (f"截至{facts.year}年12月31日，公务用车保有量", "vehicles_held"))
    return (
        _item(facts, "（1）", "vehicle_purchase", bought),
        _item(facts, "（2）", "vehicle_operation", held),
    )


def _item(facts: ReportFacts, number: str, figure: str, counts: Spans) -> Paragraph:
    every = compared(facts)
    comparison = every[f"{figure}.{REVISED_BUDGET}"]
    return paragraph(
        f"{number}{comparison.label}",
        _against_budget(facts, comparison),
        _against_last_year(facts, every[f"{figure}.{PRIOR_YEAR}"]),
        "。",
        counts,
        subject=comparison.subject,
    )


def _against_budget(facts: ReportFacts, comparison: Compared) -> Spans:
    budget, actual = comparison.base, comparison.current
    if movement(actual, budget) is Movement.BOTH_ZERO:
        return spans(f"{BUDGET_NAME}和支出决算均为", amount(actual))
    if budget.value is None and actual.value is None:
        return ("本年度未发生",)
    return spans(
        clauses(
            spans(BUDGET_NAME, amount(budget)),
            spans("支出决算", amount(actual)),
            completion_phrase(actual, budget, BUDGET_NAME),
            _shortfall(actual, budget),
        ),
        budget_reason(facts, comparison, BUDGET_NAME),
    )


def _shortfall(actual: Fact, budget: Fact) -> Spans:
    changed = movement(actual, budget) in {Movement.UP, Movement.DOWN}
    return difference_phrase(actual, budget, BUDGET_NAME) if changed else ()


def _against_last_year(facts: ReportFacts, comparison: Compared) -> Spans:
    """Nothing where last year is not known: the overall paragraph says so once."""
    if movement(comparison.current, comparison.base) is Movement.UNKNOWN:
        return ()
    name = f"{facts.prior_year}年度"
    changed = change_phrase(comparison.current, comparison.base, name)
    return spans("；", changed, reason_clause(facts, comparison))


def _travel(facts: ReportFacts) -> Spans:
    return _counts(facts, ("全年出国（境）团组", "trips"), ("出国（境）", "travellers"))


def _hospitality(facts: ReportFacts) -> Spans:
    return spans(
        _counts(facts, ("国内公务接待", "receptions"), ("接待", "guests")),
        _counts(facts, ("外事接待", "foreign_receptions"), ("接待", "foreign_guests")),
    )


def _counts(facts: ReportFacts, *named: tuple[str, str]) -> Spans:
    """A sentence of the counts that were filed, empty when none was."""
    sheet = facts.layout.sheet(INSTITUTION)
    filed = [
        spans(name, count(fact, row.unit_label))
        for name, key in named
        if (row := sheet.row(key)) is not None
        and (fact := facts.cell(INSTITUTION, key, "actual")).value is not None
    ]
    return spans(clauses(*filed), "。") if filed else ()
