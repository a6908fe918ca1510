"""第五部分: the terms explained, and every functional 项 the department used."""

from __future__ import annotations

from disclosures.facts import ReportFacts
from disclosures.narrative.funds import full_code_name
from disclosures.narrative.passages import paragraph
from disclosures.report.blocks import Paragraph
from disclosures.report.numerals import chinese_number
from disclosures.terms import terms_of, used_codes

UNDEFINED = "按当年政府收支分类科目的规定列支的支出。"


def term_notes(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Each term in the edition's words; each code with its definition of the day."""
    notes: list[Paragraph] = []
    for number, term in enumerate(terms_of(facts), start=1):
        lead = f"（{chinese_number(number)}）{term.term}"
        if term.lists:
            notes.append(paragraph(f"{lead}："))
            notes.extend(_codes(facts, term.lists))
        else:
            notes.append(paragraph(f"{lead}：{term.definition}"))
    return tuple(notes)


def _codes(facts: ReportFacts, classification: str) -> list[Paragraph]:
    return [
        paragraph(
            f"{number}.{full_code_name(facts, used.sheet, used.code)}："
            f"{used.definition or UNDEFINED}"
        )
        for number, used in enumerate(used_codes(facts, classification), start=1)
    ]
