"""PURE: section id → the function that makes its blocks. A section never knows its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from disclosures.facts import EvaluationFacts, PrintedTable, ReportFacts
from disclosures.narrative import (
    accounts,
    funds,
    operations,
    other,
    overview,
    performance,
    terms,
    three_public,
)
from disclosures.narrative.budget import SECTIONS as BUDGET_SECTIONS
from disclosures.narrative.passages import paragraph
from disclosures.narrative.phrases import NOT_FILED
from disclosures.report import figures
from disclosures.report.blocks import Block, Table
from disclosures.report.forms import declaration_table, derivation_table, evaluation_table
from disclosures.report.lists import list_table
from disclosures.report.tables import by_unit, key_tasks_table, matrix, sheet_index, single_row
from disclosures.report.two_sided import economic, two_sided
from performance.evaluation import DeclarationSnapshot
from rulebook.layouts import BY_UNIT, ListLayout, SheetLayout

Blocks = tuple[Block, ...]

ARRANGEMENTS: Mapping[str, Callable[[ReportFacts, SheetLayout], Table]] = {
    "matrix": matrix,
    "two_sided": two_sided,
    "economic": economic,
    "single_row": single_row,
    BY_UNIT: by_unit,
}


def sheet_table(facts: ReportFacts, sheet: PrintedTable) -> Table:
    """A statutory table, or any other sheet or list of the layout, as printed."""
    if isinstance(sheet, ListLayout):
        return list_table(facts, sheet)
    return ARRANGEMENTS[sheet.arrangement](facts, sheet)


def _totals(facts: ReportFacts) -> Blocks:
    return (*accounts.totals(facts), figures.totals_chart(facts))


def _revenue(facts: ReportFacts) -> Blocks:
    return (*accounts.revenue(facts), figures.revenue_chart(facts))


def _expenditure(facts: ReportFacts) -> Blocks:
    return (*accounts.expenditure(facts), figures.expenditure_chart(facts))


def _appropriations(facts: ReportFacts) -> Blocks:
    return (*accounts.appropriations(facts), figures.appropriations_chart(facts))


def _key_tasks(facts: ReportFacts) -> Blocks:
    return (key_tasks_table(facts),) if facts.key_tasks else (paragraph(NOT_FILED),)


def _sheets(facts: ReportFacts) -> Blocks:
    return (*overview.sheets(facts), sheet_index(facts))


def _targets(facts: ReportFacts) -> Blocks:
    return () if facts.declarations else (paragraph(NOT_FILED),)


SECTIONS: Mapping[str, Callable[[ReportFacts], Blocks]] = {
    "sheets": _sheets,
    "duties": overview.duties,
    "organisation": overview.organisation,
    "totals": _totals,
    "revenue": _revenue,
    "expenditure": _expenditure,
    "appropriations": _appropriations,
    "general_public_overall": funds.general_public_overall,
    "general_public_structure": funds.general_public_structure,
    "general_public_items": funds.general_public_items,
    "basic_expenditure": funds.basic_expenditure,
    "government_fund": funds.government_fund,
    "state_capital": funds.state_capital,
    "three_public_overall": three_public.three_public_overall,
    "three_public_details": three_public.three_public_details,
    "operating_funds": operations.operating_funds,
    "procurement": operations.procurement,
    "state_assets": operations.state_assets,
    "performance_work": performance.performance_work,
    "performance_results": performance.performance_results,
    "performance_application": performance.performance_application,
    "special_funds": other.special_funds,
    "key_work_summary": other.key_work_summary,
    "key_tasks": _key_tasks,
    "term_notes": terms.term_notes,
    "targets": _targets,
    **BUDGET_SECTIONS,
}


def _form(facts: ReportFacts, each: EvaluationFacts) -> Blocks:
    return (evaluation_table(facts, each),)


def _derivation(facts: ReportFacts, each: EvaluationFacts) -> Blocks:
    return (derivation_table(facts, each),)


EVALUATION_SECTIONS: Mapping[str, Callable[[ReportFacts, EvaluationFacts], Blocks]] = {
    "evaluation_score": performance.evaluation_score,
    "evaluation_goals": performance.evaluation_goals,
    "evaluation_problems": performance.evaluation_problems,
    "evaluation_next_steps": performance.evaluation_next_steps,
    "evaluation_form": _form,
    "evaluation_derivation": _derivation,
}


def _declaration(facts: ReportFacts, declaration: DeclarationSnapshot) -> Blocks:
    return (declaration_table(facts, declaration),)


DECLARATION_SECTIONS: Mapping[str, Callable[[ReportFacts, DeclarationSnapshot], Blocks]] = {
    "declaration_form": _declaration,
}
