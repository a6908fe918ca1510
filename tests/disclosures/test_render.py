"""Report → HTML: everything escaped and bounded, nothing split that belongs together."""

from dataclasses import replace
from datetime import date

import pytest

from disclosures.printing import print_report, span_cuts, spanned_tables
from disclosures.render import anchored_tables, render_html
from disclosures.report.blocks import Cell, Chart, HeaderCell, Paragraph, Report, Section, Table
from disclosures.report.fitting import evenly, setting_of
from tests.disclosures import sample_report as sample

HOSTILE = "<script>alert(1)</script>{{ 7|add:7 }}{% now 'Y' %}\"'><img src=file:///etc/passwd>"


def report(*sections: Section, **changes: object) -> Report:
    plain = Report("题", "某某局", 2023, "departmental_final_accounts", sections)
    return replace(plain, **changes)


def section(*blocks: Paragraph | Table | Chart, level: int = 2) -> Section:
    return Section("k", level, "一、", "标题", blocks)


def hostile_report() -> Report:
    chart = replace(
        sample.chart(),
        title=HOSTILE,
        alternative_text=HOSTILE,
        note=HOSTILE,
        points=tuple(replace(p, label=HOSTILE) for p in sample.chart().points),
    )
    table = replace(
        sample.inline_table(),
        number=HOSTILE,
        title=HOSTILE,
        unit_label=HOSTILE,
        header=((HeaderCell(HOSTILE, colspan=10**9),),),
        body=((Cell(HOSTILE, HOSTILE, style=HOSTILE, mark=HOSTILE, rowspan=10**9),),),
        notes=(HOSTILE,),
        head_lines=(HOSTILE,),
    )
    blocks = (Paragraph((HOSTILE,), style=HOSTILE), chart, table)
    return report(
        Section("k", 1, HOSTILE, HOSTILE, blocks),
        title=HOSTILE,
        banner=HOSTILE,
        cover_lines=(HOSTILE,),
    )


def test_every_text_is_escaped_and_no_template_runs() -> None:
    html = render_html(hostile_report(), watermark=HOSTILE)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7|add:7 }}" in html


def test_spans_are_bounded_by_the_table() -> None:
    html = render_html(hostile_report())
    assert "1000000000" not in html


def test_a_heading_goes_with_the_first_block_below_it() -> None:
    part = Section("p", 1, "第二部分　", "决算表", (), (section(sample.wide(3)),))
    html = render_html(report(part))
    sheet = html.index('<div class="sheet wide">')
    assert sheet < html.index("<h1") < html.index("<h2") < html.index("<table")


def test_a_section_does_not_begin_below_the_end_of_a_form() -> None:
    html = render_html(report(section(sample.form()), section(sample.prose())))
    assert html.index('<div class="sheet">') < html.index('<div class="fresh">')


def test_the_name_of_a_table_is_not_printed_twice() -> None:
    named = replace(sample.form(), title="标题")
    assert 'class="table-title"' not in render_html(report(section(named)))
    assert 'class="table-title"' in render_html(report(section(sample.form())))


def test_a_heading_without_blocks_is_still_printed() -> None:
    assert "<h2" in render_html(report(section()))


def test_contents_name_parts_and_sections_only() -> None:
    html = render_html(sample.sample_report(rows=3))
    contents = html[html.index('class="contents"') : html.index("<main>")]
    assert contents.count("<a ") == 13
    assert "总体情况</a>" not in contents


def test_zero_prints_and_empty_stays_blank() -> None:
    table = replace(sample.inline_table(), body=((Cell("0.00", "right"), Cell(""), Cell("-")),))
    html = render_html(report(section(table)))
    assert '<td class="right ">0.00</td><td></td><td>-</td>' in html


def test_column_widths_are_exact() -> None:
    html = render_html(report(section(sample.inline_table())))
    assert ".w10{width:10%}.w40{width:40%}.w50{width:50%}" in html
    assert '<col class="w10"/><col class="w50"/><col class="w40"/>' in html


def test_anchors_are_unique_though_keys_repeat() -> None:
    tables = anchored_tables(sample.sample_report(rows=3))
    html = render_html(sample.sample_report(rows=3))
    assert len(tables) == 9
    assert all(html.count(f'<table data-anchor="{anchor}"') == 1 for anchor in tables)


@pytest.mark.parametrize(("rows", "name"), [(10, ""), (19, "near"), (31, "close"), (120, "")])
def test_a_table_that_just_misses_a_page_is_set_closer(rows: int, name: str) -> None:
    table = sample.two_sided()
    body = (table.body * 4)[:rows]
    assert setting_of(replace(table, body=body)).name == name


@pytest.mark.parametrize(("listed", "rows", "name"), [(25, 34, ""), (29, 40, "near"), (40, 60, "")])
def test_a_list_and_a_form_that_just_miss_a_page_are_set_closer(
    listed: int, rows: int, name: str
) -> None:
    found = replace(sample.wide(listed), style="list", orientation="landscape")
    assert setting_of(found).name == name
    form = sample.form(goals=1, indicators=1)
    lines = tuple((Cell("字"),) * len(form.widths) for _ in range(rows))
    assert setting_of(replace(form, body=lines, notes=())).name == name


@pytest.mark.parametrize(
    ("most", "broken"),
    [
        (8, "功能分类科目编码"),
        (7, "功能分类\n科目编码"),
        (3, "功能分\n类科目\n编码"),
        (1, "功能分类科目编码"),
    ],
)
def test_a_head_breaks_between_words_of_two_characters(most: int, broken: str) -> None:
    assert evenly("功能分类科目编码", most) == broken
    assert evenly("执行率（B/A）", most) == "执行率（B/A）"


def test_a_paragraph_that_leads_to_others_stays_with_them() -> None:
    html = render_html(report(section(Paragraph(("其中：",)), Paragraph(("甲。",)))))
    assert '<p class="lead">其中：</p>' in html
    assert '<p class="body">甲。</p>' in html


def test_a_long_title_has_its_number_on_a_line_of_its_own() -> None:
    title = "一般公共预算“三公”经费预算情况说明"
    html = render_html(report(Section("k", 1, "第三部分　", title, (Paragraph(("甲。",)),))))
    assert f">第三部分\n{title}</h1>" in html
    assert f">第三部分　{title}</a>" in html


def test_notes_never_stand_on_a_page_of_their_own() -> None:
    noted = replace(sample.form(), notes=("注一。", "注二。", "注三。"))
    html = render_html(report(section(noted)))
    assert html.count('<tr class="keep"><td class="note"') == 3


def test_long_spans_are_cut_where_their_pages_end() -> None:
    long, short = (
        report(section(each)) for each in (sample.form(), sample.form(goals=1, indicators=3))
    )
    (cuts,) = span_cuts(long, spanned_tables(long)).values()
    assert cuts
    assert not span_cuts(short, spanned_tables(short))


def test_a_table_higher_than_it_seemed_is_measured_after_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = report(section(sample.form()))
    known = {"identifier": "1", "dated": date(2024, 1, 1)}
    wanted = print_report(long, **known).content
    monkeypatch.setattr("disclosures.printing.likely_on_one_page", lambda table: True)
    assert print_report(long, **known).content == wanted


def test_a_megabyte_in_a_cell_is_bounded() -> None:
    table = replace(sample.inline_table(), body=((Cell("字" * 1_000_000), Cell(""), Cell("")),))
    assert len(render_html(report(section(table)))) < 10_000
