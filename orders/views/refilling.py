"""A basket filled with what somebody has bought or been quoted before, and the checkout with who it was.

The basket's signed cookie names the order whose page the visitor pressed the button on, for two hours: no address
and no form carries anything about anybody, and who comes to the same computer later finds an empty form.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from orders.forms import INVOICE_FIELDS
from orders.models import Order
from orders.models.choices import is_personal
from orders.views import addressing
from shop import basket as baskets
from shop.basket import MAX_QUANTITY, MAX_ROWS, Basket, Row
from shop.responses import SeeOther

REMEMBERED = timedelta(hours=2)
# Not the buyer's own order number: each order has another.
ANSWERS = (
    "buyer", "organisation", "organisation_number", "reference", "email", "phone", "name",
    "address_line1", "address_line2", "postal_code", "city", *INVOICE_FIELDS,
)  # fmt: skip


class Bought(Protocol):
    """A row of an order or a quote."""

    sku: str
    quantity: int
    unit_price_ore: int


def refilled(request: HttpRequest, lines: Iterable[Bought], *, again: str = "") -> HttpResponseBase:
    """To the basket, which holds these rows and nothing else, at today's prices.

    The price of then lies beside each, and what is no longer sold lies there too: the basket's page tells of what
    has changed, and takes out what is gone.
    """
    rows = {line.sku: Row(min(line.quantity, MAX_QUANTITY), line.unit_price_ore) for line in lines}
    rows = dict(list(rows.items())[:MAX_ROWS])
    response = SeeOther(f"{reverse('shop:basket')}?igen=1")
    basket = Basket(rows, secrets.token_urlsafe(18), again)
    baskets.save(response, basket, secure=request.is_secure())
    return response


def like(order: Order, *, now: datetime) -> str:
    """What the basket keeps of the order that is to be placed again."""
    return f"{order.key}:{int(now.timestamp())}"


def answers(held: Basket, *, now: datetime) -> dict[str, Any]:
    """The earlier order's buyer and addresses, for the checkout's first sight; read only then."""
    key, _colon, since = held.again.rpartition(":")
    if not key or not since.isdecimal() or now.timestamp() - int(since) > REMEMBERED.total_seconds():
        return {}
    found = Order.objects.filter(key=key).first()
    if found is None:
        return {}
    told = {name: getattr(found, name) for name in ANSWERS}
    if is_personal(found.organisation_number):  # the order's page does not show it either
        told["organisation_number"] = told["peppol_id"] = ""
    return {**told, "payment": found.method, addressing.FIELD: addressing.as_pasted(found)}
