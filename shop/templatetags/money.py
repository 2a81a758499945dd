"""Sums for templates."""

from __future__ import annotations

from django import template

from shop.money import Money

register = template.Library()


@register.filter
def kronor(amount: Money | int | None) -> str:
    """As in running text: `55 kr`, `1 250,50 kr`. Takes Money or whole öre."""
    return "" if amount is None else str(_money(amount))


@register.filter
def kronor_exact(amount: Money | int | None) -> str:
    """As in a column that is summed: `3 213,00 kr`."""
    return "" if amount is None else _money(amount).exact()


def _money(amount: Money | int) -> Money:
    return amount if isinstance(amount, Money) else Money(int(amount))
