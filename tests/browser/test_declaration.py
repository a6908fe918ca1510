"""A project is declared in the browser: by keyboard and paste, with proposals, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from budgets.models import ProjectBudgetLine
from departments.models import StaffMember
from filings.models import Filing
from performance.declaring import open_declaration
from performance.models import Indicator, LibraryIndicator, TargetDeclaration
from tests import factories
from tests.browser.conftest import Visit
from tests.browser.test_sheet_editor import SAVED, paste, state
from tests.budgets.budget_filings import file_clean_budget

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "project_targets/jianghan_2023"


@pytest.fixture
def budget(transactional_db: None) -> Filing:
    return file_clean_budget()[0]


@pytest.fixture
def subject(budget: Filing) -> str:
    line = ProjectBudgetLine.objects.select_related("project").filter(filing=budget).first()
    assert line is not None
    lin = StaffMember.objects.get(username="lin")
    open_declaration(filing=budget, staff=lin, project=line.project, form=FORM)
    return line.project.code


def go(page: Page, budget: Filing, name: str, *args: str) -> None:
    home = page.url.split("/work/")[0]
    page.goto(f"{home}{reverse(f'work:{name}', args=[budget.public_id, *args])}")


def open_grid(page: Page, budget: Filing, subject: str) -> None:
    go(page, budget, "performance-target-rows", subject, "annual_indicators")
    expect(page.locator("#show-keys")).to_be_visible()  # the scripts of the grid are at work


def cell(page: Page, row: int, column: str) -> Locator:
    return page.locator(f'tbody tr:nth-child({row}) input[name^="c:"][name$=":{column}"]')


def test_a_project_is_declared_by_keyboard_and_paste(
    budget: Filing, visit: Visit, picture: Callable[[Page, str], None]
) -> None:
    page = visit("lin")
    go(page, budget, "performance")
    row = page.locator("tbody tr").nth(1)
    row.get_by_role("combobox").select_option(FORM)
    row.get_by_role("button", name="申报目标").click()
    page.get_by_label("项目实施方案").fill("按季度支付房租。")
    page.get_by_label("2．财政拨款收入（上级转移支付）").fill("1.5")
    expect(page.locator('[data-figure="sources:total:amount"]')).to_have_text("1.50")
    page.get_by_label("年度目标 1 目标内容").fill("保障派出所用房")
    picture(page, "declaration")
    page.locator("footer").get_by_role("button", name="保存").click()
    expect(page.locator(".messages")).to_contain_text("已保存")
    page.locator("#block-annual_indicators").get_by_role("link", name="在表格中填写").click()
    expect(page.locator("#show-keys")).to_be_visible()  # the scripts of the grid are at work
    cell(page, 1, "tier_two").focus()
    page.keyboard.type("数量")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_text("数量指标")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("租用房屋处数")
    cell(page, 1, "target").fill("≥3处")
    expect(cell(page, 1, "kind")).to_have_attribute("placeholder", "定量")
    expect(cell(page, 1, "direction")).to_have_attribute("placeholder", "正向")
    expect(state(page)).to_have_text(SAVED)
    expect(cell(page, 1, "tier_one")).to_have_value("产出指标")
    expect(cell(page, 1, "kind")).to_have_value("定量")
    cell(page, 2, "tier_one").focus()
    paste(page, "满意度指标\t服务对象满意度指标\t使用单位满意度\t\t\t≥95%")
    expect(state(page)).to_have_text(SAVED)
    assert list(Indicator.objects.order_by("number").values_list("name", "direction")) == [
        ("租用房屋处数", "higher_is_better"),
        ("使用单位满意度", "higher_is_better"),
    ]
    assert Indicator.objects.values_list("goal__text", flat=True).distinct().get() == (
        "保障派出所用房"
    )
    picture(page, "targets")


def test_a_finding_appears_while_typing_and_undo_takes_it_back(
    budget: Filing, subject: str, visit: Visit
) -> None:
    page = visit("lin")
    open_grid(page, budget, subject)
    cell(page, 1, "tier_two").fill("社会效益指标")
    cell(page, 1, "name").fill("群众安全感")
    cell(page, 1, "target").fill("明显提高")
    expect(state(page)).to_have_text(SAVED)
    cell(page, 1, "name").focus()
    cell(page, 1, "target").fill("定性")
    expect(page.locator("#live-findings")).to_contain_text("没有写明要达到的程度")
    cell(page, 1, "target").focus()
    page.keyboard.press("Control+Z")
    expect(cell(page, 1, "target")).to_have_value("明显提高")
    expect(state(page)).not_to_contain_text("有 1 格")
    assert Indicator.objects.get().target == "明显提高"


def test_a_colleague_s_cell_is_not_overwritten(budget: Filing, subject: str, visit: Visit) -> None:
    page = visit("lin")
    open_grid(page, budget, subject)
    cell(page, 1, "tier_two").fill("数量指标")
    cell(page, 1, "name").fill("租用房屋处数")
    expect(state(page)).to_have_text(SAVED)
    Indicator.objects.update(target="≥2处")
    cell(page, 1, "target").fill("≥3处")
    expect(state(page)).to_contain_text("与同事填的不同")
    page.get_by_label("用我的 ≥3处").click()
    expect(state(page)).to_have_text(SAVED)
    assert Indicator.objects.get().target == "≥3处"


def test_a_declaration_without_javascript(
    budget: Filing, subject: str, browser: Browser, live_server: object
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/work/login/")  # type: ignore[attr-defined]
    page.get_by_label("用户名").fill("lin")
    page.get_by_label("密码").fill(factories.PASSWORD)
    page.get_by_role("button", name="登录").click()
    go(page, budget, "performance-targets", subject)
    page.get_by_label("年度绩效目标", exact=True).fill("全年目标")
    page.locator("footer").get_by_role("button", name="保存").click()
    go(page, budget, "performance-target-rows", subject, "annual_indicators")
    for number, name in enumerate(("租用房屋处数", "按时付租"), 1):
        cell(page, number, "tier_two").fill("数量指标")
        cell(page, number, "name").fill(name)
        cell(page, number, "target").fill("≥3")
    page.get_by_role("button", name="增加行").click()
    expect(page.locator('tbody input[name^="c:"][name$=":name"]')).to_have_count(10)
    page.locator("footer").get_by_role("button", name="保存").click()
    assert Indicator.objects.count() == 2
    assert TargetDeclaration.objects.get().objective == "全年目标"
    page.get_by_role("checkbox").first.check()
    page.locator("footer").get_by_role("button", name="保存").click()
    assert Indicator.objects.get().name == "按时付租"
    context.close()


def in_library(budget: Filing) -> None:
    LibraryIndicator.objects.create(
        region=budget.department.region, scope="project", tier_one="产出指标",
        tier_two="质量指标", name="视频设备在线率", kind="quantitative",
        direction="higher_is_better", measure="%", reference="≥95%", basis="行业标准",
        source="公安指标库", words="视频",
    )  # fmt: skip


def test_an_indicator_of_the_library_becomes_a_row_beside_what_is_typed(
    budget: Filing, subject: str, visit: Visit, picture: Callable[[Page, str], None]
) -> None:
    in_library(budget)
    page = visit("lin")
    open_grid(page, budget, subject)
    cell(page, 1, "tier_two").fill("数量指标")
    cell(page, 1, "name").fill("租用房屋处数")
    page.get_by_label("词语").fill("视频 在线")
    page.get_by_label("词语").press("Enter")
    page.get_by_role("button", name="插入视频设备在线率").click()
    expect(page.locator(".messages")).to_contain_text("已插入“视频设备在线率”")
    expect(state(page)).to_have_text(SAVED)
    expect(cell(page, 2, "basis_note")).to_have_value(re.compile("行业标准；来源：.*公安指标库"))
    picture(page, "library-inserted")
    found = Indicator.objects.order_by("number").values_list("name", "target", "direction")
    assert list(found) == [
        ("租用房屋处数", "", ""),
        ("视频设备在线率", "≥95%", "higher_is_better"),
    ]


def test_the_library_without_javascript_loses_nothing_typed(
    budget: Filing, subject: str, browser: Browser, live_server: object
) -> None:
    in_library(budget)
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/work/login/")  # type: ignore[attr-defined]
    page.get_by_label("用户名").fill("lin")
    page.get_by_label("密码").fill(factories.PASSWORD)
    page.get_by_role("button", name="登录").click()
    go(page, budget, "performance-target-rows", subject, "annual_indicators")
    cell(page, 1, "tier_two").fill("数量指标")
    cell(page, 1, "name").fill("租用房屋处数")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("button", name="插入视频设备在线率").click()
    assert not Indicator.objects.exists()
    expect(page.locator("#save-state")).to_contain_text("未保存")
    page.locator("footer").get_by_role("button", name="保存").click()
    assert list(Indicator.objects.order_by("number").values_list("name", flat=True)) == [
        "租用房屋处数",
        "视频设备在线率",
    ]
    context.close()
