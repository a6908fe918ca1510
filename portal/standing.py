"""Which version of a report an address means, and how that version stands today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.http import Http404
from django.utils import timezone

from filings.models import Filing
from filings.states import State
from portal.querysets import current_reports, versions_of
from rulebook.deadlines import disclosure_due


class Gone(Exception):
    """The report was public and has been withdrawn."""


class Timing(StrEnum):
    """Whether a report was published within the days the law gives."""

    IN_TIME = "按时公开"
    LATE = "逾期公开"
    UNKNOWN = "未登记批复日期"


@dataclass(frozen=True, slots=True)
class Standing:
    """A readable version among all that were public. ``current`` is the one in force, none when
    it was withdrawn."""

    filing: Filing
    current: Filing | None
    others: tuple[Filing, ...]

    @property
    def is_superseded(self) -> bool:
        return self.filing.superseded_at is not None

    @property
    def corrects(self) -> Filing | None:
        """The earlier version this one corrects, where it can still be read."""
        earlier = (f for f in self.others if f.pk == self.filing.supersedes_id)
        return next(earlier, None)

    @property
    def timing(self) -> Timing:
        return timing_of(self.filing)

    @property
    def due_on(self) -> date | None:
        approved_on = self.filing.approval_issued_on
        return disclosure_due(approved_on) if approved_on else None


def standing_of(code: str, year: int, kind: str, version: int | None = None) -> Standing:
    """The version asked for, or the one in force. Raises Gone for a withdrawn report, Http404
    for whatever was never public."""
    versions = list(versions_of(code, year, kind))
    readable = [filing for filing in versions if filing.status is State.PUBLISHED]
    current = next((f for f in readable if f.superseded_at is None), None)
    if version:
        asked = next((f for f in versions if f.version == version), None)
    else:  # with none in force the newest answers: it was withdrawn
        asked = current or next(iter(versions), None)
    if asked is None:
        raise Http404("no such report")
    if asked not in readable:
        raise Gone
    return Standing(asked, current, tuple(f for f in readable if f != asked))


def timing_of(filing: Filing) -> Timing:
    if filing.approval_issued_on is None or filing.published_at is None:
        return Timing.UNKNOWN
    published_on = timezone.localdate(filing.published_at)
    in_time = published_on <= disclosure_due(filing.approval_issued_on)
    return Timing.IN_TIME if in_time else Timing.LATE


@dataclass(frozen=True, slots=True)
class Counts:
    """The three figures of the home page; ``dated`` reports have a registered approval date."""

    reports: int
    departments: int
    dated: int
    in_time: int


def counts() -> Counts:
    """How many reports are in force, of how many departments, and how many came in time."""
    filings = list(
        current_reports()
        .select_related(None)
        .prefetch_related(None)
        .only("department_id", "approval_issued_on", "published_at")
    )
    timings = [timing_of(filing) for filing in filings]
    return Counts(
        reports=len(filings),
        departments=len({filing.department_id for filing in filings}),
        dated=len([t for t in timings if t is not Timing.UNKNOWN]),
        in_time=timings.count(Timing.IN_TIME),
    )
