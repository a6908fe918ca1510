"""What an accepted request does: to the rows of the targets, and from monitoring to the
self-evaluation of the same year.

The approved declaration itself stays as it was approved. What monitoring agreed to holds for the
reports that follow, and scores like a request accepted with the self-evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from departments.models import StaffMember
from filings.models import Filing, FilingKind
from filings.services import record, touch
from filings.states import State
from performance.composing import label_of
from performance.evaluation import ChangeKind, ChangeState
from performance.models import Goal, Indicator, SelfEvaluation, TargetChange, TargetDeclaration
from performance.services import rescore
from performance.snapshots import goal_key, indicator_key, subject_of

OPEN_STATES = (State.DRAFT, State.INTERNAL_REVIEW, State.SUBMITTED, State.RETURNED)
"""Final accounts that are not approved yet: the bureau's decisions still reach them."""
CARRIED = (
    "kind", "row", "indicator_name", "field", "old", "new", "reason",
    "asked_by", "asked_on", "state", "decided_by", "decided_on", "decision_reason",
)  # fmt: skip


class ChangeRefused(Exception):
    """A request that cannot be made, taken back or decided; ``str`` says why, in Chinese."""


def carry_out(change: TargetChange) -> None:
    """Do what an accepted request asks for. Raises ChangeRefused where its place is gone."""
    if change.kind == ChangeKind.ADD:
        goal = _goal(change)
        last = goal.indicators.order_by("-number").first()
        values = dict(change.values)
        weight = values.pop("weight", "")
        change.indicator = Indicator.objects.create(
            goal=goal,
            number=last.number + 1 if last else 1,
            weight=Decimal(weight) if weight else None,
            **values,
        )
        return
    indicator = change.indicator
    if indicator is None:
        raise ChangeRefused("所指的指标已经不在，只能不同意这项申请。")
    if change.kind == ChangeKind.REMOVE:
        change.indicator = None
        indicator.delete()
        return
    setattr(indicator, change.field, change.new)
    indicator.save(update_fields=[change.field])


def _goal(change: TargetChange) -> Goal:
    for goal in Goal.objects.filter(declaration=change.declaration):
        if goal_key(goal) == change.row:
            return goal
    raise ChangeRefused("所指的年度目标已经不在，只能不同意这项申请。")


def asked_in_monitoring(filing: Filing) -> QuerySet[TargetChange]:
    """The requests of all reports on the year's budget of a department, the earliest first."""
    rows = TargetChange.objects.filter(
        report__filing__department=filing.department_id,
        report__filing__fiscal_year=filing.fiscal_year_id,
    )
    return rows.select_related("report__filing").order_by("report__month", "id")


def undecided(filing: Filing) -> list[TargetChange]:
    """The requests about targets of a filing that nobody decided, wherever they were asked."""
    rows = filing.declarations.select_related("project", "unit")
    subjects = {subject_of(row): row.pk for row in rows}
    own = TargetChange.objects.filter(declaration__in=subjects.values())
    asked = asked_in_monitoring(filing).filter(subject__in=subjects)
    return [row for found in (own, asked) for row in found.filter(state=ChangeState.ASKED)]


@transaction.atomic
def carry_agreed(*, filing: Filing, staff: StaffMember) -> list[TargetChange]:
    """Bring what monitoring agreed to into the targets that were taken for the self-evaluations.

    Each request once, with its reason and where it comes from; one about an indicator that is not
    evaluated has nothing to change. Safe to repeat.
    """
    agreed = asked_in_monitoring(filing).filter(state=ChangeState.ACCEPTED)
    if filing.kind != FilingKind.DEPARTMENTAL_FINAL_ACCOUNTS or not agreed.exists():
        return []
    rows = TargetDeclaration.objects.filter(filing=filing).exclude(source="").with_rows()
    carried: list[TargetChange] = []
    for declaration in rows:
        mine = agreed.filter(subject=subject_of(declaration))
        made = [each for change in mine if (each := _carried(declaration, change)) is not None]
        for change in made:
            record_change(filing, staff, "carry_target_change", change)
        if made:
            for evaluation in SelfEvaluation.objects.filter(declaration=declaration):
                rescore(evaluation=evaluation)
        carried += made
    if carried:
        touch(filing=filing)
    return carried


def _carried(declaration: TargetDeclaration, change: TargetChange) -> TargetChange | None:
    """A request of monitoring on the rows of a declaration, None where it is there or its
    indicator is not."""
    origin = origin_of(change)
    here = list(declaration.changes.all())
    if any((c.row, c.new, c.origin) == (change.row, change.new, origin) for c in here):
        return None
    for goal in declaration.goals.all():
        for indicator in goal.indicators.all():
            if indicator_key(goal, indicator) == change.row and change.indicator_name in _names(
                indicator, here
            ):
                values: dict[str, Any] = {field: getattr(change, field) for field in CARRIED}
                own = TargetChange(
                    declaration=declaration, indicator=indicator, origin=origin, **values
                )
                carry_out(own)
                own.save()
                return own
    return None


def _names(indicator: Indicator, changes: Iterable[TargetChange]) -> set[str]:
    """What an indicator is called, and was before accepted requests."""
    renamed = (c for c in changes if c.field == "name" and c.indicator_id == indicator.pk)
    return {indicator.name, *(change.old for change in renamed)}


def origin_of(change: TargetChange) -> str:
    """ "2023年6月绩效运行监控", empty for a request that was asked with the evaluation."""
    report = change.report
    if report is None:
        return change.origin
    return f"{report.filing.fiscal_year_id}年{report.month}月绩效运行监控"


def open_final_accounts(filing: Filing) -> QuerySet[Filing]:
    """The final accounts of the same department and year that are not approved yet, locked."""
    found: QuerySet[Filing] = Filing.objects.filter(
        department=filing.department_id,
        fiscal_year=filing.fiscal_year_id,
        kind=FilingKind.DEPARTMENTAL_FINAL_ACCOUNTS,
        state__in=OPEN_STATES,
        superseded_at=None,
    )
    return found.select_for_update(of=("self",))


def record_change(filing: Filing, staff: StaffMember, action: str, change: TargetChange) -> None:
    """Write into the history of a filing what happened to a request."""
    asked_in = change.declaration or change.report
    detail = {
        "evaluation": str(asked_in),
        "change": str(change),
        "field": label_of(change.field),
        "old": change.old,
        "new": change.new,
        "reason": change.decision_reason or change.reason,
        "decision": "" if change.is_open else change.get_state_display(),
    }
    record(filing=filing, staff=staff, action=action, detail=detail)
