"""Orders that are called off, by staff, the buyer or the clock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import Order
from orders.operations.locking import BUYER, SYSTEM, lock
from orders.operations.planning import stock_cause
from orders.operations.refunding import plan_refund
from orders.states import Agreement, Attempt, InvoiceState, Parcel, WrongState, move
from shop import event_places, stock
from shop.event_places import By


def may_be_cancelled(order: Order) -> bool:
    """While the agreement stands and no parcel has left."""
    return order.state in {Agreement.PLACED, Agreement.CONFIRMED} and not order.has_left


@transaction.atomic
def cancel(pk: int, *, actor: str, cause: str, now: datetime) -> Order:
    """Call the order off and give its stock back. Raises WrongState when a parcel has left.

    Money that was paid is planned to go back. Cancelling twice is a no-op. A payment page that is out stays as it
    is: the payment service closes it, outside any transaction (payments.settle.close_pages, and the sweep), and only
    it knows how the attempt ended.
    """
    order = lock(pk)
    if order.state == Agreement.CANCELLED:
        return order
    if not may_be_cancelled(order):
        raise WrongState(f"agreement {order}", order.state, Agreement.CANCELLED)
    _expire_unopened(order, actor=actor, cause=cause, now=now)
    move(order, Agreement.CANCELLED, actor=actor, cause=cause, now=now)
    for shipment in order.shipments.exclude(state=Parcel.CANCELLED):
        move(shipment, Parcel.CANCELLED, actor=actor, cause=cause, now=now)
    cancel_invoices(order, actor=actor, cause=cause, now=now)
    lot = stock_cause(order)  # an order that was revived may be called off once more
    stock.release(order.quantities, cause=lot, promise=str(order.number), actor=actor, at=now)
    plan_refund(order, key=f"cancelled:{lot}", amount=order.held, reason=cause, actor=actor, now=now)
    if order.is_of_places:
        event_places.host().is_off(str(order.number), ended_by(actor), now)
    return order


def ended_by(actor: str) -> By:
    return {SYSTEM: By.CLOCK, BUYER: By.BUYER}.get(actor, By.STAFF)


def cancel_invoices(order: Order, *, actor: str, cause: str, now: datetime) -> None:
    """Those that nobody has written yet. Caller holds the lock."""
    for invoice in order.invoices.filter(state=InvoiceState.PLANNED):
        move(invoice, InvoiceState.CANCELLED, actor=actor, cause=cause, now=now)


def _expire_unopened(order: Order, *, actor: str, cause: str, now: datetime) -> None:
    """End the attempts that have no payment page: nobody can pay by them. Caller holds the lock."""
    for attempt in order.attempts.filter(state=Attempt.CREATED, session_id=""):
        attempt.order = order
        move(attempt, Attempt.EXPIRED, actor=actor, cause=cause, now=now)


@transaction.atomic
def lapse(pk: int, *, now: datetime) -> bool:
    """Give back the goods of an order that was not paid in time. False when it has been paid meanwhile."""
    order = lock(pk)
    if order.state != Agreement.PLACED or order.reserved_until is None or order.reserved_until > now:
        return False
    cancel(pk, actor=SYSTEM, cause="Betalningen kom inte i tid", now=now)
    return True


@transaction.atomic
def abandon(pk: int, *, now: datetime) -> bool:
    """Call off an order whose buyer starts over before paying. False when it stands already."""
    order = lock(pk)
    if order.state != Agreement.PLACED:
        return order.state == Agreement.CANCELLED
    cancel(pk, actor=BUYER, cause="Köparen började om", now=now)
    return True
