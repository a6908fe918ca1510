"""The page and the styles of the Word version: GB/T 9704 as disclosure reports borrow it.

The official faces are named, never shipped: Word takes them from the machine it runs on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.section import Section as WordSection
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from disclosures.word.text import W

SONG, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体", "仿宋"
LATIN = "Times New Roman"
PAGE = (Mm(210), Mm(297))
TEXT_WIDTH, WIDE_TEXT_WIDTH = Mm(156), Mm(225)


@dataclass(frozen=True, slots=True)
class _Look:
    """Face and size in points of a style; ``line`` is the exact height of a line."""

    face: str
    size: float
    line: float
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT
    indented: bool = False


CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
LOOKS = {
    "Normal": _Look(FANG, 16, 28.95, WD_ALIGN_PARAGRAPH.JUSTIFY, indented=True),
    "Heading 1": _Look(SONG, 22, 36, CENTRE),
    "Heading 2": _Look(HEI, 16, 28.95, indented=True),
    "Heading 3": _Look(KAI, 16, 28.95, indented=True),
    "Heading 4": _Look(FANG, 16, 28.95, indented=True),
    "Title": _Look(SONG, 28, 46, CENTRE),
    "Cover Line": _Look(KAI, 18, 34, CENTRE),
    "Contents Entry": _Look(FANG, 14, 26),
    "Table Title": _Look(SONG, 16, 26, CENTRE),
    "Table Head": _Look(FANG, 10.5, 15),
    "Table Text": _Look(FANG, 10.5, 15),
    "Note": _Look(KAI, 9, 14),
    "Form Note": _Look(KAI, 7.5, 9.5),
}


def prepare(document: WordDocument, *, title: str, author: str, dated: date) -> None:
    """Page, styles and properties; nothing of the machine or of staff is written."""
    for name, look in LOOKS.items():
        _set(_style(document, name), look)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Heading 4", "Table Title", "Table Head"):
        document.styles[name].paragraph_format.keep_with_next = True
    stops = document.styles["Contents Entry"].paragraph_format.tab_stops
    stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    set_page(document.sections[0], wide=False)
    document.settings.odd_and_even_pages_header_footer = True
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.comments, properties.language, properties.revision = "", "zh-CN", 1
    properties.created = properties.modified = datetime.combine(dated, time())


def set_page(section: WordSection, *, wide: bool) -> None:
    """A4 upright, or across for wide tables."""
    width, height = PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if wide else (width, height)
    top, right, bottom, left = (28, 35, 26, 37) if wide else (37, 26, 35, 28)
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance, section.footer_distance = Mm(18), Mm(22)


def _style(document: WordDocument, name: str) -> ParagraphStyle:
    if name in document.styles:
        found = document.styles[name]
        assert isinstance(found, ParagraphStyle)
        return found
    added = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    added.base_style = None
    return added


def _set(style: ParagraphStyle, look: _Look) -> None:
    style.font.name, style.font.size = LATIN, Pt(look.size)
    style.font.bold, style.font.italic = False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    faces = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{theme}"), None)
    faces.set(qn("w:eastAsia"), look.face)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:eastAsia"), "zh-CN")
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)
    layout = style.paragraph_format
    layout.alignment = look.align
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
    if look.indented:
        style.element.get_or_add_pPr().append(_two_characters())


def _two_characters() -> object:
    return parse_xml(f'<w:ind xmlns:w="{W}" w:firstLineChars="200" w:firstLine="640"/>')
