"""PURE: checks of target declarations (PT-…) and self-evaluations (SE-…).

Both take values and return findings; neither raises for bad data. CATALOGUE lists every check
for ``docs/checks.md``.
"""

from performance.checks.aggregation import check_aggregation
from performance.checks.catalogue import CATALOGUE, CheckEntry
from performance.checks.declarations import check_declaration
from performance.checks.evaluations import check_evaluation
from performance.checks.lints import LintContext, context_of, lint_declaration, lint_filing
from performance.checks.monitoring import check_monitoring

__all__ = [
    "CATALOGUE",
    "CheckEntry",
    "LintContext",
    "check_aggregation",
    "check_declaration",
    "check_evaluation",
    "check_monitoring",
    "context_of",
    "lint_declaration",
    "lint_filing",
]
