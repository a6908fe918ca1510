"""Monitoring from opening to the bureau's decision: works, wrong person, wrong state, bad input."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from django.urls import reverse

from departments.models import StaffMember
from filings.models import Event, Filing
from filings.services import broken_event
from filings.states import State
from performance.evaluation import ChangeState
from performance.models import MonitoringReport, TargetChange
from performance.monitored import assessed, stored_board
from performance.monitoring.steps import STEPS, ReportState, steps_for
from performance.monitoring.values import Light
from performance.monitoring_services import MonitoringRefused, open_report, take_step
from tests import factories
from tests.conftest import SignIn
from tests.performance.monitoring.rows import ADJUSTING, address, entered, file_budget, open_june
from tests.performance.monitoring.values import JUNE
from tests.performance.values import PATROLS, PROJECT_CODE
from tests.test_query_counts import assert_flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def budget(lin: StaffMember) -> Filing:
    return file_budget(lin)


@pytest.fixture
def report(budget: Filing, lin: StaffMember) -> MonitoringReport:
    return open_june(budget, lin)


def save(sign_in: SignIn, lin: StaffMember, budget: Filing, **changes: str) -> int:
    """What 林 is answered who fills in the whole project and the department's spending."""
    client = sign_in(lin)
    whole = {k: v for k, v in entered().items() if not k.startswith("row-")}
    client.post(address("monitoring-subject", budget, JUNE, "department"), whole)
    place = address("monitoring-subject", budget, JUNE, PROJECT_CODE)
    return client.post(place, entered(**changes)).status_code


def with_money(budget: Filing) -> None:
    """The department's budget from its book: 100 万元, of which half is spent."""
    cells = {("expenditure_sheet", "2040201", "basic"): "1000000.00"}
    factories.make_workbook(budget, cells=cells)


@pytest.fixture
def handed_over(
    budget: Filing, report: MonitoringReport, lin: StaffMember, sign_in: SignIn
) -> MonitoringReport:
    with_money(budget)
    assert save(sign_in, lin, budget, **ADJUSTING) == 302
    return take_step(report=report, staff=lin, key="hand_over")


@pytest.fixture
def submitted(handed_over: MonitoringReport, internal_reviewer: StaffMember) -> None:
    take_step(report=handed_over, staff=internal_reviewer, key="submit")


def routes(budget: Filing, change: int = 1) -> list[tuple[str, str]]:
    place = [JUNE]
    return [
        ("get", address("monitoring", budget)),
        ("post", address("monitoring", budget)),
        ("get", address("monitoring-report", budget, *place)),
        ("post", address("monitoring-step", budget, *place, "submit")),
        ("post", address("monitoring-change", budget, *place, change)),
        ("get", address("monitoring-subject", budget, *place, PROJECT_CODE)),
        ("post", address("monitoring-subject", budget, *place, PROJECT_CODE)),
    ]


def test_the_outsider_finds_nothing(
    budget: Filing, submitted: None, wai: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wai)
    found = {getattr(client, method)(url).status_code for method, url in routes(budget)}
    assert found <= {403, 404}
    for method, url in routes(budget):
        assert "示例项目" not in getattr(client, method)(url).content.decode()
    assert client.get(reverse("work:monitoring-list")).status_code == 403


def test_a_bureau_of_another_region_finds_nothing(
    budget: Filing, submitted: None, sign_in: SignIn
) -> None:
    far = factories.make_staff("far", "bureau_reviewer", region=factories.make_region("420106"))
    client = sign_in(far)
    assert {getattr(client, m)(url).status_code for m, url in routes(budget)} == {404}
    assert "示例部门甲" not in client.get(reverse("work:monitoring-list")).content.decode()


def test_a_bureau_sees_no_draft(
    budget: Filing, report: MonitoringReport, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    assert client.get(address("monitoring-report", budget, JUNE)).status_code == 404
    assert "6 月" not in client.get(address("monitoring", budget)).content.decode()
    assert "示例部门甲" not in client.get(reverse("work:monitoring-list")).content.decode()


def test_only_a_budget_in_force_is_monitored(
    filing: Filing, lin: StaffMember, internal_reviewer: StaffMember, budget: Filing
) -> None:
    with pytest.raises(MonitoringRefused, match="部门预算"):
        open_report(filing=filing, staff=lin, month=JUNE)
    Filing.objects.filter(pk=budget.pk).update(state=State.SUBMITTED)
    budget.refresh_from_db()
    with pytest.raises(MonitoringRefused, match="部门预算"):
        open_report(filing=budget, staff=lin, month=JUNE)
    with pytest.raises(MonitoringRefused, match="填报岗位"):
        open_report(filing=budget, staff=internal_reviewer, month=JUNE)


@pytest.mark.parametrize("month", ["0", "13", "x", "", "６"])
def test_an_odd_month_is_refused(
    budget: Filing, lin: StaffMember, sign_in: SignIn, month: str
) -> None:
    answer = sign_in(lin).post(address("monitoring", budget), {"month": month})
    assert answer.status_code == 403
    assert not MonitoringReport.objects.exists()


def test_lin_opens_a_month_once(budget: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    client = sign_in(lin)
    for _ in range(2):
        assert client.post(address("monitoring", budget), {"month": "6"}).status_code == 302
    assert MonitoringReport.objects.count() == 1
    assert Event.objects.filter(action="monitoring_open").count() == 1


def test_what_is_entered_gives_lights(
    budget: Filing, report: MonitoringReport, lin: StaffMember, sign_in: SignIn
) -> None:
    assert save(sign_in, lin, budget) == 302
    board, findings = assessed(report)
    line = board.of(PROJECT_CODE)
    assert line is not None
    assert (line.budget, line.spent, line.rate) == (1000000, 500000, Decimal("50.00"))
    assert line.light is Light.GREEN
    assert not [f for f in findings if PROJECT_CODE in f.places[0]]
    page = sign_in(lin).get(address("monitoring-subject", budget, JUNE, PROJECT_CODE))
    assert 'value="26次"' in page.content.decode()


def test_an_odd_value_is_kept_and_asked_about(
    budget: Filing, report: MonitoringReport, lin: StaffMember, sign_in: SignIn
) -> None:
    assert save(sign_in, lin, budget, **{f"row-{PATROLS}-achieved": "二十多次"}) == 302
    text = sign_in(lin).get(address("monitoring-subject", budget, JUNE, PROJECT_CODE)).content
    assert 'value="二十多次"' in text.decode()
    assert "MO-102" in text.decode()


def test_a_wrong_amount_is_an_error_of_the_field_and_nothing_is_lost(
    budget: Filing, report: MonitoringReport, lin: StaffMember, sign_in: SignIn
) -> None:
    place = address("monitoring-subject", budget, JUNE, PROJECT_CODE)
    page = sign_in(lin).post(place, entered(spent="五十"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "没有保存" in text
    assert 'value="五十"' in text
    assert 'value="26次"' in text
    assert not report.monitoredindicators.exists()


def test_a_late_save_is_told_and_keeps_what_was_typed(
    budget: Filing, report: MonitoringReport, lin: StaffMember, sign_in: SignIn
) -> None:
    assert save(sign_in, lin, budget) == 302
    place = address("monitoring-subject", budget, JUNE, PROJECT_CODE)
    page = sign_in(lin).post(place, entered(spent="60"))
    assert page.status_code == 200
    assert "另有人保存过" in page.content.decode()
    assert 'value="60"' in page.content.decode()
    assert report.monitoredspendings.get(subject=PROJECT_CODE).spent == 500000
    assert sign_in(lin).post(place, entered(spent="60", version="1")).status_code == 302


def test_errors_stop_handing_in(
    budget: Filing,
    report: MonitoringReport,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    sign_in: SignIn,
) -> None:
    take_step(report=report, staff=lin, key="hand_over")
    with pytest.raises(MonitoringRefused, match="错误"):
        take_step(report=report, staff=internal_reviewer, key="submit")
    place = address("monitoring-step", budget, JUNE, "submit")
    page = sign_in(internal_reviewer).post(place, follow=True)
    assert "项错误须先改正" in page.content.decode()
    report.refresh_from_db()
    assert report.status is ReportState.INTERNAL_REVIEW


def test_one_person_enters_and_another_hands_in(
    budget: Filing,
    handed_over: MonitoringReport,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    sign_in: SignIn,
) -> None:
    with pytest.raises(MonitoringRefused, match="不能办理"):
        take_step(report=handed_over, staff=lin, key="submit")
    place = address("monitoring-subject", budget, JUNE, PROJECT_CODE)
    assert sign_in(lin).post(place, entered(version="1")).status_code == 403
    assert sign_in(wang).get(address("monitoring-report", budget, JUNE)).status_code == 404
    page = sign_in(internal_reviewer).get(address("monitoring-report", budget, JUNE))
    assert "报送监控" in page.content.decode()
    take_step(report=handed_over, staff=internal_reviewer, key="submit")
    report = MonitoringReport.objects.get()
    assert (report.opened_by, report.submitted_by) == (lin, internal_reviewer)


def test_the_colleague_hands_back_with_words(
    budget: Filing,
    handed_over: MonitoringReport,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    sign_in: SignIn,
) -> None:
    with pytest.raises(MonitoringRefused, match="须写明原因"):
        take_step(report=handed_over, staff=internal_reviewer, key="hand_back")
    take_step(report=handed_over, staff=internal_reviewer, key="hand_back", reason="核对次数")
    assert (
        "核对次数" in sign_in(lin).get(address("monitoring-report", budget, JUNE)).content.decode()
    )
    place = address("monitoring-subject", budget, JUNE, PROJECT_CODE)
    assert sign_in(lin).post(place, entered(version="1")).status_code == 302


def test_the_colleague_of_another_department_moves_nothing(
    handed_over: MonitoringReport,
) -> None:
    other = factories.make_department("示例部门丁")
    stranger = factories.make_staff("ding", "internal_reviewer", department=other)
    with pytest.raises(MonitoringRefused, match="本部门"):
        take_step(report=handed_over, staff=stranger, key="submit")


def test_what_is_checked_again_is_what_is_entered_now(
    budget: Filing,
    submitted: None,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    sign_in: SignIn,
) -> None:
    """After a return the colleague reads the mended rows, the bureau still what it returned."""
    report = MonitoringReport.objects.get()
    take_step(report=report, staff=wang, key="send_back", reason="请核对巡查次数")
    place = address("monitoring-subject", budget, JUNE, PROJECT_CODE)
    mended = entered(version="1", **{f"row-{PATROLS}-achieved": "27次"})
    assert sign_in(lin).post(place, mended).status_code == 302
    take_step(report=report, staff=lin, key="hand_over")
    assert "27次" in sign_in(internal_reviewer).get(place).content.decode()
    assert "27次" not in sign_in(wang).get(place).content.decode()


def test_the_bureau_reads_what_was_handed_in(
    budget: Filing, submitted: None, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    text = client.get(address("monitoring-report", budget, JUNE)).content.decode()
    assert "示例项目" in text
    assert "红灯" in text
    assert client.get(address("monitoring-subject", budget, JUNE, PROJECT_CODE)).status_code == 200
    table = client.get(reverse("work:monitoring-list"), {"year": "2023", "month": "6"})
    assert "示例部门甲" in table.content.decode()
    for query in ({"year": "2022"}, {"month": "7"}):
        text = client.get(reverse("work:monitoring-list"), query).content.decode()
        assert "示例部门甲" not in text
    assert (
        client.get(reverse("work:monitoring-list"), {"year": "x", "month": "-1"}).status_code == 200
    )


def test_what_is_mended_after_a_return_is_not_shown_before_it_is_handed_in(
    budget: Filing, submitted: None, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    step = address("monitoring-step", budget, JUNE, "send_back")
    assert "须写明原因" in sign_in(wang).post(step, follow=True).content.decode()
    sign_in(wang).post(step, {"reason": "请核对巡查次数"})
    page = sign_in(lin).get(address("monitoring-report", budget, JUNE)).content.decode()
    assert "请核对巡查次数" in page
    place = address("monitoring-subject", budget, JUNE, PROJECT_CODE)
    changed = entered(version="1", **{f"row-{PATROLS}-note": "只有本部门看得到"})
    assert sign_in(lin).post(place, changed).status_code == 302
    assert "只有本部门看得到" not in sign_in(wang).get(place).content.decode()
    assert sign_in(wang).post(place, changed).status_code == 403


def test_an_adjusted_target_is_asked_for_decided_and_holds_for_the_next_month(
    budget: Filing, submitted: None, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    assert not TargetChange.objects.exists()
    sign_in(wang).post(address("monitoring-step", budget, JUNE, "accept"))
    change = TargetChange.objects.get()
    assert (change.old, change.new) == ("≥50次", "≥20次")
    place = address("monitoring-change", budget, JUNE, change.pk)
    assert sign_in(lin).post(place, {"accept": "1", "reason": "x"}).status_code == 403
    sign_in(wang).post(place, {"accept": "1", "reason": ""})
    change.refresh_from_db()
    assert change.state == ChangeState.ASKED
    sign_in(wang).post(place, {"accept": "1", "reason": "人员确有变动"})
    sign_in(wang).post(place, {"refuse": "1", "reason": "改主意"})
    change.refresh_from_db()
    assert (change.state, change.decision_reason) == (ChangeState.ACCEPTED, "人员确有变动")
    board, _ = assessed(open_report(filing=budget, staff=lin, month=JUNE + 1))
    line = board.of(PROJECT_CODE)
    assert line is not None
    assert {row.key: row.progress.target for row in line.lines}[PATROLS] == "≥20次"
    before = stored_board(MonitoringReport.objects.get(month=JUNE))
    assert before is not None
    assert before.of(PROJECT_CODE).lines[1].progress.target == "≥50次"  # type: ignore[union-attr]
    actions = list(Event.objects.filter(filing=budget).values_list("action", flat=True))
    assert actions == [
        "monitoring_open", "monitoring_hand_over", "monitoring_submit", "monitoring_accept",
        "decide_target_change", "monitoring_open",
    ]  # fmt: skip
    assert broken_event(budget) is None


def test_a_report_recalled_is_the_departments_again(
    budget: Filing,
    submitted: None,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    sign_in: SignIn,
) -> None:
    sign_in(internal_reviewer).post(address("monitoring-step", budget, JUNE, "recall"))
    assert sign_in(wang).get(address("monitoring-report", budget, JUNE)).status_code == 404


def test_what_was_handed_in_is_not_changed(
    budget: Filing, submitted: None, lin: StaffMember, sign_in: SignIn
) -> None:
    place = address("monitoring-subject", budget, JUNE, PROJECT_CODE)
    assert sign_in(lin).post(place, entered(version="1")).status_code == 403
    assert "保存</button>" not in sign_in(lin).get(place).content.decode()


STEP_CASES = {
    ("draft", "preparer"): ["hand_over"],
    ("returned", "preparer"): ["hand_over"],
    ("internal_review", "preparer"): ["take_back"],
    ("internal_review", "internal_reviewer"): ["submit", "hand_back"],
    ("submitted", "internal_reviewer"): ["recall"],
    ("submitted", "bureau_reviewer"): ["accept", "send_back"],
}
ROLES = ("preparer", "internal_reviewer", "bureau_reviewer", "publisher", "system_admin")


@pytest.mark.parametrize(("state", "role"), list(product(ReportState, ROLES)))
def test_who_may_take_which_step(state: ReportState, role: str) -> None:
    found = [step.key for step in steps_for(state, role)]
    assert found == STEP_CASES.get((state.value, role), [])
    assert all(step in STEPS for step in steps_for(state, role))


def test_queries_of_a_report_do_not_grow_with_its_rows(
    budget: Filing, report: MonitoringReport, lin: StaffMember, sign_in: SignIn
) -> None:
    with_money(budget)

    def grow() -> None:
        assert save(sign_in, lin, budget, **ADJUSTING) == 302
        unit = budget.department.units.get()
        for number in range(4):
            project = factories.make_project(unit, f"示例项目{number}")
            factories.make_project_year(budget, project, original_budget="1.00")

    page = address("monitoring-report", budget, JUNE)
    assert_flat(sign_in(lin), page, grow)
    assert "示例项目3" in sign_in(lin).get(page).content.decode()
