"""The report as a Word file: the same words and figures as the PDF, in Word's own terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from disclosures.report.blocks import (
    Block,
    Cell,
    Chart,
    HeaderCell,
    Paragraph,
    Report,
    Section,
    Table,
)
from disclosures.report.characters import printable
from disclosures.report.marks import DELETED, INSERTED, marked
from disclosures.word.document import write_docx
from tests.budgets.excel.office import converted_by_office
from tests.disclosures.papers import sample_paper_report

DATED = date(2024, 9, 20)


@cache
def sample_bytes() -> bytes:
    return write_docx(sample_paper_report(), dated=DATED)


@pytest.fixture
def sample() -> WordDocument:
    return Document(BytesIO(sample_bytes()))


def blocks_of(sections: tuple[Section, ...]) -> Iterator[Block]:
    for section in sections:
        yield from section.blocks
        yield from blocks_of(section.sections)


def headings_of(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield section.heading
        yield from headings_of(section.sections)


def read(content: bytes) -> WordDocument:
    return Document(BytesIO(content))


def table(*rows: tuple[Cell, ...], columns: int = 2, orientation: str = "portrait") -> Table:
    return Table(
        key="expenditure",
        number="公开03表",
        title="支出决算表",
        unit_label="单位：万元",
        header=(tuple(HeaderCell(f"栏{n}") for n in range(1, columns + 1)),),
        body=rows,
        widths=(Decimal(100) / columns,) * columns,
        orientation=orientation,
    )


def report(*blocks: Block) -> Report:
    section = Section("expenditure", 1, "一、", "支出情况", tuple(blocks))
    return Report("示例部门决算", "示例部门", 2023, "final_accounts", (section,), ("示例部门",))


def test_every_sentence_and_heading_stands_in_the_order_of_the_report(sample: WordDocument) -> None:
    written = [p.text for p in sample.paragraphs]
    paragraphs = [
        printable(b.text)
        for b in blocks_of(sample_paper_report().sections)
        if isinstance(b, Paragraph)
    ]
    place = 0
    for text in paragraphs:
        place = written.index(text, place) + 1
    assert set(headings_of(sample_paper_report().sections)) <= set(written)


def test_every_cell_of_every_table_is_there(sample: WordDocument) -> None:
    tables = [b for b in blocks_of(sample_paper_report().sections) if isinstance(b, Table)]
    assert len(sample.tables) == len(tables)
    for expected, found in zip(tables, sample.tables, strict=True):
        texts = [node.text for node in found._tbl.iter(qn("w:t")) if node.text]
        wanted = [c.text + getattr(c, "mark", "") for row in expected.header for c in row]
        wanted += [c.text + c.mark for row in expected.body for c in row]
        joined = "".join(printable(text).replace("\n", "") for text in wanted)
        assert "".join(texts) == joined


def test_a_label_over_three_rows_is_one_merged_cell() -> None:
    rows = (
        (Cell("产出", rowspan=3), Cell("数量")),
        (Cell("质量"),),
        (Cell("时效"),),
    )
    (found,) = read(write_docx(report(table(*rows)), dated=DATED)).tables
    labels = [found.cell(row, 0).text for row in (1, 2, 3)]
    assert labels == ["产出"] * 3
    assert [found.cell(row, 1).text for row in (1, 2, 3)] == ["数量", "质量", "时效"]


def test_head_rows_are_repeated_and_rows_are_not_torn() -> None:
    (found,) = read(write_docx(report(table((Cell("a"), Cell("b")))), dated=DATED)).tables
    head, body = found._tbl.tr_lst
    assert head.find(f".//{qn('w:tblHeader')}") is not None
    assert body.find(f".//{qn('w:tblHeader')}") is None
    assert body.find(f".//{qn('w:cantSplit')}") is not None


@pytest.mark.parametrize(
    ("style", "half_points"), [("statutory", 21), ("form", 17), ("list", 16), ("fine", 13)]
)
def test_the_type_of_a_table_is_as_small_as_on_paper(style: str, half_points: int) -> None:
    small = replace(table((Cell("a"), Cell("b"))), style=style)
    (found,) = read(write_docx(report(small), dated=DATED)).tables
    sizes = {node.get(qn("w:val")) for node in found._tbl.iter(qn("w:sz"))}
    assert sizes == {str(half_points)}


def test_a_wide_table_lies_on_a_page_of_its_own_and_the_text_after_it_stands_upright() -> None:
    wide = table((Cell("a"), Cell("b")), orientation="landscape")
    document = read(write_docx(report(wide, Paragraph(("之后的文字",))), dated=DATED))
    turned = [section.orientation for section in document.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]


def test_folios_stand_on_the_outer_corner_and_not_on_the_cover(sample: WordDocument) -> None:
    first = sample.sections[0]
    assert sample.settings.odd_and_even_pages_header_footer
    assert first.different_first_page_header_footer
    aligned = [
        part._element.find(f".//{qn('w:jc')}").get(qn("w:val"))
        for part in (first.footer, first.even_page_footer)
    ]
    assert aligned == ["right", "left"]


def test_charts_print_the_bound_figures_and_say_themselves_in_words(sample: WordDocument) -> None:
    charts = [b for b in blocks_of(sample_paper_report().sections) if isinstance(b, Chart)]
    parts = sorted(
        (str(p.partname), p.blob.decode())
        for p in sample.part.package.iter_parts()
        if "/charts/" in str(p.partname)
    )
    assert len(parts) == len(charts) > 0
    for chart, (_, xml) in zip(charts, parts, strict=True):
        assert all(f"<a:t>{point.figure.text}</a:t>" in xml for point in chart.points)
    described = [
        node.get("descr")
        for node in sample.element.iter()
        if isinstance(node.tag, str) and node.tag.endswith("}docPr")
    ]
    assert described == [chart.alternative_text for chart in charts]


def test_changes_become_revision_marks_of_word() -> None:
    text = f"支出{marked(DELETED, '10.00')}{marked(INSERTED, '12.50')}万元"
    document = read(write_docx(report(Paragraph((text,))), dated=DATED))
    inserted = list(document.element.iter(qn("w:ins")))
    deleted = list(document.element.iter(qn("w:delText")))
    assert [n.find(f".//{qn('w:t')}").text for n in inserted] == ["12.50"]
    assert [n.text for n in deleted] == ["10.00"]
    assert inserted[0].get(qn("w:date")) == "2024-09-20T00:00:00Z"


def test_a_changed_amount_stands_below_the_old_one_until_that_is_accepted_away() -> None:
    change = f"{marked(DELETED, '29,127.34')}{marked(INSERTED, '25,873.31')}"
    rows = ((Cell("合计"), Cell(change, "right")),)
    (found,) = read(write_docx(report(table(*rows)), dated=DATED)).tables
    ends = [node.getparent().getparent().tag for node in found._tbl.iter(qn("w:br"))]
    assert ends == [qn("w:del")]


@pytest.mark.parametrize(("kind", "tag"), [(INSERTED, "w:ins"), (DELETED, "w:del")])
def test_a_row_that_came_or_went_is_revised_as_a_row(kind: str, tag: str) -> None:
    """Accepting the changes leaves no empty row behind; a row with one change stays a row."""
    whole = (Cell(marked(kind, "甲项目")), Cell(marked(kind, "10.00"), "right"))
    partly = (Cell("乙项目"), Cell(marked(kind, "10.00"), "right"))
    blank = (Cell(""), Cell(""))
    (found,) = read(write_docx(report(table(whole, partly, blank)), dated=DATED)).tables
    revised = [row.find(f"{qn('w:trPr')}/{qn(tag)}") is not None for row in found._tbl.tr_lst]
    assert revised == [False, True, False, False]


def test_its_properties_name_the_department_and_nobody_else(sample: WordDocument) -> None:
    properties = sample.core_properties
    report_ = sample_paper_report()
    assert properties.title == report_.title
    assert properties.author == properties.last_modified_by == report_.department
    assert (properties.comments, properties.keywords) == ("", "")
    assert properties.created == properties.modified
    assert properties.created is not None
    assert properties.created.date() == DATED


def test_a_draft_says_so_on_its_pages_and_an_approved_one_does_not() -> None:
    def head(watermark: str) -> str:
        content = write_docx(report(Paragraph(("文字",))), dated=DATED, watermark=watermark)
        return "".join(p.text for p in read(content).sections[0].header.paragraphs)

    assert head("草稿") == "草稿　示例部门决算"
    assert head("") == "示例部门决算"


def test_the_same_report_gives_the_same_bytes() -> None:
    assert write_docx(sample_paper_report(), dated=DATED) == sample_bytes()


def test_markup_and_controls_in_a_text_stay_text() -> None:
    nasty = "<w:p>&\x00\u202e\"'</w:p>"
    document = read(write_docx(report(Paragraph((nasty,))), dated=DATED))
    assert "<w:p>&\"'</w:p>" in [p.text for p in document.paragraphs]


@pytest.mark.slow
@pytest.mark.office
def test_libreoffice_opens_it_with_every_amount(tmp_path: Path) -> None:
    pdf = converted_by_office(sample_bytes(), tmp_path, name="report.docx", to="pdf")
    pages = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    text = re.sub(r"(?<=\d) (?=分)", "", text)  # the office leaves a gap before a character
    amounts = {
        cell.text
        for block in blocks_of(sample_paper_report().sections)
        if isinstance(block, Table)
        for row in block.body
        for cell in row
        if cell.align == "right" and cell.text
    }
    assert amounts
    assert not {amount for amount in amounts if amount not in text}
