"""The filters of the report templates; what they return is still escaped."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from disclosures.report.characters import MAX_CELL_CHARACTERS, printable
from disclosures.report.page import PageSpan

register = template.Library()


@register.filter
def printed(text: str) -> str:
    return printable(text)


@register.filter
def printed_cell(text: str) -> str:
    return printable(text, MAX_CELL_CHARACTERS)


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
