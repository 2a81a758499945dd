"""The order's own page, behind its key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from orders import own_pages
from orders.models import Order
from orders.states import Agreement
from orders.views.limiting import behind_key
from orders.views.refilling import like, refilled
from shop import basket as baskets
from shop import limits
from shop.basket import Basket
from shop.origin import same_origin
from shop.responses import private


@require_safe
@private
@limits.told
def status(request: HttpRequest, key: str) -> HttpResponseBase:
    order = behind_key(request, own_pages.ORDERS, key)
    already_paid = "redan" in request.GET and order.is_paid
    context = {**own_pages.status_context(order), "already_paid": already_paid}
    response = render(request, "orders/status.html", context)
    forget_basket(request, response, order)
    return response


def forget_basket(request: HttpRequest, response: HttpResponse, order: Order) -> None:
    """Empty the basket that has become this order, once the order stands."""
    stands = order.state in {Agreement.CONFIRMED, Agreement.CLOSED} or order.awaits_approval
    if stands and baskets.load(request).key == order.checkout_key:
        baskets.save(response, Basket(), secure=request.is_secure())


@require_safe
@private
@limits.told
def receipt(request: HttpRequest, key: str) -> HttpResponseBase:
    """The receipt exists when the money has come."""
    return own_pages.receipt(behind_key(request, Order.objects.whole(), key))


@same_origin
@require_POST
@private
@limits.told
def order_again(request: HttpRequest, key: str) -> HttpResponseBase:
    """Beställ samma igen: the same goods at today's prices, and the checkout filled in for who holds the key."""
    order = behind_key(request, Order.objects.prefetch_related("lines"), key)
    return refilled(request, order.lines.all(), again=like(order, now=timezone.now()))
