"""The several addresses that an order goes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orders.deliveries import Address
from orders.models import Delivery, DeliveryLine, Order, OrderLine


def address(order: Order, lines: Sequence[OrderLine], addresses: Sequence[Address]) -> list[Delivery]:
    """Store where each copy goes: two statements however many addresses, none without. Caller holds the lock.

    What is stored is also put where Django keeps what it has read, so that nobody asks for it again.
    """
    deliveries = _store(order, addresses) if addresses else []
    _fill(deliveries, lines, addresses)
    order.knows(deliveries=deliveries)
    return deliveries


def _store(order: Order, addresses: Sequence[Address]) -> list[Delivery]:
    return Delivery.objects.bulk_create(
        Delivery(
            order=order,
            position=position,
            unit=found.unit,
            name=found.name,
            address_line1=found.address_line1,
            address_line2=found.address_line2,
            postal_code=found.postal_code,
            city=found.city,
        )
        for position, found in enumerate(addresses)
    )


def _fill(deliveries: Sequence[Delivery], lines: Sequence[OrderLine], addresses: Sequence[Address]) -> None:
    by_sku = {line.sku: line for line in lines}
    rows = [
        [
            DeliveryLine(delivery=delivery, line=by_sku[sku], quantity=number)
            for sku, number in found.copies.items()
        ]
        for delivery, found in zip(deliveries, addresses, strict=True)
    ]
    DeliveryLine.objects.bulk_create(row for own in rows for row in own)
    for delivery, own in zip(deliveries, rows, strict=True):
        _remember(delivery, own)


def _remember(delivery: Delivery, rows: list[DeliveryLine]) -> None:
    """As Order.knows does."""
    lines: Any = delivery.lines.all()
    lines._result_cache, lines._prefetch_done = rows, True
    vars(delivery).setdefault("_prefetched_objects_cache", {})["lines"] = lines
