"""The whole line on real figures, as people walk it: from a filled template to a published PDF.

林 files, 沈 reviews inside the department, 王 reviews for the bureau, the publisher publishes, a
citizen reads. Each step is what the person sees and does next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from budgets.excel.reading import mark_in
from budgets.excel.template import write_template
from departments.models import Department
from disclosures.package import code_names, document, dump
from filings.models import Filing
from rulebook.amounts import MoneyUnit
from tests.browser.conftest import Visit
from tests.budgets.checks.books import sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Picture = Callable[[Page, str], None]

CLOSING = "#cell-closing_carryover-actual input[type=text]"


def filled_template(empty: Path, folder: Path) -> Path:
    """The downloaded template with the department's figures typed in, saved under another name."""
    mark = mark_in(empty.read_bytes())
    assert mark is not None
    filled = folder / "洪山分局2023决算 填好.xlsx"
    names = code_names(sample())
    filled.write_bytes(write_template(sample().books[0], names, mark, MoneyUnit.WAN))
    return filled


def words_and_performance(folder: Path) -> Path:
    """The same figures with self-evaluations, texts and reasons; no warning is answered yet."""
    package = folder / "数据包.json"
    package.write_bytes(dump(document(replace(sample(), explanations=()))))
    return package


def tab(page: Page, name: str) -> None:
    """Go to one of the parts of the filing."""
    parts = page.get_by_role("navigation", name="申报件各部分")
    parts.get_by_role("link", name=name, exact=True).click()


def open_filing(page: Page) -> None:
    row = page.get_by_role("row", name=re.compile("2023 年部门决算"))
    row.get_by_role("link", name="开始填报").click()
    page.get_by_role("button", name="建立", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2023 年部门决算")


def import_tables(page: Page, folder: Path, picture: Picture) -> None:
    tab(page, "报表")
    page.get_by_role("link", name=sample().books[0].name).click()
    page.get_by_role("link", name="导入").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载模板（万元）").click()
    empty = folder / "模板.xlsx"
    download.value.save_as(empty)
    page.get_by_label("填好的模板（XLSX）").set_input_files(filled_template(empty, folder))
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("确认之前没有写入任何内容")).to_be_visible()
    picture(page, "import-preview")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text(re.compile("13 张表已填"))).to_be_visible()


def mistype_and_mend(page: Page, picture: Picture) -> None:
    """A wrong figure is named at once with both values, and goes when it is mended."""
    right = page.locator(CLOSING).input_value()
    page.locator(CLOSING).fill("1.00")
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_text("FA-105").first).to_be_visible()
    panel = page.get_by_role("complementary", name="问题与提示")
    expect(panel.get_by_text(re.compile("相差 [0-9,.]+ 万?元")).first).to_be_visible()
    picture(page, "sheet-finding")
    page.locator(CLOSING).fill(right)
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_text("FA-105")).to_have_count(0)
    picture(page, "sheet")


def file_the_rest(page: Page, folder: Path) -> None:
    tab(page, "数据包")
    page.get_by_label("数据包（JSON）").set_input_files(words_and_performance(folder))
    page.get_by_label(re.compile("我知道")).check()
    page.get_by_role("button", name="写入数据包").click()
    expect(page.get_by_text("数据包已写入。")).to_be_visible()


def look_at_the_scores(page: Page, picture: Picture) -> None:
    tab(page, "绩效")
    for total in ("99.73", "91.98", "97.77", "97.00"):
        expect(page.get_by_text(total).first).to_be_visible()
    row = page.get_by_role("row", name=re.compile("公安执法办案"))
    row.get_by_role("link", name="绩效自评").click()
    expect(page.get_by_text("97.77").first).to_be_visible()
    page.get_by_text("得分推导").first.click()
    expect(page.get_by_text(re.compile("19.77")).first).to_be_visible()
    picture(page, "self-evaluation")


def write_the_explanation(page: Page) -> None:
    tab(page, "问题与说明")
    expect(page.get_by_text("YY-302")).to_be_visible()
    page.locator("#finding-" + _warning()).get_by_role("textbox").fill("上年会计差错更正。")
    page.get_by_role("button", name="保存说明").click()


def _warning() -> str:
    (written,) = sample().explanations
    return written.identity


def hand_over(page: Page) -> None:
    tab(page, "概况")
    page.get_by_role("link", name="送部门复核").click()
    page.get_by_role("button", name="送部门复核").click()
    expect(page.get_by_text("待复核").first).to_be_visible()


def submit(page: Page, home: str, picture: Picture) -> str:
    """The internal reviewer hands in; returns the number on the receipt."""
    page.goto(home)
    page.get_by_role("row", name=re.compile("2023 年部门决算")).get_by_role("link").last.click()
    page.get_by_label(re.compile("完整性负责")).check()
    picture(page, "submit")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("heading", name="回执")).to_be_visible()
    picture(page, "receipt")
    return page.locator(".receipt strong").inner_text()


def remark_and_return(page: Page, picture: Picture) -> None:
    page.get_by_role("link", name="审核", exact=True).click()
    page.get_by_role("button", name="打开审核").click()
    picture(page, "review")
    page.get_by_role("textbox").first.fill("请说明年初调整的批准文件。")
    page.get_by_role("button", name="记下意见").click()
    expect(page.get_by_text("请说明年初调整的批准文件。")).to_be_visible()
    page.get_by_role("link", name="退回修改").click()
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_text("已退回").first).to_be_visible()


def answer(page: Page, home: str) -> None:
    page.goto(home)
    page.get_by_role("row", name=re.compile("2023 年部门决算")).get_by_role("link").last.click()
    page.get_by_role("textbox").first.fill("已按上年批复更正，文件已送财政局。")
    page.get_by_role("button", name="保存答复").click()
    expect(page.get_by_text("已按上年批复更正")).to_be_visible()


def approve(page: Page, home: str) -> None:
    page.goto(home)
    page.get_by_role("link", name="审核", exact=True).click()
    page.get_by_role("button", name="打开审核").click()
    page.get_by_role("link", name="通过", exact=True).click()
    page.get_by_label(re.compile("文号")).fill("示例批复〔2024〕1号")
    page.get_by_label(re.compile("批复日期|日期")).fill("2024-08-20")
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_text("已通过").first).to_be_visible()


def publish(page: Page, picture: Picture) -> None:
    page.get_by_role("row", name=re.compile("2023 年部门决算")).get_by_role("link").last.click()
    expect(page.get_by_role("link", name="打开正式报告")).to_be_visible(timeout=90_000)
    picture(page, "publish")
    page.get_by_role("button", name="公开", exact=True).click()
    expect(page.get_by_text("已公开").first).to_be_visible()


def read_as_a_citizen(page: Page, folder: Path, picture: Picture) -> None:
    picture(page, "portal")
    page.locator("input[name=q]").fill("洪山")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("武汉市公安局洪山区分局")).first.click()
    expect(page.get_by_text("72114.75").first).to_be_visible()
    picture(page, "report")
    with page.expect_download() as download:
        page.evaluate(
            "link => { link.setAttribute('download', ''); link.click(); }",
            page.get_by_role("link", name=re.compile("下载 PDF")).element_handle(),
        )
    pdf = folder / "报告.pdf"
    download.value.save_as(pdf)
    assert pdf.read_bytes().startswith(b"%PDF")
    with page.expect_download() as download:
        page.evaluate(
            "link => { link.setAttribute('download', ''); link.click(); }",
            page.get_by_role("link", name=re.compile("数据包")).first.element_handle(),
        )
    data = folder / "data.json"
    download.value.save_as(data)
    content = json.loads(data.read_text("utf-8"))
    assert content["profile"] == "public"
    assert {card["total"] for card in content["results"]["scorecards"]} == {
        "99.73",
        "91.98",
        "97.77",
        "97.00",
    }


def test_from_a_filled_template_to_a_published_report(
    police: Department, worker: None, visit: Visit, tmp_path: Path, picture: Picture
) -> None:
    lin = visit("lin")
    home = lin.url
    picture(lin, "desk")
    open_filing(lin)
    import_tables(lin, tmp_path, picture)
    mistype_and_mend(lin, picture)
    lin.goto(home)
    lin.get_by_role("link", name="继续填报").click()
    file_the_rest(lin, tmp_path)
    look_at_the_scores(lin, picture)
    lin.goto(home)
    lin.get_by_role("link", name="继续填报").click()
    write_the_explanation(lin)
    hand_over(lin)

    shen = visit("shen")
    first = submit(shen, shen.url, picture)

    wang = visit("wang")
    bureau = wang.url
    picture(wang, "bureau-desk")
    remark_and_return(wang, picture)

    answer(lin, home)
    hand_over(lin)
    second = submit(shen, home, picture)
    assert first != second

    approve(wang, bureau)
    publish(visit("fabu"), picture)

    filing = Filing.objects.get(department=police)
    assert filing.state == "published"
    read_as_a_citizen(visit(""), tmp_path, picture)


def test_an_outsider_finds_nothing(police: Department, visit: Visit) -> None:
    lin = visit("lin")
    open_filing(lin)
    wai = visit("wai")
    expect(wai.get_by_text(police.name)).to_have_count(0)
    answer_ = wai.request.get(lin.url)
    assert answer_.status == 404
    assert police.name not in answer_.text()
