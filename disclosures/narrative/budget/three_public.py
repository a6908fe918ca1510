"""一般公共预算“三公”经费预算情况说明: whose, how much, each item against last year's budget."""

from __future__ import annotations

from budgets.checks.keys import THREE_PUBLIC
from disclosures.comparisons.compared import ORIGINAL_BUDGET, PRIOR_YEAR
from disclosures.facts import ReportFacts
from disclosures.narrative.budget.accounts import last_budget
from disclosures.narrative.passages import declared, figure_of, paragraph, reason_clause
from disclosures.narrative.phrases import (
    NOT_FILED,
    Movement,
    Spans,
    amount,
    change_phrase,
    clauses,
    count,
    movement,
    spans,
)
from disclosures.reasons import Compared, compared
from disclosures.report.blocks import Paragraph


def scope(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The units whose expenses are meant."""
    units = count(figure_of(len(facts.unit_names), "filing/books"), "个")
    names = "、".join(facts.unit_names)
    lead = f"{facts.year}年“三公”经费预算的单位范围"
    if not facts.unit_names:
        return (paragraph(f"{lead}{NOT_FILED}。"),)
    if len(facts.unit_names) == 1:
        return (paragraph(f"{lead}为{names}，没有其他单位。"),)
    return (paragraph(f"{lead}包括：{names}，共", units, "单位。"),)


def overall(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The total against the sum of last year's items, or the sentence of the empty sheet."""
    comparison = compared(facts)[f"three_public_total.{PRIOR_YEAR}"]
    sheet = facts.layout.sheet(THREE_PUBLIC)
    if facts.is_empty(sheet) and comparison.base.is_nothing:
        return (paragraph(sheet.empty_sentence),)
    return (
        paragraph(
            f"{facts.year}年一般公共预算“三公”经费预算",
            amount(comparison.current),
            "，",
            change_phrase(comparison.current, comparison.base, last_budget(facts)),
            reason_clause(facts, comparison),
            "。",
            subject=comparison.subject,
        ),
        *declared(facts, "three_public_note"),
    )


def overseas_travel(facts: ReportFacts) -> tuple[Paragraph, ...]:
    return (_item(facts, "overseas_travel"),)


def official_hospitality(facts: ReportFacts) -> tuple[Paragraph, ...]:
    return (_item(facts, "official_hospitality"),)


def vehicles(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Purchase and operation together, then each where there is any of either."""
    whole = facts.cell(THREE_PUBLIC, ORIGINAL_BUDGET, "vehicles")
    items = ("vehicle_purchase", "vehicle_operation")
    every = [compared(facts)[f"{item}.{PRIOR_YEAR}"] for item in items]
    if all(each.current.is_nothing and each.base.is_nothing for each in every):
        return (paragraph(f"本部门{facts.year}年没有安排公务用车购置及运行维护费。"),)
    return (
        paragraph("公务用车购置及运行维护费预算", amount(whole), "，其中："),
        *(_item(facts, item, f"{number}.") for number, item in enumerate(items, start=1)),
    )


def _item(facts: ReportFacts, item: str, number: str = "") -> Paragraph:
    comparison = compared(facts)[f"{item}.{PRIOR_YEAR}"]
    return paragraph(number, _stated(facts, comparison), "。", subject=comparison.subject)


def _stated(facts: ReportFacts, comparison: Compared) -> Spans:
    """Last year unknown is said of the whole, once; a budget of nothing is said in words."""
    current, base, label = comparison.current, comparison.base, comparison.label
    moved = movement(current, base)
    if current.value is None:
        return (f"{facts.year}年没有安排{label}",)
    if moved is Movement.BOTH_ZERO:
        years = f"{facts.year}年和{facts.prior_year}年"
        return spans(f"{years}{label}预算均为", amount(base))
    known = moved is not Movement.UNKNOWN
    changed = change_phrase(current, base, last_budget(facts)) if known else ()
    reason = reason_clause(facts, comparison)
    return spans(clauses(spans(f"{label}预算", amount(current)), changed), reason)
