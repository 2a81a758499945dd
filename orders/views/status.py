"""The order's own page, behind its key."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from orders import receipts, timeline
from orders.destinations import destinations
from orders.models import Order
from orders.operations import may_be_called_off
from orders.states import Agreement
from orders.views.limiting import behind_key
from orders.views.refilling import like, refilled
from shop import basket as baskets
from shop import known, limits
from shop.basket import Basket
from shop.origin import same_origin
from shop.responses import private

# Most orders have none of these on the day when their page is read most.
SELDOM = ("payments", "deliveries", "withdrawals")
ORDERS = Order.objects.telling(*SELDOM)


@require_safe
@private
@limits.told
def status(request: HttpRequest, key: str) -> HttpResponseBase:
    order = behind_key(request, ORDERS, key)
    order.read("lines", "vat_parts", "shipments", *SELDOM)
    known.lend(order.lines.all())
    prefetch_related_objects(list(order.lines.all()), "product__cover_image")  # of those no longer for sale
    prefetch_related_objects(list(order.deliveries.all()), "lines")
    context = {
        "order": order,
        "steps": timeline.steps(order),
        "standing": timeline.standing(order),
        "destinations": destinations(order),
        "judged": timeline.judged(order),
        "came_whole": timeline.came_whole(order),
        "may_be_called_off": may_be_called_off(order),
        "already_paid": "redan" in request.GET and order.is_paid,
        "company": known.company(),
    }
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
    order = behind_key(request, Order.objects.whole(), key)
    if not timeline.came_whole(order):
        raise Http404
    return HttpResponse(
        receipts.pdf(order),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{_filename(order)}"'},
    )


def _filename(order: Order) -> str:
    with translation.override(order.language):
        return receipts.filename(str(order.number)).lower()


@same_origin
@require_POST
@private
@limits.told
def order_again(request: HttpRequest, key: str) -> HttpResponseBase:
    """Beställ samma igen: the same goods at today's prices, and the checkout filled in for who holds the key."""
    order = behind_key(request, Order.objects.prefetch_related("lines"), key)
    return refilled(request, order.lines.all(), again=like(order, now=timezone.now()))
