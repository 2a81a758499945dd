"""Orders of which nothing more is expected. One rule, asked every night; see ADR 0021."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from orders import deadlines
from orders.models import Order, Shipment
from orders.operations.locking import SYSTEM, lock
from orders.states import OPEN_NOTICE, Agreement, Fault, Notice, Parcel, RefundState, move
from shop import event_places

JUDGED = {Notice.REFUNDED, Notice.REFUSED}
AT_THE_END = {Parcel.DELIVERED, Parcel.RETURNED}


@transaction.atomic
def close(pk: int, *, now: datetime) -> bool:
    """Close an order that has come to its end. False when something is left to happen, or it was closed before."""
    order = lock(pk)
    if order.state != Agreement.CONFIRMED or not _has_ended(order, now.astimezone(settings.STOCKHOLM).date()):
        return False
    return move(
        order, Agreement.CLOSED, actor=SYSTEM, cause="allt är framme eller över, och uppgjort", now=now
    )


def _has_ended(order: Order, today: date) -> bool:
    came = _came(order)
    return (
        came is not None
        and today > _last_day_for_goods(came)
        and _is_settled(order)
        and not _is_asked_about(order)
    )


def _came(order: Order) -> datetime | None:
    """When the last parcel came or returned, or the event of its places ends; None while something is here or out."""
    if order.is_of_places:
        return event_ends([order])[order.pk]
    parcels = _live(order)
    if not all(row.state in AT_THE_END for row in parcels):
        return None
    return max((moment for row in parcels if (moment := row.returned_at or row.delivered_at)), default=None)


def event_ends(orders: Sequence[Order]) -> dict[int, datetime]:
    """Order pk → when the event of its places ends. Of an event that is gone nothing has been expected at all."""
    known = event_places.host().times([str(order.number) for order in orders])
    ends = {number: event.ends for number, event in known.items()}
    return {order.pk: ends.get(str(order.number), order.placed_at) for order in orders}


def _live(order: Order) -> list[Shipment]:
    return list(order.shipments.exclude(state=Parcel.CANCELLED))


def _last_day_for_goods(came: datetime) -> date:
    """Until when goods may come back: two weeks to withdraw, and two to send them (DAL 2 kap.).

    Organisations have no such right, and places at an event no goods; one rule for all is simpler, and a closed order
    loses nothing.
    """
    return deadlines.goods_due(deadlines.last_day_to_withdraw(came.astimezone(settings.STOCKHOLM).date()))


def _is_settled(order: Order) -> bool:
    """Paid in full and nothing held too much; or everything is back, and so is the money but what staff judged."""
    parcels = _live(order)
    if parcels and all(row.state == Parcel.RETURNED for row in parcels):
        return not order.held or order.withdrawals.filter(state__in=JUDGED).exists()
    return not order.due and order.held <= order.kept


def _is_asked_about(order: Order) -> bool:
    """Whether somebody waits for us: for money, or for an answer."""
    return (
        order.refunds.open().exists()
        or order.refunds.filter(state=RefundState.FAILED, tried_again=None).exists()
        or order.withdrawals.filter(state__in=OPEN_NOTICE).exists()
        or order.complaints.filter(state=Fault.OPEN).exists()
        or order.disputes.open().exists()
    )
