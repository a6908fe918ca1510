"""Paragraphs: generated sentences, and the words of people among them, kept apart."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from budgets.checks.keys import INSTITUTION
from disclosures.facts import Fact, ReportFacts
from disclosures.filing_package import Reason
from disclosures.lints import typed_amounts
from disclosures.narrative.phrases import (
    NOT_FILED,
    Movement,
    Spans,
    amount,
    amount_size,
    change_phrase,
    clauses,
    count,
    joined,
    movement,
    spans,
)
from disclosures.reasons import Compared, reason_key
from disclosures.report.blocks import Paragraph, Span
from rulebook.addresses import text_address
from rulebook.amounts import ZERO

REASON_LEADS = ("主要原因是：", "主要原因是", "原因是：", "原因是")


def paragraph(*parts: Span | Spans, subject: str = "") -> Paragraph:
    """A generated paragraph; ``subject`` is the change whose reason a person can edit in it."""
    return Paragraph(spans(*parts), subject=reason_key(subject) if subject else "")


def free(body: str, lead: str = "", key: str = "") -> tuple[Paragraph, ...]:
    """A text as people typed it, one paragraph for each of its lines, after a lead of ours.

    ``key`` is the key of a declared text, empty for a passage that stands elsewhere.
    """
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return tuple(
        Paragraph(spans(lead if not index else "", line), origin="free", subject=key)
        for index, line in enumerate(lines)
    )


def declared(facts: ReportFacts, key: str, lead: str = "") -> tuple[Paragraph, ...]:
    """A declared text of the filing; a draft shows where a required one is missing."""
    outlined = facts.outline.text(key)
    missing = NOT_FILED if outlined is not None and outlined.required else ""
    return free(facts.texts.get(key, missing), lead, key)


def reason_spans(facts: ReportFacts, subject: str) -> Spans:
    """The reasons given for a change, without the words the sentence brings itself, each with the
    part it explains: "新增编制（增3.00万元）"; the largest first, those without amount last."""
    given = sorted(facts.reasons.get(subject, ()), key=_size, reverse=True)
    return joined(map(_reason, given), "；")


def _size(reason: Reason) -> Decimal:
    return abs(reason.amount or ZERO)


def _reason(reason: Reason) -> Spans:
    words = _bare(reason.text)
    if not reason.amount or typed_amounts(words):
        return (words,)
    verb = "增" if reason.amount > 0 else "减"
    part = Fact(reason.amount, (text_address(reason_key(reason.subject)),))
    return spans(f"{words}（{verb}", amount_size(part), "）")


def _bare(text: str) -> str:
    bare = " ".join(text.split()).rstrip("。；，")
    for lead in REASON_LEADS:
        bare = bare.removeprefix(lead)
    return bare


def reason_clause(facts: ReportFacts, comparison: Compared) -> Spans:
    """ "，主要原因是：…" where something changed and somebody said why."""
    moved = movement(comparison.current, comparison.base)
    reason = reason_spans(facts, comparison.subject)
    if not reason or moved not in {Movement.UP, Movement.DOWN}:
        return ()
    return spans("，主要原因是：", reason)


def budget_reason(facts: ReportFacts, comparison: Compared, budget_name: str) -> Spans:
    """ "，决算数大于年初预算数的主要原因是：…"; equal figures say so."""
    moved = movement(comparison.current, comparison.base)
    if moved is Movement.EQUAL:
        return (f"，决算数与{budget_name}数持平",)
    reason = reason_spans(facts, comparison.subject)
    if moved not in {Movement.UP, Movement.DOWN} or not reason:
        return ()
    verb = "大于" if moved is Movement.UP else "小于"
    return spans(f"，决算数{verb}{budget_name}数的主要原因是：", reason)


def _differ(revenue: Fact, expenditure: Fact) -> bool:
    return movement(revenue, expenditure) in {Movement.UP, Movement.DOWN}


def totals_phrase(name: str, noun: str, revenue: Fact, expenditure: Fact) -> Spans:
    """ "…收、支总计均为5.00万元"; each with its own amount where they differ."""
    if not _differ(revenue, expenditure):
        return spans(f"{name}收、支{noun}均为", amount(revenue))
    return clauses(
        spans(f"{name}收入{noun}", amount(revenue)), spans(f"支出{noun}", amount(expenditure))
    )


def totals_change(noun: str, revenue: Fact, expenditure: Fact, base: Fact, name: str) -> Spans:
    """How both totals changed against the year named; revenue alone where they differ."""
    if not _differ(revenue, expenditure):
        return spans("，", change_phrase(revenue, base, name, "各"))
    return spans(f"；收入{noun}", change_phrase(revenue, base, name))


def figure_of(value: int, address: str) -> Fact:
    """A count of records, such as the projects evaluated."""
    return Fact(Decimal(value), (address,), "记录数")


def counts_filed(facts: ReportFacts, keys: Collection[str]) -> list[Spans]:
    """ "执法执勤用车113辆" for each of the rows of the institution sheet that is filled."""
    sheet = facts.layout.sheet(INSTITUTION)
    return [
        spans(row.label, count(fact, row.unit_label))
        for row in sheet.rows
        if row.key in keys
        and (fact := facts.cell(sheet.key, row.key, sheet.columns[0].key)).value is not None
    ]
