"""The checks a bureau may waive: those of the forms, not those that guard the data package."""

from __future__ import annotations

from budgets.checks import ALL_CHECKS as BUDGET_CHECKS
from disclosures.checks import TEXT_CHECKS
from performance.checks.catalogue import CATALOGUE as PERFORMANCE_CHECKS
from rulebook.findings import Severity


def waivable() -> dict[str, str]:
    """Check id → title of every error and warning."""
    relations = (*BUDGET_CHECKS, *(check.rule for check in TEXT_CHECKS))
    found = [(check.id, check.title, check.severity) for check in relations]
    found += [(check.id, check.title, check.severity) for check in PERFORMANCE_CHECKS]
    return {id: title for id, title, severity in found if severity is not Severity.NOTICE}
