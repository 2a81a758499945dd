"""What the shop shows everybody, read once until somebody changes it: the shelf, freight, terms, who sells."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import date

from shop.freshness import as_shown
from shop.models import Company, FreightMethod, Product, StockLevel, Terms


@as_shown
def company() -> Company:
    found: Company = Company.load()
    return found


@as_shown
def terms(today: date, language: str) -> Terms | None:
    """Those in force on a Stockholm date."""
    return Terms.objects.current(today, language)


@as_shown
def freights() -> list[FreightMethod]:
    """Every way of sending with its prices, those no longer offered too."""
    return list(FreightMethod.objects.prefetch_related("prices"))


def offered_freights() -> list[FreightMethod]:
    """Those that a buyer may choose; the first is chosen from the beginning."""
    return [method for method in freights() if method.active]


def freight(code: str) -> FreightMethod | None:
    return next((method for method in freights() if method.code == code), None)


def products(skus: Iterable[str]) -> dict[str, Product]:
    """Those for sale, by SKU, with what is left of them read now: one query."""
    found = {sku: product for sku in skus if (product := one_product(sku))}
    levels = StockLevel.objects.in_bulk([product.pk for product in found.values()], field_name="product_id")
    for product in found.values():
        Product._meta.get_field("stock").set_cached_value(product, levels.get(product.pk))
    return found


def one_product(sku: str) -> Product | None:
    """If it is for sale. What is left of it is read when it is asked for, into this request's own copy."""
    shown = _shelf().get(sku)
    return copy.copy(shown) if shown else None


@as_shown
def _shelf() -> dict[str, Product]:
    """Without what is left of them, which is another with each order."""
    return {product.sku: product for product in Product.objects.on_the_shelf()}
