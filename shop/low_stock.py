"""The letter that says a shelf runs low: once when it falls to its product's threshold, not at each sale below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from notifications import outbox
from notifications.letters import Kind
from shop.models import Company, Product, StockLevel
from shop.staff.access import holds

LETTER = "low-stock"
Facts = dict[str, Any]


def tell(levels: Iterable[StockLevel], before: Mapping[int, int], *, cause: str) -> None:
    """Write to the shop about the balances that have crossed their threshold downwards.

    `levels` as they are now, `before` what could be sold then (product id to copies). The caller holds their locks,
    so of two buyers one makes the crossing. Asks the database nothing when none has crossed.
    """
    crossed = [level for level in levels if _has_crossed(level, before[level.product_id])]
    if not crossed or not (receiver := Company.load().email):
        return
    outbox.put(LETTER, key=f"{crossed[0].product_id}:{cause}", to=receiver, context=facts(crossed))


def _has_crossed(level: StockLevel, before: int) -> bool:
    limit = level.product.low_stock_at
    return level.product.counted and limit is not None and level.available <= limit < before


def facts(levels: Iterable[StockLevel]) -> Facts:
    return {"products": [_product(level) for level in levels]}


def _product(level: StockLevel) -> Facts:
    return {
        "name": level.product.name,
        "sku": level.product.sku,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "available": level.available,
        "limit": level.product.low_stock_at,
        "url": settings.SITE_URL + reverse("shop_staff:stock", args=[level.product_id]),
    }


def example(_language: str) -> Facts:
    """A booklet with 45 copies to sell, never stored."""
    product = Product(pk=0, sku="SKRIFTEN", name="Skriften om värdskap", low_stock_at=50)
    return facts([StockLevel(product=product, on_hand=60, reserved=15)])


KIND = Kind(
    LETTER,
    gettext_lazy("Lågt lager"),
    gettext_lazy("Till oss, när en vara har sjunkit till den gräns som står på varan."),
    example,
    holds("shop.view_stockmovement"),
)
