"""Until when the law lets the buyer of an order act, as far as the site can know."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone

from orders import deadlines
from orders.models import Order
from shop.models.product import Kind

NOT_SENT = {Kind.DIGITAL, Kind.EVENT}


def sends_nothing(order: Order) -> bool:
    """Whether every row is something that no parcel brings. Reads the lines' products."""
    return all(line.product.kind in NOT_SENT for line in order.lines.all())


def begins(order: Order) -> date | None:
    """The day that the period is counted from: when the last parcel came, or when the contract was made.

    None while nobody has said that the parcel came.
    """
    if sends_nothing(order):
        return timezone.localdate(order.placed_at, settings.STOCKHOLM)
    return order.delivered_on


def withdraw_by(order: Order) -> date | None:
    """The last day for a notice of withdrawal; None when nobody can know it, or there is no such right."""
    begun = begins(order)
    if begun is None or not order.has_right_to_withdraw:
        return None
    if sends_nothing(order):
        return deadlines.last_day_when_nothing_is_sent(begun)
    return deadlines.last_day_to_withdraw(begun)


def still_withdraw_by(order: Order, today: date) -> date | None:
    """The same, once it has not passed."""
    last = withdraw_by(order)
    return last if last and today <= last else None


def withdraw_by_when_misinformed(order: Order) -> date | None:
    """The same when the buyer was not told of the right as the law asks. Whether that is so is for staff to judge."""
    begun = begins(order)
    if begun is None or not order.has_right_to_withdraw:
        return None
    return deadlines.last_day_when_misinformed(begun + deadlines.FORTNIGHT)
