"""What an order's own page and its receipt hold: for who has its key, and for staff who look at what the buyer sees."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.utils import translation

from orders import receipts, timeline
from orders.destinations import followed
from orders.models import Order
from orders.operations import may_be_called_off
from orders.states import Agreement
from shop import event_places, known

# Most orders have none of these on the day when their page is read most.
SELDOM = ("payments", "deliveries", "withdrawals")
ORDERS = Order.objects.telling(*SELDOM).with_invoiced()


def status_context(order: Order) -> dict[str, Any]:
    """What orders/status.html shows of an order from ORDERS."""
    order.read("lines", "vat_parts", "shipments", *SELDOM)
    known.lend(order.lines.all())
    prefetch_related_objects(list(order.lines.all()), "product__cover_image")  # of those no longer for sale
    prefetch_related_objects(list(order.deliveries.all()), "lines")
    return {
        "order": order,
        "steps": timeline.steps(order),
        "standing": timeline.standing(order),
        "destinations": followed(order),
        "judged": timeline.judged(order),
        "came_whole": timeline.came_whole(order),
        "may_be_called_off": may_be_called_off(order),
        "has_places": _has_places(order),
        "may_be_withdrawn": order.has_right_to_withdraw and order.state != Agreement.CANCELLED,
        "company": known.company(),
        **_places(order),
    }


def _places(order: Order) -> dict[str, str]:
    """Where the guest goes from an order of places."""
    if not order.is_of_places:
        return {}
    host, number = event_places.host(), str(order.number)
    return {"event_page": host.event_page(number), "signup_page": host.signup_page(number)}


def _has_places(order: Order) -> bool:
    """Whether there are places that somebody may still be kept from."""
    is_ahead = order.state in {Agreement.PLACED, Agreement.CONFIRMED}
    return order.is_of_places and is_ahead and not timeline.places_gone(order)


def receipt(order: Order) -> HttpResponse:
    """The receipt of an order from OrderQuerySet.whole(). Raises Http404 until the money has come."""
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
