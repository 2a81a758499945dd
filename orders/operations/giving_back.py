"""Places at an event that are cancelled: the seats are free at once, the money is for staff to say (docs/adr/0033)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from orders import periods
from orders.models import NoticeKind, Order, WhyCancelled, Withdrawal
from orders.operations.calling_off import cancel_for_buyer
from orders.operations.ending import cancel
from orders.operations.locking import BUYER, SYSTEM
from orders.operations.stating import acknowledge
from orders.states import Agreement

CAUSE = "Platserna är avanmälda"


def give_back(order: Order, *, by_guest: bool, now: datetime) -> None:
    """Record that the places are free again, for staff to decide on the money. Caller holds the lock.

    Of a guest who has the right to withdraw it is a notice of withdrawal, and gets that receipt. Nothing is left to
    decide of an order that is off, and one that nobody has confirmed yet is called off with it; who has not paid yet
    has had no letter about the order, and gets none.
    """
    if order.state == Agreement.CANCELLED:
        return
    if order.awaits_approval:
        cancel_for_buyer(order.pk, why=WhyCancelled.ASKED, reason=CAUSE, actor=BUYER, now=now)
        return
    if order.state == Agreement.PLACED:
        cancel(order.pk, actor=BUYER, cause=CAUSE, now=now)
        return
    notice = _notice(order, by_guest=by_guest, now=now)
    notice.note("withdrawal", "", "received", actor=BUYER if by_guest else SYSTEM, cause=CAUSE, now=now)
    if notice.is_withdrawal:
        acknowledge(notice)


def _notice(order: Order, *, by_guest: bool, now: datetime) -> Withdrawal:
    in_time = by_guest and periods.still_withdraw_by(order, timezone.localdate(now, settings.STOCKHOLM))
    return Withdrawal.objects.create(
        kind=NoticeKind.SIGNED_OFF if in_time else NoticeKind.GIVEN_BACK,
        order=order,
        name=order.name,
        order_number=str(order.number),
        email=order.email,
        language=order.language,
        received_at=now,
    )
