"""预算情况说明七、八: the two other funds."""

from __future__ import annotations

from budgets.checks.keys import GOVERNMENT_FUND_EXPENDITURE, STATE_CAPITAL
from disclosures.facts import ReportFacts
from disclosures.narrative.funds import full_code_name, items_spent
from disclosures.narrative.passages import paragraph
from disclosures.narrative.phrases import amount, listed, spans
from disclosures.report.blocks import Paragraph


def government_fund(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Expenditure by kind and 项, or the sentence of the empty sheet."""
    return _fund(facts, GOVERNMENT_FUND_EXPENDITURE, "政府性基金预算支出")


def state_capital(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Expenditure by kind and 项, or the sentence of the empty sheet."""
    return _fund(facts, STATE_CAPITAL, "国有资本经营预算支出")


def _fund(facts: ReportFacts, key: str, name: str) -> tuple[Paragraph, ...]:
    sheet = facts.layout.sheet(key)
    if facts.is_empty(sheet):
        return (paragraph(sheet.empty_sentence),)
    kinds = listed(
        (column.label, facts.cell(key, "total", column.key))
        for column in sheet.columns
        if column.key in sheet.row_totals[0].of
    )
    total = facts.cell(key, "total", "total")
    lead = paragraph(f"{facts.year}年{name}", amount(total), spans("，其中：", kinds), "。")
    return (
        lead,
        *(
            paragraph(
                f"{number}.{full_code_name(facts, sheet, code)}",
                amount(facts.cell(key, code, "total")),
                "。",
            )
            for number, code in enumerate(items_spent(facts, sheet, "total"), start=1)
        ),
    )
