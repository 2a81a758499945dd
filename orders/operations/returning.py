"""Goods that came back without a notice of withdrawal: what of the money goes back is for staff to say."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.operations.locking import lock_by_shipment
from orders.operations.refunding import plan_refund
from orders.states import Parcel, WrongState
from shop.money import Money

SETTLED = "settled"  # the history's word


@transaction.atomic
def settle_return(pk: int, *, amount: Money, reason: str, actor: str, now: datetime) -> bool:
    """Send back so much for a parcel that came back, or nothing for the `reason` given, which the buyer reads.

    Once for a parcel: False when it was settled before. Raises WrongState for one that has not come back, and
    Shipment.DoesNotExist.
    """
    shipment = lock_by_shipment(pk)
    if shipment.state != Parcel.RETURNED:
        raise WrongState(f"shipment {shipment}", shipment.state, Parcel.RETURNED)
    if shipment.settled_at is not None:
        return False
    shipment.settled_at, shipment.kept_because = now, "" if amount else reason
    shipment.save(update_fields=["settled_at", "kept_because"])
    shipment.note(shipment.MACHINE, "", SETTLED, actor=actor, cause=reason, now=now)
    if amount:
        plan_refund(shipment.order, key=f"return:{pk}", amount=amount, reason=reason, actor=actor, now=now)
    return True
