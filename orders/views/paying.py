"""Where a buyer goes from an order: to pay, to wait, or to the order's own page."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from orders.models import Order
from orders.payments.begin import begin
from orders.payments.kinds import Unavailable
from orders.states import Agreement
from orders.views.limiting import count_payment_page
from shop.responses import SeeOther


def onward(order: Order, *, now: datetime) -> HttpResponseBase:
    """From an order that was placed this moment."""
    if order.state == Agreement.PLACED and not order.awaits_approval:
        return pay(order, now=now)
    return order_page(order)


def pay(order: Order, *, now: datetime, method: str = "") -> HttpResponseBase:
    """To the payment page; when there is none to be had, to the page that offers another try."""
    try:
        return SeeOther(begin(order, now=now, method=method))
    except Unavailable:
        return waiting_page(order, fel="1")


def pay_again(request: HttpRequest, order: Order, *, now: datetime, method: str = "") -> HttpResponseBase:
    """The same for an order that stands already. Raises limits.TooMany: cards must not be tried out here."""
    count_payment_page(request, order, method=method, now=now)
    return pay(order, now=now, method=method)


def waiting_page(order: Order, **query: str) -> HttpResponseBase:
    address = reverse("orders:waiting", args=[order.key])
    return SeeOther(f"{address}?{urlencode(query)}" if query else address)


def order_page(order: Order) -> HttpResponseBase:
    """The order's own page, which empties the basket it came from. It says when it was paid before."""
    address = reverse("orders:status", args=[order.key])
    return SeeOther(f"{address}?redan=1" if order.is_paid else address)
