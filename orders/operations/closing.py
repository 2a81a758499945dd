"""Orders of which nothing more is expected. One rule, asked every night; see ADR 0021."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from orders import deadlines
from orders.models import Order, Shipment
from orders.operations.locking import SYSTEM, lock
from orders.states import OPEN_NOTICE, Agreement, Fault, Notice, Parcel, RefundState, move

JUDGED = {Notice.REFUNDED, Notice.REFUSED}
AT_THE_END = {Parcel.DELIVERED, Parcel.RETURNED}


@transaction.atomic
def close(pk: int, *, now: datetime) -> bool:
    """Close an order that has come to its end. False when something is left to happen, or it was closed before."""
    order = lock(pk)
    if order.state != Agreement.CONFIRMED or not _has_ended(order, now.astimezone(settings.STOCKHOLM).date()):
        return False
    return move(order, Agreement.CLOSED, actor=SYSTEM, cause="allt är framme och uppgjort", now=now)


def _has_ended(order: Order, today: date) -> bool:
    parcels = list(order.shipments.exclude(state=Parcel.CANCELLED))
    return (
        bool(parcels)
        and all(row.state in AT_THE_END for row in parcels)
        and today > _last_day_for_goods(parcels)
        and _is_settled(order, parcels)
        and not _is_asked_about(order)
    )


def _last_day_for_goods(parcels: list[Shipment]) -> date:
    """Until when goods may come back: two weeks to withdraw, and two to send them (DAL 2 kap.).

    Organisations have no such right; one rule for all is simpler, and a closed order loses nothing.
    """
    came = max(moment for row in parcels if (moment := row.returned_at or row.delivered_at))
    return deadlines.goods_due(deadlines.last_day_to_withdraw(came.astimezone(settings.STOCKHOLM).date()))


def _is_settled(order: Order, parcels: list[Shipment]) -> bool:
    """Paid in full and nothing held too much; or everything is back, and so is the money but what staff judged."""
    if all(row.state == Parcel.RETURNED for row in parcels):
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
