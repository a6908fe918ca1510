"""PURE: every check of an extract. Ids (PD-…) are printed to users and never reused.

10x the transcript itself, 11x titles, 12x to 14x names and codes, 20x figures, 22x declarations,
23x indicators. What rounding explains is no finding: a document in print gets no better by it.
"""

from __future__ import annotations

from disclosures.filing_package import FilingPackage
from disclosures.printed_extract.declared import DECLARED_CHECKS
from disclosures.printed_extract.facts import FilingFacts
from disclosures.printed_extract.figures import FIGURE_CHECKS
from disclosures.printed_extract.headings import HEADING_CHECKS
from disclosures.printed_extract.indicators import INDICATOR_CHECKS
from disclosures.printed_extract.names import NAME_CHECKS
from disclosures.printed_extract.reading import READING_CHECKS
from disclosures.printed_extract.subject import Judged, Subject
from disclosures.printed_extract.values import Extract
from rulebook.checks import Check, finding_of
from rulebook.findings import Finding

_JUDGED: tuple[Judged, ...] = (
    *HEADING_CHECKS,
    *FIGURE_CHECKS,
    *NAME_CHECKS,
    *DECLARED_CHECKS,
    *INDICATOR_CHECKS,
)
EXTRACT_CHECKS: tuple[Check, ...] = (*READING_CHECKS, *(check for check, _ in _JUDGED))


def check_extract(extract: Extract, package: FilingPackage) -> tuple[Finding, ...]:
    """What a published document gets wrong, in the order of the checks; bad data never raises."""
    subject = Subject(extract, FilingFacts(package))
    return tuple(
        finding_of(check, verdict)
        for check, judge in _JUDGED
        if check.holds_in(package.head.fiscal_year)
        for verdict in judge(subject)
    )
