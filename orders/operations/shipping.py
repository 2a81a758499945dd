"""Parcels: packed and sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from notifications import outbox
from orders import letters
from orders.models import Order, Shipment
from orders.operations.locking import lock
from orders.states import Parcel, WrongState, move
from shop import stock


@transaction.atomic
def pack(pk: int, *, actor: str, now: datetime) -> Shipment:
    """The parcel is packed. Raises WrongState when the order may not be packed or is packed already."""
    _order, shipment = _order_to_ship(pk, Parcel.PACKED)
    move(shipment, Parcel.PACKED, actor=actor, cause="packning")
    shipment.packed_at = now
    shipment.save(update_fields=["packed_at"])
    return shipment


@transaction.atomic
def send(pk: int, *, tracking_number: str, actor: str, now: datetime) -> Shipment:
    """The parcel has left: the copies leave the stock and the buyer is told. Raises WrongState."""
    order, shipment = _order_to_ship(pk, Parcel.SENT)
    move(shipment, Parcel.SENT, actor=actor, cause=tracking_number or "utan spårning")
    shipment.sent_at, shipment.tracking_number = now, tracking_number
    shipment.save(update_fields=["sent_at", "tracking_number"])
    stock.hand_over(order.quantities, cause=str(order.number), actor=actor, at=now)
    outbox.put(
        "sent",
        key=f"shipment-{shipment.pk}",
        to=order.email,
        context=letters.sent_facts(shipment),
        language=order.language,
        about=str(order.number),
    )
    return shipment


def _order_to_ship(pk: int, new: Parcel) -> tuple[Order, Shipment]:
    order = lock(pk)
    shipment = order.shipments.exclude(state=Parcel.CANCELLED).first()
    if shipment is None or not order.may_be_packed:
        raise WrongState(f"shipment {order}", "none" if shipment is None else shipment.state, new)
    shipment.order = order
    if shipment.state == new:
        raise WrongState(f"shipment {order}", shipment.state, new)
    return order, shipment
