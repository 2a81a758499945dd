"""Places at an event that are cancelled: the seats are free at once, the money is for staff to say (docs/adr/0033)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders import periods
from orders.models import NoticeKind, Order, WhyCancelled, Withdrawal
from orders.operations.calling_off import cancel_for_buyer
from orders.operations.ending import cancel
from orders.operations.locking import BUYER, SYSTEM, lock
from orders.operations.stating import acknowledge
from orders.states import Agreement

CAUSE = "Platserna är avanmälda"
NO_EVENT = "Träffen ställdes in efter avanmälan"


def give_back(order: Order, *, by_guest: bool, told: str = "", now: datetime) -> None:
    """Record that the places are free again, for staff to decide on the money. Caller holds the lock.

    `told` is who in the staff the guest has said it to.

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
    in_time = by_guest and periods.still_withdraw_by(order, timezone.localdate(now, settings.STOCKHOLM))
    notice = _notice(order, NoticeKind.SIGNED_OFF if in_time else NoticeKind.GIVEN_BACK, now=now)
    actor = told or (BUYER if by_guest else SYSTEM)
    notice.note("withdrawal", "", "received", actor=actor, cause=CAUSE, now=now)
    if notice.is_withdrawal:
        acknowledge(notice, by_word=bool(told))


@transaction.atomic
def ask_anew(pk: int, *, now: datetime) -> bool:
    """Have staff decide once more on the money of places that had been given back when we cancelled their event.

    False when nothing of it is ours or asked for, or staff have been asked since. Raises Order.DoesNotExist.
    """
    order = lock(pk)
    is_to_ask = Order.objects.filter(pk=pk).to_ask_about_anew([str(order.number)]).exists()
    if not is_to_ask or not (order.may_be_sent_back or order.due):
        return False
    notice = _notice(order, NoticeKind.NO_EVENT, now=now)
    notice.note("withdrawal", "", "no-event", actor=SYSTEM, cause=NO_EVENT, now=now)
    return True


def _notice(order: Order, kind: NoticeKind, *, now: datetime) -> Withdrawal:
    return Withdrawal.objects.create(
        kind=kind,
        no_event=kind == NoticeKind.NO_EVENT,
        order=order,
        name=order.name,
        order_number=str(order.number),
        email=order.email,
        language=order.language,
        received_at=now,
    )
