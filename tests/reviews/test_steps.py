"""A filing's way through the services: what each step freezes, records, allows and refuses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from budgets.entry import CellEdit
from budgets.models import Cell
from budgets.services import save_cells
from departments.models import Role, StaffMember
from disclosures.models import PublishedFigure, RenderedFile
from disclosures.publication import approved_snapshot, published_content, thaw
from disclosures.snapshots import build_package
from disclosures.submissions import earlier
from disclosures.submissions import submitted as last_submitted
from filings.models import Event, Filing, FindingRecord, Job, Receipt, Snapshot
from filings.services import FilingExists, FilingLocked, broken_event, content_of
from filings.states import State
from performance.deductions import deduct_points
from performance.models import IndicatorResult
from reviews import services
from reviews.changes import changes_between
from reviews.dossier import dossier_of
from reviews.gates import GateClosed
from reviews.models import Remark
from reviews.workflow import TransitionNotAllowed
from rulebook.addresses import CellRef
from tests.reviews.conftest import keep_report

APPROVAL = {"document_no": "示例〔2024〕8号", "issued_on": date(2024, 9, 1)}


def actions(filing: Filing) -> list[str]:
    return list(filing.events.order_by("sequence").values_list("action", flat=True))


def change_a_cell(filing: Filing, staff: StaffMember) -> Cell:
    """Add a yuan to the first entered amount."""
    cell = Cell.objects.filter(workbook__filing=filing, value__gt=100).order_by("id").first()
    assert cell is not None
    edit = CellEdit(CellRef(cell.sheet, cell.row, cell.column), (cell.value or 0) + Decimal("1.00"))
    result = save_cells(workbook=cell.workbook, staff=staff, edits=[edit])
    assert result.saved
    return cell


def test_submission_freezes_everything_and_gives_a_receipt(
    submitted: Filing, internal_reviewer: StaffMember
) -> None:
    receipt = Receipt.objects.get(filing=submitted)
    snapshot = receipt.snapshot
    assert submitted.status is State.SUBMITTED
    assert (submitted.submitted_by, submitted.submitted_at) == (
        internal_reviewer,
        receipt.issued_at,
    )
    assert len(snapshot.sha256) == 64
    assert thaw(snapshot).package == build_package(submitted)
    found = FindingRecord.objects.filter(snapshot=snapshot).values_list("check_id", flat=True)
    assert sorted(found) == sorted(f.check_id for f in thaw(snapshot).results.findings)
    event = submitted.events.get(action="submit")
    assert event.detail == {"receipt": receipt.number, "sha256": snapshot.sha256}


def test_an_error_stops_the_submission_and_nothing_is_kept(
    handed_over: Filing, internal_reviewer: StaffMember
) -> None:
    Cell.objects.filter(workbook__filing=handed_over, sheet="revenue_sheet").update(value=None)
    with pytest.raises(GateClosed) as closed:
        services.submit(filing=handed_over, staff=internal_reviewer)
    assert closed.value.gate.blocking
    handed_over.refresh_from_db()
    assert handed_over.status is State.INTERNAL_REVIEW
    assert not Snapshot.objects.exists()
    assert not Receipt.objects.exists()
    assert "submit" not in actions(handed_over)


def test_a_waiver_in_force_lets_an_error_through_and_an_expired_one_does_not(
    handed_over: Filing, internal_reviewer: StaffMember, wang: StaffMember
) -> None:
    Cell.objects.filter(workbook__filing=handed_over, sheet="revenue_sheet").update(value=None)
    checks = {f.check_id for f in dossier_of(handed_over).gate.blocking}
    today = timezone.localdate()
    for check in checks:
        services.waive(
            filing=handed_over,
            staff=wang,
            check_id=check,
            reason="系统转换",
            expires_on=today - timedelta(days=1),
        )
    assert {f.check_id for f in dossier_of(handed_over).gate.blocking} == checks
    for check in checks:
        services.waive(
            filing=handed_over, staff=wang, check_id=check, reason="系统转换", expires_on=today
        )
    assert not dossier_of(handed_over).gate.blocking
    assert actions(handed_over).count("waive") == 2 * len(checks)


def test_only_the_bureau_waives(handed_over: Filing, lin: StaffMember) -> None:
    with pytest.raises(TransitionNotAllowed, match="财政审核岗位"):
        services.waive(
            filing=handed_over,
            staff=lin,
            check_id="FA-101",
            reason="自行豁免",
            expires_on=timezone.localdate(),
        )


def test_nothing_is_changed_while_it_is_not_open_for_entry(
    submitted: Filing, lin: StaffMember
) -> None:
    with pytest.raises(FilingLocked, match="待审核"):
        change_a_cell(submitted, lin)


def test_recall_until_the_reviewer_opens_it(
    submitted: Filing, internal_reviewer: StaffMember, wang: StaffMember
) -> None:
    services.recall(filing=submitted, staff=internal_reviewer)
    assert submitted.status is State.DRAFT
    services.hand_over(filing=submitted, staff=submitted.opened_by)
    services.submit(filing=submitted, staff=internal_reviewer)
    services.open_review(filing=submitted, staff=wang)
    with pytest.raises(TransitionNotAllowed, match="已经打开"):
        services.recall(filing=submitted, staff=internal_reviewer)


def test_opening_the_review_is_recorded_once(opened: Filing, wang: StaffMember) -> None:
    assert services.open_review(filing=opened, staff=wang) is None
    assert actions(opened).count("open_review") == 1


def test_a_new_submission_can_be_recalled_again(
    opened: Filing, lin: StaffMember, internal_reviewer: StaffMember, wang: StaffMember
) -> None:
    services.remark(filing=opened, staff=wang, text="请核对")
    services.send_back(filing=opened, staff=wang)
    services.answer_remark(remark=Remark.objects.get(), staff=lin, text="已核对")
    services.hand_over(filing=opened, staff=lin)
    services.submit(filing=opened, staff=internal_reviewer)
    assert opened.review_opened_at is None
    services.recall(filing=opened, staff=internal_reviewer)
    assert opened.status is State.DRAFT


def test_a_return_needs_a_remark_and_sends_all_of_them_at_once(
    opened: Filing, wang: StaffMember, lin: StaffMember
) -> None:
    with pytest.raises(TransitionNotAllowed, match="至少要写一条"):
        services.send_back(filing=opened, staff=wang)
    for text in ("第一条", "第二条"):
        services.remark(filing=opened, staff=wang, text=text)
    assert not Remark.objects.visible_to(lin).exists()
    services.send_back(filing=opened, staff=wang)
    assert opened.status is State.RETURNED
    assert [r.text for r in Remark.objects.visible_to(lin)] == ["第一条", "第二条"]
    assert opened.events.get(action="send_back").detail == {"remarks": 2}


def test_every_remark_wants_an_answer_before_it_is_handed_in_again(
    opened: Filing, wang: StaffMember, lin: StaffMember, internal_reviewer: StaffMember
) -> None:
    services.remark(filing=opened, staff=wang, text="请核对")
    services.send_back(filing=opened, staff=wang)
    services.hand_over(filing=opened, staff=lin)
    with pytest.raises(GateClosed, match="1 条审核意见没有答复"):
        services.submit(filing=opened, staff=internal_reviewer)
    services.answer_remark(remark=Remark.objects.get(), staff=internal_reviewer, text="已核对")
    services.submit(filing=opened, staff=internal_reviewer)
    with pytest.raises(TransitionNotAllowed, match="不能再改答复"):
        services.answer_remark(remark=Remark.objects.get(), staff=lin, text="改口")


def test_remarks_are_for_the_reviewer_who_opened_it(
    submitted: Filing, wang: StaffMember, publisher: StaffMember, lin: StaffMember
) -> None:
    with pytest.raises(TransitionNotAllowed, match="请先打开"):
        services.remark(filing=submitted, staff=wang, text="请核对")
    services.open_review(filing=submitted, staff=wang)
    for staff in (publisher, lin):
        with pytest.raises(TransitionNotAllowed):
            services.remark(filing=submitted, staff=staff, text="请核对")


def test_a_sent_remark_stays(opened: Filing, wang: StaffMember) -> None:
    kept = services.remark(filing=opened, staff=wang, text="请核对")
    gone = services.remark(filing=opened, staff=wang, text="写错了")
    services.drop_remark(remark=gone, staff=wang)
    services.send_back(filing=opened, staff=wang)
    with pytest.raises(TransitionNotAllowed):
        services.drop_remark(remark=kept, staff=wang)
    assert list(Remark.objects.all()) == [kept]


def test_the_next_submission_shows_what_changed(
    opened: Filing, wang: StaffMember, lin: StaffMember
) -> None:
    before = last_submitted(opened)
    services.remark(filing=opened, staff=wang, text="请核对")
    services.send_back(filing=opened, staff=wang)
    services.answer_remark(remark=Remark.objects.get(), staff=lin, text="已改")
    result = IndicatorResult.objects.filter(evaluation__filing=opened).first()
    assert result is not None
    old, result.achieved = result.achieved, "100%（已核实）"
    result.save()
    services.hand_over(filing=opened, staff=lin)
    package = build_package(opened)
    assert before is not None
    after = type(before)(package, before.results, "")
    (change,) = changes_between(before, after)
    assert (change.before, change.after) == (old, "100%（已核实）")
    assert change.place.startswith("evaluation/")
    assert change.label != "文字"


def test_the_submitter_never_approves(opened: Filing, internal_reviewer: StaffMember) -> None:
    internal_reviewer.role = Role.BUREAU_REVIEWER
    internal_reviewer.region = opened.department.region
    internal_reviewer.save()
    with pytest.raises(TransitionNotAllowed, match="提交人不能通过自己提交的"):
        services.approve(filing=opened, staff=internal_reviewer, **APPROVAL)
    with pytest.raises(IntegrityError, match="submitter_never_approves"), transaction.atomic():
        Filing.objects.filter(pk=opened.pk).update(approved_by=internal_reviewer)


def test_approval_freezes_what_was_handed_in_with_the_approval_of_the_bureau(
    approved: Filing, wang: StaffMember
) -> None:
    handed_in = thaw(Receipt.objects.get(filing=approved).snapshot)
    snapshot = approved_snapshot(approved)
    judged = thaw(snapshot)
    approval = judged.package.head.approval
    assert approval is not None
    assert (approval.document_no, approval.issued_on) == tuple(APPROVAL.values())
    assert judged.results == handed_in.results
    assert judged.package.books == handed_in.package.books
    assert (approved.approved_by, approved.status) == (wang, State.APPROVED)
    assert Job.objects.get(filing=approved).arguments == {"snapshot": snapshot.pk}


def test_later_changes_of_names_and_rows_change_no_frozen_byte(approved: Filing) -> None:
    snapshot = approved_snapshot(approved)
    before = content_of(snapshot)
    approved.department.name = "改了名的部门"
    approved.department.save()
    Cell.objects.filter(workbook__filing=approved).update(value=Decimal(1))
    again = Snapshot.objects.get(pk=snapshot.pk)
    assert content_of(again) == before
    assert again.sha256 == snapshot.sha256


def test_a_deduction_of_the_bureau_reaches_the_approved_score(
    opened: Filing, wang: StaffMember
) -> None:
    result = IndicatorResult.objects.filter(evaluation__filing=opened).order_by("id").first()
    assert result is not None
    deduct_points(result=result, staff=wang, points=Decimal(1), reason="佐证不足")
    services.approve(filing=opened, staff=wang, **APPROVAL)
    handed_in = thaw(Receipt.objects.get(filing=opened).snapshot)
    judged = thaw(approved_snapshot(opened))
    lowered = [
        (before.total, after.total)
        for before, after in zip(
            handed_in.results.scorecards, judged.results.scorecards, strict=True
        )
        if before.total != after.total
    ]
    assert [before - after for before, after in lowered] == [Decimal(1)]
    assert judged.package.books == handed_in.package.books


def test_unsent_remarks_hold_the_approval(opened: Filing, wang: StaffMember) -> None:
    services.remark(filing=opened, staff=wang, text="请核对")
    with pytest.raises(TransitionNotAllowed, match="没有发出的审核意见"):
        services.approve(filing=opened, staff=wang, **APPROVAL)


def test_a_revoked_approval_goes_back_with_its_reason(
    approved: Filing, wang: StaffMember, lin: StaffMember
) -> None:
    services.revoke(filing=approved, staff=wang, reason="批复有误")
    assert approved.status is State.RETURNED
    assert approved.approved_by is None
    assert [r.text for r in Remark.objects.visible_to(lin)] == ["批复有误"]


def test_the_same_content_approved_twice_has_one_report(
    approved: Filing,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    publisher: StaffMember,
) -> None:
    rendered = keep_report(approved)
    services.revoke(filing=approved, staff=wang, reason="再核一遍")
    services.answer_remark(remark=Remark.objects.get(), staff=lin, text="无误")
    services.hand_over(filing=approved, staff=lin)
    services.submit(filing=approved, staff=internal_reviewer)
    services.approve(filing=approved, staff=wang, **APPROVAL)
    assert approved_snapshot(approved).pk != rendered.snapshot_id
    services.publish(filing=approved, staff=publisher)
    assert published_content(approved).pdf == rendered


def test_publication_waits_for_the_report(approved: Filing, publisher: StaffMember) -> None:
    with pytest.raises(TransitionNotAllowed, match="尚未生成"):
        services.publish(filing=approved, staff=publisher)
    rendered = keep_report(approved)
    RenderedFile.objects.filter(pk=rendered.pk).update(path="reports/missing.pdf")
    with pytest.raises(TransitionNotAllowed, match="尚未生成"):
        services.publish(filing=approved, staff=publisher)
    approved.refresh_from_db()
    assert approved.status is State.APPROVED
    assert not PublishedFigure.objects.exists()


def test_publication_releases_the_figures(published: Filing) -> None:
    assert published.status is State.PUBLISHED
    assert published.published_at is not None
    assert PublishedFigure.objects.filter(filing=published).exists()


def test_a_withdrawal_wants_a_reason(published: Filing, publisher: StaffMember) -> None:
    with pytest.raises(TransitionNotAllowed, match="须写明原因"):
        services.withdraw(filing=published, staff=publisher, reason="  ")
    services.withdraw(filing=published, staff=publisher, reason="数据有误")
    assert published.status is State.WITHDRAWN
    assert published.withdrawal_reason == "数据有误"
    assert published.withdrawn_at is not None


def test_a_correction_copies_everything_and_supersedes_when_it_is_published(
    published: Filing,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    publisher: StaffMember,
) -> None:
    correction = services.open_correction(filing=published, staff=lin)
    assert (correction.version, correction.supersedes) == (2, published)
    old, new = build_package(published), build_package(correction)
    assert (new.books, new.texts, new.evaluations) == (old.books, old.texts, old.evaluations)
    with pytest.raises(FilingExists):
        services.open_correction(filing=published, staff=lin)
    services.hand_over(filing=correction, staff=lin)
    services.submit(filing=correction, staff=internal_reviewer)
    assert earlier(correction) is not None
    services.approve(filing=correction, staff=wang, **APPROVAL)
    keep_report(correction, b"%PDF-1.7 second")
    published.refresh_from_db()
    assert published.superseded_at is None
    services.publish(filing=correction, staff=publisher)
    published.refresh_from_db()
    assert published.superseded_at == correction.published_at
    assert actions(published)[-1] == "supersede"
    assert list(Filing.objects.current()) == [correction]


def test_only_the_last_public_version_is_corrected(approved: Filing, lin: StaffMember) -> None:
    with pytest.raises(TransitionNotAllowed, match="最近一次公开"):
        services.open_correction(filing=approved, staff=lin)


def test_the_whole_way_leaves_one_event_a_step_in_one_whole_chain(published: Filing) -> None:
    assert actions(published) == [
        "import_package",
        "hand_over",
        "submit",
        "open_review",
        "approve",
        "publish",
    ]
    assert broken_event(published) is None
    assert Event.objects.filter(filing=published, actor=None).count() == 0
