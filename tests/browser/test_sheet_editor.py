"""A sheet in the browser: paste, undo, keys, autosave, two people in one cell, no JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from budgets.entry import CellEdit
from budgets.models import Cell, CellChange, Workbook
from budgets.services import save_cells
from departments.models import Department, StaffMember
from rulebook.addresses import CellRef
from tests import factories
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHEET = "expenditure_sheet"
SAVED = re.compile(r"已保存 \d\d:\d\d")
PASTE = """([text, html]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  if (html) data.setData("text/html", html);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def book(police: Department, people: dict[str, StaffMember]) -> Workbook:
    filing = factories.make_filing(police, people["lin"])
    places = [(SHEET, code, "basic") for code in ("2040201", "2040202")]
    return factories.make_workbook(filing, cells=dict.fromkeys(places, "1.00"))


@pytest.fixture
def sheet(book: Workbook, visit: Visit) -> Page:
    """The sheet as lin opens it."""
    page = visit("lin")
    page.goto(f"{page.url.split('/work/')[0]}{address(book)}")
    return page


@pytest.fixture
def colleague(book: Workbook, people: dict[str, StaffMember]) -> Callable[[str], None]:
    """``colleague("7")`` files another figure in the cell 2040201:basic."""
    mei = factories.make_staff("mei", "preparer", department=people["lin"].department)

    def edit(value: str) -> None:
        edits = [CellEdit(CellRef(SHEET, "2040201", "basic"), factories.Decimal(value))]
        save_cells(workbook=book, staff=mei, edits=edits)

    return edit


def address(book: Workbook) -> str:
    return reverse("work:filing_sheet", args=[book.filing.public_id, book.unit.code, SHEET])


def cell(page: Page, row: str, column: str) -> Locator:
    return page.locator(f'[name="c:{row}:{column}"]')


def total(page: Page) -> Locator:
    return page.locator('[data-derived="total:basic"] .value')


def state(page: Page) -> Locator:
    return page.locator("#save-state")


def paste(page: Page, text: str, html: str = "") -> None:
    page.evaluate(PASTE, [text, html])


def stored(row: str, column: str) -> str:
    found = Cell.objects.filter(sheet=SHEET, row=row, column=column).first()
    return "none" if found is None or found.value is None else f"{found.value}"


def without_network(page: Page) -> None:
    """Until the page is loaded again."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')); }")


def test_a_pasted_block_is_read_as_people_write_figures(sheet: Page) -> None:
    cell(sheet, "2040201", "basic").focus()
    paste(sheet, '1,234.50\t"５"\r\n（6）\t七\r\n')
    expect(cell(sheet, "2040201", "project")).to_have_value("5.00")
    expect(total(sheet)).to_have_text("1,228.50")
    expect(sheet.locator("#cell-2040202-project .cell-error")).to_contain_text("不是一个数字")
    expect(state(sheet)).to_contain_text("有 1 格不能保存")
    expect(cell(sheet, "2040202", "project")).to_have_value("七")
    assert (stored("2040202", "basic"), stored("2040201", "project")) == ("-6.00", "5.00")
    assert stored("2040202", "project") == "none"


def test_blanks_of_a_block_empty_a_cell_only_when_the_person_says_so(sheet: Page) -> None:
    cell(sheet, "2040201", "basic").focus()
    paste(sheet, "\t3\n-\t4\n")
    expect(cell(sheet, "2040201", "basic")).to_have_value("1.00")
    report = sheet.locator("#paste-report")
    expect(report).to_contain_text("有 2 个空白格对着已填的格，原来的数没有动")
    report.get_by_role("button", name="清空这 2 格").click()
    expect(state(sheet)).to_have_text(SAVED)
    assert (stored("2040201", "basic"), stored("2040202", "project")) == ("none", "4.00")


def test_merged_cells_and_what_lies_beyond_the_grid(sheet: Page) -> None:
    """A table as Excel leaves it, with styles which our policy would refuse."""
    html = """<html><head><style>td {color: red}</style></head><body><table style='width:9pt'>
      <tr><td rowspan="2" style='mso-x:y'>8&nbsp;</td><td>2,000</td></tr><tr><td>3</td></tr>
      <tr><td>9</td><td>9</td></tr></table></body></html>"""
    cell(sheet, "2040201", "basic").focus()
    paste(sheet, "no table", html)
    expect(state(sheet)).to_have_text(SAVED)
    report = sheet.locator("#paste-report")
    expect(report).not_to_contain_text("空白")
    expect(report).to_contain_text("第 3 行第 1 列：9")
    assert [stored("2040201", "basic"), stored("2040202", "basic")] == ["8.00", "1.00"]
    assert [stored("2040201", "project"), stored("2040202", "project")] == ["2000.00", "3.00"]


def test_undo_and_redo_go_over_typing_and_paste(sheet: Page) -> None:
    first, second = cell(sheet, "2040201", "basic"), cell(sheet, "2040202", "basic")
    first.focus()
    sheet.keyboard.press("Control+A")
    sheet.keyboard.type("25")
    sheet.keyboard.press("Enter")
    expect(second).to_be_focused()
    paste(sheet, "7\t8")
    expect(total(sheet)).to_have_text("32.00")
    sheet.keyboard.press("Control+Z")
    expect(second).to_have_value("1.00")
    sheet.keyboard.press("Control+Z")
    expect(first).to_have_value("1.00")
    expect(total(sheet)).to_have_text("2.00")
    sheet.keyboard.press("Control+Y")
    sheet.keyboard.press("Control+Shift+Z")
    expect(first).to_have_value(re.compile("25"))
    expect(cell(sheet, "2040202", "project")).to_have_value("8")
    sheet.keyboard.press("Control+S")
    expect(state(sheet)).to_have_text(SAVED)
    assert (stored("2040201", "basic"), stored("2040202", "basic")) == ("25.00", "7.00")


def test_keys(sheet: Page) -> None:
    first = cell(sheet, "2040201", "basic")
    first.focus()
    sheet.keyboard.press("Tab")
    expect(cell(sheet, "2040201", "project")).to_be_focused()
    sheet.keyboard.press("ArrowDown")
    expect(cell(sheet, "2040202", "project")).to_be_focused()
    sheet.keyboard.press("ArrowLeft")
    expect(cell(sheet, "2040202", "basic")).to_be_focused()
    sheet.keyboard.press("Shift+Enter")
    expect(first).to_be_focused()
    sheet.keyboard.type("99")
    sheet.keyboard.press("Escape")
    expect(first).to_have_value("1.00")
    sheet.keyboard.press("?")
    expect(sheet.get_by_role("dialog", name="按键")).to_be_visible()
    sheet.keyboard.press("Escape")
    expect(sheet.get_by_role("dialog", name="按键")).to_be_hidden()
    assert stored("2040201", "basic") == "1.00"


def test_typing_is_saved_by_itself_and_the_state_is_said(sheet: Page) -> None:
    cell(sheet, "2040201", "basic").fill("12.5")
    expect(state(sheet)).to_have_text("有 1 格未保存")
    expect(total(sheet)).to_have_text("13.50")
    expect(state(sheet)).to_have_text(SAVED)
    assert stored("2040201", "basic") == "12.50"
    cell(sheet, "2040202", "basic").focus()
    cell(sheet, "2040201", "basic").fill("13")
    expect(state(sheet)).to_have_text("有 1 格未保存")
    expect(state(sheet)).to_have_text(SAVED)
    assert CellChange.objects.count() == 2


def test_what_could_not_be_saved_stays_in_the_browser_and_is_offered_again(sheet: Page) -> None:
    without_network(sheet)
    cell(sheet, "2040201", "basic").fill("44")
    expect(state(sheet)).to_have_text("未保存：网络中断，已留在本机")
    sheet.reload()
    expect(cell(sheet, "2040201", "basic")).to_have_value("1.00")
    offer = sheet.locator("#draft-offer")
    expect(offer).to_contain_text("有 1 格没有保存")
    offer.get_by_role("button", name="恢复").click()
    expect(state(sheet)).to_have_text(SAVED)
    assert stored("2040201", "basic") == "44.00"
    assert json.loads(sheet.evaluate("JSON.stringify(Object.keys(localStorage))")) == []


def test_a_draft_comes_back_in_its_unit_and_with_its_added_rows(sheet: Page) -> None:
    sheet.get_by_label("增加科目").fill("2080505")
    sheet.get_by_role("button", name="增加一行").click()
    sheet.wait_for_selector('[name="c:2080505:basic"]')
    without_network(sheet)
    cell(sheet, "2080505", "basic").fill("0.5")
    cell(sheet, "2040201", "project").fill("五")
    expect(state(sheet)).to_have_text("未保存：网络中断，已留在本机")
    sheet.goto(f"{sheet.url.split('?')[0]}?unit=wan")
    expect(cell(sheet, "2080505", "basic")).to_have_count(0)
    sheet.locator("#draft-offer").get_by_role("button", name="恢复").click()
    expect(cell(sheet, "2040201", "project")).to_have_value("五")
    expect(state(sheet)).to_contain_text("有 1 格不能保存")
    assert stored("2080505", "basic") == "0.50"


def test_findings_stand_beside_the_cell_and_the_panel_jumps_to_it(
    book: Workbook, visit: Visit
) -> None:
    place = ("general_public_expenditure", "2040201", "basic")
    factories.make_workbook(book.filing, book.unit, {place: "5.00"})
    page = visit("lin")
    page.goto(f"{page.url.split('/work/')[0]}{address(book)}")
    beside = page.locator("#cell-2040201-basic .beside")
    expect(beside).to_be_hidden()
    link = f'#sheet-findings a[href="{address(book)}#cell-2040201-basic"]'
    page.locator("#sheet-findings summary").first.click()
    page.locator(link).first.click()
    expect(cell(page, "2040201", "basic")).to_be_focused()
    expect(beside).to_be_visible()
    page.keyboard.type("5")
    expect(state(page)).to_have_text(SAVED)
    expect(beside).to_have_count(0)
    expect(page.locator(link)).to_have_count(0)
    page.goto(f"{page.url.split('/work/')[0]}{address(book)}#cell-2040202-basic")
    expect(cell(page, "2040202", "basic")).to_be_focused()
    expect(page.locator("#progress")).to_contain_text("张表已填")


def test_nothing_is_lost_when_the_session_ends(sheet: Page) -> None:
    page = sheet.url
    sheet.context.clear_cookies(name="sessionid")
    cell(sheet, "2040201", "basic").fill("45")
    expect(state(sheet)).to_contain_text("未保存：登录已超时，已留在本机")
    state(sheet).get_by_role("link", name="重新登录").click()
    expect(sheet.get_by_label("用户名")).to_be_visible()
    sheet.get_by_label("用户名").fill("lin")
    sheet.get_by_label("密码").fill(factories.PASSWORD)
    sheet.get_by_role("button", name="登录").click()
    assert sheet.url.split("?")[0] == page
    sheet.locator("#draft-offer").get_by_role("button", name="恢复").click()
    expect(state(sheet)).to_have_text(SAVED)
    assert stored("2040201", "basic") == "45.00"


def test_a_colleagues_edit_of_the_same_cell_asks_for_a_choice(
    sheet: Page, colleague: Callable[[str], None]
) -> None:
    colleague("7")
    cell(sheet, "2040201", "basic").fill("8")
    words = sheet.locator("#cell-2040201-basic .conflict")
    expect(words).to_contain_text("刚把这一格改为 7.00，您填的是 8.00")
    expect(state(sheet)).to_contain_text("有 1 格与同事填的不同")
    sheet.keyboard.press("Control+S")
    assert stored("2040201", "basic") == "7.00"
    words.get_by_label("用我的").click()
    expect(state(sheet)).to_have_text(SAVED)
    assert stored("2040201", "basic") == "8.00"
    colleague("9")
    cell(sheet, "2040201", "basic").fill("10")
    words.get_by_label(re.compile("的 9.00")).click()
    expect(cell(sheet, "2040201", "basic")).to_have_value("9.00")
    assert stored("2040201", "basic") == "9.00"


def test_a_total_explains_itself_and_a_cell_tells_its_history(sheet: Page) -> None:
    sheet.locator("#cell-total-basic .about").click()
    panel = sheet.locator("#cell-panel")
    expect(panel).to_contain_text("怎样算出")
    expect(panel).to_contain_text("= 公共安全支出")
    panel.get_by_role("button", name="关闭").click()
    cell(sheet, "2040201", "basic").fill("6")
    sheet.keyboard.press("Shift+F2")
    expect(panel).to_contain_text("1.00 → 6.00")
    panel.get_by_role("textbox").fill("按批复调整")
    panel.get_by_role("button", name="保存备注").click()
    expect(panel).to_contain_text("备注改为“按批复调整”")
    expect(sheet.locator("#cell-2040201-basic")).to_have_class(re.compile("noted"))
    cell(sheet, "2040201", "basic").fill("7")
    expect(state(sheet)).to_have_text(SAVED)
    assert Cell.objects.get(row="2040201", column="basic").note == "按批复调整"


def test_the_unit_switch_saves_first_and_loses_no_fen(sheet: Page) -> None:
    cell(sheet, "2040201", "basic").fill("1234567.89")
    sheet.get_by_role("button", name="万元").click()
    expect(cell(sheet, "2040201", "basic")).to_have_value("123.456789")
    sheet.get_by_role("button", name="元", exact=True).click()
    expect(cell(sheet, "2040201", "basic")).to_have_value("1,234,567.89")
    assert (stored("2040201", "basic"), CellChange.objects.count()) == ("1234567.89", 1)


def test_without_javascript_the_form_does_all_of_entry(
    book: Workbook, visit: Visit, browser: Browser, colleague: Callable[[str], None]
) -> None:
    signed_in = visit("lin")
    context = browser.new_context(
        java_script_enabled=False, storage_state=signed_in.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{signed_in.url.split('/work/')[0]}{address(book)}")
    save = page.get_by_role("contentinfo").get_by_role("button", name="保存")
    cell(page, "2040201", "basic").fill("12.30")
    cell(page, "2040202", "basic").fill("十二")
    save.click()
    expect(cell(page, "2040202", "basic")).to_have_value("十二")
    expect(cell(page, "2040201", "basic")).to_have_value("12.30")
    page.get_by_label("增加科目").fill("2080505")
    page.get_by_role("button", name="增加一行").click()
    cell(page, "2080505", "basic").fill("3")
    cell(page, "2040202", "basic").fill("2")
    cell(page, "2040201", "basic").fill("13")
    colleague("7")
    save.click()
    expect(page.locator(".conflict")).to_contain_text("刚把这一格改为 7.00，您填的是 13.00")
    save.click()
    assert stored("2040201", "basic") == "7.00"
    page.get_by_label("用我的").check()
    save.click()
    expect(page.locator(".conflict")).to_have_count(0)
    page.get_by_role("button", name="万元").click()
    expect(cell(page, "2080505", "basic")).to_have_value("0.0003")
    page.locator("#cell-total-basic .about").click()
    expect(page.get_by_role("main")).to_contain_text("= 公共安全支出 + 社会保障和就业支出")
    context.close()
    assert (stored("2040201", "basic"), stored("2080505", "basic")) == ("13.00", "3.00")
