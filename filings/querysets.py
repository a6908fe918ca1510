"""Reads of filings, snapshots, events and jobs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from departments.querysets import department_scope
from departments.roles import BUREAU_ROLES
from filings.states import State
from rulebook.editions import region_chain
from rulebook.findings import Severity

if TYPE_CHECKING:
    from departments.models import StaffMember

Days = dict[tuple[int, str], date]
"""(fiscal year, kind) → 报送期限."""
BUREAU_SEES = (State.SUBMITTED, State.RETURNED, State.APPROVED, State.PUBLISHED, State.WITHDRAWN)


def filing_scope(staff: StaffMember, path: str = "") -> Q:
    """The condition "belongs to a filing this person may see".

    A department sees all of its own; a bureau sees what was handed in to it, never a draft.
    """
    scope = department_scope(staff, f"{path}department__")
    if staff.is_authenticated and staff.role in BUREAU_ROLES:
        scope &= Q(**{f"{path}state__in": [state.value for state in BUREAU_SEES]})
    return scope


class FilingQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff))

    def published(self) -> Self:
        """All versions the public may read, superseded ones included."""
        return self.filter(state=State.PUBLISHED)

    def current(self) -> Self:
        """The published version that no correction has superseded."""
        return self.published().filter(superseded_at=None)

    def for_year(self, fiscal_year: int) -> Self:
        return self.filter(fiscal_year=fiscal_year)

    def in_preparation(self, department: Any, fiscal_year: int, kind: str) -> Any:
        """The version not yet published or withdrawn, ``None`` when there is none."""
        versions = self.filter(department=department, fiscal_year=fiscal_year, kind=kind)
        return versions.exclude(state__in=[State.PUBLISHED, State.WITHDRAWN]).first()

    def same_as(self, filing: Any) -> Self:
        """All versions of what a filing is a version of."""
        return self.filter(
            department=filing.department_id, fiscal_year=filing.fiscal_year_id, kind=filing.kind
        )

    def with_names(self) -> Self:
        return self.select_related("department__region", "fiscal_year")

    def with_errors(self) -> Self:
        """With ``errors``: how many errors were stored with the last submission."""
        snapshots = self.model._meta.get_field("snapshots").related_model
        records = self.model._meta.get_field("finding_records").related_model
        last = snapshots._default_manager.filter(
            filing=OuterRef("filing"), receipt__isnull=False
        ).order_by("-id")
        errors = records._default_manager.filter(
            filing=OuterRef("pk"),
            severity=Severity.ERROR,
            snapshot=Subquery(last.values("pk")[:1]),
        )
        counted = errors.order_by().values("filing").annotate(found=Count("pk")).values("found")
        return self.annotate(errors=Coalesce(Subquery(counted), 0))

    def wrong(self) -> Self:
        """Of those read ``with_errors()``, the ones that have some."""
        return self.filter(errors__gt=0)


class FilingDeadlineQuerySet(models.QuerySet[Any]):
    def known_in(self, region: str) -> Days:
        """The days that hold in a region: its own, else those of the nearest region above."""
        return self.known_in_each([region])[region]

    def known_in_each(self, regions: Iterable[str]) -> dict[str, Days]:
        """The same for several regions, in one query."""
        chains = {region: list(region_chain(region)) for region in regions}
        above = {code for chain in chains.values() for code in chain}
        rows = self.filter(region__in=above).values_list("region", "fiscal_year", "kind", "due_on")
        own: dict[str, Days] = {}
        for region, year, kind, due_on in rows:
            own.setdefault(region, {})[year, kind] = due_on
        return {
            region: {
                place: day for code in reversed(chain) for place, day in own.get(code, {}).items()
            }
            for region, chain in chains.items()
        }


class SnapshotQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def without_content(self) -> Self:
        return self.defer("content")


class EventQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))


class JobQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: StaffMember) -> Self:
        return self.filter(filing_scope(staff, "filing__"))

    def unfinished(self) -> Self:
        return self.filter(state__in=["waiting", "running"])

    def overdue(self, now: datetime) -> Self:
        """Waiting without a worker, or running with a lease that has run out."""
        return self.unfinished().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
