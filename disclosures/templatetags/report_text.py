"""The filters of the report templates; what they return is still escaped."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from disclosures.report.characters import MAX_CELL_CHARACTERS, MAX_CHARACTERS, printable
from disclosures.report.marks import DELETED, INSERTED, KEPT, is_marked, pieces
from disclosures.report.page import PageSpan

register = template.Library()

_WRITTEN = {KEPT: "{}", INSERTED: "<ins>{}</ins>", DELETED: "<del>{}</del>"}


@register.filter
def printed(text: str) -> str:
    return _printed(text, MAX_CHARACTERS)


@register.filter
def printed_cell(text: str) -> str:
    return _printed(text, MAX_CELL_CHARACTERS)


def _printed(text: str, most: int) -> str:
    """Only a red-line version has marks; they become the elements of changes."""
    if not is_marked(text):
        return printable(text, most)
    written = ((format_html(_WRITTEN[p.kind], printable(p.text, most)),) for p in pieces(text))
    return format_html_join("", "{}", written)


@register.filter
def figure(span: PageSpan) -> str | SafeString:
    """A piece of a sentence; a figure is underlined and leads to its cell.

    A filter, not a template: no white space may come between the pieces of a sentence.
    """
    text, origin = printable(span.text), printable(span.origin)
    if span.link:
        link = '<a class="figure" href="{}" title="{}">{}</a>'
        return format_html(link, span.link, origin, text)
    if origin:
        return format_html('<span class="figure" title="{}">{}</span>', origin, text)
    return text
