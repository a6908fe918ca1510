"""Requests to depart from approved targets: asked by the filer, decided by the bureau's reviewer.

Until a request is accepted the approved target scores. Weights are not targets: where the
declaration form has none they are entered with the self-evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from departments.models import Role, StaffMember
from filings.models import Filing
from filings.services import record, require_editable, touch
from filings.states import State
from performance.composing import label_of, shown_value
from performance.evaluation import ChangeKind, ChangeState
from performance.models import (
    Goal,
    Indicator,
    SelfEvaluation,
    TargetChange,
    TargetDeclaration,
)
from performance.services import rescore
from performance.snapshots import goal_key, indicator_key

CHANGEABLE = ("name", "target", "kind", "direction", "tier_one", "tier_two")
"""Fields of an indicator that were approved and change only by a request."""
ADDED = (*CHANGEABLE, "weight")
"""Fields of an indicator that is to be added, as texts."""


class ChangeRefused(Exception):
    """A request that cannot be made, taken back or decided; ``str`` says why, in Chinese."""


@transaction.atomic
def ask_changes(
    *, indicator: Indicator, staff: StaffMember, values: Mapping[str, str], reason: str
) -> list[TargetChange]:
    """Ask for other values of an indicator, a request for each field; all or none.

    Raises ChangeRefused, FilingLocked.
    """
    declaration = _own(indicator.goal.declaration, staff)
    return [
        _ask_field(declaration, indicator, staff, field, new.strip(), reason)
        for field, new in values.items()
    ]


def _ask_field(
    declaration: TargetDeclaration,
    indicator: Indicator,
    staff: StaffMember,
    field: str,
    new: str,
    reason: str,
) -> TargetChange:
    if field not in CHANGEABLE:
        raise ChangeRefused("这一栏不属于批复的目标，可以直接填写。")
    old = str(getattr(indicator, field))
    if new == old:
        raise ChangeRefused(f"新值与批复的“{shown_value(field, old)}”相同，没有需要调整的内容。")
    if indicator.changes.filter(state=ChangeState.ASKED.value, field__in=(field, "")).exists():
        raise ChangeRefused("这项指标已有待决定的申请；要改申请内容，请先撤回。")
    return _ask(
        declaration, staff, reason, kind=ChangeKind.CHANGE, indicator=indicator,
        row=indicator_key(indicator.goal, indicator), indicator_name=indicator.name,
        field=field, old=old, new=new,
    )  # fmt: skip


@transaction.atomic
def ask_removal(*, indicator: Indicator, staff: StaffMember, reason: str) -> TargetChange:
    """Ask for an indicator to be left out. Raises ChangeRefused, FilingLocked."""
    declaration = _own(indicator.goal.declaration, staff)
    if indicator.changes.filter(state=ChangeState.ASKED.value).exists():
        raise ChangeRefused("这项指标已有待决定的申请；要改申请内容，请先撤回。")
    return _ask(
        declaration, staff, reason, kind=ChangeKind.REMOVE, indicator=indicator,
        row=indicator_key(indicator.goal, indicator), indicator_name=indicator.name,
        old=indicator.target,
    )  # fmt: skip


@transaction.atomic
def ask_addition(
    *, goal: Goal, staff: StaffMember, values: Mapping[str, str], reason: str
) -> TargetChange:
    """Ask for another indicator under a goal; ``values`` are the fields of :data:`ADDED`.

    Raises ChangeRefused, FilingLocked.
    """
    declaration = _own(goal.declaration, staff)
    given = {field: values.get(field, "").strip() for field in ADDED}
    if not given["name"]:
        raise ChangeRefused("请写明要增加的指标的名称。")
    return _ask(
        declaration, staff, reason, kind=ChangeKind.ADD, row=goal_key(goal),
        indicator_name=given["name"], new=given["target"], values=given,
    )  # fmt: skip


@transaction.atomic
def take_back_change(*, change: TargetChange, staff: StaffMember) -> None:
    """Withdraw a request that nobody decided. Raises ChangeRefused, FilingLocked."""
    declaration = _own(change.declaration, staff)
    if not TargetChange.objects.filter(pk=change.pk, state=ChangeState.ASKED.value).delete()[0]:
        raise ChangeRefused("这项申请已经决定，不能撤回。")
    _record(declaration, staff, "take_back_target_change", change)


def may_decide(filing: Filing, staff: StaffMember) -> bool:
    """Whether the person decides requests: the bureau's reviewer, once it was handed in."""
    holds = filing.status is State.SUBMITTED and staff.role == Role.BUREAU_REVIEWER
    return staff.is_active and holds and filing.submitted_by_id != staff.pk


@transaction.atomic
def decide_change(
    *, change: TargetChange, staff: StaffMember, accept: bool, reason: str
) -> TargetChange:
    """Accept or refuse a request; an accepted one changes the targets and the score.

    Raises ChangeRefused.
    """
    visible = Filing.objects.visible_to(staff).select_for_update(of=("self",))
    filing = visible.filter(pk=change.declaration.filing_id).first()
    if filing is None or not may_decide(filing, staff):
        raise ChangeRefused("只有审核人在申报件送审后可以决定目标调整申请。")
    row = TargetChange.objects.select_related("declaration__filing").get(pk=change.pk)
    if not row.is_open:
        raise ChangeRefused("这项申请已经决定。")
    if not reason.strip():
        raise ChangeRefused("请写明同意或不同意的理由。")
    if accept:
        _apply(row)
    row.state = (ChangeState.ACCEPTED if accept else ChangeState.REFUSED).value
    row.decided_by, row.decided_on = staff, timezone.localdate()
    row.decision_reason = reason.strip()
    row.save()
    _record(row.declaration, staff, "decide_target_change", row)
    for evaluation in SelfEvaluation.objects.filter(declaration=row.declaration):
        rescore(evaluation=evaluation)
    return row


def _own(declaration: TargetDeclaration, staff: StaffMember) -> TargetDeclaration:
    """The declaration, if its filing is open and its targets were approved elsewhere."""
    require_editable(declaration.filing, staff)
    if not declaration.is_generated:
        raise ChangeRefused("这些目标是在本页填写的，可以直接修改，不需要申请。")
    return declaration


def _ask(
    declaration: TargetDeclaration, staff: StaffMember, reason: str, **fields: object
) -> TargetChange:
    if not reason.strip():
        raise ChangeRefused("请写明调整的理由。")
    change = TargetChange(
        declaration=declaration,
        reason=reason.strip(),
        asked_by=staff,
        asked_on=timezone.localdate(),
        **fields,
    )
    change.save()
    _record(declaration, staff, "ask_target_change", change)
    return change


def _apply(change: TargetChange) -> None:
    """Carry out an accepted request on the rows of the targets."""
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


def _record(
    declaration: TargetDeclaration, staff: StaffMember, action: str, change: TargetChange
) -> None:
    detail = {
        "evaluation": str(declaration),
        "change": str(change),
        "field": label_of(change.field),
        "old": change.old,
        "new": change.new,
        "reason": change.decision_reason or change.reason,
        "decision": "" if change.is_open else change.get_state_display(),
    }
    record(filing=declaration.filing, staff=staff, action=action, detail=detail)
    touch(filing=declaration.filing)
