"""Writes of 报送期限: the days by which a bureau wants what is filed.

The period for publication is a regulation's (``rulebook/data/deadlines.toml``); these days are the
bureau's own, one for each year and kind.
"""

from __future__ import annotations

from datetime import date

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.db import transaction

from departments.models import FiscalYear, StaffMember
from departments.permissions import has_role
from departments.querysets import regions_under
from departments.roles import Role
from filings.models import Filing, FilingDeadline
from filings.states import State

OVER = (State.PUBLISHED, State.WITHDRAWN)


class DeadlineRefused(Exception):
    """Someone who sets no dates, or a year there is not; ``str`` says why, in Chinese."""


@transaction.atomic
def set_deadline(
    *, staff: StaffMember, fiscal_year: int, kind: str, due_on: date | None
) -> FilingDeadline | None:
    """Set, move or (with ``None``) lift the day of a kind of filing for the bureau's region.

    Filings in preparation follow. Doing it again changes nothing. Raises DeadlineRefused.
    """
    if not has_role(staff, [Role.BUREAU_REVIEWER]) or staff.region_id is None:
        raise DeadlineRefused("报送期限由财政审核岗位设定。")
    if not FiscalYear.objects.select_for_update().filter(year=fiscal_year).exists():
        raise DeadlineRefused(f"还没有 {fiscal_year} 年。")
    place = {"region_id": staff.region_id, "fiscal_year_id": fiscal_year, "kind": kind}
    known = FilingDeadline.objects.filter(**place).first()
    if (known.due_on if known else None) == due_on:
        return known
    deadline = known or FilingDeadline(**place)
    flag = CHANGE if known else ADDITION
    if due_on is None:
        _log(deadline, staff, DELETION, f"取消{known.due_on if known else ''}")
        deadline.delete()
    else:
        deadline.due_on, deadline.set_by = due_on, staff
        deadline.save()
        _log(deadline, staff, flag, f"{due_on}")
    _follow(staff.region_id, fiscal_year, kind)
    return deadline if due_on else None


def _log(deadline: FilingDeadline, staff: StaffMember, flag: int, words: str) -> None:
    LogEntry.objects.log_actions(
        user_id=staff.pk,
        queryset=[deadline],
        action_flag=flag,
        change_message=words,
        single_object=True,
    )


def _follow(region: str, fiscal_year: int, kind: str) -> None:
    """Give the filings in preparation of the region and below the day that now holds for them."""
    filings = Filing.objects.filter(
        fiscal_year=fiscal_year, kind=kind, department__region__in=regions_under(region)
    ).exclude(state__in=OVER)
    regions = set(filings.values_list("department__region", flat=True))
    for code, days in FilingDeadline.objects.known_in_each(regions).items():
        filings.filter(department__region=code).update(due_on=days.get((fiscal_year, kind)))
