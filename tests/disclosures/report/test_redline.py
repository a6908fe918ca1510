"""The red-line version: what a reviewer sees of the changes between two submissions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosures.report.blocks import (
    BoundFigure,
    Cell,
    Chart,
    ChartPoint,
    HeaderCell,
    Paragraph,
    Report,
    Section,
    Table,
)
from disclosures.report.marks import (
    DELETED,
    INSERTED,
    KEPT,
    Piece,
    accepted,
    is_marked,
    marked,
    pieces,
    rejected,
    unmarked,
)
from disclosures.report.redline import CHART_CHANGED, marked_text, redline

TOTAL = "示例部门/支出/合计"
words = st.text(alphabet="收入支出增加减少0123456789.,%万元。，ab\ue000\ue003\n", max_size=60)


def figure(text: str) -> BoundFigure:
    return BoundFigure(text, Decimal(text), "万元", (TOTAL,))


def sentence(amount: str, reason: str = "人员增加") -> Paragraph:
    return Paragraph(
        ("支出合计", figure(amount), "万元，主要原因是：", reason, "。"), subject="reason.total"
    )


def amounts(*rows: tuple[str, str]) -> Table:
    return Table(
        key="expenditure",
        number="公开03表",
        title="支出决算表",
        unit_label="单位：万元",
        header=((HeaderCell("项目"), HeaderCell("合计")),),
        body=tuple((Cell(name), Cell(amount, "right", f"表/{name}")) for name, amount in rows),
        widths=(Decimal(50), Decimal(50)),
    )


def report(*blocks: Paragraph | Table | Chart) -> Report:
    section = Section("expenditure", 1, "一、", "支出情况", tuple(blocks))
    return Report("示例部门决算", "示例部门", 2023, "final_accounts", (section,))


def texts(marked_report: Report) -> list[list[str]]:
    (block,) = marked_report.sections[0].blocks
    assert isinstance(block, Table)
    return [[cell.text for cell in row] for row in block.body]


def test_nothing_is_marked_where_nothing_changed() -> None:
    same = report(sentence("10.00"), amounts(("工资", "4.00")))
    found = redline(same, same)
    assert found.report == same
    assert found.is_empty


def test_a_changed_figure_shows_both_values_and_the_words_around_it_stay() -> None:
    found = redline(report(sentence("10.00")), report(sentence("12.50")))
    (block,) = found.report.sections[0].blocks
    assert isinstance(block, Paragraph)
    assert pieces(block.text) == (
        Piece(KEPT, "支出合计"),
        Piece(DELETED, "10.00"),
        Piece(INSERTED, "12.50"),
        Piece(KEPT, "万元，主要原因是：人员增加。"),
    )
    assert (found.paragraphs, found.cells, found.charts) == (1, 0, 0)


def test_a_changed_cell_shows_both_values_and_only_that_cell() -> None:
    found = redline(
        report(amounts(("工资", "4.00"), ("办公费", "1.00"))),
        report(amounts(("工资", "4.00"), ("办公费", "1.50"))),
    )
    assert texts(found.report) == [
        ["工资", "4.00"],
        ["办公费", marked(DELETED, "1.00") + marked(INSERTED, "1.50")],
    ]
    assert found.cells == 1


def test_a_row_that_came_is_marked_whole_and_one_that_went_stays_struck_out() -> None:
    found = redline(
        report(amounts(("工资", "4.00"), ("办公费", "1.00"))),
        report(amounts(("工资", "4.00"), ("会议费", "2.00"))),
    )
    assert texts(found.report) == [
        ["工资", "4.00"],
        [marked(DELETED, "办公费"), marked(DELETED, "1.00")],
        [marked(INSERTED, "会议费"), marked(INSERTED, "2.00")],
    ]


def test_a_label_over_several_rows_is_repeated_where_a_row_came() -> None:
    def spanning(*names: str) -> Table:
        rows = [(Cell(name), Cell("1.00", "right", f"表/{name}")) for name in names]
        first = (Cell("产出指标", rowspan=len(names)), *rows[0])
        return replace(
            amounts(), body=(first, *rows[1:]), widths=(Decimal(20), Decimal(40), Decimal(40))
        )

    found = redline(report(spanning("数量", "质量")), report(spanning("数量", "时效", "质量")))
    assert texts(found.report) == [
        ["产出指标", "数量", "1.00"],
        [marked(INSERTED, "产出指标"), marked(INSERTED, "时效"), marked(INSERTED, "1.00")],
        ["产出指标", "质量", "1.00"],
    ]


def test_a_section_that_is_gone_stays_struck_out() -> None:
    before = report(sentence("10.00"))
    after = replace(before, sections=())
    found = redline(before, after)
    (section,) = found.report.sections
    assert section.title == marked(DELETED, "支出情况")
    assert rejected(section.blocks[0].text) == sentence("10.00").text  # type: ignore[union-attr]
    assert accepted(section.blocks[0].text) == ""  # type: ignore[union-attr]


def test_a_chart_says_that_its_figures_changed() -> None:
    def chart(amount: str) -> Chart:
        return Chart("totals", "bars", "收支", "收支", (ChartPoint("2023年度", figure(amount)),))

    found = redline(report(chart("1.00")), report(chart("2.00")))
    assert found.report.sections[0].blocks[0].note == marked(INSERTED, CHART_CHANGED)  # type: ignore[union-attr]
    assert found.charts == 1


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        ("比上年增加3.00万元", "比上年减少3.00万元", "比上年[-增加-][+减少+]3.00万元"),
        ("完成98.82%", "完成98.83%", "完成[-98.82%-][+98.83%+]"),
        ("", "新写的原因", "[+新写的原因+]"),
        ("去掉的原因", "", "[-去掉的原因-]"),
        ("甲了乙，以后一样的话", "丙了丁，以后一样的话", "[-甲了乙-][+丙了丁+]，以后一样的话"),
    ],
)
def test_marks_read_as_a_person_would_set_them(before: str, after: str, written: str) -> None:
    signs = {DELETED: "[-{}-]", INSERTED: "[+{}+]", KEPT: "{}"}
    found = pieces(marked_text(before, after))
    assert "".join(signs[piece.kind].format(piece.text) for piece in found) == written


@given(words, words)
def test_accepting_gives_the_new_text_and_rejecting_the_old(before: str, after: str) -> None:
    text = marked_text(before, after)
    assert accepted(text) == unmarked(after)
    assert rejected(text) == unmarked(before)
    assert is_marked(text) == (unmarked(before) != unmarked(after))


@given(st.lists(words, max_size=4, unique=True), st.lists(words, max_size=4, unique=True))
def test_every_paragraph_of_both_versions_can_be_read(before: list[str], after: list[str]) -> None:
    def written(lines: list[str]) -> Report:
        return report(*(Paragraph((unmarked(line),)) for line in lines))

    blocks = redline(written(before), written(after)).report.sections[0].blocks
    now = [accepted(block.text) for block in blocks]  # type: ignore[union-attr]
    was = [rejected(block.text) for block in blocks]  # type: ignore[union-attr]
    assert [line for line in now if line] == [unmarked(line) for line in after if unmarked(line)]
    assert [line for line in was if line] == [unmarked(line) for line in before if unmarked(line)]
