"""A list in the browser: keys and look-ups, paste, undo, questions, two people, no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from budgets.list_saving import RowEdit, save_rows
from budgets.models import ListChange, ProcurementLine, Project, ProjectBudgetLine
from departments.models import Unit
from filings.models import Filing
from tests import factories
from tests.browser.conftest import Visit
from tests.browser.test_sheet_editor import SAVED, paste, state
from tests.budgets.budget_filings import file_clean_budget
from tests.budgets.checks.budget_books import UNIT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def budget(transactional_db: None) -> Filing:
    return file_clean_budget()[0]


@pytest.fixture
def listed(budget: Filing, visit: Visit) -> Page:
    """The procurement list as lin opens it."""
    page = visit("lin")
    page.goto(f"{page.url.split('/work/')[0]}{address(budget)}")
    return page


def address(budget: Filing, list_key: str = "procurement") -> str:
    return reverse("work:filing_list", args=[budget.public_id, UNIT, list_key])


def cell(page: Page, row: int, column: str) -> Locator:
    """A cell by where its row stands, 1 being the first."""
    return page.locator(f'tbody tr:nth-child({row}) input[name^="c:"][name$=":{column}"]')


def items() -> list[str]:
    return [line.item_name for line in ProcurementLine.objects.order_by("number")]


def amounts() -> list[str]:
    return [str(line.amount) for line in ProcurementLine.objects.order_by("number")]


def test_a_row_is_filled_in_by_keyboard(listed: Page, picture: Callable[[Page, str], None]) -> None:
    cell(listed, 5, "project_name").focus()
    listed.keyboard.type("办案")
    listed.keyboard.press("ArrowDown")
    expect(listed.get_by_role("option", selected=True)).to_contain_text("办案业务经费")
    picture(listed, "list-entry")
    listed.keyboard.press("Enter")
    listed.keyboard.press("Tab")
    listed.keyboard.type("A02020400 多功能一体机")
    listed.keyboard.press("Tab")
    listed.keyboard.type("一般行政")
    listed.keyboard.press("ArrowDown")
    listed.keyboard.press("Tab")
    listed.keyboard.type("31003")
    for text in ("年初安排", "经费拨款补助", "2", "1.5", "台", "3", "3", ""):
        listed.keyboard.press("Tab")
        listed.keyboard.type(text) if text else None
    expect(state(listed)).to_have_text(SAVED)
    line = ProcurementLine.objects.get(number=5)
    assert line.project is not None
    assert line.project.name == "办案业务经费"
    assert (line.functional_code, line.item_code) == ("2040202", "A02020400")
    assert (line.amount, line.unit_price) == (3, factories.Decimal("1.5"))
    expect(listed.locator('[data-place="sum:amount"] .value')).to_have_text("183.00")
    expect(cell(listed, 6, "item")).to_have_value("")
    cell(listed, 5, "amount").fill("4")
    expect(state(listed)).to_have_text("有 1 格未保存")
    expect(state(listed)).to_have_text(SAVED)
    assert ProcurementLine.objects.count() == 5


def test_a_pasted_block_makes_its_rows_and_is_undone_whole(listed: Page) -> None:
    block = "\n".join(
        f"118001\t甲单位\t在职人员公用\t[A0{n}]纸\t[2040201]行政运行\t[30201]办公费\t年初安排"
        f"\t经费拨款补助\t1\t0.5\t包\t{n}\t\t"
        for n in range(1, 4)
    )
    cell(listed, 5, "project_name").focus()
    paste(listed, block)
    expect(state(listed)).to_have_text(SAVED)
    assert amounts()[4:] == ["1.00", "2.00", "3.00"]
    assert items()[4:] == ["纸"] * 3
    expect(listed.locator("tbody tr")).to_have_count(8)
    listed.locator("#paste-report").get_by_role("button", name="知道了").click()
    cell(listed, 5, "amount").focus()
    listed.keyboard.press("Control+Z")
    expect(listed.locator('[data-place="sum:amount"] .value')).to_have_text("180.00")
    expect(state(listed)).to_have_text(SAVED)
    assert len(items()) == 4 or set(amounts()[4:]) == {"None"}


def test_rows_come_and_go_and_undo_brings_them_back(listed: Page) -> None:
    cell(listed, 1, "item").focus()
    listed.keyboard.press("Control+Enter")
    expect(cell(listed, 2, "item")).to_be_focused()
    listed.keyboard.type("A9 夹在中间")
    expect(state(listed)).to_have_text(SAVED)
    assert items()[:3] == ["打印机", "夹在中间", "房屋修缮"]
    listed.keyboard.press("ArrowDown")
    listed.keyboard.press("Control+Delete")
    expect(cell(listed, 3, "item")).to_have_value(re.compile("车辆维修"))
    expect(state(listed)).to_have_text(SAVED)
    assert "房屋修缮" not in items()
    listed.keyboard.press("Control+Z")
    expect(cell(listed, 3, "item")).to_have_value(re.compile("房屋修缮"))
    expect(state(listed)).to_have_text(SAVED)
    assert items()[:3] == ["打印机", "夹在中间", "房屋修缮"]
    line = ProcurementLine.objects.get(number=3)
    assert (line.amount, line.project is None) == (60, False)


def test_a_name_that_is_no_project_is_asked_about_once(listed: Page) -> None:
    for row, item in ((5, "A1 笔"), (6, "A2 纸")):
        cell(listed, row, "project_name").fill("在职公用")
        cell(listed, row, "item").fill(item)
    asked = listed.locator(".question")
    expect(asked).to_have_count(2)
    expect(asked.first).to_contain_text("“在职公用”不是本单位的项目")
    expect(state(listed)).to_contain_text("不能保存")
    asked.first.get_by_label("照写").click()
    expect(asked).to_have_count(0)
    expect(state(listed)).to_have_text(SAVED)
    found = ProcurementLine.objects.filter(project_name="在职公用", project=None)
    assert found.count() == 2


def test_a_new_project_is_stored_once_its_row_is_whole(budget: Filing, visit: Visit) -> None:
    page = visit("lin")
    page.goto(f"{page.url.split('/work/')[0]}{address(budget, 'project_budgets')}")
    cell(page, 5, "name").fill("新设备购置")
    cell(page, 5, "general_public").fill("12")
    expect(page.locator(".question")).to_contain_text("新项目的，请填写项目编码")
    cell(page, 5, "code").fill("42010323118T000000009")
    expect(page.locator(".cell-error").first).to_contain_text("请填写项目类别")
    assert not Project.objects.filter(name="新设备购置").exists()
    cell(page, 5, "kind").fill("特定目标类项目")
    cell(page, 5, "frequency").fill("一次性项目")
    expect(state(page)).to_have_text(SAVED)
    expect(page.locator(".cell-error")).to_have_count(0)
    assert ProjectBudgetLine.objects.get(project__name="新设备购置").general_public == 12
    expect(page.locator('[data-place="sum:total"] .value')).to_have_text("582.00")


def test_a_colleagues_edit_asks_for_a_choice_and_the_panel_jumps(
    budget: Filing, listed: Page
) -> None:
    mei = factories.make_staff("mei", department=budget.department, display_name="梅")
    line = ProcurementLine.objects.get(number=1)
    edit = RowEdit(str(line.pk), {"amount": {"amount": factories.Decimal(7)}}, version=1)
    unit = Unit.objects.get(code=UNIT)
    save_rows(filing=budget, unit=unit, list_key="procurement", staff=mei, edits=[edit])
    cell(listed, 1, "amount").fill("500")
    choice = listed.locator(".conflict")
    expect(choice).to_contain_text("梅刚把这一格改为 7.00，您填的是 500.00")
    choice.get_by_label("用我的").click()
    expect(state(listed)).to_have_text(SAVED)
    expect(listed.locator("#progress")).to_contain_text("2 张有误")
    listed.locator('#sheet-findings a[href$="#cell-1-amount"]').first.click()
    expect(cell(listed, 1, "amount")).to_be_focused()
    expect(listed.locator("#cell-1-amount .beside")).to_be_visible()
    listed.keyboard.press("Shift+F2")
    expect(listed.locator("#cell-panel")).to_contain_text("7.00 → 500.00")


def test_what_could_not_be_saved_is_offered_again_with_its_new_rows(listed: Page) -> None:
    listed.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')); }")
    cell(listed, 5, "item").fill("A1 笔")
    cell(listed, 6, "item").fill("A2 纸")
    expect(state(listed)).to_have_text("未保存：网络中断，已留在本机")
    listed.reload()
    listed.locator("#draft-offer").get_by_role("button", name="恢复").click()
    expect(cell(listed, 6, "item")).to_have_value("A2 纸")
    expect(state(listed)).to_have_text(SAVED)
    assert items()[4:] == ["笔", "纸"]


def test_without_javascript_the_form_does_all_of_entry(
    budget: Filing, visit: Visit, browser: Browser
) -> None:
    signed_in = visit("lin")
    context = browser.new_context(
        java_script_enabled=False, storage_state=signed_in.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{signed_in.url.split('/work/')[0]}{address(budget)}")
    save = page.get_by_role("contentinfo").get_by_role("button", name="保存")
    cell(page, 5, "item").fill("A1 笔")
    cell(page, 5, "project_name").fill("笔墨")
    cell(page, 1, "amount").fill("七")
    save.click()
    expect(page.locator("#cell-1-amount .cell-error")).to_contain_text("不是一个数字")
    cell(page, 1, "amount").fill("49")
    page.locator(".question").get_by_label("照写").check()
    page.locator('tbody tr:nth-child(2) input[type="checkbox"]').check()
    page.get_by_label("增加行，放在").select_option("first")
    page.get_by_role("button", name="增加行").click()
    cell(page, 1, "item").fill("A0 最前")
    expect(page.locator(".question").get_by_label("照写")).to_be_checked()
    save.click()
    expect(page.locator(".question")).to_have_count(0)
    assert (items()[:2], items()[-1]) == (["最前", "打印机"], "笔")
    assert "房屋修缮" not in items()
    assert amounts()[1] == "49.00"
    assert ProcurementLine.objects.get(item_name="笔").project_name == "笔墨"
    assert ListChange.objects.count() >= 3
    page.get_by_role("button", name="万元").click()
    expect(cell(page, 2, "amount")).to_have_value("0.0049")
