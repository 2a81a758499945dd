"""Products in templates: their cover and the page that tells of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from cms.models.books import ProductPage
from shop.models import Product

register = template.Library()

SHELF = "/bocker/"


@register.inclusion_tag("components/cover.html")
def cover(product: Product, width: str = "", label: str = "") -> dict[str, Any]:
    """The product's cover: its picture when staff have put one in, else the drawing.

    `width` is a CSS length for --bw; `label` makes it a picture with a text, else it is decorative.
    """
    return {
        "product": product,
        "width": width,
        "label": label,
        "drawing": f"components/art/cover-{product.cover}.html",
    }


@register.simple_tag(takes_context=True)
def product_url(context: template.Context, product: Product) -> str:
    """The address of the page that sells the product; the shelf when it has none. One query a request."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return _addresses(None).get(product.pk, SHELF)
    if "product_addresses" not in vars(request):
        vars(request)["product_addresses"] = _addresses(request)
    addresses: dict[int, str] = vars(request)["product_addresses"]
    return addresses.get(product.pk, SHELF)


def _addresses(request: HttpRequest | None) -> dict[int, str]:
    pages = (
        ProductPage.objects.live()
        .public()
        .exclude(product=None)
        .only("url_path", "product_id", "path", "depth")
    )
    return {page.product_id: page.get_url(request) or SHELF for page in pages}
