"""The several addresses that an order, or the order that a quote becomes, goes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from orders.deliveries import ADDRESS, Address
from orders.models import (
    Delivery,
    DeliveryLine,
    Order,
    OrderLine,
    Quote,
    QuoteDelivery,
    QuoteDeliveryLine,
    QuoteLine,
)
from orders.models.frozen import FrozenAddress, FrozenLine


def address_quote(quote: Quote, lines: Sequence[QuoteLine], addresses: Sequence[Address]) -> None:
    """Store where the copies of a quote are to go: an order from it goes there."""
    if not addresses:
        return
    deliveries = QuoteDelivery.objects.bulk_create(
        QuoteDelivery(quote=quote, position=position, **found.fields)
        for position, found in enumerate(addresses)
    )
    by_sku = {line.sku: line for line in lines}
    QuoteDeliveryLine.objects.bulk_create(
        QuoteDeliveryLine(delivery=delivery, line=by_sku[sku], quantity=number)
        for delivery, found in zip(deliveries, addresses, strict=True)
        for sku, number in found.copies.items()
    )


def stored(rows: Iterable[Delivery | QuoteDelivery], lines: Iterable[FrozenLine]) -> list[Address]:
    """The addresses of an order or a quote as they were read from what was pasted. Reads each one's lines."""
    skus = {line.pk: line.sku for line in lines}
    return [
        Address(0, {skus[part.line_id]: part.quantity for part in row.lines.all()}, **_fields(row))
        for row in rows
    ]


def _fields(row: FrozenAddress) -> dict[str, str]:
    return {name: getattr(row, name) for name in (*ADDRESS, "address_line2")}


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
        Delivery(order=order, position=position, **found.fields) for position, found in enumerate(addresses)
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
