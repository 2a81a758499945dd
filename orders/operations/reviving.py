"""Money that comes when the order is over: the goods if they are still there, else the money back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders import letters
from orders.models import Order, Payment
from orders.operations.locking import SYSTEM, lock_quote
from orders.operations.planning import stock_cause
from orders.operations.writing import write
from orders.states import Agreement, move
from shop import event_places, stock

CANCELLED_BY_SOMEBODY, TOO_LATE, SOLD_OUT = "cancelled", "too-late", "sold-out"  # as the letter has them


class PlacesGone(Exception):
    """The event cannot take back those who were to come by a lapsed order."""


def revive(order: Order, *, actor: str, cause: str, now: datetime) -> str:
    """Have an order that lapsed stand again, placed and with its goods held, now that it is paid.

    Empty when it does; else why not: the buyer or staff called it off, the buyer has withdrawn, the money is
    not all that it costs, its quote has been accepted anew meanwhile, or the goods, or the places, have gone. Caller
    holds the lock.
    """
    if not _has_lapsed(order) or _is_withdrawn_from(order):
        return CANCELLED_BY_SOMEBODY
    if order.may_be_sent_back < order.total or _is_replaced(order):
        return TOO_LATE
    try:
        with transaction.atomic():
            move(order, Agreement.PLACED, actor=actor, cause=cause, now=now)
            number = str(order.number)
            if order.is_of_places and not event_places.host().takes_again(number, now):
                raise PlacesGone(number)
            stock.reserve(order.quantities, cause=stock_cause(order), promise=number, actor=actor, at=now)
    except (stock.SoldOut, PlacesGone):
        order.refresh_from_db(fields=["state"])
        return SOLD_OUT
    return ""


def _has_lapsed(order: Order) -> bool:
    """Whether the clock ended it: what a person has called off stays so."""
    last = order.history.filter(machine=Order.MACHINE, new=Agreement.CANCELLED).order_by("pk").last()
    return last is not None and last.actor == SYSTEM


def _is_withdrawn_from(order: Order) -> bool:
    """Whether a notice was granted, or the buyer's own waits for us; anybody may state a number."""
    return bool(order.withdrawn) or any(row.counts and row.is_the_buyers for row in order.withdrawals.all())


def _is_replaced(order: Order) -> bool:
    """Whether another order has been made of the same quote: one quote is one order that stands."""
    if order.quote_id is None:
        return False
    others = lock_quote(order.quote_id).orders.exclude(pk=order.pk)
    return others.exclude(state=Agreement.CANCELLED).exists()


def tell_of_late_money(order: Order, payment: Payment, why: str) -> None:
    """The money goes back, and the buyer hears of it at once."""
    write("late-money", order, letters.late_money_facts(order, payment, why), key=payment.reference)
