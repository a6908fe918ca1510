"""A self-evaluation takes its targets from the declaration approved with the budget."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import StaffMember
from filings.models import Event, Filing
from filings.services import FilingLocked
from filings.states import State
from performance.declaring import entry_of, save_declaration
from performance.evaluation import DEPARTMENT
from performance.generating import (
    SourceMissing,
    TargetsExist,
    generate_targets,
    subjects_to_generate,
)
from performance.models import Indicator, SelfEvaluation, StoredScorecard, TargetDeclaration
from performance.services import TargetsFixed
from performance.snapshots import declarations_of
from tests.performance.approved import approve_budget, fill_in, unweighted
from tests.performance.rows import file_project
from tests.performance.values import PROJECT_CODE


@pytest.fixture
def budget(filing: Filing, lin: StaffMember) -> Filing:
    file_project(filing)
    return approve_budget(filing, lin, PROJECT_CODE, DEPARTMENT)


def generate(filing: Filing, lin: StaffMember, *subjects: str) -> list[TargetDeclaration]:
    return generate_targets(filing=filing, staff=lin, subjects=subjects)


def test_goals_and_indicators_are_copied_with_their_values(
    filing: Filing, budget: Filing, lin: StaffMember
) -> None:
    generate(filing, lin, PROJECT_CODE)
    [made] = declarations_of(filing)
    declared = unweighted(PROJECT_CODE)
    assert made.objective == declared.objective
    assert [goal.text for goal in made.goals] == [goal.text for goal in declared.goals]
    assert made.indicators == declared.indicators
    assert made.source == "2023年部门预算（第1版）绩效目标申报表"
    assert made.form == "project_evaluation/wuhan_2023"
    assert SelfEvaluation.objects.get(filing=filing).title == "示例项目"


def test_the_only_goal_has_the_points_of_all_indicators(
    filing: Filing, budget: Filing, lin: StaffMember
) -> None:
    generate(filing, lin, PROJECT_CODE)
    [made] = declarations_of(filing)
    assert made.goals[0].weight == Decimal(60)


def test_points_are_filled_in_and_headers_follow(
    filing: Filing, budget: Filing, lin: StaffMember
) -> None:
    generate(filing, lin, PROJECT_CODE)
    evaluation = SelfEvaluation.objects.get(filing=filing)
    fill_in(evaluation, lin)
    assert StoredScorecard.objects.get(evaluation=evaluation).total == 100
    outputs = Indicator.objects.filter(goal__declaration__filing=filing, tier_one="产出指标")
    assert {row.tier_one_weight for row in outputs} == {Decimal(30)}
    assert {row.tier_two_weight for row in outputs} == {Decimal(10)}


def test_parts_feed_the_department_whichever_is_generated_first(
    filing: Filing, budget: Filing, lin: StaffMember
) -> None:
    generate(filing, lin, PROJECT_CODE)
    generate(filing, lin, DEPARTMENT)
    part = Indicator.objects.get(
        goal__declaration__filing=filing, goal__declaration__project__isnull=False, number=1
    )
    assert part.feeds is not None
    assert part.feeds.goal.declaration.filing == filing
    assert part.feeds.goal.declaration.project is None


def test_it_is_generated_once(filing: Filing, budget: Filing, lin: StaffMember) -> None:
    assert sorted(subjects_to_generate(filing)) == [PROJECT_CODE, DEPARTMENT]
    generate(filing, lin, *subjects_to_generate(filing))
    assert subjects_to_generate(filing) == []
    with pytest.raises(TargetsExist):
        generate(filing, lin, PROJECT_CODE)
    assert TargetDeclaration.objects.filter(filing=filing).count() == 2


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED, State.WITHDRAWN])
def test_only_an_approved_declaration_is_taken(
    filing: Filing, budget: Filing, lin: StaffMember, state: State
) -> None:
    Filing.objects.filter(pk=budget.pk).update(state=state)
    with pytest.raises(SourceMissing):
        generate(filing, lin, PROJECT_CODE)
    assert not TargetDeclaration.objects.filter(filing=filing).exists()


def test_all_or_none(filing: Filing, budget: Filing, lin: StaffMember) -> None:
    with pytest.raises(SourceMissing):
        generate(filing, lin, PROJECT_CODE, "unit-999")
    assert not TargetDeclaration.objects.filter(filing=filing).exists()


def test_the_outsider_generates_nothing(
    filing: Filing, budget: Filing, wai: StaffMember, wang: StaffMember
) -> None:
    for person in (wai, wang):
        with pytest.raises(FilingLocked):
            generate(filing, person, PROJECT_CODE)


def test_approved_targets_are_not_edited_in_place(
    filing: Filing, budget: Filing, lin: StaffMember
) -> None:
    [made] = generate(filing, lin, PROJECT_CODE)
    with pytest.raises(TargetsFixed):
        save_declaration(
            declaration=made,
            staff=lin,
            version=made.version,
            entry=replace(entry_of(made), objective="别的", goals=()),
        )


def test_the_history_names_the_source(filing: Filing, budget: Filing, lin: StaffMember) -> None:
    generate(filing, lin, PROJECT_CODE)
    event = Event.objects.get(filing=filing, action="generate_targets")
    assert event.detail["source"] == "2023年部门预算（第1版）绩效目标申报表"


def test_queries_of_what_can_be_generated_do_not_grow(
    filing: Filing, budget: Filing, lin: StaffMember
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            subjects_to_generate(filing)
        return len(made)

    before = queries()
    rows = Indicator.objects.filter(goal__declaration__filing=budget)
    for row in list(rows):
        row.pk, row.number = None, row.number + 50
        row.save()
    assert queries() == before
