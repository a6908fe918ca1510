"""The page of a report: its figures lead to their cells, and nothing typed ever runs."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from disclosures.evaluate import evaluate
from disclosures.package import unprinted_names
from disclosures.report.blocks import NAME, BoundFigure, Cell, HeaderCell, Paragraph, Section
from disclosures.report.page import PageParagraph, ReportPage, page_of
from portal.addresses import report_address
from rulebook.addresses import cell_of
from tests import factories
from tests.disclosures.values import package
from tests.portal.published import make_published, small_report

PAYLOAD = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def test_a_figure_says_which_cell_it_comes_from() -> None:
    page = page_of(small_report())
    paragraph = page.sections[1].blocks[0]
    assert isinstance(paragraph, PageParagraph)
    figure = paragraph.spans[1]
    assert figure.origin == "出自 公开05表 行政运行 决算数"
    assert figure.anchor == "s1-2b1r1c3"


def test_a_figure_of_a_list_is_named_by_what_is_bought() -> None:
    figure = BoundFigure("380.40", Decimal(3804000), "万元", ("procurement/1/1/micro_amount",))
    words = (Cell("在职人员公用"), Cell("[C2120301]车辆维修", style=NAME), Cell("年初安排"))
    table = replace(
        small_report().sections[0].sections[1].blocks[0],
        number="预算11表",
        header=(tuple(HeaderCell(text) for text in ("项目", "品目", "来源", "面向小微企业")),),
        body=((*words, Cell("380.40", "right", figure.addresses[0])),),
    )
    report = replace(
        small_report(), sections=(Section("s", 1, "", "采购", (Paragraph((figure,)), table)),)
    )
    paragraph = page_of(report).sections[0].blocks[0]
    assert isinstance(paragraph, PageParagraph)
    assert paragraph.spans[0].origin == "出自 预算11表 [C2120301]车辆维修 面向小微企业"


@pytest.mark.django_db
def test_the_page_shows_text_tables_charts_and_record(client: Client) -> None:
    filing = make_published()
    text = client.get(report_address(filing)).content.decode()
    target = re.search(r'class="figure"\s+href="#([^"]+)"', text)
    assert target, "no figure leads to a cell"
    assert f'id="{target.group(1)}"' in text
    for expected in (
        "公开05表",
        "单位：万元",
        "<svg",
        "2024年10月14日",
        "按时公开",
        "3 页",
        "目录",
    ):
        assert expected in text


@pytest.mark.django_db
def test_no_white_space_comes_between_a_figure_and_its_sentence(client: Client) -> None:
    text = client.get(report_address(make_published())).content.decode()
    assert "支出决算为71,252.58万元。" in re.sub(r"</?a[^>]*>", "", text)


@pytest.mark.django_db
def test_anchors_are_unique(client: Client) -> None:
    text = client.get(report_address(make_published())).content.decode()
    found = re.findall(r'\bid="([^"]+)"', text)
    assert len(found) == len(set(found))


@pytest.mark.django_db
def test_stored_script_is_shown_as_text(client: Client) -> None:
    department = factories.make_department(f"示例{PAYLOAD}")
    filing = make_published(department, report=small_report(PAYLOAD, PAYLOAD))
    for address in ("/", "/reports/", f"/reports/{department.code}/", report_address(filing)):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text, address
        assert "<img" not in text, address
    assert "<script>alert" not in client.get("/reports/", {"q": PAYLOAD}).content.decode()


@pytest.mark.django_db
def test_direction_marks_do_not_reach_the_page(client: Client) -> None:
    filing = make_published(report=small_report("决算\u202e报告", "支出\u200b为"))
    text = client.get(report_address(filing)).content.decode()
    assert "\u202e" not in text
    assert "\u200b" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/reports/", "report"])
def test_pages_have_no_inline_script_or_style(client: Client, address: str) -> None:
    filing = make_published()
    text = client.get(report_address(filing) if address == "report" else address).content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", text)


def test_a_figure_no_table_prints_names_its_cell_in_the_data_package() -> None:
    filed = package()
    page = page_of(evaluate(filed).report, unprinted_names(filed))
    spans = [
        span
        for section in page.sections
        for block in section.blocks
        if isinstance(block, PageParagraph)
        for span in block.spans
    ]
    origins = [span.origin for span in spans if span.text == "4824.89"]
    assert origins[0].startswith(
        "出自 公开01表 总计 决算数、上年主要数据 收、支总计 上年数（数据包）；"
    )


def test_every_figure_bound_to_a_cell_says_which() -> None:
    filed = package()
    report = evaluate(filed).report
    page = ReportPage(report, name_of=unprinted_names(filed))
    for anchor, section in page.walked.items():
        shown = page.section(anchor)
        for block, made in zip(section.blocks, shown.blocks, strict=True):
            if isinstance(block, Paragraph) and isinstance(made, PageParagraph):
                for span, drawn in zip(block.spans, made.spans, strict=True):
                    if isinstance(span, BoundFigure) and any(map(cell_of, span.addresses)):
                        assert drawn.origin, (anchor, span)
