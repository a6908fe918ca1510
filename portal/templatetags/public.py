"""Words and addresses of the public pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from disclosures.report.characters import printable
from filings.models import Filing
from portal import addresses, tables
from portal.pages import PageSpan

register = template.Library()
register.filter("day", tables.in_words)
register.filter("report_address", addresses.report_address)


@register.filter
def named(filing: Filing) -> str:
    """The department's name in the year of the report."""
    return filing.department.name_in(filing.fiscal_year_id)


@register.filter
def version_address(filing: Filing, page: str = "version") -> str:
    """Where one version is read: ``version``, or its ``version_pdf``, ``version_data`` or
    ``version_tables``."""
    return addresses.version_address(filing, page)


@register.filter
def figure(span: PageSpan) -> str | SafeString:
    """A piece of a sentence; a figure is underlined and leads to its cell.

    A filter, not a template: no white space may come between the pieces of a sentence.
    """
    text, origin = printable(span.text), printable(span.origin)
    if span.anchor:
        link = '<a class="figure" href="#{}" title="{}">{}</a>'
        return format_html(link, span.anchor, origin, text)
    if origin:
        return format_html('<span class="figure" title="{}">{}</span>', origin, text)
    return text
