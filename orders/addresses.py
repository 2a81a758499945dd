"""An order's pages where no visitor's address says which language to use: letters, payment services, staff."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from orders.models import Order


def path(order: Order, page: str) -> str:
    """`/en/order/<key>/` of an order placed in English. `page` is the name of an address under its key."""
    with translation.override(order.language):
        return reverse(f"orders:{page}", args=[order.key])


def url(order: Order, page: str) -> str:
    """The same with the site's name before it."""
    return settings.SITE_URL + path(order, page)
