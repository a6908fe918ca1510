"""Report → DOCX: cover, contents, text, tables and charts in the order of the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import chain
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.section import Section as WordSection

from disclosures.archives import settled
from disclosures.render import (
    CONTENTS_LEVELS,
    Heading,
    PrintedChart,
    PrintedTable,
    Run,
    runs_of,
    title_lines,
)
from disclosures.report.blocks import Paragraph, Report
from disclosures.report.characters import MAX_CHARACTERS, printable
from disclosures.word.charts import chart_xml, placed_chart
from disclosures.word.styles import TEXT_WIDTH, WIDE_TEXT_WIDTH, prepare, set_page
from disclosures.word.tables import table_xml
from disclosures.word.text import field, paragraph, runs

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
BREAK_BEFORE = "<w:pageBreakBefore/>"
HEADING_STYLES = {1: "Heading1", 2: "Heading2", 3: "Heading3", 4: "Heading4"}


def write_docx(report: Report, *, dated: date, watermark: str = "") -> bytes:
    """The report as a Word file; the same arguments give the same bytes.

    ``dated`` is the day the file bears; ``watermark`` stands in the head of every page.
    """
    writer = _Writer(report, dated)
    writer.write(watermark)
    return _packed(writer.document)


class _Writer:
    """Appends to one document, from its first page to its last."""

    def __init__(self, report: Report, dated: date) -> None:
        self.report = report
        self.dated = dated.isoformat()
        self.document: WordDocument = Document()
        self.charts = 0
        prepare(
            self.document,
            title=printable(report.title),
            author=printable(report.department),
            dated=dated,
        )

    def write(self, watermark: str) -> None:
        runs = runs_of(self.report)
        self._heads(self.document.sections[0], watermark)
        self._cover()
        self._contents(runs)
        wide = False
        for number, run in enumerate(runs):
            turned = run.is_wide != wide
            if turned:
                wide = run.is_wide
                section = self.document.add_section(WD_SECTION.NEW_PAGE)
                section.different_first_page_header_footer = False
                set_page(section, wide=wide)
            self._run(run, begins=not turned and (not number or run.style != "flow"))

    def _add(self, xml: str) -> None:
        """Before the properties of the last section, where all text goes."""
        self.document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")

    def _text(self, style: str, text: str, properties: str = "") -> None:
        content = runs(text, dated=self.dated, most=MAX_CHARACTERS)
        self._add(paragraph(style, content, properties))

    def _heads(self, section: WordSection, watermark: str) -> None:
        """The running head, and the folio on the outer corner; the cover has neither."""
        section.different_first_page_header_footer = True
        title = "　".join(filter(None, (watermark, printable(self.report.title))))
        for header in (section.header, section.even_page_header):
            self._replace(header, runs(title, dated=self.dated), "left")
        folio = f"{runs('— ', dated=self.dated)}{field('PAGE')}{runs(' —', dated=self.dated)}"
        self._replace(section.footer, folio, "right")
        self._replace(section.even_page_footer, folio, "left")

    def _replace(self, part: object, content: str, align: str) -> None:
        element = part._element  # type: ignore[attr-defined]
        for child in list(element):
            element.remove(child)
        element.append(parse_xml(paragraph("TableHead", content, f'<w:jc w:val="{align}"/>')))

    def _cover(self) -> None:
        if self.report.banner:
            self._text("CoverLine", self.report.banner)
        for number, line in enumerate(title_lines(self.report)):
            space = '<w:spacing w:before="2700"/>' if not number else ""
            self._text("Title", line, space)
        for number, line in enumerate(self.report.cover_lines):
            space = '<w:spacing w:before="4000"/>' if not number else ""
            self._text("CoverLine", line, space)

    def _contents(self, runs_: Sequence[Run]) -> None:
        self._text("TableTitle", "目　录", BREAK_BEFORE)
        for block in chain.from_iterable(run.blocks for run in runs_):
            if isinstance(block, Heading) and block.level <= CONTENTS_LEVELS:
                self._entry(block)

    def _entry(self, heading: Heading) -> None:
        anchor = _bookmark(heading)
        text = runs(heading.text, dated=self.dated)
        indent = f'<w:ind w:left="{560 * (heading.level - 1)}"/>'
        link = f'<w:hyperlink w:anchor="{anchor}">{text}</w:hyperlink>'
        content = f"{link}<w:r><w:tab/></w:r>{field(f'PAGEREF {anchor}')}"
        self._add(paragraph("ContentsEntry", content, indent))

    def _run(self, run: Run, *, begins: bool) -> None:
        width = Decimal((WIDE_TEXT_WIDTH if run.is_wide else TEXT_WIDTH).pt)
        for number, block in enumerate(run.blocks):
            first = BREAK_BEFORE if begins and not number else ""
            match block:
                case Heading():
                    self._heading(block, first)
                case Paragraph():
                    self._text("Note" if block.style == "note" else "Normal", block.text, first)
                case PrintedTable():
                    self._table(block, width, first)
                case PrintedChart():
                    self._chart(block, first)

    def _heading(self, heading: Heading, first: str) -> None:
        broken = BREAK_BEFORE if heading.level == 1 else first
        name, number = _bookmark(heading), heading.anchor.replace("s", "").replace("-", "0")
        content = (
            f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>'
            f"{runs(heading.text, dated=self.dated)}"
            f'<w:bookmarkEnd w:id="{number}"/>'
        )
        self._add(paragraph(HEADING_STYLES[min(heading.level, 4)], content, broken))

    def _table(self, printed: PrintedTable, width: Decimal, first: str) -> None:
        table = printed.table
        if table.title:
            self._text("TableTitle", table.title, first)
        right = "　".join(filter(None, (table.number, table.unit_label)))
        stop = f'<w:tabs><w:tab w:val="right" w:pos="{int(width * 20)}"/></w:tabs>'
        lines = [*table.head_lines] or [""]
        for number, line in enumerate(lines):
            last = number == len(lines) - 1
            content = runs(line, dated=self.dated)
            if last and right:
                content += f"<w:r><w:tab/></w:r>{runs(right, dated=self.dated)}"
            broken = first if not number and not table.title else ""
            self._add(paragraph("TableHead", content, f"{broken}{stop}"))
        self._add(table_xml(printed, width, self.dated))
        style = "FormNote" if table.style == "form" else "Note"
        for note in table.notes or ("",):
            self._text(style, note)

    def _chart(self, printed: PrintedChart, first: str) -> None:
        chart = printed.chart
        self._text("TableTitle", chart.title, first)
        if chart.points:
            self.charts += 1
            name = PackURI(f"/word/charts/chart{self.charts}.xml")
            package = self.document.part.package
            part = Part(name, CHART_TYPE, chart_xml(chart), package)
            relation = self.document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
            run = placed_chart(chart, printed.drawing, relation, self.charts)
            self._add(paragraph("Note", run, '<w:spacing w:line="240" w:lineRule="auto"/>'))
        if chart.note:
            self._text("Note", chart.note)


def _bookmark(heading: Heading) -> str:
    return f"_{heading.anchor.replace('-', '_')}"


def _packed(document: WordDocument) -> bytes:
    written = BytesIO()
    document.save(written)
    return settled(written.getvalue())
