"""HTML → PDF: the expected faces and no other, nothing fetched, the same bytes every time."""

import hashlib
import logging
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from disclosures.pdf import AssetRefused, AttachedFile, asset_path, page_breaks, render_pdf
from disclosures.printing import print_report
from disclosures.report.blocks import Paragraph, Report, Section
from disclosures.report.characters import shipped_characters
from tests.disclosures.papers import official
from tests.disclosures.pdf_facts import PdfFacts, check_pdf
from tests.disclosures.sample_report import LONG_NAME, sample_report

DATA = AttachedFile("数据包.json", "公开数据包", b'{"sample": true}')
FACES = {"Fang", "Kai", "Song-Bold", "Hei"}


def printed(report: Report, **options: object) -> bytes:
    return print_report(report, identifier="ab" * 32, dated=date(2024, 9, 20), **options).content


@cache
def sample_pdf() -> bytes:
    return printed(sample_report(rows=60), attachments=(DATA,))


@cache
def sample_facts() -> PdfFacts:
    return check_pdf(sample_pdf())


def plain(html: str) -> bytes:
    return render_pdf(
        f"<html lang=zh><body>{html}",
        identifier="1",
        title="题",
        author="某某局",
        dated=date(2024, 9, 20),
    ).content


def text_report(*texts: str) -> Report:
    blocks = tuple(Paragraph((text,)) for text in texts)
    section = Section("k", 1, "", "标题", blocks)
    return Report("题", "某某局", 2023, "departmental_final_accounts", (section,))


def test_exactly_the_expected_faces_and_no_missing_glyph() -> None:
    assert sample_facts().faces == FACES
    assert sample_facts().missing_glyphs == 0


def test_every_shipped_character_prints_from_our_faces_and_extracts() -> None:
    """Text is set in 仿宋; what it lacks comes character by character from 楷体 and 黑体."""
    characters = "".join(sorted(shipped_characters() - {"\n"}))
    facts = check_pdf(printed(text_report(characters)))
    assert facts.faces <= FACES
    assert facts.missing_glyphs == 0


def test_the_text_extracts_with_rare_characters() -> None:
    assert "".join(LONG_NAME.split()) in sample_facts().text
    assert "1,286.40㎡" in sample_facts().text


def test_a_line_holds_28_characters_and_a_page_22_lines() -> None:
    facts = check_pdf(printed(text_report("中" * (28 * 60 - 2))))
    lines = [line for line in facts.page_texts[3].splitlines() if "中" in line]
    assert len(lines) == 22
    assert {line.count("中") for line in lines} == {28}


def test_contents_give_the_page_a_part_begins_on() -> None:
    contents, pages = sample_facts().page_texts[1], sample_facts().page_texts
    line = next(line for line in contents.splitlines() if line.startswith("第三部分"))
    number = int(line.split(".")[-1].split()[-1])
    assert "第三部分" in pages[number - 1]
    assert f"— {number} —" in pages[number - 1]


def test_later_pages_of_a_table_say_so_and_repeat_its_header() -> None:
    continued = [text for text in sample_facts().page_texts if "续公开02表" in text]
    assert len(continued) >= 2
    assert all("编码" in text and "单位：万元" in text for text in continued)


def test_the_first_page_of_a_table_is_not_called_continued() -> None:
    first = next(text for text in sample_facts().page_texts if "2040200" in text)
    assert "续" not in first


def test_a_spanning_label_is_repeated_on_the_next_page() -> None:
    forms = [text for text in sample_facts().page_texts if "续表" in text]
    assert forms
    assert all("年度绩效" in "".join(text.split()) for text in forms)


def test_the_banner_stands_on_every_page() -> None:
    shown = [text for text in sample_facts().page_texts if text.strip()]
    assert all("演示样本" in text for text in shown)


def test_metadata_names_department_and_title_only() -> None:
    with pikepdf.open(BytesIO(sample_pdf())) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        assert str(pdf.Root.Lang) == "zh-CN"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert info["/Author"] == "武汉市公安局洪山区分局"
    assert info["/Title"] == "武汉市公安局洪山区分局2023年度部门决算"
    assert info.keys() == {"/Author", "/Title", "/Producer", "/CreationDate", "/ModDate"}
    assert str(settings.BASE_DIR).encode() not in sample_pdf()


def test_it_is_written_to_pdf_a_3a_and_tagged_for_ua_1() -> None:
    metadata = sample_facts().metadata
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    with pikepdf.open(BytesIO(sample_pdf())) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.OutputIntents) == 1
        tags = [
            str(item.S)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
        figures = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P", "/Figure"} <= set(tags)
    assert len(figures) == 6


def test_every_chart_has_an_alternative_text() -> None:
    with pikepdf.open(BytesIO(sample_pdf())) as pdf:
        figures = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
        assert all("72,114.75万元" in str(item.Alt) for item in figures)


def test_the_data_package_comes_out_as_it_went_in() -> None:
    assert sample_facts().attachments == {DATA.name: DATA.content}
    with pikepdf.open(BytesIO(sample_pdf())) as pdf:
        (attached,) = pdf.Root.AF
        assert str(attached.AFRelationship) == "/Data"


def test_bookmarks_lead_to_parts_and_sections() -> None:
    with pikepdf.open(BytesIO(sample_pdf())) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root][1] == "第二部分　2023年度部门决算表"
        assert len(outline.root[1].children) == 2


def test_a_draft_carries_its_watermark_on_every_page_and_the_final_file_none() -> None:
    draft = check_pdf(printed(text_report("正文"), watermark="草稿"))
    assert all("草" in text for text in draft.page_texts)
    assert "草" not in check_pdf(printed(text_report("正文"))).text


def test_the_same_report_is_the_same_bytes_in_another_process() -> None:
    script = (
        "import django; django.setup()\n"
        "from tests.disclosures.test_pdf import printed, text_report\n"
        "import hashlib; print(hashlib.sha256(printed(text_report('硚口'))).hexdigest())"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "7",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    here = hashlib.sha256(printed(text_report("硚口"))).hexdigest()
    assert answer.stdout.split()[-1] == here


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hongshan_2023", "jianghan_2023"])
def test_the_official_file_and_its_attachments_are_the_same_bytes_in_another_process(
    name: str,
) -> None:
    script = (
        "import django; django.setup()\n"
        "import hashlib\n"
        "from tests.disclosures.papers import official\n"
        f"print(hashlib.sha256(official({name!r})).hexdigest())"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "11",
        "TZ": "America/New_York",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split()[-1] == hashlib.sha256(official(name)).hexdigest()


def test_one_changed_character_changes_the_file() -> None:
    assert printed(text_report("1.00")) != printed(text_report("1.01"))


def test_nothing_in_the_style_sheet_is_ignored(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        printed(sample_report(rows=3))
    assert [record.message for record in caplog.records] == []


@pytest.mark.parametrize(
    "html",
    [
        "<img src='http://127.0.0.1:9/x.png'>",
        "<img src='file:///etc/passwd'>",
        "<img src='data:image/png;base64,AAAA'>",
        "<img src='asset:///fonts/../../config/settings.py'>",
        "<img src='asset:///static/%2e%2e/manage.py'>",
        "<img src='asset://host/static/css/report.css'>",
        "<link rel=stylesheet href='http://127.0.0.1:9/x.css'>",
        "<link rel=stylesheet href='file:///etc/passwd'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<a rel=attachment href='file:///etc/passwd'>x</a>",
        "<style>@import 'http://127.0.0.1:9/x.css';</style>",
        "<style>@font-face{font-family:X;src:url(file:///etc/passwd)}p{font:1em X}</style><p>x",
        "<p style='background:url(http://127.0.0.1:9/x.png)'>x",
        "<ul style='list-style-image:url(file:///etc/passwd)'><li>x</ul>",
        "<p style='content:url(http://127.0.0.1:9/x.png)'>x",
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><use href='file:///etc/passwd#x'/></svg>",
        "<object data='file:///etc/passwd'></object>",
        "<embed src='file:///etc/passwd'>",
        "<base href='http://127.0.0.1:9/'><img src='x.png'>",
    ],
)
def test_the_printer_fetches_nothing_of_others(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """T11: refused, or never asked for; no socket and no file outside our folders is opened."""
    asked: list[str] = []
    monkeypatch.setattr("socket.socket.connect", lambda *a: asked.append("socket"))
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: asked.append(str(path)) or read(path))
    try:
        content = plain(html)
    except AssetRefused:
        content = b""
    assert asked == []
    assert b"root:" not in content
    if content:
        assert check_pdf(content).attachments == {}


@pytest.mark.parametrize(
    "url",
    [
        "asset:///static/fonts/README.md",
        "asset:///etc/passwd",
        "asset:///fonts/none.otf",
        "file:///etc/passwd",
    ],
)
def test_only_faces_and_style_sheets_of_ours_are_given_out(url: str) -> None:
    with pytest.raises(AssetRefused):
        asset_path(url)


def test_progress_is_told_stage_by_stage() -> None:
    stages: list[str] = []
    printed(text_report("正文"), progress=stages.append)
    assert stages == ["排版", "写成文件", "完成"]


def test_page_breaks_count_body_rows_only() -> None:
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(80))
    html = f"<table data-anchor=t><thead><tr><th>h</th></tr></thead><tbody>{rows}</tbody></table>"
    (found,) = page_breaks(f"<style>tr{{height:60px}}</style>{html}").values()
    assert min(found) > 5
    assert max(found) < 80


def test_two_reports_do_not_share_anything() -> None:
    first = printed(replace(text_report("甲"), banner="演示"))
    assert "演示" not in check_pdf(printed(text_report("乙"))).text
    assert "演示" in check_pdf(first).text
