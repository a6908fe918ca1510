"""The one filter of the report templates."""

from django import template

from disclosures.report.characters import printable

register = template.Library()
register.filter("printed", printable, is_safe=False)
