"""第一部分: duties and organisation."""

from __future__ import annotations

import re

from disclosures.facts import ReportFacts
from disclosures.narrative.passages import declared, figure_of, paragraph
from disclosures.narrative.phrases import NOT_FILED, count
from disclosures.report.blocks import Paragraph
from rulebook.amounts import MoneyUnit

_NUMBERED = re.compile(r"\d+[、.．]|[（(]?[一二三四五六七八九十]+[）)、]")


def duties(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The duties as declared, numbered when there are several that bring no numbers."""
    lines = declared(facts, "duties")
    if len(lines) < 2 or all(_NUMBERED.match(line.text) for line in lines):
        return lines
    return tuple(
        Paragraph((f"{number}.", *line.spans), origin=line.origin, subject=line.subject)
        for number, line in enumerate(lines, start=1)
    )


def organisation(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The units whose books the department's accounts add up, then the declared text."""
    return (
        units_included(facts, f"{facts.year}年度部门决算"),
        *declared(facts, "organisation"),
    )


def units_included(facts: ReportFacts, book: str) -> Paragraph:
    """How many units a book adds up, and which; of one that there is no other."""
    if not facts.unit_names:
        return paragraph(f"纳入{facts.head.department_name}{book}编制范围的单位{NOT_FILED}。")
    units = count(figure_of(len(facts.unit_names), "filing/books"), "个")
    lead = f"纳入{facts.head.department_name}{book}编制范围的单位共"
    if len(facts.unit_names) == 1:
        return paragraph(lead, units, f"，为{facts.unit_names[0]}，没有其他单位。")
    return paragraph(lead, units, "，包括：", "、".join(facts.unit_names), "。")


def sheets(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """How to read the sheets: the unit, empty cells, and where roundings come from."""
    printed = len(facts.printed_tables())
    unit = facts.layout.tables.unit
    return (
        paragraph(
            "本部分共",
            count(figure_of(printed, "filing/layout"), "张"),
            f"表，金额以{unit.label}为单位，保留两位小数。",
            "合计数按元计算后换算，可能与换算后的分项之和有尾差。" * (unit is not MoneyUnit.YUAN),
            "空白表示没有该项数据。",
        ),
    )
