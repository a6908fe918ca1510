"""A sheet in the browser: a block pasted from Excel, arrows, the live check, no JavaScript."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from budgets.models import Cell, Workbook
from departments.models import Department, StaffMember
from tests import factories
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHEET = "expenditure_sheet"
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def book(police: Department, people: dict[str, StaffMember]) -> Workbook:
    filing = factories.make_filing(police, people["lin"])
    places = [(SHEET, code, "basic") for code in ("2040201", "2040202")]
    return factories.make_workbook(filing, cells=dict.fromkeys(places, "1.00"))


def address(book: Workbook) -> str:
    return reverse("work:filing_sheet", args=[book.filing.public_id, book.unit.code, SHEET])


def cell(page: Page, row: str, column: str) -> Locator:
    return page.locator(f'[name="c:{row}:{column}"]')


def test_a_pasted_block_fills_cells_and_is_checked_before_it_is_saved(
    book: Workbook, visit: Visit
) -> None:
    page = visit("lin")
    page.goto(f"{page.url.split('/work/')[0]}{address(book)}")
    cell(page, "2040201", "basic").focus()
    page.evaluate(PASTE, "1,234.50\t5\r\n（6）\t七\r\n")
    expect(cell(page, "2040201", "project")).to_have_value("5")
    expect(page.locator('[data-derived="total:basic"] .value')).to_have_text("1,228.50")
    expect(page.locator("#cell-2040202-project .cell-error")).to_contain_text("不是一个数字")
    expect(page.locator("#save-state")).to_have_text("有 4 格未保存")
    page.keyboard.press("Enter")
    expect(cell(page, "2040202", "basic")).to_be_focused()
    page.get_by_role("contentinfo").get_by_role("button", name="保存").click()
    expect(cell(page, "2040202", "project")).to_have_value("七")
    expect(page.locator("#save-state")).to_have_text("有 1 格未保存")
    assert Cell.objects.get(row="2040202", column="basic").value == -6


def test_without_javascript_the_form_saves_and_keeps_what_is_wrong(
    book: Workbook, visit: Visit, browser: Browser
) -> None:
    signed_in = visit("lin")
    state = signed_in.context.storage_state()
    home = signed_in.url.split("/work/")[0]
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{home}{address(book)}")
    cell(page, "2040201", "basic").fill("12.30")
    cell(page, "2040202", "basic").fill("十二")
    page.get_by_role("contentinfo").get_by_role("button", name="保存").click()
    expect(cell(page, "2040202", "basic")).to_have_value("十二")
    expect(cell(page, "2040201", "basic")).to_have_value("12.30")
    context.close()
    assert f"{Cell.objects.get(row='2040201', column='basic').value}" == "12.30"
