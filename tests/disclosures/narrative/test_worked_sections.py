"""Whole sections as a finance officer reads them: the cases in words, for both books."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from budgets.workbook import (
    BudgetLists,
    ProjectBudget,
    ProjectFrequency,
    ProjectKind,
    PurchasedServiceRow,
)
from disclosures.facts import ReportFacts
from disclosures.filing_package import Reason
from disclosures.report.blocks import Paragraph
from disclosures.report.sections import SECTIONS
from rulebook.addresses import CellRef
from rulebook.amounts import from_wan
from tests.disclosures.values import facts, package, phrase_cases

BOOKS = {"accounts_sections": "hongshan_2023", "budget_sections": "jianghan_2023"}
WAYS = {
    "增加", "减少", "持平", "由零到有", "由有到零", "两年都是零", "基数为负",
    "没有上年", "新设单位", "没有的资金", "没有下属单位",
}  # fmt: skip
"""What a figure may be beside last year's: every one must read well in either book."""
CASES = [(book, case) for book in BOOKS for case in phrase_cases(book)]


@cache
def empty_book(sample: str) -> ReportFacts:
    """The sample's names and rules without any figure, text, reason or record."""
    known = facts(package(sample))
    return replace(known, figures={}, texts={}, reasons={}, declarations=(), lists=BudgetLists())


def reasons_of(case: dict[str, Any]) -> dict[str, tuple[Reason, ...]]:
    return {
        subject: tuple(Reason(subject, text, from_wan(Decimal(wan)) if wan else None)
                       for text, wan in given)
        for subject, given in case.get("reasons", {}).items()
    }  # fmt: skip


def figures_of(case: dict[str, Any], counts: str) -> dict[CellRef, Decimal]:
    amounts = case.get("cells", {}).items()
    found = {CellRef(*place.split("/")): Decimal(wan) * 10_000 for place, wan in amounts}
    for row, number in case.get("counts", {}).items():
        found[CellRef("institution_information", row, counts)] = Decimal(number)
    return found


def lists_of(case: dict[str, Any]) -> BudgetLists:
    projects = tuple(
        ProjectBudget(f"T{number}", name, "1", code, ProjectKind.SPECIFIC_TARGET,
                      ProjectFrequency.ONE_OFF, general_public=from_wan(Decimal(wan)))
        for number, (code, name, wan) in enumerate(case.get("projects", ()))
    )  # fmt: skip
    services = tuple(
        PurchasedServiceRow("1", number, False, "", "", content, None, from_wan(Decimal(wan)),
                            "", "", "", "", "", "", "")
        for number, (content, wan) in enumerate(case.get("services", ()))
    )  # fmt: skip
    return BudgetLists(projects, (), services)


def facts_of_case(book: str, case: dict[str, Any]) -> ReportFacts:
    known = empty_book(BOOKS[book])
    (column, *_) = known.layout.sheet("institution_information").columns
    return replace(
        known,
        figures=figures_of(case, column.key),
        reasons=reasons_of(case),
        unit_names=tuple(case.get("units", known.unit_names)),
        lists=lists_of(case),
    )


def generated(section: str, known: ReportFacts) -> list[str]:
    blocks = SECTIONS[section](known)
    return [b.text for b in blocks if isinstance(b, Paragraph) and b.origin == "generated"]


@pytest.mark.parametrize(("book", "case"), CASES, ids=[case["name"] for _, case in CASES])
def test_section_reads_as_in_the_cases(book: str, case: dict[str, Any]) -> None:
    assert generated(case["section"], facts_of_case(book, case)) == case["reads"]


@pytest.mark.parametrize("book", BOOKS)
def test_every_way_a_figure_may_stand_to_last_years_is_a_case_of_the_book(book: str) -> None:
    shown = {way for case in phrase_cases(book) for way in case.get("shows", ())}
    assert shown == WAYS
