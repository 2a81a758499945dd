"""The row lock that every operation takes first, and who acts when no member of staff does."""

from __future__ import annotations

from orders.models import Order

BUYER = "köparen"
SYSTEM = "systemet"


def lock(pk: int) -> Order:
    """The order with its row locked until the transaction ends. Raises Order.DoesNotExist."""
    return Order.objects.select_for_update(of=("self",)).get(pk=pk)
