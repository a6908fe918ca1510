"""The page of a self-evaluation: its form's blocks, the score of what is typed, the outsider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.aggregate import department_book
from budgets.workbook import WorkbookSnapshot
from departments.models import StaffMember
from filings.models import Event, Filing
from filings.states import State
from performance import form_figures
from performance.deductions import DeductionRefused, deduct_from_block, take_back_deduction
from performance.generating import generate_targets
from performance.models import (
    BlockDeduction,
    EvaluationAmount,
    EvaluationText,
    Goal,
    Indicator,
    IndicatorResult,
    SelfEvaluation,
    StoredScorecard,
    TargetChange,
)
from performance.target_changes import ask_changes
from tests.performance.approved import approve_budget, fill_in
from tests.performance.rows import file_clean_evaluation, file_project
from tests.performance.test_views import address, fields_of
from tests.performance.values import PROJECT_CODE

SignIn = Callable[[StaffMember], Client]
EVALUATION, CHECK = "performance-evaluation", "performance-evaluation-check"


@pytest.fixture
def evaluation(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    return file_clean_evaluation(filing, lin)


@pytest.fixture
def generated(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    """Taken from the approved declaration, filled in, with a request open."""
    file_project(filing)
    approve_budget(filing, lin, PROJECT_CODE)
    generate_targets(filing=filing, staff=lin, subjects=[PROJECT_CODE])
    found = SelfEvaluation.objects.get(filing=filing)
    fill_in(found, lin)
    patrols = Indicator.objects.get(goal__declaration__filing=filing, name="巡查次数")
    ask_changes(indicator=patrols, staff=lin, values={"target": "≥40次"}, reason="调整")
    return found


@pytest.fixture
def of_2019(filing: Filing, evaluation: SelfEvaluation) -> SelfEvaluation:
    """The same rows on the form of 2019, with points per block."""
    edition = "self_evaluation/wuhan_2019"
    Filing.objects.filter(pk=filing.pk).update(scoring_edition=edition)
    filing.refresh_from_db()
    SelfEvaluation.objects.update(form="project_evaluation/wuhan_2019")
    return SelfEvaluation.objects.get()


def page(client: Client, filing: Filing) -> Any:
    return client.get(address(EVALUATION, filing, PROJECT_CODE))


def field(name: str, part: str) -> str:
    row = Indicator.objects.get(name=name, goal__declaration__filing__kind__contains="final")
    return f"r{row.pk}-{part}"


# While someone types.


def test_the_score_follows_what_is_typed_and_nothing_is_saved(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    sent = fields_of(page(client, filing)) | {field("巡查次数", "achieved"): "25次"}
    found = client.post(address(CHECK, filing, PROJECT_CODE), sent).json()
    assert "95.00" in found["parts"]["score"]
    assert found["parts"]["points-1.2"].strip() == "5.00"
    assert "SE-116" in found["parts"]["findings"]
    assert found["asking"] == ["1.2"]
    assert StoredScorecard.objects.get().total == 100
    assert IndicatorResult.objects.get(indicator__name="巡查次数").achieved == "52次"
    filing.refresh_from_db()
    assert filing.revision == Filing.objects.get(pk=filing.pk).revision


def test_the_check_and_the_saved_page_agree(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    sent = fields_of(page(client, filing)) | {
        field("巡查次数", "achieved"): "25次",
        field("巡查次数", "deviation_reason"): "汛期",
        "objective_band": "partly_reached",
        "objective_percentage": "75",
    }
    typed = client.post(address(CHECK, filing, PROJECT_CODE), sent).json()["parts"]
    client.post(address(EVALUATION, filing, PROJECT_CODE), sent)
    client.get(address(EVALUATION, filing, PROJECT_CODE))
    stored = client.post(
        address(CHECK, filing, PROJECT_CODE), fields_of(page(client, filing))
    ).json()["parts"]
    assert typed == stored
    assert StoredScorecard.objects.get().total == Decimal("90.00")


def test_a_refused_value_is_named_and_the_rest_is_scored(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    sent = fields_of(page(client, filing)) | {"objective_percentage": "150"}
    found = client.post(address(CHECK, filing, PROJECT_CODE), sent).json()
    assert list(found["errors"]) == ["objective_percentage"]
    assert found["parts"]["points-1.2"].strip() == "10.00"


def test_points_are_typed_where_the_declaration_had_none(
    filing: Filing, generated: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    sent = fields_of(page(client, filing)) | {field("巡查次数", "weight"): "12"}
    found = client.post(address(CHECK, filing, PROJECT_CODE), sent).json()
    assert "PT-102" in found["parts"]["findings"]
    sent[field("培训人次", "weight")] = "8"
    client.post(address(EVALUATION, filing, PROJECT_CODE), sent)
    assert Indicator.objects.get(goal__declaration=generated.declaration_id, number=2).weight == 12
    assert StoredScorecard.objects.get().total == 100


def test_points_of_targets_entered_in_place_are_not_taken(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    sent = fields_of(page(client, filing)) | {field("巡查次数", "weight"): "1"}
    client.post(address(EVALUATION, filing, PROJECT_CODE), sent)
    assert Indicator.objects.get(name="巡查次数").weight == 10


# The blocks of the form.


def test_the_form_of_2019_has_its_blocks(
    filing: Filing, of_2019: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    sent = fields_of(page(client, filing)) | {
        "text-merged_projects": "示例明细项目一",
        "text-inspection_findings": "无",
        "level-central_budget": "60.5",
        "level-central_spent": "30.25",
    }
    found = client.post(address(CHECK, filing, PROJECT_CODE), sent).json()["parts"]
    assert found["rate-central"].strip() == "50.0%"
    assert "SE-121" in found["findings"]
    client.post(address(EVALUATION, filing, PROJECT_CODE), sent)
    texts = {t.key: t.text for t in EvaluationText.objects.all()}
    assert texts == {"merged_projects": "示例明细项目一", "inspection_findings": "无"}
    budget = EvaluationAmount.objects.get(column="budget")
    assert (budget.row, budget.amount) == ("central", 605000)
    assert (budget.declared_unit, budget.declared_decimals) == ("wan", 1)
    assert 'value="60.5"' in page(client, filing).content.decode()


def test_the_box_is_composed_from_the_rows_and_a_sentence_stands_after_it(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    sent = fields_of(page(client, filing)) | {
        field("巡查次数", "achieved"): "25次",
        field("巡查次数", "deviation_reason"): "汛期停止外巡",
        "deviation_reason": "总体可控。",
    }
    client.post(address(EVALUATION, filing, PROJECT_CODE), sent)
    shown = page(client, filing).content.decode()
    assert "“巡查次数”（未完成）：汛期停止外巡。" in shown
    assert SelfEvaluation.objects.get().deviation_reason == "总体可控。"


def test_the_hubei_form_has_no_box(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    SelfEvaluation.objects.update(form="project_evaluation/hubei_2020")
    Filing.objects.update(scoring_edition="self_evaluation/hubei_2020")
    shown = page(sign_in(lin), filing)
    assert "deviation_reason" not in shown.context["head"].fields
    assert "objective_achieved" in shown.context["head"].fields
    assert "偏差原因分析及改进措施" in shown.content.decode()


# Points of a block.


def test_a_block_is_lowered_on_the_page_and_taken_back(
    filing: Filing, of_2019: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    place = address("performance-block-deduction", filing, PROJECT_CODE)
    client.post(place, {"points": "2", "reason": "培训没有完成"})
    assert StoredScorecard.objects.get().total == 98
    event = Event.objects.get(action="deduct")
    assert (event.detail["before"], event.detail["after"]) == ("60", "58")
    assert "培训没有完成" in page(client, filing).content.decode()
    client.post(place, {"take_back": str(BlockDeduction.objects.get().pk)})
    assert StoredScorecard.objects.get().total == 100


@pytest.mark.parametrize(("points", "reason"), [("0", "原因"), ("61", "原因"), ("2", " ")])
def test_a_block_deduction_lowers_and_says_why(
    of_2019: SelfEvaluation, lin: StaffMember, points: str, reason: str
) -> None:
    with pytest.raises(DeductionRefused):
        deduct_from_block(evaluation=of_2019, staff=lin, points=Decimal(points), reason=reason)
    assert not BlockDeduction.objects.exists()


def test_a_form_with_points_per_row_has_no_block(
    evaluation: SelfEvaluation, lin: StaffMember
) -> None:
    with pytest.raises(DeductionRefused, match="各有分值"):
        deduct_from_block(evaluation=evaluation, staff=lin, points=Decimal(1), reason="原因")


def test_only_the_role_that_deducted_takes_it_back(
    filing: Filing, of_2019: SelfEvaluation, lin: StaffMember, wang: StaffMember
) -> None:
    made = deduct_from_block(evaluation=of_2019, staff=lin, points=Decimal(1), reason="原因")
    Filing.objects.update(state=State.SUBMITTED)
    with pytest.raises(DeductionRefused, match="只能由该岗位撤销"):
        take_back_deduction(deduction=made, staff=wang)


# People and queries.


def routes(filing: Filing) -> list[tuple[str, str]]:
    goal = Goal.objects.filter(declaration__filing=filing)[0]
    row = Indicator.objects.filter(goal=goal)[0]
    change = TargetChange.objects.get()
    places: list[tuple[str, str, list[Any]]] = [
        ("post", "performance-generate-all", []),
        ("post", "performance-generate", [PROJECT_CODE]),
        ("post", CHECK, [PROJECT_CODE]),
        ("get", "performance-block-deduction", [PROJECT_CODE]),
        ("post", "performance-block-deduction", [PROJECT_CODE]),
        ("get", "performance-approved-targets", [PROJECT_CODE]),
        ("get", "performance-ask-change", [PROJECT_CODE, row.pk]),
        ("post", "performance-ask-change", [PROJECT_CODE, row.pk]),
        ("get", "performance-ask-addition", [PROJECT_CODE, goal.pk]),
        ("post", "performance-ask-addition", [PROJECT_CODE, goal.pk]),
        ("post", "performance-settle-change", [PROJECT_CODE, change.pk]),
    ]
    return [
        (method, reverse(f"work:{name}", args=[filing.public_id, *args]))
        for method, name, args in places
    ]


def test_the_outsider_finds_nothing(
    filing: Filing, generated: SelfEvaluation, wai: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wai)
    for method, url in routes(filing):
        assert getattr(client, method)(url).status_code == 404, url
    assert TargetChange.objects.get().is_open


def test_a_reviewer_of_the_department_asks_and_checks_nothing(
    filing: Filing, generated: SelfEvaluation, internal_reviewer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(internal_reviewer)
    for method, url in routes(filing):
        if not url.endswith("evaluation/targets/"):
            assert getattr(client, method)(url).status_code == 403, url


def test_a_request_of_another_filing_is_not_found(
    filing: Filing, generated: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    source = Indicator.objects.filter(goal__declaration__filing__kind="departmental_budget")[0]
    client = sign_in(lin)
    place = address("performance-ask-change", filing, PROJECT_CODE, source.pk)
    assert client.get(place).status_code == 404


def test_asking_on_the_page(
    filing: Filing, generated: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    row = Indicator.objects.get(goal__declaration=generated.declaration_id, name="培训人次")
    place = address("performance-ask-change", filing, PROJECT_CODE, row.pk)
    asked = client.get(place).context["form"]
    sent = {bound.name: str(bound.value() or "") for bound in asked}
    assert "没有改动任何一栏" in client.post(place, sent | {"reason": "调整"}).content.decode()
    client.post(place, sent | {"target": "≥500人次", "reason": "场地减少"})
    assert TargetChange.objects.get(indicator=row).new == "≥500人次"
    client.post(place, {"remove": "1", "reason": "场地减少"})
    assert TargetChange.objects.filter(indicator=row).count() == 1


def test_generating_on_the_page(filing: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    file_project(filing)
    approve_budget(filing, lin, PROJECT_CODE)
    client = sign_in(lin)
    assert "从绩效目标全部生成" in client.get(address("performance", filing)).content.decode()
    made = client.post(address("performance-generate", filing, PROJECT_CODE), follow=True)
    assert "取自2023年部门预算（第1版）绩效目标申报表" in made.content.decode()
    targets = client.get(address("performance-targets", filing, PROJECT_CODE))
    assert targets.status_code == 302
    again = client.post(address("performance-generate", filing, PROJECT_CODE), follow=True)
    assert "不会被覆盖" in again.content.decode()


def test_queries_of_the_check_do_not_grow(
    filing: Filing, generated: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)

    def queries() -> int:
        sent = fields_of(page(client, filing))
        with CaptureQueriesContext(connection) as made:
            assert client.post(address(CHECK, filing, PROJECT_CODE), sent).status_code == 200
        return len(made)

    before = queries()
    for row in list(Indicator.objects.filter(goal__declaration=generated.declaration_id)):
        row.pk, row.number = None, row.number + 50
        row.save()
    assert queries() == before <= 40


def test_a_page_adds_up_the_books_once(
    filing: Filing,
    generated: SelfEvaluation,
    lin: StaffMember,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Budget, spending, records of the form and the score all come from one reading."""
    added: list[str] = []

    def counted(books: Sequence[WorkbookSnapshot], code: str, name: str) -> WorkbookSnapshot:
        added.append(code)
        return department_book(books, code, name)

    monkeypatch.setattr(form_figures, "department_book", counted)
    assert page(sign_in(lin), filing).status_code == 200
    assert added == [filing.department.code]
