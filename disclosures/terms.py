"""PURE: 名词解释: the general terms of an edition, and the codes a department used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from disclosures.facts import ReportFacts
from rulebook.editions import edition_path, read_toml
from rulebook.layouts import SheetLayout

FAMILY = "terms"


@dataclass(frozen=True, slots=True)
class Term:
    """A general term. ``lists`` prints the innermost codes used of a classification in its place;
    ``code`` limits it to departments that used a code beginning so."""

    key: str
    term: str
    definition: str = ""
    lists: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class UsedCode:
    """An innermost code with amounts, on the sheet that names it first."""

    sheet: SheetLayout
    code: str
    definition: str


@cache
def load_terms(edition_id: str) -> tuple[Term, ...]:
    """The terms of an edition in printing order. Raises KeyError when there is none."""
    raw = read_toml(edition_path(FAMILY, edition_id))
    return tuple(Term(**term) for term in raw["term"])


def terms_of(facts: ReportFacts) -> tuple[Term, ...]:
    """The terms this report explains: general ones, and those of codes it used."""
    used = {ref.row for ref, value in facts.figures.items() if value}
    terms = load_terms(facts.outline.terms)
    return tuple(t for t in terms if not t.code or any(row.startswith(t.code) for row in used))


def used_codes(facts: ReportFacts, classification: str) -> tuple[UsedCode, ...]:
    """Every innermost code printed with an amount, in order, with its definition of the day."""
    found: dict[str, SheetLayout] = {}
    for sheet, code in _printed_codes(facts, classification):
        found.setdefault(code, sheet)
    return tuple(
        UsedCode(found[code], code, _definition(facts, classification, code))
        for code in sorted(found)
    )


def _printed_codes(facts: ReportFacts, classification: str) -> Iterator[tuple[SheetLayout, str]]:
    for sheet in facts.layout.sheets:
        codes = sheet.codes
        if codes is None or not sheet.printed or codes.listed:
            continue
        if codes.classification != classification:
            continue
        filled = {ref.row for ref, value in facts.figures.items() if value}
        for code in facts.code_rows(sheet):
            if len(code) == codes.entry_length and code in filled:
                yield sheet, code


def _definition(facts: ReportFacts, classification: str, code: str) -> str:
    label = facts.code_labels.get((classification, code))
    return label.definition.strip() if label else ""
