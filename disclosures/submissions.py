"""What was handed in, and what it is compared with: read from the frozen snapshots."""

from __future__ import annotations

from disclosures.filing_package import FilingPackage
from disclosures.publication import FrozenFiling, approved_snapshot, thaw
from filings.models import Filing, Snapshot, SnapshotPurpose
from filings.states import State


def submissions_of(filing: Filing) -> list[Snapshot]:
    """The snapshots of a filing's submissions, newest first, without their content."""
    rows = Snapshot.objects.filter(filing=filing, purpose=SnapshotPurpose.SUBMISSION)
    return list(rows.without_content().order_by("-id"))


def last_submission(filing: Filing) -> Snapshot | None:
    """The one that was handed in last, in this version or else in the one it corrects."""
    found = submissions_of(filing)[:1]
    if not found and filing.supersedes is not None:
        found = submissions_of(filing.supersedes)[:1]
    return found[0] if found else None


def earlier_submission(filing: Filing) -> Snapshot | None:
    """What to compare the last submission with: the one before, or the version it corrects."""
    handed_in = submissions_of(filing)
    before = handed_in[1:2]
    if handed_in and not before and filing.supersedes is not None:
        before = submissions_of(filing.supersedes)[:1]
    return before[0] if before else None


def submitted(filing: Filing) -> FrozenFiling | None:
    """What was handed in last, as the bureau reads it; ``None`` before the first submission."""
    found = submissions_of(filing)[:1]
    return thaw(found[0]) if found else None


def earlier(filing: Filing) -> FrozenFiling | None:
    """What the last submission is compared with, read back."""
    found = earlier_submission(filing)
    return thaw(found) if found else None


def last_year_of(filing: Filing) -> Filing | None:
    """The newest version of the same department's and kind's filing of the year before that is
    approved or public, ``None`` without one."""
    versions = Filing.objects.filter(
        department=filing.department_id,
        fiscal_year=filing.fiscal_year_id - 1,
        kind=filing.kind,
        state__in=[State.APPROVED.value, State.PUBLISHED.value],
        snapshots__purpose=SnapshotPurpose.APPROVAL,
    )
    found: Filing | None = versions.order_by("-version").first()
    return found


def last_years_package(filing: Filing) -> FilingPackage | None:
    """What was approved last year, never the rows of today; ``None`` where nothing was."""
    before = last_year_of(filing)
    return None if before is None else thaw(approved_snapshot(before)).package
