"""A budget in the browser: a unit's filled template, its preview, and the department's sum."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from budgets.replacing import replace_books
from departments.models import StaffMember
from filings.models import Filing, FilingKind
from reviews.services import begin_filing
from tests.browser.conftest import Visit
from tests.budgets.excel.filling import filled_template
from tests.budgets.jianghan_books import book_of, code_names, lists
from tests.disclosures.test_jianghan_filed import WHOLE, make_department

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILED, TO_FILE = "118002", "118001"


@pytest.fixture
def lin118(transactional_db: None) -> StaffMember:
    return make_department()


@pytest.fixture
def budget(lin118: StaffMember) -> Filing:
    """The budget of 118 in which one of its two units has filed its tables."""
    department = lin118.department
    assert department is not None
    filing = begin_filing(
        staff=lin118,
        department=department,
        fiscal_year=2023,
        kind=FilingKind.DEPARTMENTAL_BUDGET,
    )
    units = {unit.code: unit for unit in department.units.all()}
    replace_books(filing=filing, staff=lin118, books=[book_of(FILED)], units=units)
    return filing


def test_a_units_file_completes_the_department(
    budget: Filing, visit: Visit, tmp_path: Path, picture: Callable[[Page, str], None]
) -> None:
    page = visit("lin118")
    home = page.url.split("/work/")[0]
    page.goto(home + reverse("work:filing_import", args=[budget.public_id, TO_FILE]))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载模板（万元）").click()
    template = tmp_path / "模板.xlsx"
    download.value.save_as(template)
    filled = filled_template(template.read_bytes(), book_of(TO_FILE), lists(), code_names())
    template.write_bytes(filled)
    page.get_by_label("填好的模板（XLSX）").set_input_files(template)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("确认之前没有写入任何内容")).to_be_visible()
    picture(page, "budget-import-preview")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text(re.compile("张表已填"))).to_be_visible()
    total = reverse("work:filing_department_sheet", args=[budget.public_id, "revenue_sheet"])
    page.goto(f"{home}{total}?unit=wan")
    whole = page.locator("#cell-total-total")
    expect(whole).to_contain_text(WHOLE)
    whole.get_by_text(WHOLE).first.click()
    for unit, share in ((TO_FILE, "73,380.06"), (FILED, "15,672.49")):
        expect(whole.get_by_text(share), unit).to_be_visible()
    picture(page, "budget-department")
