"""A department's forms downloaded, filled in a spreadsheet and imported, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from departments.models import StaffMember
from performance.models import Indicator
from tests import factories
from tests.budgets.excel.files import edited
from tests.performance.excel.files import column_of, line_of
from tests.performance.rows import file_clean_evaluation
from tests.performance.values import PATROLS, PROJECT_CODE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(1366, 768), (1920, 1080)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_forms_of_a_filing_go_through_a_spreadsheet(
    browser: Browser,
    live_server: Any,
    people: dict[str, StaffMember],
    tmp_path: Path,
    picture: Callable[[Page, str], None],
    width: int,
    height: int,
) -> None:
    lin = people["lin"]
    assert lin.department is not None
    filing = factories.make_filing(lin.department, lin)
    file_clean_evaluation(filing, lin)
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/work/login/")
    page.get_by_label("用户名").fill("lin")
    page.get_by_label("密码").fill(factories.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(live_server.url + reverse("work:performance", args=[filing.public_id]))
    picture(page, f"forms-list-{width}")
    page.get_by_role("link", name="导入表格").click()
    picture(page, f"forms-import-{width}")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载表格（万元）").click()
    book = tmp_path / "绩效.xlsx"
    download.value.save_as(book)
    book.write_bytes(edited(book.read_bytes(), rename_and_remove))
    page.locator("input[type=file]").set_input_files(book)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("确认之前没有写入任何内容")).to_be_visible()
    expect(page.get_by_text("巡查次数 → 夜间巡查次数")).to_be_visible()
    picture(page, f"forms-preview-{width}")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text(re.compile("导入完成：修改 1 处，删除 1 处"))).to_be_visible()
    assert Indicator.objects.filter(name="夜间巡查次数").exists()
    context.close()


def rename_and_remove(xlsx: Any) -> None:
    sheet = next(s for s in xlsx.worksheets if s["B2"].value == PROJECT_CODE)
    name = sheet.cell(line_of(sheet, f"指标{PATROLS}"), column_of(sheet, "表4-2", "指标名称"))
    name.value = "夜间巡查次数"
    sheet.delete_rows(line_of(sheet, "指标1.1"))
