"""The list of projects as facts: how much, under which 项, and how a sentence names them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from budgets.workbook import FUND_AMOUNTS, ProjectBudget
from disclosures.facts import Fact, added
from disclosures.narrative.phrases import Spans, count, spans
from rulebook.addresses import project_budget_address
from rulebook.amounts import ZERO

NAMED = 3
"""How many projects a sentence names, largest first; the table lists all of them."""


def project_money(project: ProjectBudget, fields: Iterable[str] = FUND_AMOUNTS) -> Fact:
    """Σ of the named amounts of a row of the list."""
    filled = [
        Fact(value, (project_budget_address(project.code, field),))
        for field in fields
        if (value := getattr(project, field)) is not None
    ]
    return added(filled, "项目各项资金之和")


def counted(number: int, facts: Iterable[Fact], formula: str = "项目个数") -> Fact:
    """How many records there are, bound to where their figures stand."""
    addresses = dict.fromkeys(address for fact in facts for address in fact.addresses)
    return Fact(Decimal(number), tuple(addresses), formula)


def projects_phrase(found: Iterable[tuple[ProjectBudget, Fact]]) -> Spans:
    """ "安排“甲”“乙”“丙”等17个项目"; nothing without a project."""
    ordered = sorted(found, key=lambda each: (-(each[1].value or ZERO), each[0].code))
    names = [project.name for project, _ in ordered]
    if not names:
        return ()
    quoted = "".join(f"“{name}”" for name in names[:NAMED])
    if len(names) == 1:
        return (f"安排{quoted}" + ("" if names[0].endswith("项目") else "项目"),)
    number = counted(len(names), (fact for _, fact in ordered))
    return spans(f"安排{quoted}", "等" if len(names) > NAMED else "", count(number, "个"), "项目")
