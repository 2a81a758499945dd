"""Sums for templates."""

from __future__ import annotations

from datetime import date

from django import template
from django.http import HttpRequest

from shop import price_view, quantities
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


@register.filter
def without_vat(request: HttpRequest | None) -> bool:
    """Whether the visitor has chosen to see prices without VAT."""
    return request is not None and price_view.without_vat(request)


@register.simple_tag
def net_price(product: Product, price: Money, today: date) -> str:
    """A price of the product without VAT: `51,89 kr`."""
    return str(net_each(split_by_rate(price, product.vat_weights(today)), 1))
