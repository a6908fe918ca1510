"""第三部分五至八: general public expenditure by code, basic expenditure, the two other funds."""

from __future__ import annotations

from collections.abc import Sequence

from budgets.checks.keys import (
    BASIC_DETAIL,
    GENERAL_PUBLIC,
    GOVERNMENT_FUND,
    STATE_CAPITAL,
    SUMMARY,
)
from disclosures.facts import ReportFacts, codes_of
from disclosures.narrative.passages import budget_reason, paragraph, reason_clause
from disclosures.narrative.phrases import (
    Spans,
    amount,
    change_phrase,
    clauses,
    completion_phrase,
    share_phrase,
    spans,
)
from disclosures.reasons import ITEM_PREFIX, ORIGINAL_BUDGET, PRIOR_YEAR, Compared, compared
from disclosures.report.blocks import Paragraph
from rulebook.layouts import SheetLayout

LEVELS = ("类", "款", "项")
NAME = "一般公共预算财政拨款支出"


def full_code_name(facts: ReportFacts, sheet: SheetLayout, code: str) -> str:
    """公共安全支出（类）公安（款）行政运行（项）."""
    codes = codes_of(sheet)
    path = zip(codes.with_ancestors([code]), LEVELS, strict=False)
    classification = codes.classification
    return "".join(f"{facts.code_name(classification, each)}（{level}）" for each, level in path)


def general_public_overall(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Size, share of all expenditure, change against last year."""
    comparison = compared(facts)[f"general_public_expenditure.{PRIOR_YEAR}"]
    whole = facts.cell(SUMMARY, "expenditure_total", "actual")
    sentence = clauses(
        spans(f"{facts.year}年度{NAME}", amount(comparison.current)),
        share_phrase(comparison.current, whole, "本年支出合计") if comparison.current.value else (),
        change_phrase(comparison.current, comparison.base, f"{facts.prior_year}年度"),
    )
    reason = reason_clause(facts, comparison)
    return (paragraph(sentence, reason, "。", subject=comparison.subject),)


def general_public_structure(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Each 类 with its share and the 款 it went to."""
    sheet = facts.layout.sheet(GENERAL_PUBLIC)
    total = facts.cell(GENERAL_PUBLIC, "total", "total")
    rows = [code for code in facts.code_rows(sheet) if facts.cell(sheet.key, code, "total").value]
    divisions = [code for code in rows if sheet.codes and not sheet.codes.parent_of(code)]
    lead = spans(f"{facts.year}年度{NAME}", amount(total))
    if not divisions:
        return (paragraph(lead, "。"),)
    return (
        paragraph(lead, "，用于以下方面："),
        *(
            paragraph(f"{number}.", _division(facts, sheet, code, rows), "。")
            for number, code in enumerate(divisions, start=1)
        ),
    )


def _division(facts: ReportFacts, sheet: SheetLayout, code: str, rows: Sequence[str]) -> Spans:
    codes = codes_of(sheet)
    groups = [row for row in rows if codes.parent_of(row) == code]
    spent = facts.cell(sheet.key, code, "total")
    used_for = "、".join(facts.code_name("functional", group) for group in groups)
    return clauses(
        spans(full_code_name(facts, sheet, code), amount(spent)),
        share_phrase(spent, facts.cell(sheet.key, "total", "total"), NAME),
        spans("用于", used_for) if used_for else (),
    )


def general_public_items(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Opening budget and outturn as a whole, then by 项 with the reason of each difference."""
    sheet = facts.layout.sheet(GENERAL_PUBLIC)
    every = compared(facts)
    items = [c for subject, c in every.items() if subject.startswith(ITEM_PREFIX)]
    overall = every[f"general_public_expenditure.{ORIGINAL_BUDGET}"]
    lead = spans(f"{facts.year}年度{NAME}", _budget_and_outturn(facts, overall))
    return (
        paragraph(lead, "。其中：" if items else "。", subject=overall.subject),
        *(
            paragraph(
                f"{number}.{full_code_name(facts, sheet, item.subject.split('.')[1])}：",
                _budget_and_outturn(facts, item),
                "。",
                subject=item.subject,
            )
            for number, item in enumerate(items, start=1)
        ),
    )


def _budget_and_outturn(facts: ReportFacts, comparison: Compared) -> Spans:
    budget = comparison.base
    known = budget.value is not None
    return spans(
        clauses(
            spans("年初预算", amount(budget)) if known else (),
            spans("支出决算", amount(comparison.current)),
            completion_phrase(comparison.current, budget, "年初预算"),
        ),
        budget_reason(facts, comparison, "年初预算"),
    )


def basic_expenditure(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """基本支出 as personnel and operating costs, naming only what has an amount."""
    total = facts.cell(GENERAL_PUBLIC, "total", "basic")
    if total.is_nothing:
        return (paragraph(f"本部门{facts.year}年度没有一般公共预算财政拨款基本支出。"),)
    return (
        paragraph(f"{facts.year}年度一般公共预算财政拨款基本支出", amount(total), "，其中："),
        paragraph("人员经费", _side(facts, "personnel"), "。"),
        paragraph("公用经费", _side(facts, "operating"), "。"),
    )


def _side(facts: ReportFacts, side: str) -> Spans:
    """The total of 人员经费 or 公用经费 with the names of its 款."""
    sheet = facts.layout.sheet(BASIC_DETAIL)
    names = names_within(facts, sheet, "actual", dict(codes_of(sheet).sides)[side])
    total = facts.cell(sheet.key, f"{side}_total", "actual")
    return clauses(amount(total), ("主要包括：", "、".join(names)) if names else ())


def names_within(
    facts: ReportFacts, sheet: SheetLayout, column: str, prefixes: tuple[str, ...]
) -> list[str]:
    """The names of the innermost codes under ``prefixes`` that have an amount in a column."""
    codes = codes_of(sheet)
    return [
        facts.code_name(codes.classification, code)
        for code in facts.code_rows(sheet)
        if code.startswith(prefixes)
        and len(code) == codes.entry_length
        and facts.cell(sheet.key, code, column).value
    ]


def government_fund(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Opening, revenue, expenditure, closing, or the sentence of the empty sheet."""
    sheet = facts.layout.sheet(GOVERNMENT_FUND)
    if facts.is_empty(sheet):
        return (paragraph(sheet.empty_sentence),)
    named = [
        ("年初结转和结余", "opening"),
        ("本年收入", "revenue"),
        ("本年支出", "expenditure"),
        ("年末结转和结余", "closing"),
    ]
    parts = [spans(name, amount(facts.cell(sheet.key, "total", key))) for name, key in named]
    lead = paragraph(f"{facts.year}年度政府性基金预算财政拨款", clauses(*parts), "。")
    return (lead, *_spent_by_item(facts, sheet, "expenditure"))


def state_capital(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Expenditure by 项, or the sentence of the empty sheet."""
    sheet = facts.layout.sheet(STATE_CAPITAL)
    if facts.is_empty(sheet):
        return (paragraph(sheet.empty_sentence),)
    total = facts.cell(sheet.key, "total", "total")
    lead = paragraph(f"{facts.year}年度国有资本经营预算财政拨款支出", amount(total), "。")
    return (lead, *_spent_by_item(facts, sheet, "total"))


def _spent_by_item(facts: ReportFacts, sheet: SheetLayout, column: str) -> tuple[Paragraph, ...]:
    return tuple(
        paragraph(
            f"{number}.{full_code_name(facts, sheet, code)}：支出决算",
            amount(facts.cell(sheet.key, code, column)),
            "。",
        )
        for number, code in enumerate(items_spent(facts, sheet, column), start=1)
    )


def items_spent(facts: ReportFacts, sheet: SheetLayout, column: str) -> list[str]:
    """The innermost codes of a sheet that have an amount in a column."""
    length = codes_of(sheet).entry_length
    items = [code for code in facts.code_rows(sheet) if len(code) == length]
    return [code for code in items if facts.cell(sheet.key, code, column).value]
