"""The sample report as a file: every sentence and every amount of it is on the paper."""

from disclosures.report.blocks import Chart, Paragraph, Table
from tests.disclosures.papers import sample_paper as paper
from tests.disclosures.papers import sample_paper_report as sample
from tests.disclosures.values import blocks_of, sections_of


def bare(text: str) -> str:
    return "".join(text.split())


def without_furniture() -> str:
    """The text of all pages without folios, running heads and banners, which cut sentences."""
    banner, head = bare(sample().banner), bare(sample().title)
    pages = []
    for number, page in enumerate(paper().page_texts, start=1):
        text = bare(page).replace(banner, "").replace(f"—{number}—", "")
        text = "".join(text.rsplit(head, 1))  # the running head is drawn last
        pages.append(_without_charts(text))
    return "".join(pages)


def _without_charts(page: str) -> str:
    """A page without the words of its charts, which are drawn after its sentences."""
    charts = [b for b in blocks_of(sample()) if isinstance(b, Chart) and bare(b.title) in page]
    for point in (point for chart in reversed(charts) for point in reversed(chart.points)):
        page = "".join(page.rsplit(bare(f"{point.label}{point.figure.text}"), 1))
    return page


def test_every_sentence_is_printed() -> None:
    text = without_furniture()
    paragraphs = [b for b in blocks_of(sample()) if isinstance(b, Paragraph)]
    assert paragraphs
    assert [p.text for p in paragraphs if bare(p.text) not in text] == []


def test_every_heading_is_printed() -> None:
    text = without_furniture()
    assert [s.heading for s in sections_of(sample()) if bare(s.heading) not in text] == []


def test_every_cell_of_every_table_is_printed() -> None:
    text = paper().text
    tables = [b for b in blocks_of(sample()) if isinstance(b, Table)]
    amounts = {cell.text for t in tables for row in t.body for cell in row if cell.align == "right"}
    assert amounts
    assert [amount for amount in sorted(amounts) if bare(amount) not in text] == []


def test_every_chart_prints_its_figures() -> None:
    charts = [b for b in blocks_of(sample()) if isinstance(b, Chart)]
    figures = [point.figure.text for chart in charts for point in chart.points]
    assert len(charts) == 4
    assert [figure for figure in figures if bare(figure) not in paper().text] == []


def test_no_glyph_is_missing_and_only_our_faces_are_embedded() -> None:
    assert paper().missing_glyphs == 0
    assert paper().faces == {"Fang", "Kai", "Song-Bold", "Hei"}


def test_no_page_is_blank() -> None:
    furniture = len(bare(sample().banner)) + len(bare(sample().title)) + 10
    assert [n for n, page in enumerate(paper().page_texts) if len(bare(page)) < furniture] == []
