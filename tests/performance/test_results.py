"""评价结果应用: proposals as data, decisions with reasons, measures until closed, next year."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from budgets.models import Project
from departments.models import StaffMember
from filings.models import Event, Filing, FilingKind
from filings.states import State
from performance.declaring import open_declaration
from performance.intake import replace_performance
from performance.models import IndicatorResult, MeasureClosure, ResultDecision, SelfEvaluation
from performance.overview import overview_of
from performance.result_use import (
    ImprovementMeasure,
    ProjectResult,
    Use,
    check_continued,
    check_result,
    load_result_rules,
    words_for_declaration,
)
from performance.results import close_measure, decide_result, evaluated_projects, handed_in
from performance.scoring import load_parameters
from performance.services import rescore
from reviews.dossier import dossier_of
from reviews.links import entry_link
from rulebook.editions import editions_of
from tests import factories
from tests.conftest import SignIn
from tests.performance.monitoring.rows import address
from tests.performance.rows import file_clean_evaluation, file_project
from tests.performance.values import PROJECT_CODE, clean_evaluation
from tests.test_query_counts import assert_flat

POOR = ProjectResult("P", "示例项目", "55", "差", Use.CUT)
MEASURE = ImprovementMeasure("1.2", "巡查次数", "按月排定巡查")


def test_every_edition_proposes_for_every_grade() -> None:
    for edition in editions_of("scoring"):
        rules, parameters = load_result_rules(edition.id), load_parameters(edition.id)
        assert set(rules.proposals) == {grade.label for grade in parameters.grades}
        assert rules.propose("") is None
        assert not rules.clause.verified


@pytest.mark.parametrize(
    ("decided", "reason", "ids"),
    [
        (None, "", ["RU-103"]),
        (Use.CUT, "", ["RU-101"]),
        (Use.CANCEL, " ", ["RU-101"]),
        (Use.KEEP, "", ["RU-102"]),
        (Use.CUT, "执行率低", []),
        (Use.KEEP, "民生项目", []),
    ],
)
def test_what_a_decision_lacks(decided: Use | None, reason: str, ids: list[str]) -> None:
    found = check_result(replace(POOR, decided=decided, reason=reason))
    assert [finding.check_id for finding in found] == ids


def test_a_project_without_a_grade_is_not_asked_about() -> None:
    assert check_result(replace(POOR, grade="", proposed=None)) == []


def test_keeping_a_good_project_wants_no_reason() -> None:
    assert check_result(ProjectResult("P", "示例项目", "95", "优", Use.KEEP, Use.KEEP)) == []


def test_what_last_year_means_for_a_project_that_goes_on() -> None:
    done = replace(MEASURE, done="已排定")
    assert [f.check_id for f in check_continued(POOR, [MEASURE])] == ["RU-104"]
    assert [f.check_id for f in check_continued(POOR, [done])] == []
    cancelled = replace(POOR, decided=Use.CANCEL, reason="重复")
    assert [f.check_id for f in check_continued(cancelled, [done])] == ["RU-105"]


def test_the_words_for_the_next_declaration() -> None:
    decided = replace(POOR, decided=Use.CUT, reason="执行率低")
    done = replace(MEASURE, text="改进流程", done="已完成")
    assert words_for_declaration(2023, decided, [MEASURE, done]) == {
        "last_evaluation": "2023年绩效自评55分，等级差。",
        "correction": "已落实：改进流程（已完成）。尚未落实：按月排定巡查。",
        "result_use": "财政部门意见：压减，理由：执行率低。",
    }
    assert set(words_for_declaration(2023, POOR, [])) == {"last_evaluation"}


@pytest.fixture
def evaluation(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    """The clean project handed in, with one improvement measure of an indicator."""
    found = file_clean_evaluation(filing, lin)
    IndicatorResult.objects.filter(indicator__name="巡查次数").update(
        improvement_measure="按月排定巡查"
    )
    rescore(evaluation=found)
    Filing.objects.filter(pk=filing.pk).update(state=State.SUBMITTED)
    return found


@pytest.fixture
def place(filing: Filing, evaluation: SelfEvaluation) -> str:
    return address("result", filing, PROJECT_CODE)


def test_the_bureau_decides_with_a_reason(
    place: str, filing: Filing, wang: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wang)
    assert "建议" in client.get(place).content.decode()
    refused = client.post(place, {"decided": "cut", "reason": ""})
    assert refused.status_code == 200
    assert "没有写明理由" in refused.content.decode()
    assert client.post(place, {"decided": "odd", "reason": "x"}).status_code == 200
    assert not ResultDecision.objects.exists()
    assert client.post(place, {"decided": "cut", "reason": "压缩规模"}).status_code == 302
    assert client.post(place, {"decided": "keep", "reason": ""}).status_code == 302
    decision = ResultDecision.objects.get()
    assert (decision.proposed, decision.decided, decision.decided_by) == ("keep", "keep", wang)
    events = Event.objects.filter(filing=filing, action="decide_result")
    assert [event.detail["decision"] for event in events] == ["压减", "保留"]


def test_the_department_cannot_decide(
    place: str, lin: StaffMember, publisher: StaffMember, sign_in: SignIn
) -> None:
    for staff in (lin, publisher):
        page = sign_in(staff).post(place, {"decided": "cut", "reason": "x"})
        assert page.status_code == 403
    assert not ResultDecision.objects.exists()


def test_a_measure_is_open_until_it_is_closed(
    place: str, lin: StaffMember, wang: StaffMember, sign_in: SignIn
) -> None:
    measures = reverse("work:measures")
    for staff in (lin, wang):
        assert "按月排定巡查" in sign_in(staff).get(measures).content.decode()
    sent = {"key": "1.2", "done": "已按月排定"}
    sign_in(wang).post(place, sent)
    sign_in(lin).post(place, sent | {"done": " "})
    sign_in(lin).post(place, sent | {"key": "9.9"})
    assert not MeasureClosure.objects.exists()
    for _ in range(2):
        assert sign_in(lin).post(place, sent).status_code == 302
    closure = MeasureClosure.objects.get()
    assert (closure.text, closure.done) == ("按月排定巡查", "已按月排定")
    assert "按月排定巡查" not in sign_in(lin).get(measures).content.decode()
    assert "已按月排定" in sign_in(wang).get(place).content.decode()


def test_the_table_is_filtered_and_exported(
    evaluation: SelfEvaluation, wang: StaffMember, sign_in: SignIn
) -> None:
    Project.objects.update(name="=HYPERLINK(1)")
    client, page = sign_in(wang), reverse("work:results")
    code = evaluation.filing.department.code
    for query in ({}, {"year": "2023"}, {"department": code}, {"grade": "优"}):
        assert "=HYPERLINK(1)" in client.get(page, query).content.decode()
    for query in ({"year": "2022"}, {"department": "x"}, {"grade": "差"}):
        assert "=HYPERLINK(1)" not in client.get(page, query).content.decode()
    answer = client.get(reverse("work:results-export"), {"grade": "优"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    first = next(iter(sheet.iter_rows(min_row=2)))
    assert [first[3].value, first[3].data_type] == ["=HYPERLINK(1)", "s"]
    assert (first[4].value, first[5].value, first[9].value) == (100, "优", 1)


def test_the_outsider_sees_nothing(
    place: str, wai: StaffMember, sign_in: SignIn, filing: Filing
) -> None:
    client = sign_in(wai)
    assert client.get(place).status_code == 404
    assert client.post(place, {"decided": "cut", "reason": "x"}).status_code == 404
    for name in ("results", "results-export"):
        assert client.get(reverse(f"work:{name}")).status_code == 403
    assert "示例项目" not in client.get(reverse("work:measures")).content.decode()
    far = factories.make_staff("far", "bureau_reviewer", region=factories.make_region("420106"))
    for name in ("results", "measures"):
        assert "示例项目" not in sign_in(far).get(reverse(f"work:{name}")).content.decode()


def test_a_draft_is_in_no_table(filing: Filing, evaluation: SelfEvaluation) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=State.RETURNED)
    assert evaluated_projects(handed_in()) == []


def test_next_years_declaration_says_what_the_record_says(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, wang: StaffMember
) -> None:
    ResultDecision.objects.create(
        evaluation=evaluation, proposed="keep", decided="cancel", reason="重复", decided_by=wang
    )
    assert lin.department is not None
    budget = factories.make_filing(
        lin.department, lin, year=2024, kind=FilingKind.DEPARTMENTAL_BUDGET,
        layout_edition="departmental_budget/national_2023",
        outline_edition="departmental_budget/national_2023",
    )  # fmt: skip
    project = Project.objects.get(code=PROJECT_CODE)
    factories.make_project_year(budget, project, revised_budget=Decimal(1))
    declaration = open_declaration(filing=budget, staff=lin, project=project)
    texts = dict(declaration.texts.values_list("key", "text"))
    assert texts["last_evaluation"] == "2023年绩效自评100分，等级优。"
    assert texts["correction"] == "尚未落实：按月排定巡查。"
    assert texts["result_use"] == "财政部门意见：取消，理由：重复。"
    found = {f.check_id for each in overview_of(budget) for f in each.findings}
    assert {"RU-104", "RU-105"} <= found
    at_gate = {f.check_id: f for f in dossier_of(budget).gate.unexplained}
    assert {"RU-104", "RU-105"} <= set(at_gate)
    places = {check: entry_link(budget, finding.places[0]) for check, finding in at_gate.items()}
    assert places["RU-104"] == reverse("work:measures")
    assert places["RU-105"] == address("performance-targets", budget, PROJECT_CODE)
    declaration.texts.update(text="已有内容")
    open_declaration(filing=budget, staff=lin, project=project)
    assert set(declaration.texts.values_list("text", flat=True)) == {"已有内容"}


def test_queries_do_not_grow_with_the_projects(
    evaluation: SelfEvaluation, wang: StaffMember, sign_in: SignIn
) -> None:
    def grow() -> None:
        for number in range(3):
            other = factories.make_department(f"示例部门{number}丙")
            factories.make_unit(other)
            files = factories.make_staff(f"files-{number}", department=other)
            filing = factories.make_filing(other, files)
            code = f"42011123999T00000090{number}"
            file_project(filing, code)
            found = clean_evaluation()
            declaration = replace(found.declaration, subject=code)
            found = replace(found, subject=code, declaration=declaration)
            replace_performance(
                filing=filing, staff=files, declarations=[declaration], evaluations=[found]
            )
            Filing.objects.filter(pk=filing.pk).update(state=State.SUBMITTED)

    assert_flat(sign_in(wang), reverse("work:results"), grow)


def test_an_import_after_a_return_replaces_what_was_decided_and_history_keeps_it(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, wang: StaffMember
) -> None:
    decide_result(evaluation=evaluation, staff=wang, decided=Use.CUT, reason="压缩规模")
    close_measure(evaluation=evaluation, staff=lin, key="1.2", done="已排定")
    Filing.objects.filter(pk=filing.pk).update(state=State.RETURNED)
    found = clean_evaluation()
    replace_performance(
        filing=filing, staff=lin, declarations=[found.declaration], evaluations=[found]
    )
    assert not ResultDecision.objects.exists()
    actions = Event.objects.filter(filing=filing).values_list("action", flat=True)
    assert list(actions) == ["decide_result", "close_measure"]
