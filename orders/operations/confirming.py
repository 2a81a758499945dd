"""The agreement stands, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from orders import letters
from orders.models import Delivery, Invoice, Method, Order
from orders.operations.planning import plan_parcels
from orders.operations.writing import write
from orders.states import Agreement, move
from shop import event_places


def confirm(
    order: Order, *, actor: str, cause: str, now: datetime, deliveries: Iterable[Delivery] | None = None
) -> None:
    """The agreement stands: plan the parcels, plan the invoice, write the confirmation; an event's guests have
    their places. Caller holds the lock.

    `deliveries` as in plan_parcels: a caller that knows the order's addresses saves the question.
    """
    move(order, Agreement.CONFIRMED, actor=actor, cause=cause, now=now)
    plan_parcels(order, deliveries)
    if order.method == Method.INVOICE:
        Invoice.objects.create(order=order)
    write("order-confirmation", order, letters.confirmation_facts(order))
    if order.is_of_places:
        event_places.host().is_paid(str(order.number), now)
