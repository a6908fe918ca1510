"""Figures in the templates of budgets."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def plain_figure(value: Decimal | None, is_money: bool = True) -> str:
    """Yuan with two decimals, counts without; nothing for empty."""
    if value is None:
        return ""
    return f"{value:,.2f}" if is_money else f"{value.to_integral_value():,f}"
