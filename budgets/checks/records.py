"""PURE: how the check records of final accounts and budgets are written."""

from __future__ import annotations

from rulebook.checks import Check, Judge
from rulebook.findings import Scope, Severity
from rulebook.relations import Relation

SOURCE = "departmental_final_accounts_notice"
FUNDS = ("general_public", "government_fund", "state_capital")
REVENUE_SOURCES = (
    "appropriation_general_public",
    "appropriation_government_fund",
    "appropriation_state_capital",
    "subsidy_from_superior",
    "institutional_revenue",
    "commercial_revenue",
    "remittance_from_affiliates",
    "other_revenue",
)
APPROPRIATIONS = REVENUE_SOURCES[:3]
OTHER_SOURCES = REVENUE_SOURCES[3:]


def within(
    id: str,
    title: str,
    *relations: Relation,
    hint: str,
    severity: Severity = Severity.ERROR,
    judge: Judge | None = None,
    citation: str = SOURCE,
) -> Check:
    """A check within one sheet (表内)."""
    return Check(id, title, severity, Scope.WITHIN_SHEET, hint, relations, judge, citation)


def across(
    id: str,
    title: str,
    *relations: Relation,
    hint: str,
    severity: Severity = Severity.ERROR,
    judge: Judge | None = None,
    citation: str = SOURCE,
) -> Check:
    """A check between sheets (表间)."""
    return Check(id, title, severity, Scope.CROSS_SHEET, hint, relations, judge, citation)
