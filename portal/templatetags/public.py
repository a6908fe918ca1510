"""Words and addresses of the public pages."""

from __future__ import annotations

from django import template

from filings.models import Filing
from portal import addresses, tables

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
