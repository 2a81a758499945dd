"""Sums for templates."""

from __future__ import annotations

from django import template

from shop import quantities
from shop.money import Money

register = template.Library()


@register.filter
def kronor(amount: Money | int | None) -> str:
    """As in running text: `55 kr`, `1 250,50 kr`, `SEK 55`. Takes Money or whole öre."""
    if amount is None:
        return ""
    return str(amount if isinstance(amount, Money) else Money(amount))


@register.filter
def percent(number: int) -> str:
    """`6 %`, in English `6%`."""
    return quantities.percent(number)
