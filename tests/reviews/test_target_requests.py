"""Nothing is approved over a request to change a target that nobody decided."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from departments.models import StaffMember
from disclosures.publication import approved_snapshot, thaw
from disclosures.submissions import submitted
from filings.models import Filing, FilingKind
from filings.states import State
from performance.changing import undecided
from performance.models import Indicator, MonitoringReport, TargetChange
from performance.snapshots import indicator_key, subject_of
from performance.target_changes import ask_changes, decide_change
from reviews import services
from reviews.dossier import dossier_of
from reviews.gates import GateClosed
from tests import factories
from tests.conftest import SignIn

APPROVAL = {"document_no": "示例〔2024〕8号", "issued_on": date(2024, 9, 1)}
REASON = "机构调整后范围缩小"


@pytest.fixture
def indicator(draft: Filing) -> Indicator:
    """An indicator of a project whose targets were taken from the approved declaration."""
    draft.declarations.update(source="2023年部门预算（第1版）绩效目标申报表")
    rows = Indicator.objects.select_related("goal__declaration__filing")
    return rows.filter(goal__declaration__filing=draft, kind="quantitative").exclude(
        goal__declaration__project=None
    )[0]


@pytest.fixture
def asked(indicator: Indicator, lin: StaffMember) -> TargetChange:
    """林 asks with the self-evaluation."""
    [change] = ask_changes(
        indicator=indicator, staff=lin, values={"name": "调整后的指标"}, reason=REASON
    )
    return change


@pytest.fixture
def asked_in_june(indicator: Indicator, draft: Filing, lin: StaffMember) -> TargetChange:
    """林 asked in the monitoring of June for another target."""
    budget = factories.make_filing(
        draft.department, lin, kind=FilingKind.DEPARTMENTAL_BUDGET, state=State.APPROVED
    )
    report = MonitoringReport.objects.create(
        filing=budget, month=6, state="accepted", opened_by=lin
    )
    return TargetChange.objects.create(
        report=report, subject=subject_of(indicator.goal.declaration), kind="change",
        row=indicator_key(indicator.goal, indicator), indicator_name=indicator.name,
        field="target", old=indicator.target, new=f"{indicator.target}（调整）", reason=REASON,
        asked_by=lin, asked_on=date(2023, 7, 5),
    )  # fmt: skip


def hand_in(filing: Filing, lin: StaffMember, checker: StaffMember, wang: StaffMember) -> None:
    services.hand_over(filing=filing, staff=lin)
    services.submit(filing=filing, staff=checker)
    services.open_review(filing=filing, staff=wang)


def approve(filing: Filing, wang: StaffMember) -> None:
    services.approve(filing=filing, staff=wang, **APPROVAL)


def refuses_to_approve(filing: Filing, wang: StaffMember) -> None:
    with pytest.raises(GateClosed, match="还不能通过：1 项目标调整申请没有决定。"):
        approve(filing, wang)
    filing.refresh_from_db()
    assert filing.status is State.SUBMITTED


@pytest.mark.parametrize("accept", [True, False])
def test_what_is_asked_with_the_evaluation_is_decided_before_the_approval(
    draft: Filing,
    asked: TargetChange,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    accept: bool,
) -> None:
    hand_in(draft, lin, internal_reviewer, wang)
    refuses_to_approve(draft, wang)
    decide_change(change=asked, staff=wang, accept=accept, reason="情况属实")
    approve(draft, wang)
    frozen = thaw(approved_snapshot(draft)).package
    assert [c.state for d in frozen.declarations for c in d.changes] == [
        "accepted" if accept else "refused"
    ]


def test_what_is_asked_in_monitoring_is_decided_before_the_approval(
    draft: Filing,
    asked_in_june: TargetChange,
    indicator: Indicator,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
) -> None:
    hand_in(draft, lin, internal_reviewer, wang)
    frozen = submitted(draft)
    assert frozen is not None
    assert "SE-133" in {finding.check_id for finding in frozen.results.findings}
    refuses_to_approve(draft, wang)
    decide_change(change=asked_in_june, staff=wang, accept=True, reason="情况属实")
    approve(draft, wang)
    targets = [
        row.target for d in thaw(approved_snapshot(draft)).package.declarations
        for row in d.indicators
    ]  # fmt: skip
    assert asked_in_june.new in targets


def test_a_request_about_something_else_stops_nothing(
    draft: Filing,
    asked_in_june: TargetChange,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
) -> None:
    TargetChange.objects.update(subject="420111-none")
    hand_in(draft, lin, internal_reviewer, wang)
    approve(draft, wang)
    assert draft.status is State.APPROVED


def test_the_department_hands_in_though_the_bureau_has_not_decided(
    draft: Filing, asked: TargetChange, asked_in_june: TargetChange
) -> None:
    dossier = dossier_of(draft)
    assert {"SE-131", "SE-133"} <= {finding.check_id for finding in dossier.gate.notices}
    assert dossier.gate.is_open
    assert len(undecided(draft)) == 2


def test_the_page_of_the_approval_leads_to_where_it_is_decided(
    draft: Filing,
    asked: TargetChange,
    asked_in_june: TargetChange,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    sign_in: SignIn,
) -> None:
    hand_in(draft, lin, internal_reviewer, wang)
    page = sign_in(wang).get(reverse("work:filing_approve", args=[draft.public_id]))
    text = page.content.decode()
    budget = asked_in_june.filing
    subject = asked_in_june.subject
    places = [
        reverse("work:monitoring-report", args=[budget.public_id, 6]),
        reverse("work:performance-approved-targets", args=[draft.public_id, subject]),
    ]
    assert all(f'href="{place}' in text for place in places)
    waiting = sign_in(lin).get(reverse("work:filing_submit", args=[draft.public_id]))
    assert "等财政审核决定 2 项目标调整申请" in waiting.content.decode()


def test_what_a_package_left_out_is_brought_in_before_the_colleague_looks(
    draft: Filing,
    asked_in_june: TargetChange,
    indicator: Indicator,
    lin: StaffMember,
    wang: StaffMember,
) -> None:
    before = indicator.target
    Filing.objects.filter(pk=draft.pk).update(state=State.APPROVED)
    decide_change(change=asked_in_june, staff=wang, accept=True, reason="情况属实")
    indicator.refresh_from_db()
    assert indicator.target == before
    Filing.objects.filter(pk=draft.pk).update(state=State.RETURNED)
    services.hand_over(filing=draft, staff=lin)
    indicator.refresh_from_db()
    assert indicator.target == asked_in_june.new
