"""The price by quantity, as a table wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import template
from django.utils.translation import gettext as _

from shop.models import Product
from shop.money import Money
from shop.quantities import percent

register = template.Library()


@dataclass(frozen=True, slots=True)
class Rung:
    first: int
    last: int | None
    price: Money
    saving: int  # whole per cent less than the single price


@register.filter
def rungs(product: Product) -> list[Rung]:
    """The single price and each step, with the quantities it holds for."""
    starts = [(product.min_quantity, product.price_ore)]
    starts += [(step.from_quantity, step.price_ore) for step in product.steps]
    ends = [start - 1 for start, _price in starts[1:]] + [None]
    return [
        Rung(first, last, Money(ore), round(100 - 100 * ore / product.price_ore) if product.price_ore else 0)
        for (first, ore), last in zip(starts, ends, strict=True)
    ]


@register.filter
def vat_words(product: Product, today: date) -> str:
    """`6 %`, or `6 och 25 %` for mixed goods."""
    *others, last = sorted(product.vat_weights(today))
    if not others:
        return percent(last)
    return _("%(rates)s och %(last)s") % {
        "rates": ", ".join(str(rate) for rate in others),
        "last": percent(last),
    }
