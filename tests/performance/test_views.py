"""The pages of targets and self-evaluations: works, wrong person, wrong state, wrong input."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import StaffMember
from filings.models import Filing
from filings.states import State
from performance.models import (
    Indicator,
    IndicatorResult,
    ScoreDeduction,
    SelfEvaluation,
    TargetDeclaration,
)
from performance.overview import overview_of
from performance.snapshots import declarations_of
from tests.performance.rows import department_evaluation, file_clean_evaluation, file_project
from tests.performance.values import PROJECT_CODE, clean_evaluation

SignIn = Callable[[StaffMember], Client]
TARGETS, EVALUATION = "performance-targets", "performance-evaluation"


@pytest.fixture
def evaluation(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    return file_clean_evaluation(filing, lin)


def address(name: str, filing: Filing, *args: Any) -> str:
    return reverse(f"work:{name}", args=[filing.public_id, *args])


def routes(filing: Filing, result: int) -> list[tuple[str, str]]:
    """(method, address) of every page of the app."""
    pages = [
        ("get", "performance", []),
        ("get", TARGETS, [PROJECT_CODE]),
        ("post", TARGETS, [PROJECT_CODE]),
        ("post", "performance-open-targets", ["department"]),
        ("get", EVALUATION, [PROJECT_CODE]),
        ("post", EVALUATION, [PROJECT_CODE]),
        ("post", "performance-open-evaluation", [PROJECT_CODE]),
        ("get", "performance-deduction", [PROJECT_CODE, result]),
        ("post", "performance-deduction", [PROJECT_CODE, result]),
    ]
    return [(method, address(name, filing, *args)) for method, name, args in pages]


def fields_of(page: Any) -> dict[str, str]:
    """What a browser would send back for the page as it stands."""
    context = page.context
    form = context.get("form")
    parts: list[Any] = []
    if form is not None:
        sets = (form.goals, form.indicators)
        parts = [form.head, *(s.management_form for s in sets), *(f for s in sets for f in s)]
    else:
        parts = list(context["forms"].parts)
    sent = {"version": str(context["version"])}
    for part in parts:
        for bound in part:
            value = bound.value()
            if value is not None and value is not False and value != "":
                sent[bound.html_name] = str(value)
    return sent


def result_of(evaluation: SelfEvaluation, name: str) -> IndicatorResult:
    return evaluation.results.get(indicator__name=name)


def test_the_outsider_finds_nothing(
    filing: Filing, evaluation: SelfEvaluation, wai: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wai)
    result = result_of(evaluation, "巡查次数")
    answers = {
        (method, url): getattr(client, method)(url).status_code
        for method, url in routes(filing, result.pk)
    }
    assert set(answers.values()) == {404}


def test_nobody_signed_in_is_sent_to_sign_in(
    client: Client, filing: Filing, evaluation: SelfEvaluation
) -> None:
    for method, url in routes(filing, result_of(evaluation, "巡查次数").pk):
        answer = getattr(client, method)(url)
        assert answer.status_code == 302
        assert "login" in answer.url


def test_a_bureau_sees_no_draft(
    filing: Filing, evaluation: SelfEvaluation, wang: StaffMember, sign_in: SignIn
) -> None:
    for method, url in routes(filing, result_of(evaluation, "巡查次数").pk):
        assert getattr(sign_in(wang), method)(url).status_code == 404


def test_a_reviewer_reads_and_may_not_write(
    filing: Filing, evaluation: SelfEvaluation, internal_reviewer: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(internal_reviewer)
    page = client.get(address(EVALUATION, filing, PROJECT_CODE))
    assert page.status_code == 200
    assert b"<textarea" not in page.content
    assert client.post(address(EVALUATION, filing, PROJECT_CODE)).status_code == 403
    assert client.post(address(TARGETS, filing, PROJECT_CODE)).status_code == 403
    opening = address("performance-open-targets", filing, "department")
    assert client.post(opening).status_code == 403


@pytest.mark.parametrize("state", [s for s in State if not s.is_editable])
def test_what_was_handed_in_is_read_and_not_written(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn, state: State
) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=state)
    client = sign_in(lin)
    for name in (TARGETS, EVALUATION):
        page = client.get(address(name, filing, PROJECT_CODE))
        assert page.status_code == 200
        assert "保存</button>" not in page.content.decode()
        assert client.post(address(name, filing, PROJECT_CODE), {}).status_code == 403
    for name in ("performance-open-targets", "performance-open-evaluation"):
        assert client.post(address(name, filing, PROJECT_CODE)).status_code == 403
    assert SelfEvaluation.objects.get().version == evaluation.version


def test_the_list_shows_scores_and_what_is_missing(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    filing.project_years.update(revised_budget=Decimal("123456700"), actual=Decimal("123456700"))
    text = sign_in(lin).get(address("performance", filing)).content.decode()
    assert "100.00" in text
    assert text.count("12,345.67") == 2
    assert "部门整体" in text
    assert "未开始" in text
    assert "申报目标" in text


def test_from_nothing_to_a_score(filing: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    file_project(filing)
    client = sign_in(lin)
    opened = client.post(address("performance-open-targets", filing, PROJECT_CODE))
    page = client.get(opened.url)
    sent = fields_of(page) | {
        "objective": "全年目标",
        "rows-0-goal": "1", "rows-0-tier_one": "产出指标", "rows-0-tier_two": "数量指标",
        "rows-0-name": "巡查次数", "rows-0-kind": "quantitative",
        "rows-0-direction": "higher_is_better", "rows-0-target": "≥50次", "rows-0-weight": "60",
    }  # fmt: skip
    assert client.post(opened.url, sent).status_code == 302
    (declared,) = declarations_of(filing)
    assert [(goal.key, goal.text) for goal in declared.goals] == [("0", "")]
    opened = client.post(address("performance-open-evaluation", filing, PROJECT_CODE))
    row = Indicator.objects.get()
    page = client.get(opened.url)
    sent = fields_of(page) | {
        f"r{row.pk}-achieved": "40次",
        "objective_band": "reached", "objective_percentage": "９０",
    }  # fmt: skip
    saved = client.post(opened.url, sent, follow=True)
    text = saved.content.decode()
    assert "已保存，总分 86.00" in text  # 20 + 20 × 90 % + 60 × 40 / 50
    assert "得分＝w×B/A" in text or "60×" in text or "计算值＝48" in text
    assert "SE-116" in text


def test_saving_the_page_as_it_stands_changes_nothing(
    filing: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    file_clean_evaluation(filing, lin)
    before = overview_of(filing)
    client = sign_in(lin)
    for name in (TARGETS, EVALUATION):
        url = address(name, filing, PROJECT_CODE)
        assert client.post(url, fields_of(client.get(url))).status_code == 302
    after = overview_of(filing)
    assert [e.declared and e.declared.snapshot for e in after] == [
        e.declared and e.declared.snapshot for e in before
    ]
    assert [e.evaluated and e.evaluated.snapshot for e in after] == [
        e.evaluated and e.evaluated.snapshot for e in before
    ]


def test_wrong_input_is_kept_and_nothing_saved(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), address(EVALUATION, filing, PROJECT_CODE)
    sent = fields_of(client.get(url)) | {"objective_percentage": "120", "problems": "新的问题"}
    page = client.post(url, sent)
    text = page.content.decode()
    assert page.status_code == 200
    assert "请填写 0 至 100 之间的数" in text
    assert 'href="#id_objective_percentage"' in text
    assert "新的问题" in text
    assert 'value="120"' in text
    assert SelfEvaluation.objects.get().problems == ""


def test_an_odd_value_is_saved_as_typed_and_asked_about(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), address(EVALUATION, filing, PROJECT_CODE)
    row = result_of(evaluation, "巡查次数")
    sent = fields_of(client.get(url)) | {f"r{row.indicator_id}-achieved": "五十多次"}
    text = client.post(url, sent, follow=True).content.decode()
    assert "已保存，还有待答的问题，暂无总分" in text
    assert "五十多次" in text
    assert "SE-112" in text


def test_two_people_at_once_lose_nothing(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), address(EVALUATION, filing, PROJECT_CODE)
    row = result_of(evaluation, "巡查次数")
    field = f"r{row.indicator_id}-achieved"
    first = fields_of(client.get(url))
    second = dict(first)
    assert client.post(url, first | {field: "60次"}).status_code == 302
    page = client.post(url, second | {field: "55次"})
    text = page.content.decode()
    assert "另有人保存过" in text
    assert {("巡查次数：实际完成值", "55次", "60次")} == set(page.context["differences"])
    assert result_of(evaluation, "巡查次数").achieved == "60次"
    again = second | {field: "55次", "version": str(page.context["version"])}
    assert client.post(url, again).status_code == 302
    assert result_of(evaluation, "巡查次数").achieved == "55次"


def test_two_people_at_once_on_the_targets(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), address(TARGETS, filing, PROJECT_CODE)
    sent = fields_of(client.get(url))
    assert client.post(url, sent | {"objective": "甲"}).status_code == 302
    page = client.post(url, sent | {"objective": "乙"})
    assert "另有人保存过" in page.content.decode()
    assert "乙" in page.content.decode()
    assert TargetDeclaration.objects.get().objective == "甲"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "0"])
def test_a_version_nobody_saw_is_a_conflict(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn, version: str
) -> None:
    client, url = sign_in(lin), address(EVALUATION, filing, PROJECT_CODE)
    sent = fields_of(client.get(url)) | {"version": version}
    assert "另有人保存过" in client.post(url, sent).content.decode()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rows-0-weight": "0"}, "请填写 0.01 至 100"),
        ({"rows-0-weight": "1.005"}, "小数不超过两位"),
        ({"rows-0-weight": "十"}, "不是一个数字"),
        ({"rows-0-name": ""}, "必填"),
        ({"rows-0-kind": "nonsense"}, "nonsense"),
        ({"goals-0-DELETE": "on"}, "所选年度目标已标为删去"),
    ],
)
def test_wrong_targets_are_kept_and_nothing_saved(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn,
    changed: dict[str, str], message: str,
) -> None:  # fmt: skip
    client, url = sign_in(lin), address(TARGETS, filing, PROJECT_CODE)
    sent = fields_of(client.get(url)) | {"objective": "改过的目标"} | changed
    page = client.post(url, {k: v for k, v in sent.items() if v})
    text = page.content.decode()
    assert page.status_code == 200
    assert "没有保存" in text
    assert message in text
    assert "改过的目标" in text
    assert declarations_of(filing) == (clean_evaluation().declaration,)


def test_more_rows_without_a_script(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), address(TARGETS, filing, PROJECT_CODE)
    first = client.get(url)
    shown = len(first.context["form"].indicators.forms)
    sent = fields_of(first) | {"more": "1", "objective": "还没有保存"}
    page = client.post(url, sent)
    assert len(page.context["form"].indicators.forms) == shown + 5
    assert "还没有保存" in page.content.decode()
    assert TargetDeclaration.objects.get().objective != "还没有保存"


@pytest.mark.parametrize("subject", ["department", "99999999999T999999999", "nothing"])
def test_a_subject_without_forms_is_not_found(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn, subject: str
) -> None:
    client = sign_in(lin)
    assert client.get(address(EVALUATION, filing, subject)).status_code == 404
    assert client.get(address(TARGETS, filing, subject)).status_code == 404


def test_a_project_of_another_department_cannot_be_declared(
    filing: Filing, lin: StaffMember, wai: StaffMember, sign_in: SignIn
) -> None:
    from tests import factories

    foreign = factories.make_project(wai.department.units.get())
    url = address("performance-open-targets", filing, foreign.code)
    assert sign_in(lin).post(url).status_code == 404


def test_a_deduction_on_the_page(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    row = result_of(evaluation, "巡查次数")
    url = address("performance-deduction", filing, PROJECT_CODE, row.pk)
    refused = client.post(url, {"points": "11", "reason": "记录不全"})
    assert "扣分不能超过现有得分 10 分" in refused.content.decode()
    done = client.post(url, {"points": "2", "reason": "记录不全"}, follow=True).content.decode()
    assert "已扣 2 分" in done
    assert "98.00" in done
    assert "填报扣2分（记录不全）：10−2＝8" in done
    client.post(url, {"take_back": str(ScoreDeduction.objects.get().pk)})
    assert not ScoreDeduction.objects.exists()
    evaluation.scorecard.refresh_from_db()
    assert evaluation.scorecard.total == Decimal(100)


def test_a_deduction_of_another_form_is_not_found(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    row = result_of(evaluation, "巡查次数")
    url = address("performance-deduction", filing, "department", row.pk)
    assert sign_in(lin).get(url).status_code == 404


def test_a_reviewer_deducts_what_was_handed_in(
    filing: Filing, evaluation: SelfEvaluation, wang: StaffMember, sign_in: SignIn
) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=State.SUBMITTED)
    client = sign_in(wang)
    row = result_of(evaluation, "巡查次数")
    url = address("performance-deduction", filing, PROJECT_CODE, row.pk)
    assert url in client.get(address(EVALUATION, filing, PROJECT_CODE)).content.decode()
    assert client.post(url, {"points": "1", "reason": "台账不全"}).status_code == 302
    assert ScoreDeduction.objects.get().role == "财政审核"


def test_typed_markup_stays_text(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), address(EVALUATION, filing, PROJECT_CODE)
    sent = fields_of(client.get(url)) | {"problems": "<script>alert(1)</script>"}
    text = client.post(url, sent, follow=True).content.decode()
    assert "<script>alert" not in text


def test_no_inline_script_or_style(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn
) -> None:
    import re

    client = sign_in(lin)
    for method, url in routes(filing, result_of(evaluation, "巡查次数").pk):
        if method == "get":
            text = client.get(url).content.decode()
            assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), url


def test_queries_do_not_grow_with_the_rows(
    filing: Filing, lin: StaffMember, sign_in: SignIn
) -> None:
    from performance.intake import replace_performance

    file_clean_evaluation(filing, lin)
    client = sign_in(lin)
    urls = [
        address("performance", filing),
        address(TARGETS, filing, PROJECT_CODE),
        address(EVALUATION, filing, PROJECT_CODE),
    ]

    def queries() -> list[int]:
        counted = []
        for url in urls:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counted.append(len(captured))
        return counted

    few = queries()
    both = (clean_evaluation(), department_evaluation())
    replace_performance(
        filing=filing, staff=lin, declarations=[e.declaration for e in both], evaluations=both
    )
    assert queries() == few
