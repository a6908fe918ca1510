"""How figures are printed on a screen; the only filters for amounts."""

from __future__ import annotations

from decimal import Decimal

from django import template

from rulebook.amounts import half_up_2, in_wan

register = template.Library()


@register.filter
def signed_wan(value: Decimal | None) -> str:
    """Yuan → 万元 with its sign: +4,824.89; zero has none."""
    if value is None:
        return ""
    rounded = half_up_2(in_wan(value))
    return f"{rounded:+,.2f}" if rounded else f"{abs(rounded):,.2f}"


@register.filter
def wan(value: Decimal | None) -> str:
    """Yuan → 万元 as printed: "71,485.36"; nothing for an empty cell."""
    return "" if value is None else f"{half_up_2(in_wan(value)):,.2f}"


@register.filter
def yuan(value: Decimal | None) -> str:
    """Yuan as printed: "714,853,600.00"; nothing for an empty cell."""
    return "" if value is None else f"{half_up_2(value):,.2f}"


@register.filter
def megabytes(size: int) -> str:
    """Bytes → "2.3 MB", or KB below one megabyte."""
    kilobytes = Decimal(size) / 1024
    if kilobytes < 1024:
        return f"{kilobytes:.0f} KB"
    return f"{kilobytes / 1024:.1f} MB"
