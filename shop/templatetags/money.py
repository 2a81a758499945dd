"""Sums for templates."""

from __future__ import annotations

from django import template

from shop import quantities
from shop.days import stockholm_today
from shop.models import Product
from shop.money import Money
from shop.vat import net_each, split_by_rate

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


@register.simple_tag
def net_price(product: Product, price: Money) -> str:
    """A price of the product without today's VAT: `51,89 kr`."""
    today = stockholm_today()
    return str(net_each(split_by_rate(price, product.vat_weights(today)), 1))
