"""A buyer calls off an order: first nobody can pay for it any more, then the order ends."""

from __future__ import annotations

from datetime import datetime

from orders import operations
from orders.models import Order
from orders.payments.begin import PAGE_SECONDS
from orders.payments.kinds import budget
from orders.payments.settle import close_page


def call_off(order: Order, *, now: datetime) -> bool:
    """Close the order's payment pages and cancel it. False when it was cancelled already.

    Money that has come, or comes in spite of this, goes back. Raises WrongState when packing has begun, and
    GatewayError when the payment service does not answer: an order whose page may be open is kept.
    """
    with budget(PAGE_SECONDS):
        for attempt in order.attempts.with_open_page():
            close_page(attempt, now=now)
    return operations.call_off(order.pk, now=now)
