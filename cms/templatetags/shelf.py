"""Products in templates: their cover and the page that tells of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import get_language

from cms import translations
from cms.models.books import ProductPage
from shop.freshness import remembered
from shop.models import Product

register = template.Library()

SHELF = "bocker"


@register.inclusion_tag("components/cover.html")
def cover(product: Product, width: str = "", label: str = "") -> dict[str, Any]:
    """The product's cover: its picture when staff have put one in, else the drawing.

    `width` is a CSS length for --bw; `label` makes it a picture with a text, else it is decorative.
    """
    return {
        "product": product,
        "width": width,
        "label": label,
        # What the page is about stands at its top.
        "lazy": not label,
        "drawing": f"components/art/cover-{product.cover}.html",
    }


@register.simple_tag(takes_context=True)
def product_url(context: template.Context, product: Product) -> str:
    """The address of the page that sells the product; the shelf when it has none."""
    request: HttpRequest | None = context.get("request")
    return _addresses().get(product.pk) or translations.address(SHELF, request)


@remembered
def _addresses() -> dict[int, str]:
    """By product. A page in the language in use goes before one in the other."""
    pages = (
        ProductPage.objects.live()
        .public()
        .exclude(product=None)
        .annotate(language=F("locale__language_code"))
        .only("url_path", "product_id", "path", "depth")
    )
    here = get_language()
    nearest_last = sorted(pages, key=lambda page: page.language == here)
    return {page.product_id: page.get_url() or "" for page in nearest_last}
