"""The agreement stands, and what follows from that."""

from __future__ import annotations

from notifications import outbox
from orders import letters
from orders.models import Invoice, Method, Order, Shipment
from orders.states import Agreement, move


def confirm(order: Order, *, actor: str, cause: str) -> None:
    """The agreement stands: plan the parcel, plan the invoice, write the confirmation. Caller holds the lock."""
    move(order, Agreement.CONFIRMED, actor=actor, cause=cause)
    Shipment.objects.create(order=order)
    if order.method == Method.INVOICE:
        Invoice.objects.create(order=order)
    outbox.put(
        "order-confirmation",
        key=str(order.number),
        to=order.email,
        context=letters.confirmation_facts(order),
        language=order.language,
        about=str(order.number),
    )
