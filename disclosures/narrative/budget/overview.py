"""基本情况: the units of the budget and the people who work there."""

from __future__ import annotations

from disclosures.facts import ReportFacts
from disclosures.narrative.overview import units_included
from disclosures.narrative.passages import counts_filed, declared, paragraph
from disclosures.narrative.phrases import clauses
from disclosures.report.blocks import Paragraph

PEOPLE = ("authorized_headcount", "actual_headcount", "retirees")


def units(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """The units whose budgets the department's adds up, then the declared text."""
    return (units_included(facts, f"{facts.year}年部门预算"), *declared(facts, "organisation"))


def staffing(facts: ReportFacts) -> tuple[Paragraph, ...]:
    """Posts, people in service, retired people, as far as they are filed."""
    counted = counts_filed(facts, PEOPLE)
    note = declared(facts, "staffing_note")
    if not counted:
        return note or (paragraph("本部门没有填报编制和人员数。"),)
    return (paragraph("本部门", clauses(*counted), "。"), *note)
