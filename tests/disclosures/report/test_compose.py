"""The whole report: parts, numbers, titles, years, charts, and a filing with nothing in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from disclosures.outline import load_outline
from disclosures.report.blocks import Chart, Paragraph
from disclosures.report.compose import compose
from disclosures.report.numerals import chinese_number
from rulebook.addresses import CellRef
from rulebook.editions import editions_of
from tests.disclosures.values import (
    ALL_SAMPLES,
    blocks_of,
    facts,
    package,
    sections_of,
    with_figures,
)


def headings(known) -> list[str]:
    return [section.heading for section in sections_of(compose(known)) if section.level <= 2]


def text_of_report(known) -> str:
    return "\n".join(b.text for b in blocks_of(compose(known)) if isinstance(b, Paragraph))


def test_six_parts_nine_sheets_fourteen_sections_and_an_annex_for_each_evaluation():
    report = compose(facts())
    assert [part.number for part in report.sections] == [
        f"第{number}部分　" for number in "一二三四五六"
    ]
    overview, sheets, narrative, other, terms, annexes = report.sections
    assert [len(part.sections) for part in (overview, sheets, narrative, other)] == [2, 9, 14, 2]
    assert narrative.sections[13].heading == "十四、财政专项支出、专项转移支付支出情况说明"
    assert terms.blocks
    assert [section.number for section in annexes.sections] == [
        f"附件{number}　" for number in (1, 2, 3, 4)
    ]
    assert annexes.sections[0].title == "2023年度武汉市公安局洪山区分局部门整体绩效自评结果"


def test_the_year_comes_from_the_head_of_the_filing():
    filed = package()
    later = replace(filed, head=replace(filed.head, fiscal_year=2031), texts=(), reasons=())
    report = compose(facts(later))
    assert report.title == "武汉市公安局洪山区分局2031年度部门决算"
    written = "".join(headings(facts(later))) + text_of_report(facts(later))
    assert set(re.findall(r"\d{4}(?=年)", written)) == {"2031", "2030"}


def test_keys_of_sections_are_unique():
    keys = [section.key for section in sections_of(compose(facts()))]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_no_heading_stands_alone(name):
    for section in sections_of(compose(facts(package(name)))):
        assert section.blocks or section.sections, section.heading


def test_a_missing_year_gives_one_bar_and_the_sentence():
    ref = CellRef("comparatives", "grand_total", "prior_year")
    charts = {b.key: b for b in blocks_of(compose(facts())) if isinstance(b, Chart)}
    assert [len(chart.points) for chart in charts.values()] == [2, 2, 2, 2]
    known = with_figures({ref: None})
    chart = next(b for b in blocks_of(compose(known)) if isinstance(b, Chart))
    assert len(chart.points) == 1
    assert chart.note == "2022年度无可比数据。"
    assert "2023年度收、支总计均为72114.75万元，2022年度无可比数据。" in text_of_report(known)


def test_a_filing_without_any_figure_or_text_can_be_previewed():
    filed = package()
    bare = replace(
        filed,
        books=(replace(filed.books[0], cells=()),),
        projects=(), declarations=(), evaluations=(), texts=(), reasons=(), key_tasks=(),
    )  # fmt: skip
    written = text_of_report(facts(bare))
    assert "2023年度收、支总计均为（未填报）" in written
    assert "本部门当年没有财政拨款“三公”经费支出。" in written


def test_the_budget_of_an_item_without_outturn_is_still_stated():
    known = with_figures({CellRef("budget_comparison", "2040221", "original_budget"): "12.00"})
    assert "年初预算12.00万元，支出决算0万元，完成年初预算的0.00%" in text_of_report(known)


def test_only_a_sample_carries_the_banner():
    filed = package()
    assert compose(facts()).banner
    assert compose(facts(replace(filed, head=replace(filed.head, sample=False)))).banner == ""


def test_every_outline_can_be_composed():
    of_kind = {package(name).head.kind: facts(package(name)) for name in ALL_SAMPLES}
    for edition in editions_of("outlines"):
        outline = load_outline(edition.id)
        assert compose(replace(of_kind[edition.kind], outline=outline)).sections


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (14, "十四"), (20, "二十"), (35, "三十五")]
)
def test_numbers_of_headings(number, written):
    assert chinese_number(number) == written
