"""Writes of the workflow: each step is one locked move, one UPDATE that decides, one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from budgets.services import open_workbooks
from departments.models import Department, StaffMember
from departments.roles import DEPARTMENT_ROLES, Role
from disclosures.evaluate import evaluate
from disclosures.filing import file_package
from disclosures.filing_package import BudgetApproval, FilingPackage
from disclosures.publication import approved_snapshot, thaw
from disclosures.results import FilingResults
from disclosures.services import frozen_bytes, has_official_file, release, request_official
from disclosures.snapshots import build_package
from disclosures.submissions import submissions_of
from filings.models import Event, Filing, Job, Receipt, Snapshot, SnapshotPurpose
from filings.services import (
    freeze,
    issue_receipt,
    open_filing,
    record,
    record_findings,
)
from filings.states import State
from performance.changing import carry_agreed
from reviews.dossier import elsewhere, gate_for
from reviews.gates import GateClosed
from reviews.last_year import carry_from_last_year
from reviews.models import Remark, Waiver
from reviews.scores import with_decisions
from reviews.workflow import TransitionNotAllowed, require, transition

ANSWERED_IN = (State.DRAFT, State.RETURNED, State.INTERNAL_REVIEW)


def _lock(filing: Filing, staff: StaffMember) -> None:
    """Read the row again and hold it. Raises TransitionNotAllowed for someone else's filing."""
    filing.refresh_from_db(from_queryset=Filing.objects.select_for_update())
    mine = Department.objects.visible_to(staff).filter(pk=filing.department_id)
    if not mine.exists():
        raise TransitionNotAllowed("这份申报件不在您的办理范围内。")


def _take(filing: Filing, staff: StaffMember, key: str) -> None:
    """Hold the row for a step that this person may take from its state of this moment."""
    _lock(filing, staff)
    require(key, filing.status, staff.role, opened=filing.review_opened_at is not None)


def _move(
    filing: Filing,
    staff: StaffMember,
    key: str,
    *,
    detail: dict[str, Any] | None = None,
    **changes: Any,
) -> Event:
    """Change the state if it still is what was looked at, and record it."""
    unmoved = Filing.objects.filter(
        pk=filing.pk, state=filing.state, review_opened_at=filing.review_opened_at
    )
    if not unmoved.update(state=transition(key).target, **changes):
        raise TransitionNotAllowed("申报件刚刚由他人办理，请刷新后再看。")
    filing.refresh_from_db()
    return record(filing=filing, staff=staff, action=key, detail=detail)


def _reason(key: str, reason: str) -> str:
    if not reason.strip():
        raise TransitionNotAllowed(f"{transition(key).verb}须写明原因。")
    return reason.strip()[:500]


@transaction.atomic
def begin_filing(
    *, staff: StaffMember, department: Department, fiscal_year: int, kind: str
) -> Filing:
    """Open a filing with a workbook for each unit of the year and what last year hands on."""
    filing = open_filing(staff=staff, department=department, fiscal_year=fiscal_year, kind=kind)
    open_workbooks(filing=filing, staff=staff)
    carry_from_last_year(filing=filing, staff=staff)
    return filing


@transaction.atomic
def hand_over(*, filing: Filing, staff: StaffMember) -> Event:
    """送部门复核. What is still wrong is shown, not held against it: the colleague may look.

    Targets that monitoring changed and that are not there yet (a package came in without them, an
    approval was revoked) are brought in before.
    """
    _take(filing, staff, "hand_over")
    carry_agreed(filing=filing, staff=staff)
    return _move(filing, staff, "hand_over")


@transaction.atomic
def take_back(*, filing: Filing, staff: StaffMember) -> Event:
    """取回修改, while the colleague has it."""
    _take(filing, staff, "take_back")
    return _move(filing, staff, "take_back")


@transaction.atomic
def hand_back(*, filing: Filing, staff: StaffMember, reason: str) -> Event:
    """退回填报 by the colleague, with words."""
    _take(filing, staff, "hand_back")
    return _move(filing, staff, "hand_back", detail={"reason": _reason("hand_back", reason)})


@transaction.atomic
def submit(*, filing: Filing, staff: StaffMember) -> Receipt:
    """提交审核: freeze what is filed with everything computed from it, and give a receipt.

    Raises TransitionNotAllowed, or GateClosed with what is still missing.
    """
    _take(filing, staff, "submit")
    package = build_package(filing)
    results = evaluate(package, elsewhere(filing))
    _require_open(filing, package, results)
    snapshot = _freeze(filing, staff, SnapshotPurpose.SUBMISSION, package, results)
    receipt = issue_receipt(snapshot=snapshot)
    record_findings(filing=filing, findings=results.findings, snapshot=snapshot)
    _move(
        filing,
        staff,
        "submit",
        detail={"receipt": receipt.number, "sha256": snapshot.sha256},
        submitted_by=staff,
        submitted_at=receipt.issued_at,
        review_opened_at=None,
    )
    return receipt


def _require_open(filing: Filing, package: FilingPackage, results: FilingResults) -> None:
    gate = gate_for(filing, package, results.findings)
    if not gate.is_open:
        raise GateClosed(gate)


def _freeze(
    filing: Filing,
    staff: StaffMember,
    purpose: str,
    package: FilingPackage,
    results: FilingResults,
) -> Snapshot:
    return freeze(
        filing=filing,
        staff=staff,
        purpose=purpose,
        content=frozen_bytes(package, results),
        rules=results.rules,
    )


@transaction.atomic
def recall(*, filing: Filing, staff: StaffMember) -> Event:
    """收回, until the reviewer opens it."""
    _take(filing, staff, "recall")
    return _move(filing, staff, "recall")


@transaction.atomic
def open_review(*, filing: Filing, staff: StaffMember) -> Event | None:
    """打开审核: from here on the department cannot recall; ``None`` when already open."""
    _lock(filing, staff)
    _require_reviewer(filing, staff)
    if filing.review_opened_at is not None:
        return None
    Filing.objects.filter(pk=filing.pk).update(review_opened_at=timezone.now())
    filing.refresh_from_db()
    return record(filing=filing, staff=staff, action="open_review")


def _require_reviewer(filing: Filing, staff: StaffMember) -> None:
    if staff.role != Role.BUREAU_REVIEWER:
        raise TransitionNotAllowed("审核由财政审核岗位办理。")
    if filing.status is not State.SUBMITTED:
        raise TransitionNotAllowed(f"申报件当前{filing.status.label}，不在审核中。")


@transaction.atomic
def send_back(*, filing: Filing, staff: StaffMember) -> Event:
    """退回修改 with every remark written so far as one notice."""
    _take(filing, staff, "send_back")
    sent = Remark.objects.filter(filing=filing, is_sent=False).update(is_sent=True)
    if not sent:
        raise TransitionNotAllowed("退回修改至少要写一条审核意见。")
    return _move(filing, staff, "send_back", detail={"remarks": sent})


@transaction.atomic
def approve(
    *,
    filing: Filing,
    staff: StaffMember,
    document_no: str,
    issued_on: date,
    assumed: bool = False,
) -> Job:
    """通过 what was handed in: freeze it with the 批复 and ask for the official report."""
    _take(filing, staff, "approve")
    _require_decidable(filing, staff)
    package, results = _judged(filing)
    _require_open(filing, package, results)
    approval = BudgetApproval(document_no, issued_on, assumed)
    package = replace(package, head=replace(package.head, approval=approval))
    snapshot = _freeze(filing, staff, SnapshotPurpose.APPROVAL, package, results)
    _move(
        filing,
        staff,
        "approve",
        detail={"document_no": document_no, "sha256": snapshot.sha256},
        approved_by=staff,
        approved_at=timezone.now(),
        approval_document_no=document_no,
        approval_issued_on=issued_on,
        approval_is_assumed=assumed,
    )
    return request_official(snapshot=snapshot, staff=staff)


def _require_decidable(filing: Filing, staff: StaffMember) -> None:
    """Somebody else handed it in, and no remark waits to be sent."""
    if filing.submitted_by_id == staff.pk:
        raise TransitionNotAllowed("提交人不能通过自己提交的申报件，请由其他审核人员办理。")
    if Remark.objects.filter(filing=filing, is_sent=False).exists():
        raise TransitionNotAllowed("还有没有发出的审核意见：请退回修改，或删除这些意见后再通过。")


def _judged(filing: Filing) -> tuple[FilingPackage, FilingResults]:
    """What was handed in, evaluated again only where the bureau lowered a score since."""
    frozen = thaw(submissions_of(filing)[0])
    judged = with_decisions(frozen.package, build_package(filing).evaluations)
    if judged == frozen.package:
        return frozen.package, frozen.results
    return judged, evaluate(judged, elsewhere(filing))


@transaction.atomic
def revoke(*, filing: Filing, staff: StaffMember, reason: str) -> Event:
    """撤销通过 before publication; the reason reaches the department as a remark."""
    _take(filing, staff, "revoke")
    said = _reason("revoke", reason)
    Remark.objects.create(
        filing=filing,
        round=_round(filing),
        label=transition("revoke").verb,
        text=said,
        made_by=staff,
        is_sent=True,
    )
    return _move(
        filing, staff, "revoke", detail={"reason": said}, approved_by=None, approved_at=None
    )


@transaction.atomic
def publish(*, filing: Filing, staff: StaffMember) -> Event:
    """公开 the approved snapshot and its file; the version it corrects is superseded with it."""
    _take(filing, staff, "publish")
    snapshot = approved_snapshot(filing)
    if not has_official_file(snapshot):
        raise TransitionNotAllowed("正式报告尚未生成，请等生成完成后再公开。")
    now = timezone.now()
    for old in Filing.objects.current().same_as(filing).exclude(pk=filing.pk):
        Filing.objects.filter(pk=old.pk).update(superseded_at=now)
        detail = {"version": filing.version}
        record(filing=old, staff=staff, action="supersede", detail=detail)
    release(filing=filing, snapshot=snapshot)
    return _move(filing, staff, "publish", detail={"sha256": snapshot.sha256}, published_at=now)


@transaction.atomic
def withdraw(*, filing: Filing, staff: StaffMember, reason: str) -> Event:
    """撤回公开 with a reason that the public reads too."""
    _take(filing, staff, "withdraw")
    said = _reason("withdraw", reason)
    return _move(
        filing,
        staff,
        "withdraw",
        detail={"reason": said},
        withdrawn_at=timezone.now(),
        withdrawal_reason=said,
    )


@transaction.atomic
def open_correction(*, filing: Filing, staff: StaffMember) -> Filing:
    """更正: a new version with the same content under the same rules; the old one stays public.

    Raises TransitionNotAllowed, FilingLocked or FilingExists.
    """
    if filing.status not in {State.PUBLISHED, State.WITHDRAWN} or filing.superseded_at:
        raise TransitionNotAllowed("只能更正最近一次公开或已撤回的版本。")
    correction = open_filing(
        staff=staff,
        department=filing.department,
        fiscal_year=filing.fiscal_year_id,
        kind=filing.kind,
        is_sample=filing.is_sample,
        supersedes=filing,
    )
    rules = ("layout_edition", "scoring_edition", "outline_edition")
    for name in rules:
        setattr(correction, name, getattr(filing, name))
    correction.save(update_fields=rules)
    open_workbooks(filing=correction, staff=staff)
    refused = file_package(filing=correction, staff=staff, package=build_package(filing))
    if refused:
        raise TransitionNotAllowed(refused[0].message)
    return correction


def _round(filing: Filing) -> int:
    return Receipt.objects.filter(filing=filing).count()


@transaction.atomic
def remark(
    *, filing: Filing, staff: StaffMember, text: str, place: str = "", label: str = ""
) -> Remark:
    """Write a remark at a place of the filing; it is sent with the return, not before."""
    _lock(filing, staff)
    _require_reviewer(filing, staff)
    if filing.review_opened_at is None:
        raise TransitionNotAllowed("请先打开审核，再写意见。")
    return Remark.objects.create(
        filing=filing,
        round=_round(filing),
        place=place,
        label=label[:300],
        text=text.strip(),
        made_by=staff,
    )


@transaction.atomic
def drop_remark(*, remark: Remark, staff: StaffMember) -> None:
    """Delete a remark that was not sent yet."""
    _lock(remark.filing, staff)
    _require_reviewer(remark.filing, staff)
    gone, _ = Remark.objects.filter(pk=remark.pk, is_sent=False).delete()
    if not gone:
        raise TransitionNotAllowed("这条意见已经发出，不能删除。")


@transaction.atomic
def answer_remark(*, remark: Remark, staff: StaffMember, text: str) -> Remark:
    """The department's answer, which may be changed until the filing is handed in again."""
    filing = remark.filing
    _lock(filing, staff)
    if staff.role not in DEPARTMENT_ROLES or not remark.is_sent:
        raise TransitionNotAllowed("审核意见由部门填报或复核岗位答复。")
    if filing.status not in ANSWERED_IN:
        raise TransitionNotAllowed(f"申报件当前{filing.status.label}，不能再改答复。")
    remark.answer = text.strip()
    remark.answered_by, remark.answered_at = staff, timezone.now()
    remark.save(update_fields=["answer", "answered_by", "answered_at"])
    return remark


@transaction.atomic
def waive(
    *, filing: Filing, staff: StaffMember, check_id: str, reason: str, expires_on: date
) -> Waiver:
    """豁免 one check for one filing in preparation, with its reason and end."""
    _lock(filing, staff)
    if staff.role != Role.BUREAU_REVIEWER:
        raise TransitionNotAllowed("豁免由财政审核岗位办理。")
    if filing.status in {State.PUBLISHED, State.WITHDRAWN}:
        raise TransitionNotAllowed(f"申报件{filing.status.label}，不再需要豁免。")
    waiver, _ = Waiver.objects.update_or_create(
        filing=filing,
        check_id=check_id,
        defaults={"reason": reason, "granted_by": staff, "expires_on": expires_on},
    )
    detail = {"check": check_id, "reason": reason, "until": expires_on.isoformat()}
    record(filing=filing, staff=staff, action="waive", detail=detail)
    return waiver
