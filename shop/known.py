"""What the shop shows everybody, read once until somebody changes it: the shelf, freight, terms, who sells."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Protocol, cast

from shop.freshness import as_shown
from shop.models import Company, FreightMethod, Product, StockLevel, Terms


class Sold(Protocol):
    sku: str
    product_id: int
    product: Any


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


def offered_freights(today: date) -> list[FreightMethod]:
    """Those that a buyer may choose on a Stockholm date; the first is chosen from the beginning."""
    return [method for method in freights() if method.active and method.has_begun(today)]


def freight(code: str) -> FreightMethod | None:
    return next((method for method in freights() if method.code == code), None)


def products(skus: Iterable[str]) -> dict[str, Product]:
    """Those for sale, by SKU, as this request's own copies: what is left of them is nobody else's to remember."""
    shelf = _shelf()
    return {sku: _copied(shelf[sku]) for sku in skus if sku in shelf}


def _copied(product: Product) -> Product:
    """As copy.copy, without the detour by pickle that Django's models take there."""
    own = Product.__new__(Product)
    own.__dict__.update(cast("dict[str, Any]", product.__getstate__()))
    return own


def read_stock(products: Collection[Product]) -> None:
    """What is left of them by now, in one query; else each asks for itself."""
    levels = StockLevel.objects.in_bulk([product.pk for product in products], field_name="product_id")
    for product in products:
        Product._meta.get_field("stock").set_cached_value(product, levels.get(product.pk))


def lend(lines: Collection[Sold]) -> None:
    """Give rows of an order their products, for what a page shows of them: those for sale cost no query."""
    shelf = products(line.sku for line in lines)
    for line in lines:
        found = shelf.get(line.sku)
        if found and found.pk == line.product_id:
            line.product = found


@as_shown
def _shelf() -> dict[str, Product]:
    """With all that a price needs; without what is left of them, which is another with each order."""
    shelf = {product.sku: product for product in Product.objects.on_the_shelf()}
    for product in shelf.values():
        product.steps, product.shares  # noqa: B018  sorted once, not for each copy
    return shelf
