"""Writes on targets and self-evaluations: who, when, what stays, what is scored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from departments.models import StaffMember
from filings.models import Event, Filing
from filings.services import FilingLocked, broken_event
from filings.states import State
from performance.declaration_entry import GoalEntry, IndicatorEntry
from performance.declaring import (
    INDICATOR_FIELDS,
    entry_of,
    open_declaration,
    save_declaration,
)
from performance.deductions import DeductionRefused, deduct_points, take_back_deduction
from performance.entries import EvaluationEntry
from performance.intake import replace_performance
from performance.models import (
    Goal,
    Indicator,
    IndicatorResult,
    ScoreDeduction,
    SelfEvaluation,
    StoredScorecard,
    TargetDeclaration,
)
from performance.scoring import Scorecard, replay
from performance.services import (
    EditConflict,
    open_self_evaluation,
    rescore_filing,
    save_self_evaluation,
)
from performance.snapshots import declarations_of, filed_forms
from performance.spending import spending_of
from rulebook.codec import from_json
from tests.performance.rows import file_clean_evaluation, file_project
from tests.performance.values import PATROLS, clean_evaluation


@pytest.fixture
def evaluation(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    return file_clean_evaluation(filing, lin)


@pytest.fixture
def declaration(evaluation: SelfEvaluation) -> TargetDeclaration:
    return evaluation.declaration


def entries(declaration: TargetDeclaration) -> list[GoalEntry]:
    """The stored targets as a person would send them back unchanged."""
    return [
        GoalEntry(
            goal.pk,
            goal.text,
            goal.weight,
            tuple(
                IndicatorEntry(row.pk, {field: getattr(row, field) for field in INDICATOR_FIELDS})
                for row in goal.indicators.all()
            ),
        )
        for goal in declaration.goals.all()
    ]


def save(
    declaration: TargetDeclaration, staff: StaffMember, goals: Sequence[GoalEntry]
) -> TargetDeclaration:
    return save_declaration(
        declaration=declaration,
        staff=staff,
        version=declaration.version,
        entry=replace(entry_of(declaration), goals=tuple(goals)),
    )


def write(evaluation: SelfEvaluation, staff: StaffMember, **fields: Any) -> StoredScorecard:
    return save_self_evaluation(
        evaluation=evaluation,
        staff=staff,
        version=evaluation.version,
        entry=EvaluationEntry(fields=fields),
    )


def writes(filing: Filing, staff: StaffMember) -> list[Callable[[], object]]:
    """Every write that a filing's state and a person's role decide."""
    evaluation = SelfEvaluation.objects.get()
    declaration = evaluation.declaration
    return [
        lambda: open_declaration(filing=filing, staff=staff, project=None),
        lambda: open_self_evaluation(declaration=declaration, staff=staff),
        lambda: save(declaration, staff, entries(declaration)),
        lambda: write(evaluation, staff, problems="x"),
        lambda: replace_performance(filing=filing, staff=staff, declarations=[], evaluations=[]),
    ]


@pytest.mark.parametrize("state", [s for s in State if not s.is_editable])
def test_nothing_is_written_outside_entry(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, state: State
) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=state)
    for attempt in writes(filing, lin):
        with pytest.raises(FilingLocked):
            attempt()
    assert TargetDeclaration.objects.count() == 1


@pytest.mark.parametrize("person", ["wai", "wang", "internal_reviewer", "system_admin"])
def test_only_a_preparer_of_the_department_writes(
    filing: Filing, evaluation: SelfEvaluation, person: str, request: pytest.FixtureRequest
) -> None:
    for attempt in writes(filing, request.getfixturevalue(person)):
        with pytest.raises(FilingLocked):
            attempt()


def test_every_write_moves_the_filing_on(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    revisions = []
    for attempt in writes(filing, lin):
        attempt()
        filing.refresh_from_db()
        revisions.append(filing.revision)
    first, again, *rest = revisions
    assert again == first  # an evaluation that is already open is no change
    assert rest == [first + 1, first + 2, first + 3]


def test_opening_twice_is_opening_once(filing: Filing, lin: StaffMember) -> None:
    project = file_project(filing)
    first = open_declaration(filing=filing, staff=lin, project=project)
    assert open_declaration(filing=filing, staff=lin, project=project) == first
    evaluation = open_self_evaluation(declaration=first, staff=lin)
    assert open_self_evaluation(declaration=first, staff=lin) == evaluation
    assert (evaluation.title, evaluation.form) == (
        project.name,
        "project_evaluation/wuhan_2023",
    )
    whole = open_declaration(filing=filing, staff=lin, project=None)
    assert open_self_evaluation(declaration=whole, staff=lin).title == "示例部门甲部门整体"


def test_rows_that_stay_keep_their_results(
    declaration: TargetDeclaration, evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    (goal,) = entries(declaration)
    before = dict(evaluation.results.values_list("indicator__name", "achieved"))
    turned = replace(goal, indicators=tuple(reversed(goal.indicators)))
    save(declaration, lin, [turned])
    assert dict(evaluation.results.values_list("indicator__name", "achieved")) == before
    names = list(Indicator.objects.order_by("number").values_list("name", flat=True))
    assert names == [entry.values["name"] for entry in turned.indicators]


def test_a_row_moves_to_a_new_goal_with_its_result(
    filing: Filing, declaration: TargetDeclaration, evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    (goal,) = entries(declaration)
    *stay, move = goal.indicators
    new = IndicatorEntry(None, {**move.values, "name": "新指标"})
    save(
        declaration,
        lin,
        [
            replace(goal, weight=Decimal(50), indicators=tuple(stay)),
            GoalEntry(None, "第二个目标", Decimal(20), (move, new)),
        ],
    )
    (declared,) = declarations_of(filing)
    assert [g.key for g in declared.goals] == ["1", "2"]
    assert [row.key for row in declared.goals[1].indicators] == ["2.1", "2.2"]
    assert IndicatorResult.objects.filter(indicator_id=move.row).exists()


def test_what_is_left_out_is_removed(
    declaration: TargetDeclaration, evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    (goal,) = entries(declaration)
    save(declaration, lin, [replace(goal, text="", indicators=goal.indicators[:1])])
    assert Goal.objects.get().number == 0
    assert Indicator.objects.count() == IndicatorResult.objects.count() == 1
    evaluation.scorecard.refresh_from_db()
    assert evaluation.scorecard.total is None  # 10 of 60 points: the weights do not add up


def test_a_row_of_another_declaration_is_never_taken(
    filing: Filing, declaration: TargetDeclaration, lin: StaffMember
) -> None:
    other = open_declaration(filing=filing, staff=lin, project=None)
    (goal,) = entries(declaration)
    save(other, lin, [goal])
    assert declaration.goals.get().indicators.count() == 6
    assert other.goals.get().indicators.count() == 6


def test_the_second_of_two_editors_is_told(
    declaration: TargetDeclaration, evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    stale_targets = TargetDeclaration.objects.get(pk=declaration.pk)
    stale = SelfEvaluation.objects.get(pk=evaluation.pk)
    save(declaration, lin, entries(declaration))
    write(evaluation, lin, problems="甲")
    with pytest.raises(EditConflict):
        save(stale_targets, lin, [])
    with pytest.raises(EditConflict):
        write(stale, lin, problems="乙")
    assert SelfEvaluation.objects.get().problems == "甲"
    assert Goal.objects.count() == 1


def test_saving_scores_and_the_derivation_replays(
    evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    row = Indicator.objects.get(name="巡查次数")
    entry = EvaluationEntry(results={PATROLS: {"achieved": "25次"}})
    stored = save_self_evaluation(
        evaluation=evaluation, staff=lin, version=evaluation.version, entry=entry
    )
    assert stored.total == Decimal(95)
    scorecard = from_json(Scorecard, StoredScorecard.objects.get().derivation)
    assert replay(scorecard) == scorecard.total == Decimal(95)
    result = IndicatorResult.objects.get(indicator=row)
    assert result.achieved == "25次"


def test_results_of_strange_indicators_are_not_written(
    evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    entry = EvaluationEntry(results={"1.99": {"achieved": "1"}, "L1.1": {"achieved": "2"}})
    save_self_evaluation(evaluation=evaluation, staff=lin, version=1, entry=entry)
    assert evaluation.results.count() == 6


def test_scores_follow_the_money(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    filing.project_years.update(actual=Decimal("500000"))
    (stored,) = rescore_filing(filing=filing)
    assert stored.total == Decimal(90)


def result_of(evaluation: SelfEvaluation) -> IndicatorResult:
    return evaluation.results.get(indicator__name="巡查次数")


def test_a_deduction_is_scored_and_on_record(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    deduct_points(result=result_of(evaluation), staff=lin, points=Decimal("1.5"), reason="不全")
    assert StoredScorecard.objects.get().total == Decimal("98.5")
    event = Event.objects.get(action="deduct")
    assert event.actor == lin
    assert event.detail == {
        "evaluation": "示例项目", "indicator": "巡查次数",
        "points": "1.5", "before": "10", "after": "8.5", "reason": "不全",
    }  # fmt: skip
    assert broken_event(filing) is None


@pytest.mark.parametrize(
    ("points", "reason", "message"),
    [
        ("0", "理由", "须大于零"),
        ("-1", "理由", "只能降低得分"),
        ("1", "  ", "写明理由"),
        ("10.01", "理由", "不能超过现有得分 10 分"),
    ],
)
def test_a_deduction_that_is_none(
    evaluation: SelfEvaluation, lin: StaffMember, points: str, reason: str, message: str
) -> None:
    with pytest.raises(DeductionRefused, match=message):
        deduct_points(
            result=result_of(evaluation), staff=lin, points=Decimal(points), reason=reason
        )
    assert not ScoreDeduction.objects.exists()


def test_two_deductions_never_go_below_zero(evaluation: SelfEvaluation, lin: StaffMember) -> None:
    deduct_points(result=result_of(evaluation), staff=lin, points=Decimal(7), reason="一")
    with pytest.raises(DeductionRefused, match="现有得分 3 分"):
        deduct_points(result=result_of(evaluation), staff=lin, points=Decimal(4), reason="二")


def test_nothing_is_deducted_from_an_open_question(
    evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    IndicatorResult.objects.update(achieved="")
    with pytest.raises(DeductionRefused, match="还没有得分"):
        deduct_points(result=result_of(evaluation), staff=lin, points=Decimal(1), reason="一")


PEOPLE = ("lin", "internal_reviewer", "wang", "publisher", "system_admin", "wai")
HOLDERS = {
    State.DRAFT: "lin",
    State.RETURNED: "lin",
    State.INTERNAL_REVIEW: "internal_reviewer",
    State.SUBMITTED: "wang",
}


@pytest.mark.parametrize("state", list(State))
def test_whoever_holds_the_filing_may_deduct(
    filing: Filing, evaluation: SelfEvaluation, state: State, request: pytest.FixtureRequest
) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=state)
    result = IndicatorResult.objects.get(pk=result_of(evaluation).pk)
    able = []
    for person in PEOPLE:
        staff = request.getfixturevalue(person)
        try:
            deduct_points(result=result, staff=staff, points=Decimal(1), reason="一")
        except DeductionRefused:
            continue
        able.append(person)
    assert able == ([HOLDERS[state]] if state in HOLDERS else [])


def test_another_role_does_not_undo_a_deduction_unless_it_blocks(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, wang: StaffMember
) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=State.SUBMITTED)
    deduction = deduct_points(
        result=result_of(evaluation), staff=wang, points=Decimal(9), reason="台账不全"
    )
    Filing.objects.filter(pk=filing.pk).update(state=State.RETURNED)
    with pytest.raises(DeductionRefused, match="由财政审核岗位作出"):
        take_back_deduction(deduction=deduction, staff=lin)
    IndicatorResult.objects.filter(pk=deduction.result_id).update(achieved="10次")  # 2 points
    take_back_deduction(deduction=deduction, staff=lin)
    assert not ScoreDeduction.objects.exists()
    assert Event.objects.get(action="take_back_deduction").detail["after"] == "2"


def test_the_round_trip_of_what_pages_wrote(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    """What was entered, exported as values and imported again, is the same."""
    write(evaluation, lin, problems="问题", objective_band="partly_reached")
    before = filed_forms(filing, spending_of(filing)).evaluations
    assert before != (clean_evaluation(),)
    replace_performance(
        filing=filing, staff=lin, declarations=declarations_of(filing), evaluations=before
    )
    assert filed_forms(filing, spending_of(filing)).evaluations == before
