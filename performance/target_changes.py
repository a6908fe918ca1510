"""Requests to depart from approved targets: asked by the filer, decided by the bureau's reviewer.

Until a request is accepted the approved target scores. Weights are not targets: where the
declaration form has none they are entered with the self-evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from departments.models import Role, StaffMember
from departments.permissions import has_role
from filings.models import Filing
from filings.services import require_editable, touch
from filings.states import State
from performance.changing import (
    ChangeRefused,
    asked_in_monitoring,
    carry_agreed,
    carry_out,
    open_final_accounts,
    origin_of,
    record_change,
)
from performance.composing import shown_value
from performance.evaluation import ChangeKind, ChangeState
from performance.models import (
    Goal,
    Indicator,
    SelfEvaluation,
    TargetChange,
    TargetDeclaration,
)
from performance.services import declares, rescore
from performance.snapshots import goal_key, indicator_key

CHANGEABLE = ("name", "target", "kind", "direction", "tier_one", "tier_two")
"""Fields of an indicator that were approved and change only by a request."""
ADDED = (*CHANGEABLE, "weight")
"""Fields of an indicator that is to be added, as texts."""


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
    record_change(declaration.filing, staff, "take_back_target_change", change)
    touch(filing=declaration.filing)


def may_decide(filing: Filing, staff: StaffMember) -> bool:
    """Whether the person decides requests of a filing: the bureau's reviewer, once it was handed
    in; of a budget that is monitored, while it is in force."""
    if not has_role(staff, [Role.BUREAU_REVIEWER]):
        return False
    if declares(filing):
        return True
    return filing.status is State.SUBMITTED and filing.submitted_by_id != staff.pk


@transaction.atomic
def decide_change(
    *, change: TargetChange, staff: StaffMember, accept: bool, reason: str
) -> TargetChange:
    """Accept or refuse a request, once and with a reason.

    Accepted, one of a self-evaluation changes its targets and its score; one of monitoring reaches
    the self-evaluation of the year, as far as that is not approved. Raises ChangeRefused.
    """
    visible = Filing.objects.visible_to(staff).select_for_update(of=("self",))
    filing = visible.filter(pk=change.filing.pk).first()
    if filing is None or not may_decide(filing, staff):
        raise ChangeRefused("目标调整申请由财政审核岗位决定；随自评提出的，在申报件送审后决定。")
    asked_in = ("declaration__filing", "report__filing", "indicator")
    row = TargetChange.objects.select_related(*asked_in).get(pk=change.pk)
    if not row.is_open:
        raise ChangeRefused("这项申请已经决定。")
    if not reason.strip():
        raise ChangeRefused("请写明同意或不同意的理由。")
    _require_turn(row)
    row.state = (ChangeState.ACCEPTED if accept else ChangeState.REFUSED).value
    row.decided_by, row.decided_on = staff, timezone.localdate()
    row.decision_reason = reason.strip()
    if accept and row.declaration is not None:
        carry_out(row)
    row.save()
    record_change(filing, staff, "decide_target_change", row)
    if row.declaration is not None:
        touch(filing=filing)
        for evaluation in SelfEvaluation.objects.filter(declaration=row.declaration):
            rescore(evaluation=evaluation)
    elif accept:
        for evaluated in open_final_accounts(filing):
            carry_agreed(filing=evaluated, staff=staff)
    return row


def _require_turn(change: TargetChange) -> None:
    """What was asked of an indicator in an earlier month is decided first, so that the latest
    target holds."""
    if change.report is None:
        return
    earlier = asked_in_monitoring(change.filing).filter(
        state=ChangeState.ASKED,
        subject=change.subject,
        row=change.row,
        report__month__lt=change.report.month,
    )
    if (first := earlier.first()) is not None:
        raise ChangeRefused(f"这项指标在{origin_of(first)}中的申请还没有决定，请先办理。")


def _own(declaration: TargetDeclaration | None, staff: StaffMember) -> TargetDeclaration:
    """The declaration, if its filing is open and its targets were approved elsewhere."""
    if declaration is None:
        raise ChangeRefused("这项申请是在绩效运行监控中提出的，不能在自评中办理。")
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
    record_change(declaration.filing, staff, "ask_target_change", change)
    touch(filing=declaration.filing)
    return change
