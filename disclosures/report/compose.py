"""PURE: outline (by edition) + facts → Report. Numbers of sections are given here, only here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from disclosures.facts import EvaluationFacts, ReportFacts
from disclosures.narrative.performance import evaluation_name
from disclosures.outline import SectionOutline
from disclosures.report.blocks import Report, Section
from disclosures.report.forms import declaration_name, declaration_table, evaluation_table
from disclosures.report.numerals import numbered
from disclosures.report.sections import (
    DECLARATION_SECTIONS,
    EVALUATION_SECTIONS,
    SECTIONS,
    Blocks,
    sheet_table,
)
from performance.evaluation import DeclarationSnapshot
from rulebook.layouts import ListLayout, SheetLayout

Subject = EvaluationFacts | DeclarationSnapshot | SheetLayout | ListLayout | None


def compose(facts: ReportFacts) -> Report:
    """The whole report of a filing, in order of printing."""
    outline = facts.outline
    return Report(
        title=facts.filled(outline.title),
        department=facts.head.department_name,
        fiscal_year=facts.year,
        kind=facts.head.kind,
        sections=_sections(facts, outline.parts, 1, None),
        cover_lines=tuple(facts.filled(line) for line in outline.cover_lines),
        banner=outline.sample_banner if facts.head.sample else "",
    )


class SubjectUnknown(LookupError):
    """The filing has no form of this subject; ``str`` is the subject."""


def compose_form(facts: ReportFacts, subject: str) -> Report:
    """One form alone: the subject's self-evaluation, or its declaration where there is none.

    Raises SubjectUnknown.
    """
    evaluated = (e for e in facts.evaluations if e.evaluation.subject == subject)
    declared = (d for d in facts.declarations if d.subject == subject)
    tables = chain(
        (evaluation_table(facts, each) for each in evaluated),
        (declaration_table(facts, each) for each in declared),
    )
    table = next(tables, None)
    if table is None:
        raise SubjectUnknown(subject)
    section = Section(key=table.key, level=1, number="", title=table.title, blocks=(table,))
    return Report(
        title=table.title,
        department=facts.head.department_name,
        fiscal_year=facts.year,
        kind=facts.head.kind,
        sections=(section,),
        banner=facts.outline.sample_banner if facts.head.sample else "",
    )


def _sections(
    facts: ReportFacts, outlines: tuple[SectionOutline, ...], level: int, subject: Subject
) -> tuple[Section, ...]:
    """The sections of one level, numbered as they come."""
    repeated = [
        (outline, each) for outline in outlines for each in _subjects(facts, outline, subject)
    ]
    return tuple(
        _section(facts, outline, level, number, each)
        for number, (outline, each) in enumerate(repeated, start=1)
    )


def _subjects(facts: ReportFacts, outline: SectionOutline, subject: Subject) -> Iterator[Subject]:
    """What a section is repeated for; a plain section keeps the subject it stands under."""
    if outline.each == "sheet":
        yield from facts.printed_tables()
    elif outline.each == "evaluation":
        yield from facts.evaluations
    elif outline.each == "declaration":
        yield from facts.declarations
    else:
        yield subject


def _section(
    facts: ReportFacts, outline: SectionOutline, level: int, number: int, subject: Subject
) -> Section:
    style = outline.number or facts.outline.numbering[level - 1]
    return Section(
        key=_key(outline, subject),
        level=level,
        number=numbered(style, number),
        title=facts.filled(outline.title, _name(facts, subject)),
        blocks=_blocks(facts, outline, subject),
        sections=_sections(facts, outline.sections, level + 1, subject),
    )


def _key(outline: SectionOutline, subject: Subject) -> str:
    """Unique in the report, and stable over the years."""
    match subject:
        case EvaluationFacts():
            return f"{outline.key}/{subject.evaluation.subject}"
        case DeclarationSnapshot():
            return f"{outline.key}/{subject.subject}"
        case SheetLayout() | ListLayout():
            return f"{outline.key}/{subject.key}"
        case None:
            return outline.key


def _name(facts: ReportFacts, subject: Subject) -> str:
    match subject:
        case EvaluationFacts():
            return evaluation_name(subject)
        case DeclarationSnapshot():
            return declaration_name(facts, subject)
        case SheetLayout() | ListLayout():
            return subject.title
        case None:
            return ""


def _blocks(facts: ReportFacts, outline: SectionOutline, subject: Subject) -> Blocks:
    """Raises KeyError for a section of the outline nobody writes; a test walks all outlines."""
    match subject:
        case SheetLayout() | ListLayout():
            return (sheet_table(facts, subject),)
        case EvaluationFacts() if not outline.sections:
            return EVALUATION_SECTIONS[outline.key](facts, subject)
        case DeclarationSnapshot():
            return DECLARATION_SECTIONS[outline.key](facts, subject)
        case None if not outline.sections or outline.key in SECTIONS:
            return SECTIONS[outline.key](facts)
    return ()
