"""Products in templates: their cover and the page that tells of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.db.models import F
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cms import translations
from cms.models.books import ProductPage
from shop.freshness import remembered
from shop.models import Product

register = template.Library()

SHELF = "bocker"
THIN_MM = 5  # a booklet; what is thicker is drawn with a spine


@register.simple_tag
def cover(product: Product, width: str = "", label: str = "") -> SafeString:
    """The product's cover: its picture when staff have put one in, else the drawing.

    `width` is a CSS length for --bw; `label` makes it a picture with a text, else it is decorative.
    """
    is_thick = product.kind != "print" or product.thickness_mm > THIN_MM
    if product.cover_image is None:
        return _drawn(product.cover, is_thick, width, label)
    # What the page is about stands at its top.
    pictured = {"picture": product.cover_image, "lazy": not label}
    return render_to_string("components/cover.html", _looks(is_thick, width, label) | pictured)


@lru_cache(maxsize=200)
def _drawn(name: str, is_thick: bool, width: str, label: str) -> SafeString:
    """Of our own files, and a basket shows one for each row."""
    looks = _looks(is_thick, width, label) | {"drawing": f"components/art/cover-{name}.html"}
    return render_to_string("components/cover.html", looks)


def _looks(is_thick: bool, width: str, label: str) -> dict[str, Any]:
    return {"is_thick": is_thick, "width": width, "label": label}


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
