"""The row lock that every operation takes first, and who acts when no member of staff does."""

from __future__ import annotations

from orders.models import Order, Shipment

BUYER = "köparen"
SYSTEM = "systemet"


def lock(pk: int) -> Order:
    """The order with its row locked until the transaction ends. Raises Order.DoesNotExist."""
    return Order.objects.select_for_update(of=("self",)).get(pk=pk)


def lock_by_shipment(pk: int) -> Shipment:
    """The parcel as it is once its order's row is locked. Raises Shipment.DoesNotExist."""
    order = lock(Shipment.objects.values_list("order_id", flat=True).get(pk=pk))
    return order.shipments.select_related("delivery").get(pk=pk)
