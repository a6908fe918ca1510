"""PURE: what follows from a package: derived values, findings, scores, paragraphs.

``disclosures/evaluate.py`` computes it; a snapshot freezes package and results together.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from disclosures.report.blocks import Report
from performance.scoring import Scorecard
from rulebook.findings import Finding


@dataclass(frozen=True, slots=True)
class DerivedCell:
    """A cell computed by a relation, in yuan; ``book`` is a unit's code or the department's."""

    book: str
    sheet: str
    row: str
    column: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class FilingResults:
    """Everything computed from a package under the rule data ``rules`` (SHA-256)."""

    rules: str
    derived: tuple[DerivedCell, ...]
    findings: tuple[Finding, ...]
    scorecards: tuple[Scorecard, ...]
    report: Report
