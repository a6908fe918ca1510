"""The preview in the browser: an edit shows, figures and cells lead to each other, findings too."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from budgets.entry import CellEdit
from budgets.models import Workbook
from budgets.services import save_cells
from departments.models import Department, StaffMember
from disclosures.filing import file_package
from filings.models import Filing
from rulebook.addresses import CellRef
from tests import factories
from tests.browser.conftest import Visit
from tests.budgets.checks.books import sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Picture = Callable[[Page, str], None]
CELL = CellRef("expenditure_sheet", "2040201", "basic")


@pytest.fixture
def filing(police: Department, people: dict[str, StaffMember]) -> Filing:
    made = factories.make_filing(police, people["lin"])
    assert not file_package(filing=made, staff=people["lin"], package=sample())
    return made


def at(page: Page, filing: Filing, name: str, *more: str) -> None:
    home = page.url.split("/work/")[0]
    page.goto(home + reverse(f"work:filing_{name}", args=[filing.public_id, *more]))


def edit(filing: Filing, staff: StaffMember, value: str) -> None:
    book = Workbook.objects.get(filing=filing)
    save_cells(workbook=book, staff=staff, edits=[CellEdit(CELL, Decimal(value))])


def test_an_edited_cell_shows_in_the_preview_with_its_findings(
    filing: Filing, people: dict[str, StaffMember], visit: Visit, picture: Picture
) -> None:
    page = visit("lin")
    at(page, filing, "preview")
    expect(page.get_by_text("123,456.79")).to_have_count(0)
    edit(filing, people["lin"], "1234567890.00")
    page.get_by_role("link", name="三、支出决算表").click()
    expect(page.get_by_role("link", name="123,456.79").first).to_be_visible()
    expect(page.locator("#preview-state")).to_contain_text("已更新")
    finding = page.locator("aside.margin .finding-error").first
    expect(finding).to_be_visible()
    picture(page, "preview")
    finding.get_by_role("link", name="看这一处").click()
    found = page.locator(".found")
    expect(found).to_be_in_viewport()
    found.locator(".mark").first.click()
    expect(page.locator(".finding:focus")).to_be_in_viewport()


def test_a_figure_leads_to_its_cell_and_the_cell_back_to_the_report(
    filing: Filing, visit: Visit
) -> None:
    page = visit("lin")
    at(page, filing, "preview")
    figure = page.locator("#s3-1b1 a.figure").first
    figure.scroll_into_view_if_needed()
    figure.click()
    expect(page).to_have_url(re.compile(r"/sheets/[a-z_]+/#cell-"))
    expect(page.locator("td.jumped, td:target").first).to_be_in_viewport()
    page.locator("td.jumped .about, td:target .about").first.click()
    page.locator("#cell-panel").get_by_role("link", name="在报告中看").first.click()
    expect(page).to_have_url(re.compile(r"/preview/\?at=s2-\d+#s2-\d+b\d+r\d+c\d+"))
    expect(page.locator(".found")).to_be_in_viewport()


def test_a_movement_becomes_a_reason_and_the_remainder_follows(
    filing: Filing, visit: Visit, picture: Picture
) -> None:
    page = visit("lin")
    at(page, filing, "texts")
    subject = "general_public_expenditure.original_budget"
    account = page.locator(f'[data-subject="{subject}"]')
    account.get_by_text("变动最大的部分").click()
    account.get_by_role("button", name="加为原因").first.click()
    row = account.locator(".reason-row").last
    expect(row.get_by_label("主要原因")).to_have_value("行政运行（2040201）增加")
    expect(row.get_by_label(re.compile("^金额"))).to_have_value("2860.31")
    expect(account.locator("[data-account]")).to_contain_text("已解释 +2,860.31")
    picture(page, "reason-ledger")
    row.get_by_label(re.compile("^金额")).fill("9000")
    expect(account.locator("[data-account]")).to_contain_text("解释过头")
    row.get_by_label("类别").select_option(label="人员增支")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("TX-212")).to_be_visible()
