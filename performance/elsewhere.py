"""What other filings mean for one: last year's results for a budget, monitoring for final accounts.

A data package says nothing of other filings, so these findings are read from the database; the
pages of performance and the gate show the same.
"""

from __future__ import annotations

from filings.models import Filing
from performance.changing import origin_of, undecided
from performance.checks.catalogue import BY_ID
from performance.composing import change_words
from performance.result_use import check_continued
from performance.results import last_results
from performance.services import declares
from performance.snapshots import subject_of, target_change
from rulebook.addresses import evaluation_address
from rulebook.findings import Finding

Findings = dict[str, list[Finding]]
"""Subject → findings."""


def findings_from_elsewhere(filing: Filing) -> Findings:
    """RU-104 and RU-105 of a budget, SE-133 of final accounts; a constant number of queries."""
    return _continued(filing) if declares(filing) else _asked_in_monitoring(filing)


def _continued(filing: Filing) -> Findings:
    """What last year's results mean for the projects a budget goes on with."""
    rows = filing.declarations.select_related("project", "unit")
    subjects = {row.project_id: subject_of(row) for row in rows if row.project_id}
    return {
        subjects[project]: list(check_continued(found.result, found.measures))
        for project, found in last_results(filing, subjects).items()
    }


def _asked_in_monitoring(filing: Filing) -> Findings:
    """Requests of the middle of the year that the bureau left undecided."""
    found: Findings = {}
    for change in undecided(filing):
        if change.report is not None:
            place = evaluation_address(change.subject, change.row, "target")
            finding = BY_ID["SE-133"].finding(
                f"{origin_of(change)}：{change_words(target_change(change))}",
                place,
                label=f"指标“{change.indicator_name}”",
                left=change.old,
                right=change.new,
            )
            found.setdefault(change.subject, []).append(finding)
    return found
