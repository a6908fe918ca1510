"""The filters of the report templates; what they return is still escaped."""

from django import template

from disclosures.report.characters import MAX_CELL_CHARACTERS, printable

register = template.Library()


@register.filter
def printed(text: str) -> str:
    return printable(text)


@register.filter
def printed_cell(text: str) -> str:
    return printable(text, MAX_CELL_CHARACTERS)
