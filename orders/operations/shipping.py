"""Parcels: packed, sent, come, returned. Each names its parcel; copies are counted by the order's lines.

The same step again answers the parcel as it stands and does nothing; another step than the table allows, or copies
that are not there, raises and changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from orders import letters
from orders.models import Order, Shipment, ShipmentLine
from orders.operations.locking import lock_by_shipment
from orders.operations.planning import WrongCopies, rows
from orders.operations.writing import write
from orders.states import Parcel, WrongState, move
from shop import stock

Copies = Mapping[int, int]  # OrderLine id to number of copies
SPLIT = "split"  # the history's word for a parcel that has become two
MERGED = "lagd i samma paket igen"


class StillPacked(Exception):
    """Copies that should be taken out lie in a packed parcel."""


@transaction.atomic
def pack(pk: int, *, actor: str, now: datetime, only: Copies | None = None) -> Shipment:
    """The parcel is packed, with `only` those copies when given: the rest becomes a parcel of its own, to be packed.

    Raises WrongState when the order may not be packed or the parcel has come further, and WrongCopies.
    """
    shipment = lock_by_shipment(pk)
    if shipment.state == Parcel.PACKED:
        return shipment
    _check_may_go(shipment, Parcel.PACKED)
    if only is not None:
        _keep_only(shipment, only, actor=actor, now=now)
    move(shipment, Parcel.PACKED, actor=actor, cause="packning", now=now)
    shipment.packed_at = now
    shipment.save(update_fields=["packed_at"])
    return shipment


@transaction.atomic
def unpack(pk: int, *, actor: str, now: datetime) -> Shipment:
    """Back to be packed, together with what else waits for the same address. Raises WrongState when it has left."""
    shipment = lock_by_shipment(pk)
    if move(shipment, Parcel.PLANNED, actor=actor, cause="uppackning", now=now):
        shipment.packed_at = None
        shipment.save(update_fields=["packed_at"])
        _merge_waiting(shipment, actor=actor, now=now)
    return shipment


@transaction.atomic
def send(pk: int, *, tracking_number: str, actor: str, now: datetime) -> Shipment:
    """The parcel has left: its copies leave the stock and the buyer is told.

    Raises WrongState, also for a parcel that was sent under another tracking number.
    """
    shipment = lock_by_shipment(pk)
    if (shipment.state, shipment.tracking_number) == (Parcel.SENT, tracking_number):
        return shipment
    _check_may_go(shipment, Parcel.SENT)
    move(shipment, Parcel.SENT, actor=actor, cause=tracking_number or "utan spårning", now=now)
    shipment.sent_at, shipment.tracking_number = now, tracking_number
    shipment.save(update_fields=["sent_at", "tracking_number"])
    number = str(shipment.order.number)
    stock.hand_over(_products(shipment), cause=shipment.cause, promise=number, actor=actor, at=now)
    write("sent", shipment.order, letters.sent_facts(shipment), key=f"shipment-{shipment.pk}")
    return shipment


@transaction.atomic
def deliver(pk: int, *, actor: str, now: datetime, came_at: datetime | None = None) -> Shipment:
    """The parcel has come, `now` or at the earlier `came_at`: staff or the carrier say so, no clock does.

    Raises WrongState.
    """
    shipment = lock_by_shipment(pk)
    if move(shipment, Parcel.DELIVERED, actor=actor, cause="framme", now=now):
        shipment.delivered_at = came_at or now
        shipment.save(update_fields=["delivered_at"])
    return shipment


@transaction.atomic
def take_back(pk: int, *, restock: Copies, write_off: Copies, actor: str, now: datetime) -> Shipment:
    """Copies of the parcel are back: fit to sell again, or not. What the buyer keeps becomes a parcel of its own.

    Raises WrongState when it has not left, and WrongCopies when none come or more than it held.
    """
    shipment = lock_by_shipment(pk)
    if shipment.state == Parcel.RETURNED:
        return shipment
    if Parcel.RETURNED not in shipment.TABLE[shipment.state]:
        raise WrongState(f"shipment {shipment}", shipment.state, Parcel.RETURNED)
    _keep_only(shipment, _together(restock, write_off), actor=actor, now=now)
    move(shipment, Parcel.RETURNED, actor=actor, cause="åter", now=now)
    shipment.returned_at = now
    shipment.save(update_fields=["returned_at"])
    stock.take_back(
        _by_product(shipment, restock),
        _by_product(shipment, write_off),
        cause=shipment.cause,
        promise=str(shipment.order.number),
        actor=actor,
        at=now,
    )
    return shipment


def strike(order: Order, copies: Copies, *, actor: str, now: datetime) -> None:
    """Take copies that are no longer bought out of what is to be packed, and give them back to the shelf's offer.

    Raises StillPacked when fewer wait there. Caller holds the order's lock.
    """
    wanted = {pk: number for pk, number in copies.items() if number}
    for shipment in order.shipments.filter(state=Parcel.PLANNED):
        held = {row.line_id: row.quantity for row in shipment.lines.all()}
        out = {pk: min(number, held.get(pk, 0)) for pk, number in wanted.items() if held.get(pk) and number}
        if out:
            shipment.order = order
            _strike(shipment, out, actor=actor, now=now)
            wanted = {pk: number - out.get(pk, 0) for pk, number in wanted.items()}
    if any(wanted.values()):
        raise StillPacked(order.number)


def _strike(shipment: Shipment, copies: Copies, *, actor: str, now: datetime) -> None:
    _keep_only(shipment, copies, actor=actor, now=now)
    number = str(shipment.order.number)
    stock.release(_products(shipment), cause=shipment.cause, promise=number, actor=actor, at=now)
    move(shipment, Parcel.CANCELLED, actor=actor, cause="ångrade exemplar", now=now)


def _check_may_go(shipment: Shipment, new: Parcel) -> None:
    """Nothing is packed or leaves but by the one rule, Order.may_be_packed."""
    if not shipment.order.may_be_packed or new not in shipment.TABLE[shipment.state]:
        raise WrongState(f"shipment {shipment}", shipment.state, new)


# --- Copies ---------------------------------------------------------------------------------------
def _together(*parts: Copies) -> dict[int, int]:
    """The sum of the parts. Raises WrongCopies for a number below zero, which a sum would hide."""
    if any(number < 0 for part in parts for number in part.values()):
        raise WrongCopies(f"below zero: {parts}")
    return {pk: sum(part.get(pk, 0) for part in parts) for pk in {pk for part in parts for pk in part}}


def _keep_only(shipment: Shipment, copies: Copies, *, actor: str, now: datetime) -> None:
    """Leave those copies in the parcel and put the rest into a new one that has come as far. Raises WrongCopies."""
    held = {row.line_id: row.quantity for row in shipment.lines.all()}
    kept = {pk: number for pk, number in copies.items() if number}
    if not kept or any(not 0 < number <= held.get(pk, 0) for pk, number in kept.items()):
        raise WrongCopies(f"{shipment}: {kept} of {held}")
    rest = {pk: number - kept.get(pk, 0) for pk, number in held.items() if number > kept.get(pk, 0)}
    if rest:
        _fill(shipment, kept)
        _fill(_twin(shipment), rest)
        shipment.note(shipment.MACHINE, "", SPLIT, actor=actor, cause="en del för sig", now=now)


def _twin(shipment: Shipment) -> Shipment:
    """A parcel to the same address that has come as far on the same way."""
    return Shipment.objects.create(
        order=shipment.order,
        delivery=shipment.delivery,
        state=shipment.state,
        tracking_number=shipment.tracking_number,
        packed_at=shipment.packed_at,
        sent_at=shipment.sent_at,
        delivered_at=shipment.delivered_at,
    )


def _fill(shipment: Shipment, copies: Copies) -> None:
    shipment.lines.all().delete()
    ShipmentLine.objects.bulk_create(rows(shipment, copies))


def _merge_waiting(shipment: Shipment, *, actor: str, now: datetime) -> None:
    """Put what waits for the same address in other parcels into this one, which is to be packed anew."""
    others = list(
        shipment.order.shipments.filter(delivery=shipment.delivery, state=Parcel.PLANNED).exclude(
            pk=shipment.pk
        )
    )
    copies: Counter[int] = Counter()
    for row in ShipmentLine.objects.filter(shipment__in=[shipment, *others]):
        copies[row.line_id] += row.quantity
    for other in others:
        other.lines.all().delete()
        move(other, Parcel.CANCELLED, actor=actor, cause=MERGED, now=now)
    if others:
        _fill(shipment, copies)


def _products(shipment: Shipment) -> dict[int, int]:
    """Product id to copies in the parcel."""
    return _by_product(shipment, {row.line_id: row.quantity for row in shipment.lines.all()})


def _by_product(shipment: Shipment, copies: Copies) -> dict[int, int]:
    products = dict(shipment.order.lines.values_list("pk", "product_id"))
    found: Counter[int] = Counter()
    for pk, number in copies.items():
        if number:
            found[products[pk]] += number
    return dict(found)
