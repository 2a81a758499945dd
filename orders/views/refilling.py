"""A basket filled with what somebody has bought or been quoted before."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Protocol

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from shop import basket as baskets
from shop import known
from shop.basket import MAX_QUANTITY, MAX_ROWS, Basket, Row
from shop.responses import SeeOther


class Bought(Protocol):
    """A row of an order or a quote."""

    sku: str
    quantity: int


def refilled(request: HttpRequest, lines: Iterable[Bought], **more: str) -> HttpResponseBase:
    """To the basket, which holds these rows and nothing else, at today's prices.

    What is no longer sold lies there too: the basket's page tells of it and takes it out.
    """
    wanted = {line.sku: min(line.quantity, MAX_QUANTITY) for line in lines}
    products = known.products(wanted)
    rows = {
        sku: Row(number, products[sku].unit_price(number).ore if sku in products else 0)
        for sku, number in list(wanted.items())[:MAX_ROWS]
    }
    response = SeeOther(f"{reverse('shop:basket')}?igen=1")
    basket = Basket(rows, secrets.token_urlsafe(18), **more)
    baskets.save(response, basket, secure=request.is_secure())
    return response
