"""Cancellations that the buyer is written to about: the buyer's own, open until packing begins, and staff's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders import letters
from orders.models import Order, WhyCancelled
from orders.operations.ending import cancel
from orders.operations.locking import BUYER, lock
from orders.operations.writing import write
from orders.states import Agreement, Parcel, WrongState
from shop.money import Money


def may_be_called_off(order: Order) -> bool:
    """While the agreement stands and no parcel has been packed. A packed one is withdrawn from instead.

    Places at an event are given back on the sign-up's own page.
    """
    stands = order.state in {Agreement.PLACED, Agreement.CONFIRMED} and not order.is_of_places
    return stands and all(row.state in {Parcel.PLANNED, Parcel.CANCELLED} for row in order.shipments.all())


@transaction.atomic
def call_off(pk: int, *, now: datetime) -> bool:
    """Cancel for the buyer, give the stock back, plan the refund and write to the buyer, once.

    Raises WrongState when packing has begun. False when the order is cancelled already.
    """
    order = lock(pk)
    if order.state == Agreement.CANCELLED:
        return False
    if not may_be_called_off(order):
        raise WrongState(f"agreement {order}", order.state, Agreement.CANCELLED)
    back = order.held
    cancel(pk, actor=BUYER, cause="Köparen avbeställde", now=now)
    _tell(order, back, WhyCancelled.ASKED)
    return True


@transaction.atomic
def cancel_for_buyer(pk: int, *, why: WhyCancelled, reason: str, actor: str, now: datetime) -> bool:
    """What `cancel` does, by staff, and a letter that says why. `reason` is for the history, and for the letter
    too when `why` is WORDS.

    Raises WrongState when a parcel has left. False when the order is cancelled already: no letter then.
    """
    order = lock(pk)
    if order.state == Agreement.CANCELLED:
        return False
    back = order.held
    cancel(pk, actor=actor, cause=reason, now=now)
    _tell(order, back, why, reason if why == WhyCancelled.WORDS else "")
    return True


def _tell(order: Order, back: Money, why: WhyCancelled, words: str = "") -> None:
    write("cancelled", order, letters.called_off_facts(order, back=back, why=why, words=words))
