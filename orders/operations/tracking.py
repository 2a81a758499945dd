"""A tracking number that was wrong."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders import letters
from orders.models import Shipment
from orders.operations.locking import lock_by_shipment
from orders.operations.writing import write
from orders.states import OUT, Parcel, WrongState

CORRECTED = "tracking"  # the history's word


@transaction.atomic
def correct_tracking(pk: int, *, tracking_number: str, tell: bool, actor: str, now: datetime) -> Shipment:
    """Write another tracking number on a parcel that has left; with `tell` the buyer gets the letter anew.

    The same number again is a no-op. Raises WrongState for a parcel that is here, or is here again.
    """
    shipment = lock_by_shipment(pk)
    if shipment.state not in OUT:
        raise WrongState(f"shipment {shipment}", shipment.state, Parcel.SENT)
    old, shipment.tracking_number = shipment.tracking_number, tracking_number
    if old == tracking_number:
        return shipment
    shipment.save(update_fields=["tracking_number"])
    line = shipment.order.history.create(
        machine=shipment.MACHINE,
        new=CORRECTED,
        actor=actor,
        cause=f"{old or '–'} → {tracking_number or '–'}",
        at=now,
    )
    if tell:
        key = f"shipment-{shipment.pk}-{line.pk}"
        write("sent", shipment.order, letters.sent_facts(shipment), key=key)
    return shipment
