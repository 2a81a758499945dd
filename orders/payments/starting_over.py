"""A buyer who has not paid calls the order off: first nobody can pay any more, then the goods go back."""

from __future__ import annotations

from datetime import datetime

from orders import operations
from orders.models import Order
from orders.payments.begin import PAGE_SECONDS
from orders.payments.kinds import budget
from orders.payments.settle import close_page


def start_over(order: Order, *, now: datetime) -> bool:
    """Close the order's payment pages and cancel it. False when it is paid or a payment is on its way.

    Raises GatewayError when the payment service does not answer: an order whose page may be open is
    kept, so that nobody pays for nothing.
    """
    return close_all(order, now=now) and operations.abandon(order.pk, now=now)


def close_all(order: Order, *, now: datetime) -> bool:
    """Close the order's payment pages: whether nobody can pay by them any more. Raises GatewayError."""
    with budget(PAGE_SECONDS):
        closed = [close_page(attempt, now=now) for attempt in order.attempts.with_open_page()]
    return all(closed)
