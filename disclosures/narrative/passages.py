"""Paragraphs: generated sentences, and the words of people among them, kept apart."""

from __future__ import annotations

from decimal import Decimal

from disclosures.facts import Fact, ReportFacts
from disclosures.filing_package import Reason
from disclosures.narrative.phrases import NOT_FILED, Movement, Spans, movement, spans
from disclosures.reasons import Compared, reason_key
from disclosures.report.blocks import Paragraph, Span
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


def reason_text(facts: ReportFacts, subject: str) -> str:
    """The reasons given for a change, the largest first and those without an amount last,
    without the words the sentence brings itself."""
    given = sorted(facts.reasons.get(subject, ()), key=_size, reverse=True)
    return "；".join(_bare(reason.text) for reason in given)


def _size(reason: Reason) -> Decimal:
    return abs(reason.amount or ZERO)


def _bare(text: str) -> str:
    bare = " ".join(text.split()).rstrip("。；，")
    for lead in REASON_LEADS:
        bare = bare.removeprefix(lead)
    return bare


def reason_clause(facts: ReportFacts, comparison: Compared) -> Spans:
    """ "，主要原因是：…" where something changed and somebody said why."""
    moved = movement(comparison.current, comparison.base)
    reason = reason_text(facts, comparison.subject)
    return ("，主要原因是：", reason) if reason and moved in {Movement.UP, Movement.DOWN} else ()


def budget_reason(facts: ReportFacts, comparison: Compared, budget_name: str) -> Spans:
    """ "，决算数大于年初预算数的主要原因是：…"; equal figures say so."""
    moved = movement(comparison.current, comparison.base)
    if moved is Movement.EQUAL:
        return (f"，决算数与{budget_name}数持平",)
    reason = reason_text(facts, comparison.subject)
    if moved not in {Movement.UP, Movement.DOWN} or not reason:
        return ()
    verb = "大于" if moved is Movement.UP else "小于"
    return (f"，决算数{verb}{budget_name}数的主要原因是：", reason)


def figure_of(value: int, address: str) -> Fact:
    """A count of records, such as the projects evaluated."""
    return Fact(Decimal(value), (address,), "记录数")
