"""A target approved with the budget changes by a request that the reviewer decides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from departments.models import StaffMember
from filings.models import Event, Filing
from filings.services import FilingLocked
from filings.states import State
from performance.composing import change_words
from performance.evaluation import ChangeState
from performance.generating import generate_targets
from performance.intake import replace_performance
from performance.models import Indicator, SelfEvaluation, StoredScorecard, TargetChange
from performance.published import published_declaration
from performance.snapshots import declarations_of, filed_forms, target_change
from performance.spending import spending_of
from performance.target_changes import (
    ChangeRefused,
    ask_addition,
    ask_changes,
    ask_removal,
    decide_change,
    take_back_change,
)
from tests.performance.approved import approve_budget, fill_in
from tests.performance.rows import file_clean_evaluation, file_project
from tests.performance.values import PROJECT_CODE

REASON = "机构调整后巡查范围缩小"


@pytest.fixture
def evaluation(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    file_project(filing)
    approve_budget(filing, lin, PROJECT_CODE)
    generate_targets(filing=filing, staff=lin, subjects=[PROJECT_CODE])
    found = SelfEvaluation.objects.get(filing=filing)
    fill_in(found, lin)
    return found


@pytest.fixture
def patrols(evaluation: SelfEvaluation) -> Indicator:
    return Indicator.objects.select_related("goal__declaration__filing").get(
        goal__declaration=evaluation.declaration_id, name="巡查次数"
    )


def ask(patrols: Indicator, lin: StaffMember, new: str = "≥104次") -> TargetChange:
    [change] = ask_changes(indicator=patrols, staff=lin, values={"target": new}, reason=REASON)
    return change


def submit(filing: Filing) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=State.SUBMITTED)


def total(evaluation: SelfEvaluation) -> Decimal | None:
    return StoredScorecard.objects.get(evaluation=evaluation).total


def test_the_old_target_scores_until_the_reviewer_accepts(
    evaluation: SelfEvaluation, patrols: Indicator, lin: StaffMember, wang: StaffMember
) -> None:
    change = ask(patrols, lin)
    assert total(evaluation) == 100
    submit(evaluation.filing)
    decide_change(change=change, staff=wang, accept=True, reason="情况属实")
    patrols.refresh_from_db()
    assert patrols.target == "≥104次"
    assert total(evaluation) == 95


def test_a_refused_request_changes_nothing(
    evaluation: SelfEvaluation, patrols: Indicator, lin: StaffMember, wang: StaffMember
) -> None:
    change = ask(patrols, lin)
    submit(evaluation.filing)
    decide_change(change=change, staff=wang, accept=False, reason="理由不充分")
    patrols.refresh_from_db()
    change.refresh_from_db()
    assert (patrols.target, change.state) == ("≥50次", ChangeState.REFUSED)
    assert total(evaluation) == 100


def test_an_indicator_is_added_when_accepted(
    evaluation: SelfEvaluation, patrols: Indicator, lin: StaffMember, wang: StaffMember
) -> None:
    values = {
        "name": "隐患整改率", "target": "≥90%", "kind": "quantitative", "weight": "5",
        "direction": "higher_is_better", "tier_one": "产出指标", "tier_two": "质量指标",
    }  # fmt: skip
    change = ask_addition(goal=patrols.goal, staff=lin, values=values, reason=REASON)
    assert not Indicator.objects.filter(name="隐患整改率", goal=patrols.goal).exists()
    submit(evaluation.filing)
    decide_change(change=change, staff=wang, accept=True, reason="同意增加")
    added = Indicator.objects.get(name="隐患整改率", goal=patrols.goal)
    assert (added.target, added.weight, added.number) == ("≥90%", 5, 7)


def test_an_indicator_is_left_out_when_accepted(
    evaluation: SelfEvaluation, patrols: Indicator, lin: StaffMember, wang: StaffMember
) -> None:
    change = ask_removal(indicator=patrols, staff=lin, reason=REASON)
    assert Indicator.objects.filter(pk=patrols.pk).exists()
    submit(evaluation.filing)
    decide_change(change=change, staff=wang, accept=True, reason="同意删去")
    assert not Indicator.objects.filter(pk=patrols.pk).exists()
    change.refresh_from_db()
    assert (change.indicator_name, change.old) == ("巡查次数", "≥50次")


@pytest.mark.parametrize(
    ("values", "reason", "said"),
    [
        ({"target": "≥50次"}, REASON, "没有需要调整的内容"),
        ({"target": "≥40次"}, "  ", "请写明调整的理由"),
        ({"weight": "20"}, REASON, "不属于批复的目标"),
    ],
)
def test_a_request_without_a_change_or_a_reason_is_refused(
    patrols: Indicator, lin: StaffMember, values: dict[str, str], reason: str, said: str
) -> None:
    with pytest.raises(ChangeRefused, match=said):
        ask_changes(indicator=patrols, staff=lin, values=values, reason=reason)
    assert not TargetChange.objects.exists()


def test_one_open_request_for_a_field(patrols: Indicator, lin: StaffMember) -> None:
    change = ask(patrols, lin)
    with pytest.raises(ChangeRefused, match="已有待决定的申请"):
        ask(patrols, lin, "≥30次")
    take_back_change(change=change, staff=lin)
    assert ask(patrols, lin, "≥30次").new == "≥30次"


def test_targets_entered_in_place_need_no_request(filing: Filing, lin: StaffMember) -> None:
    file_clean_evaluation(filing, lin)
    row = Indicator.objects.select_related("goal__declaration__filing").get(name="巡查次数")
    with pytest.raises(ChangeRefused, match="可以直接修改"):
        ask(row, lin)


def test_only_the_reviewer_decides_and_only_what_was_handed_in(
    evaluation: SelfEvaluation,
    patrols: Indicator,
    lin: StaffMember,
    internal_reviewer: StaffMember,
    wang: StaffMember,
    wai: StaffMember,
) -> None:
    change = ask(patrols, lin)

    def refused(person: StaffMember) -> None:
        with pytest.raises(ChangeRefused):
            decide_change(change=change, staff=person, accept=True, reason="好")

    refused(wang)
    submit(evaluation.filing)
    for person in (lin, internal_reviewer, wai):
        refused(person)
    with pytest.raises(ChangeRefused, match="请写明"):
        decide_change(change=change, staff=wang, accept=True, reason=" ")
    with pytest.raises(FilingLocked):
        take_back_change(change=change, staff=lin)
    decide_change(change=change, staff=wang, accept=True, reason="好")
    refused(wang)


def test_the_history_keeps_both_values(
    evaluation: SelfEvaluation, patrols: Indicator, lin: StaffMember, wang: StaffMember
) -> None:
    change = ask(patrols, lin)
    submit(evaluation.filing)
    decide_change(change=change, staff=wang, accept=True, reason="情况属实")
    asked, decided = Event.objects.filter(action__endswith="target_change").order_by("sequence")
    assert (asked.detail["old"], asked.detail["new"]) == ("≥50次", "≥104次")
    assert (decided.detail["decision"], decided.detail["reason"]) == ("已同意", "情况属实")


def test_requests_travel_with_the_package_and_only_accepted_ones_are_public(
    evaluation: SelfEvaluation, patrols: Indicator, lin: StaffMember, wang: StaffMember
) -> None:
    ask(patrols, lin)
    filing = evaluation.filing
    before = declarations_of(filing)
    evaluations = filed_forms(filing, spending_of(filing)).evaluations
    replace_performance(filing=filing, staff=lin, declarations=before, evaluations=evaluations)
    assert declarations_of(filing) == before
    assert published_declaration(before[0]).changes == ()
    change = TargetChange.objects.select_related("declaration__filing").get()
    submit(filing)
    decide_change(change=change, staff=wang, accept=True, reason="情况属实")
    assert [c.new for c in published_declaration(declarations_of(filing)[0]).changes] == ["≥104次"]


def test_a_request_reads_as_a_note(patrols: Indicator, lin: StaffMember) -> None:
    words = change_words(target_change(ask(patrols, lin)))
    assert words == (
        "调整指标：“巡查次数”的目标值由“≥50次”调整为“≥104次”，"
        "理由：机构调整后巡查范围缩小；待审核人决定。"
    )
