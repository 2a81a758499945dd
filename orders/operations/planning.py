"""Which parcels an order goes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import prefetch_related_objects

from orders.models import Delivery, Order, Shipment, ShipmentLine
from orders.states import Agreement


class WrongCopies(ValueError):
    """Copies that are not there: none at all, fewer than zero, or more than the order or the parcel holds."""


def plan_parcels(order: Order, deliveries: Iterable[Delivery] | None = None) -> list[Shipment]:
    """One parcel for each address, and one to the order's own for what no address names; none for places at events.

    Caller holds the lock. `deliveries` are the order's, with their lines; None when the caller does not know them.
    Raises WrongCopies.
    """
    prefetch_related_objects([order], "lines")  # the letters read them too
    if order.is_of_places:
        return []
    known = order.deliveries.prefetch_related("lines") if deliveries is None else deliveries
    parcels = [(delivery, {row.line_id: row.quantity for row in delivery.lines.all()}) for delivery in known]
    rest = _rest(order, [copies for _delivery, copies in parcels])
    planned = [*parcels, *([(None, rest)] if rest else [])]
    shipments = Shipment.objects.bulk_create(
        Shipment(order=order, delivery=delivery) for delivery, _copies in planned
    )
    ShipmentLine.objects.bulk_create(
        row
        for shipment, (_to, copies) in zip(shipments, planned, strict=True)
        for row in rows(shipment, copies)
    )
    return shipments


def _rest(order: Order, parcels: list[dict[int, int]]) -> dict[int, int]:
    """Copies of each line that no address names."""
    left = {line.pk: line.quantity for line in order.lines.all()}
    for copies in parcels:
        for pk, number in copies.items():
            left[pk] -= number
    if any(number < 0 for number in left.values()):
        raise WrongCopies(f"{order}: more copies to addresses than were ordered")
    return {pk: number for pk, number in left.items() if number}


def stock_cause(order: Order) -> str:
    """What the stock's ledger calls the order's promise and its end; a revived order's begins anew.

    `VS-2026-000123`, then `VS-2026-000123 igen 2` for what follows the first revival. Ask after the move.
    """
    revived = order.history.filter(machine=Order.MACHINE, old=Agreement.CANCELLED).count()
    return f"{order.number} igen {revived + 1}" if revived else str(order.number)


def rows(shipment: Shipment, copies: Mapping[int, int]) -> list[ShipmentLine]:
    """Unsaved rows of a parcel, from OrderLine id to number of copies."""
    return [ShipmentLine(shipment=shipment, line_id=pk, quantity=number) for pk, number in copies.items()]
