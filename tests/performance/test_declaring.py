"""Declarations entered on their forms: begun, filled in place by place, contested, checked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import ProjectBudgetLine
from departments.models import Role, StaffMember
from filings.models import Filing
from performance.declaring import entry_of, open_declaration, save_declaration
from performance.models import Goal, Indicator, TargetDeclaration
from performance.published import published_declaration
from performance.snapshots import declaration_snapshot, declarations_of
from tests import factories
from tests.budgets.budget_filings import file_clean_budget
from tests.budgets.checks.budget_books import UNIT
from tests.conftest import Share

SignIn = Callable[[StaffMember], Client]
INDICATORS = "annual_indicators"
PLAIN, TRAFFIC = "project_targets/jianghan_2023", "project_targets/jianghan_2023_traffic"


@pytest.fixture(scope="module")
def budget_pk(share: Share) -> int:
    return share(lambda: file_clean_budget()[0].pk)


@pytest.fixture
def budget(budget_pk: int, db: None) -> Filing:
    return Filing.objects.select_related("department").get(pk=budget_pk)


@pytest.fixture
def lin(budget: Filing) -> StaffMember:
    return StaffMember.objects.get(username="lin")


@pytest.fixture
def line(budget: Filing) -> ProjectBudgetLine:
    found = ProjectBudgetLine.objects.filter(filing=budget).select_related("project").first()
    assert found is not None
    return found


@pytest.fixture
def declaration(budget: Filing, lin: StaffMember, line: ProjectBudgetLine) -> TargetDeclaration:
    return open_declaration(filing=budget, staff=lin, project=line.project)


def at(name: str, filing: Filing, *args: Any) -> str:
    return reverse(f"work:{name}", args=[filing.public_id, *args])


def form_of(budget: Filing, subject: str) -> str:
    return at("performance-targets", budget, subject)


def rows_of(budget: Filing, subject: str, block: str = INDICATORS, verb: str = "") -> str:
    return at(f"performance-target-rows{verb}", budget, subject, block)


def new_row(number: int, **texts: str) -> dict[str, str]:
    return {f"c:n{number}:{column}": text for column, text in texts.items()} | {f"a:n{number}": ""}


ROW = {"tier_two": "数量指标", "name": "租用派出所用房", "target": "≥3处"}


def stored(declaration: TargetDeclaration) -> Any:
    return declaration_snapshot(TargetDeclaration.objects.with_rows().get(pk=declaration.pk))


def test_a_project_begins_with_what_its_records_say(
    budget: Filing, lin: StaffMember, line: ProjectBudgetLine, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    page = client.get(at("performance", budget)).content.decode()
    assert "江汉区 2023 年项目支出（绩效目标）申报表（交通大队版式）" in page
    answer = client.post(at("performance-open-targets", budget, line.project.code), {"form": PLAIN})
    assert answer.status_code == 302
    row = TargetDeclaration.objects.get()
    found = stored(row)
    assert row.form == PLAIN
    assert found.text("category") == line.kind
    assert found.text("frequency") == line.frequency
    assert found.text("executor") == "甲单位"
    page = client.get(answer.url).content.decode()
    assert line.project.code in page
    assert "不公开" in page


def test_the_variant_is_chosen_and_another_region_s_form_refused(
    budget: Filing, lin: StaffMember, line: ProjectBudgetLine, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), at("performance-open-targets", budget, line.project.code)
    page = client.post(url, {"form": "department_targets/ezhou_2024"}, follow=True)
    assert "所选表样不是本地区本年度在用的" in page.content.decode()
    assert not TargetDeclaration.objects.exists()
    client.post(url, {"form": TRAFFIC})
    assert TargetDeclaration.objects.get().form == TRAFFIC


def test_a_year_without_a_form_is_said_in_words(
    budget: Filing, lin: StaffMember, line: ProjectBudgetLine, sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from performance import services
    from rulebook.editions import EditionMissing

    def missing(*args: Any, **kwargs: Any) -> Any:
        raise EditionMissing("forms", "project_targets", "420103", 2023)

    monkeypatch.setattr(services, "forms_in_force", missing)
    client = sign_in(lin)
    assert "本年度没有表样" in client.get(at("performance", budget)).content.decode()
    url = at("performance-open-targets", budget, line.project.code)
    assert "还没有绩效目标申报表的表样" in client.post(url, follow=True).content.decode()


def test_a_unit_declares_for_itself(budget: Filing, lin: StaffMember, sign_in: SignIn) -> None:
    factories.make_unit(budget.department, "乙单位", "118002")
    client = sign_in(lin)
    text = client.get(at("performance", budget)).content.decode()
    assert "甲单位整体" in text
    assert "乙单位整体" in text
    opened = client.post(at("performance-open-targets", budget, f"unit-{UNIT}"))
    assert TargetDeclaration.objects.get().unit is not None
    assert "甲单位" in client.get(opened.url).content.decode()
    missing = at("performance-open-targets", budget, "unit-999999")
    assert client.post(missing).status_code == 404


def test_what_has_no_declaration_is_shown_as_missing(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    projects = ProjectBudgetLine.objects.filter(filing=budget).count()
    text = sign_in(lin).get(at("performance", budget)).content.decode()
    assert f"其中项目 {projects - 1} 个" in text


def test_the_whole_form_is_saved_place_by_place(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), form_of(budget, declaration.project.code)
    words = {"operating": "运转类", "specific_target": "特定目标类本级支出"}
    sent = {
        "unit": "wan",
        "c:head:text:filled_on": "",
        "c:head:text:telephone": "略",
        "c:head:text:category": "特定目标类上级转移支出",
        "o:head:text:category": f"1|{words[stored(declaration).text('category')]}",
        "c:grounds:text:plan": "  第一段\r\n\r\n　　第二段\u200b ",
        "c:sources:own_level:amount": "1,234.567891",
        "c:previous_years:executed:last_year": "0",
        "c:objectives:text:annual": "全年目标",
        "c:objectives:text:long_term": "长期目标",
        "c:annual_goals:n1:text": "保障用房",
    }
    page = client.post(url, sent, follow=True).content.decode()
    assert "已保存。" in page
    found = stored(declaration)
    assert found.text("plan") == "第一段\n第二段"
    assert found.text("category") == "specific_target_transfer"
    assert found.amount("sources", "own_level", "amount").amount == Decimal("12345678.91")
    assert found.amount("previous_years", "executed", "last_year").amount == 0
    assert (found.objective, found.long_term_objective) == ("全年目标", "长期目标")
    assert [goal.text for goal in found.goals] == ["保障用房"]
    assert "1,234.567891" in page
    assert "12,345,678.91" in client.get(f"{url}?unit=yuan").content.decode()
    assert "telephone" not in {f.key for f in published_declaration(found).fields}


def test_saving_the_form_as_it_stands_changes_nothing(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client = sign_in(lin)
    url = form_of(budget, declaration.project.code)
    page = client.get(url)
    sent = {
        f"{kind}:{cell.place}": text
        for block in page.context["blocks"]
        for cell in (f.cell for f in block.fields if f.cell)
        for kind, text in (("c", cell.text), ("o", cell.original))
    }
    assert "没有要保存的修改" in client.post(url, sent, follow=True).content.decode()
    assert TargetDeclaration.objects.get(pk=declaration.pk).version == declaration.version


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        ("c:sources:own_level:amount", "十万", "不是一个数字"),
        ("c:head:text:frequency", "有时", "不在可选的"),
        ("c:objectives:text:annual", "字" * 4001, "不超过 4000 个字"),
    ],
)
def test_what_cannot_be_read_is_kept_and_the_rest_saved(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn,
    place: str, text: str, words: str,
) -> None:  # fmt: skip
    client, url = sign_in(lin), form_of(budget, declaration.project.code)
    original = f"1|{'常年项目' if 'frequency' in place else ''}"
    sent = {place: text, place.replace("c:", "o:"): original}
    page = client.post(url, sent | {"c:grounds:text:plan": "实施方案"}).content.decode()
    assert words in page
    assert text in page or "有时" in place + text
    assert stored(declaration).text("plan") == "实施方案"


def test_two_people_in_one_field_are_asked_and_in_two_are_not(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), form_of(budget, declaration.project.code)
    client.post(url, {"c:grounds:text:plan": "甲的方案"})
    mine = {"c:grounds:text:plan": "乙的方案", "o:grounds:text:plan": "1|"}
    page = client.post(url, mine | {"c:grounds:text:significance": "意义"}).content.decode()
    assert "同事刚把这一格改为 甲的方案，您填的是 乙的方案" in page
    assert stored(declaration).text("plan") == "甲的方案"
    assert stored(declaration).text("significance") == "意义"
    client.post(url, mine | {"k:grounds:text:plan": "mine|2|甲的方案"})
    assert stored(declaration).text("plan") == "乙的方案"


def test_a_row_takes_what_its_surroundings_and_its_target_say(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    sent = new_row(1, goal="安居", **ROW) | new_row(2, name="租金标准", target="≤2350元/月")
    sent |= new_row(3, tier_two="服务对象满意度指标", name="满意度", target="≥95%")
    client.post(rows_of(budget, subject), sent)
    rows = Indicator.objects.order_by("goal__number", "number")
    assert [(r.tier_one, r.tier_two, r.kind, r.direction) for r in rows] == [
        ("产出指标", "数量指标", "quantitative", "higher_is_better"),
        ("产出指标", "数量指标", "quantitative", "lower_is_better"),
        ("满意度指标", "服务对象满意度指标", "quantitative", "higher_is_better"),
    ]
    assert set(Goal.objects.values_list("text", flat=True)) == {"安居"}


def test_a_new_target_brings_its_kind_unless_a_person_chose_one(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    url = rows_of(budget, subject)
    client.post(url, new_row(1, **ROW))
    row = Indicator.objects.get()
    change = {f"c:{row.pk}:target": "明显改善", f"o:{row.pk}:target": "1|≥3处"}
    client.post(url, change)
    row.refresh_from_db()
    assert (row.kind, row.direction) == ("qualitative", "")
    client.post(url, {f"c:{row.pk}:kind": "名次", f"o:{row.pk}:kind": "1|定性"})
    client.post(url, {f"c:{row.pk}:target": "≥9处", f"o:{row.pk}:target": "1|明显改善"})
    row.refresh_from_db()
    assert row.kind == "rank"


def test_rows_keep_their_identity_and_move_between_goals(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    url = rows_of(budget, subject)
    client.post(url, new_row(1, goal="甲目标", **ROW) | new_row(2, goal="乙目标", **ROW))
    first, second = Indicator.objects.order_by("goal__number")
    shown = {f"c:{second.pk}:goal": "1", f"o:{second.pk}:goal": "1|2 乙目标"}
    client.post(url, shown)
    assert [(r.pk, r.goal.text) for r in Indicator.objects.order_by("number")] == [
        (first.pk, "甲目标"), (second.pk, "甲目标"),
    ]  # fmt: skip
    client.post(url, {f"d:{first.pk}": "1"})
    assert Indicator.objects.get().pk == second.pk


def test_a_row_without_a_name_waits(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    answer = client.post(rows_of(budget, subject, verb="-save"), new_row(1, target="≥3处")).json()
    assert answer["errors"] == {"n1:name": "请填写三级指标。"}
    assert answer["waiting"] == ["n1"]
    assert not Indicator.objects.exists()


def test_the_grid_answers_with_what_is_stored(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    url = rows_of(budget, subject, verb="-save")
    answer = client.post(url, new_row(1, **ROW)).json()
    row = Indicator.objects.get()
    assert answer["rows"] == {"n1": str(row.pk)}
    assert answer["cells"][f"{row.pk}:kind"]["text"] == "定量"
    assert "年度绩效目标表" in answer["sheets"]
    clash = {f"c:{row.pk}:name": "甲", f"o:{row.pk}:name": "1|旧名"}
    answer = client.post(url, clash).json()
    assert "租用派出所用房" in answer["conflicts"][f"{row.pk}:name"]
    gone = client.post(url, {"c:999999:name": "甲", "o:999999:name": "1|乙"}).json()
    assert "已被同事删除" in gone["errors"]["999999:name"]


def test_findings_appear_by_row_while_typing(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    url = rows_of(budget, subject, verb="-check")
    answer = client.post(url, new_row(1, **ROW | {"target": "定性", "kind": "定性"})).json()
    assert any("没有写明要达到的程度" in words for words in answer["cells"]["n1:target"])
    assert answer["count"] >= 1
    answer = client.post(url, new_row(1, **ROW | {"target": "≤400元/人"})).json()
    assert answer["proposed"]["n1:kind"] == "定量"
    assert answer["proposed"]["n1:direction"] == "反向"
    assert not Indicator.objects.exists()


def test_details_add_up_live(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    client.post(form_of(budget, subject), {"unit": "wan", "c:sources:own_level:amount": "3"})
    url = rows_of(budget, subject, "details", "-save")
    sent = {"unit": "wan"} | new_row(1, content="房租", calculation="12个月", own_level="2.5")
    answer = client.post(url, sent).json()
    assert answer["cells"]["sum:own_level"]["text"] == "2.50"
    words = "支出明细合计 2.50，项目当年预算 0.01，资金来源合计 3.00 万元，相差 2.99 万元。"
    assert answer["cells"]["balance"]["text"] == words
    assert "PT-211" in client.get(form_of(budget, subject)).content.decode()
    row = declaration.details.get()
    more = {"unit": "wan", f"c:{row.pk}:own_level": "0.01", f"o:{row.pk}:own_level": "1|2.50"}
    live = client.post(rows_of(budget, subject, "details", "-check"), more).json()
    assert live["derived"]["sum:own_level"] == "0.01"
    client.post(url, more)
    assert "PT-211" not in client.get(form_of(budget, subject)).content.decode()


def test_shares_and_totals_are_computed_as_typed(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    subject = declaration.project.code
    url = at("performance-targets-check", budget, subject)
    sent = {"unit": "wan", "c:sources:own_level:amount": "1.5", "c:sources:other:amount": "0.5"}
    answer = sign_in(lin).post(url, sent).json()
    assert answer["derived"]["sources:total:amount"] == "2.00"
    assert not stored(declaration).amounts


def test_the_department_s_form_lists_its_projects_from_their_records(
    budget: Filing, lin: StaffMember, line: ProjectBudgetLine, sign_in: SignIn
) -> None:
    open_declaration(filing=budget, staff=lin)
    ProjectBudgetLine.objects.filter(pk=line.pk).update(main_use="办案和装备")
    text = sign_in(lin).get(form_of(budget, "department")).content.decode()
    assert line.project.name in text
    assert "办案和装备" in text
    assert 'name="c:projects' not in text


def test_one_save_of_the_whole_reads_back_equal(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    client.post(rows_of(budget, subject), new_row(1, goal="甲", **ROW))
    client.post(rows_of(budget, subject, "assets"), new_row(1, name="电脑", quantity="2台"))
    row = TargetDeclaration.objects.with_rows().get(pk=declaration.pk)
    before, ids = stored(row), list(Indicator.objects.values_list("pk", flat=True))
    save_declaration(declaration=row, staff=lin, version=row.version, entry=entry_of(row))
    assert stored(row) == before
    assert list(Indicator.objects.values_list("pk", flat=True)) == ids
    assert declarations_of(budget) == (before,)


def test_every_form_of_the_rulebook_has_its_page(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    whole = open_declaration(filing=budget, staff=lin)
    client = sign_in(lin)
    forms = {
        whole: ("jianghan_2023", "jianghan_2023_traffic", "ezhou_2024", "national_2020"),
        declaration: ("jianghan_2023", "jianghan_2023_traffic", "national_2020"),
    }
    for row, names in forms.items():
        kind, subject = row.form.split("/")[0], row.project.code if row.project else "department"
        for name in names:
            TargetDeclaration.objects.filter(pk=row.pk).update(form=f"{kind}/{name}")
            page = client.get(form_of(budget, subject))
            assert page.status_code == 200
            for block in page.context["blocks"]:
                if block.columns:
                    assert client.get(rows_of(budget, subject, block.key)).status_code == 200


def test_without_a_script_rows_are_added_and_saved(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, url = sign_in(lin), rows_of(budget, declaration.project.code)
    assert 'name="c:n1:name"' in client.get(url).content.decode()
    page = client.post(url, new_row(1, **ROW) | {"add": "1"}).content.decode()
    assert "租用派出所用房" in page
    assert 'name="c:n6:name"' in page
    assert not Indicator.objects.exists()
    assert "已保存" in client.post(url, new_row(1, **ROW), follow=True).content.decode()


def routes(budget: Filing, subject: str) -> list[tuple[str, str]]:
    pages = [form_of(budget, subject), rows_of(budget, subject)]
    posts = [
        at("performance-targets-check", budget, subject),
        rows_of(budget, subject, verb="-save"),
        rows_of(budget, subject, verb="-check"),
    ]
    return [(m, url) for url in pages for m in ("get", "post")] + [("post", url) for url in posts]


def test_the_outsider_finds_nothing(
    budget: Filing, declaration: TargetDeclaration, wai: StaffMember, sign_in: SignIn
) -> None:
    client = sign_in(wai)
    for method, url in routes(budget, declaration.project.code):
        assert getattr(client, method)(url).status_code == 404, url


def test_a_colleague_reads_and_does_not_write(
    budget: Filing, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    shen = factories.make_staff("shen", Role.INTERNAL_REVIEWER, department=budget.department)
    client = sign_in(shen)
    for method, url in routes(budget, declaration.project.code):
        answer = getattr(client, method)(url)
        assert answer.status_code == (200 if method == "get" else 403), url
        if method == "get":
            assert 'name="c:' not in answer.content.decode()


@pytest.mark.parametrize("block", ["head", "nothing", "annual_goals"])
def test_a_block_without_rows_has_no_grid(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn, block: str
) -> None:
    assert sign_in(lin).get(rows_of(budget, declaration.project.code, block)).status_code == 404


def test_queries_do_not_grow_with_the_rows(
    budget: Filing, lin: StaffMember, declaration: TargetDeclaration, sign_in: SignIn
) -> None:
    client, subject = sign_in(lin), declaration.project.code
    urls = [at("performance", budget), form_of(budget, subject), rows_of(budget, subject)]

    def queries() -> list[int]:
        counted = []
        for url in urls:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counted.append(len(captured))
        return counted

    client.post(rows_of(budget, subject), new_row(1, goal="甲", **ROW))
    few = queries()
    more = {k: v for n in range(1, 9) for k, v in new_row(n, goal=f"目标甲{n}", **ROW).items()}
    client.post(rows_of(budget, subject), more)
    assert Indicator.objects.count() == 9
    assert queries() == few
