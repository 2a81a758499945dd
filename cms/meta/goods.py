"""What is sold, with today's price and the stock as it is."""

from __future__ import annotations

from cms.meta.nodes import Node, amount, node, reference, schema
from cms.meta.showing import Showing
from cms.models import ProductPage
from shop.models import Product
from shop.models.product import Kind

CURRENCY = "SEK"


def goods(page: ProductPage, product: Product, showing: Showing) -> Node:
    is_book = product.kind == Kind.PRINT
    return node(
        ["Product", "Book"] if is_book else "Product",
        id=f"{showing.address}#varan",
        name=product.shown_name,
        description=showing.description,
        url=showing.address,
        image=[showing.picture.address],
        sku=product.sku,
        isbn=product.isbn.replace("-", "").replace(" ", ""),
        gtin=product.gtin,
        brand=node("Brand", name=showing.company.name),
        publisher=reference(showing.publisher) if is_book else None,
        offers=_offer(product, showing),
    )


def _offer(product: Product, showing: Showing) -> Node:
    """The price of one copy, VAT included, as the page shows it."""
    price = amount(product.price)
    return node(
        "Offer",
        url=showing.address,
        price=price,
        priceCurrency=CURRENCY,
        priceSpecification=node(
            "UnitPriceSpecification", price=price, priceCurrency=CURRENCY, valueAddedTaxIncluded=True
        ),
        availability=schema("OutOfStock" if product.is_sold_out else "InStock"),
        itemCondition=schema("NewCondition"),
        seller=reference(showing.publisher),
    )
