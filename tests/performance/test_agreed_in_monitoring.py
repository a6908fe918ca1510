"""A target that monitoring agreed to change reaches the self-evaluation of the year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from departments.models import StaffMember
from filings.models import Event, Filing
from filings.states import State
from performance.changing import carry_agreed, undecided
from performance.composing import accepted_notes
from performance.evaluation import ChangeState, EvaluationSnapshot
from performance.generating import generate_targets
from performance.intake import replace_performance
from performance.models import (
    Indicator,
    MonitoringReport,
    SelfEvaluation,
    StoredScorecard,
    TargetChange,
)
from performance.snapshots import declarations_of, filed_forms
from performance.spending import spending_of
from performance.target_changes import ChangeRefused, ask_changes, decide_change, take_back_change
from tests.performance.approved import approve_budget, fill_in
from tests.performance.rows import file_project
from tests.performance.values import PATROLS, PROJECT_CODE

REASON, ANSWER = "人员调整，下半年减少巡查", "人员确有变动"


@pytest.fixture
def budget(filing: Filing, lin: StaffMember) -> Filing:
    file_project(filing)
    return approve_budget(filing, lin, PROJECT_CODE)


def ask(
    budget: Filing, lin: StaffMember, new: str = "≥104次", month: int = 6, name: str = "巡查次数"
) -> TargetChange:
    """What an accepted report of a month asks for."""
    report, _ = MonitoringReport.objects.get_or_create(
        filing=budget, month=month, defaults={"state": "accepted", "opened_by": lin}
    )
    return TargetChange.objects.create(
        report=report, subject=PROJECT_CODE, kind="change", row=PATROLS, indicator_name=name,
        field="target", old="≥50次", new=new, reason=REASON, asked_by=lin,
        asked_on=date(2023, 7, 5),
    )  # fmt: skip


def decide(change: TargetChange, wang: StaffMember, *, accept: bool = True) -> None:
    decide_change(change=change, staff=wang, accept=accept, reason=ANSWER)


def generate(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    generate_targets(filing=filing, staff=lin, subjects=[PROJECT_CODE])
    found = SelfEvaluation.objects.get(filing=filing)
    fill_in(found, lin)
    return found


def target(filing: Filing) -> str:
    row = Indicator.objects.get(goal__declaration__filing=filing, name="巡查次数")
    return str(row.target)


def total(filing: Filing) -> Decimal | None:
    return StoredScorecard.objects.get(evaluation__filing=filing).total


def evaluated(filing: Filing) -> EvaluationSnapshot:
    [found] = filed_forms(filing, spending_of(filing)).evaluations
    return found


def test_what_was_agreed_is_there_when_the_evaluation_is_generated(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    decide(ask(budget, lin), wang)
    generate(filing, lin)
    assert target(filing) == "≥104次"
    assert total(filing) == 95
    assert accepted_notes(evaluated(filing)) == (
        "调整指标：“巡查次数”的目标值由“≥50次”调整为“≥104次”，在2023年6月绩效运行监控中申请，"
        "理由：人员调整，下半年减少巡查；已同意：人员确有变动。",
    )


def test_the_approved_declaration_stays_as_it_was_approved(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    before = declarations_of(budget)
    decide(ask(budget, lin), wang)
    generate(filing, lin)
    assert declarations_of(budget) == before


def test_it_scores_as_if_it_had_been_asked_with_the_evaluation(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    generate(filing, lin)
    row = Indicator.objects.get(goal__declaration__filing=filing, name="巡查次数")
    [asked] = ask_changes(indicator=row, staff=lin, values={"target": "≥104次"}, reason=REASON)
    Filing.objects.filter(pk=filing.pk).update(state=State.SUBMITTED)
    decide(asked, wang)
    with_evaluation = total(filing)
    Filing.objects.filter(pk=filing.pk).update(state=State.DRAFT)
    filing.declarations.all().delete()
    decide(ask(budget, lin), wang)
    generate(filing, lin)
    assert total(filing) == with_evaluation == 95


@pytest.mark.parametrize("accept", [False, None])
def test_what_was_refused_or_not_decided_does_not_reach_it(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember, accept: bool | None
) -> None:
    change = ask(budget, lin)
    if accept is not None:
        decide(change, wang, accept=accept)
    generate(filing, lin)
    assert (target(filing), total(filing)) == ("≥50次", 100)
    assert evaluated(filing).declaration.changes == ()


def test_a_project_that_was_not_monitored_has_no_changes(
    filing: Filing, budget: Filing, lin: StaffMember
) -> None:
    generate(filing, lin)
    assert carry_agreed(filing=filing, staff=lin) == []
    assert evaluated(filing).declaration.changes == ()


def test_the_latest_of_two_months_holds_and_both_are_noted(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    june, september = ask(budget, lin, "≥104次"), ask(budget, lin, "≥80次", month=9)
    with pytest.raises(ChangeRefused, match="2023年6月"):
        decide(september, wang)
    decide(june, wang)
    decide(september, wang)
    generate(filing, lin)
    assert target(filing) == "≥80次"
    assert len(accepted_notes(evaluated(filing))) == 2


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.INTERNAL_REVIEW, "submitted"])
def test_agreed_after_generation_it_reaches_what_is_not_approved(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember, state: str
) -> None:
    generate(filing, lin)
    Filing.objects.filter(pk=filing.pk).update(state=state)
    decide(ask(budget, lin), wang)
    assert (target(filing), total(filing)) == ("≥104次", 95)
    event = Event.objects.get(filing=filing, action="carry_target_change")
    assert (event.detail["old"], event.detail["new"]) == ("≥50次", "≥104次")


@pytest.mark.parametrize("state", [State.APPROVED, State.PUBLISHED])
def test_what_is_approved_is_not_changed_behind_its_back(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember, state: State
) -> None:
    generate(filing, lin)
    Filing.objects.filter(pk=filing.pk).update(state=state)
    decide(ask(budget, lin), wang)
    assert (target(filing), total(filing)) == ("≥50次", 100)


def test_it_is_carried_once_and_again_after_a_package_without_it(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    generate(filing, lin)
    without = (declarations_of(filing), filed_forms(filing, spending_of(filing)).evaluations)
    decide(ask(budget, lin), wang)
    assert carry_agreed(filing=filing, staff=lin) == []
    carried = (declarations_of(filing), filed_forms(filing, spending_of(filing)).evaluations)
    declared, found = carried
    replace_performance(filing=filing, staff=lin, declarations=declared, evaluations=found)
    assert declarations_of(filing) == declared
    assert carry_agreed(filing=filing, staff=lin) == []
    declared, found = without
    replace_performance(filing=filing, staff=lin, declarations=declared, evaluations=found)
    assert [change.new for change in carry_agreed(filing=filing, staff=lin)] == ["≥104次"]
    assert target(filing) == "≥104次"


def test_another_indicator_in_its_row_is_left_alone(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    decide(ask(budget, lin, name="抽查次数"), wang)
    generate(filing, lin)
    assert target(filing) == "≥50次"


def test_an_indicator_renamed_by_a_request_is_still_the_one(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    generate(filing, lin)
    row = Indicator.objects.get(goal__declaration__filing=filing, name="巡查次数")
    [renamed] = ask_changes(indicator=row, staff=lin, values={"name": "巡逻次数"}, reason=REASON)
    Filing.objects.filter(pk=filing.pk).update(state=State.SUBMITTED)
    decide(renamed, wang)
    decide(ask(budget, lin), wang)
    row.refresh_from_db()
    assert (row.name, row.target) == ("巡逻次数", "≥104次")


def test_only_the_bureau_of_the_region_decides(
    filing: Filing,
    budget: Filing,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    wai: StaffMember,
) -> None:
    change = ask(budget, lin)
    for person in (lin, internal_reviewer, wai):
        with pytest.raises(ChangeRefused, match="财政审核"):
            decide(change, person)
    with pytest.raises(ChangeRefused, match="监控"):
        take_back_change(change=change, staff=lin)
    decide(change, wang)
    with pytest.raises(ChangeRefused, match="已经决定"):
        decide(change, wang, accept=False)


def test_what_nobody_decided_is_known_wherever_it_was_asked(
    filing: Filing, budget: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    monitored = ask(budget, lin)
    assert undecided(filing) == []
    generate(filing, lin)
    row = Indicator.objects.get(goal__declaration__filing=filing, name="巡查次数")
    [own] = ask_changes(indicator=row, staff=lin, values={"name": "巡逻次数"}, reason=REASON)
    assert undecided(filing) == [own, monitored]
    assert undecided(budget) == [monitored]
    decide(monitored, wang, accept=False)
    assert undecided(filing) == [own]


@pytest.mark.slow  # it wants migrated tables, as CI has them
@pytest.mark.django_db(transaction=True)
def test_requests_kept_in_their_own_table_before_are_moved(
    filing: Filing, lin: StaffMember, wang: StaffMember
) -> None:
    file_project(filing)
    budget = approve_budget(filing, lin, PROJECT_CODE)
    change = ask(budget, lin)
    decide(change, wang, accept=False)
    kept = {f: getattr(TargetChange.objects.get(), f) for f in ("row", "old", "new", "reason")}
    MigrationExecutor(connection).migrate([("performance", "0007_requests_asked_in_monitoring")])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, state FROM performance_targetchangerequest")
            assert cursor.fetchall() == [(PATROLS, "refused")]
            cursor.execute("SELECT id FROM performance_targetchange")
            assert cursor.fetchall() == []
    finally:
        newest = MigrationExecutor(connection)
        newest.migrate(newest.loader.graph.leaf_nodes())
    moved = TargetChange.objects.get()
    assert {field: getattr(moved, field) for field in kept} == kept
    assert (moved.state, moved.decision_reason) == (ChangeState.REFUSED, ANSWER)
    assert (moved.decided_by, moved.decided_on) == (wang, timezone.localdate())
    assert moved.report == change.report
