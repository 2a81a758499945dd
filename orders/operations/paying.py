"""Attempts to pay, and money that comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from orders import letters
from orders.models import Order, Payment, PaymentAttempt
from orders.operations.confirming import confirm
from orders.operations.locking import SYSTEM, lock
from orders.operations.refunding import plan_refund
from orders.operations.reviving import revive, tell_of_late_money
from orders.operations.writing import write
from orders.states import Agreement, Attempt, move
from shop import event_places
from shop.money import ZERO, Money

# A call that got no answer is repeated under its own key as long as its parameters are still good.
SAME_KEY_FOR = timedelta(minutes=2)
# Each new try to pay holds the goods anew, but not for ever.
LONGEST_HOLD = 4  # reservations
NOT_BELIEVED, INVITED = "not-believed", "invited"
# Who is mailed a link to pay by has at least so long.
INVITATION = timedelta(hours=24)


class WrongPayment(Exception):
    """A reference that is booked already on another order or sum."""


def new_attempt(order: Order, method: str, *, now: datetime) -> PaymentAttempt:
    """Note that the buyer is about to pay, before anyone is called. Caller holds the lock."""
    return PaymentAttempt.objects.create(
        order=order,
        method=method,
        amount_ore=order.due.ore,
        created_at=now,
        expires_at=now + reservation(),
    )


def reservation() -> timedelta:
    return timedelta(minutes=settings.RESERVATION_MINUTES)


@transaction.atomic
def attempt_to_pay(pk: int, *, method: str = "", now: datetime) -> PaymentAttempt | None:
    """The attempt to pay by now: the live one, else a new one. None when the order takes no payment.

    `method` empty means as before. A live attempt whose payment page is out is answered whatever its
    method: the caller ends it at the payment service first, since it could still be paid.
    """
    order = lock(pk)
    if not order.takes_payment(now):
        return None
    last = order.attempts.last()
    if last and last.is_live and not _close_unopened(last, order, method, now=now):
        return last
    return _another_attempt(order, method or (last.method if last else order.method), now=now)


def _close_unopened(attempt: PaymentAttempt, order: Order, method: str, *, now: datetime) -> bool:
    """End an attempt that is of no more use; nobody holds its address, so nobody can pay by it."""
    useful = method in {"", attempt.method} and now - attempt.created_at <= SAME_KEY_FOR
    if attempt.session_id or useful:
        return False
    attempt.order = order
    return move(attempt, Attempt.EXPIRED, actor=SYSTEM, cause="betalsidan öppnades aldrig", now=now)


def _another_attempt(order: Order, method: str, *, now: datetime) -> PaymentAttempt:
    """The method is what the buyer pays by now; the goods are held for as long as the payment page."""
    attempt = new_attempt(order, method, now=now)
    latest = order.placed_at + LONGEST_HOLD * reservation()
    order.method = method
    order.reserved_until = max(order.reserved_until or now, min(attempt.expires_at, latest))
    order.save(update_fields=["method", "reserved_until"])
    return attempt


@transaction.atomic
def invite_to_pay(pk: int, *, actor: str, now: datetime) -> bool | None:
    """Mail the buyer a link to pay by, and hold the goods for as long; once in that time.

    False when it has been mailed already; None when the order takes no payment, or its event has begun.
    """
    order = lock(pk)
    hold = _held_for_invited(order, now)
    if not order.takes_payment(now) or hold <= timedelta():
        return None
    invited = order.history.filter(machine="payment", new=INVITED, at__gt=now - INVITATION)
    if invited.exists():
        return False
    order.reserved_until = max(order.reserved_until or now, now + hold)
    order.save(update_fields=["reserved_until"])
    order.history.create(machine="payment", new=INVITED, actor=actor, cause=order.email, at=now)
    key = f"{order.number}:{now:%Y%m%dT%H%M%S}"
    write("pay-again", order, letters.pay_again_facts(order), key=key)
    return True


@transaction.atomic
def mail_way_to_pay(pk: int, *, now: datetime) -> bool:
    """Mail the buyer, who asks for it, where to pay; once for an order, and nothing is held longer for it.

    False when the order takes no payment.
    """
    order = lock(pk)
    if not order.takes_payment(now):
        return False
    write("pay-again", order, letters.pay_again_facts(order), key=f"{order.number}:asked")
    return True


def _held_for_invited(order: Order, now: datetime) -> timedelta:
    """Places never wait longer than half of the time until their event begins: others would like them."""
    if not order.is_of_places:
        return INVITATION
    events = event_places.host().times([str(order.number)]).values()
    return min([INVITATION, *((event.begins - now) / 2 for event in events)])


@transaction.atomic
def open_attempt(
    pk: int, *, session_id: str, url: str, expires_at: datetime, now: datetime
) -> PaymentAttempt:
    """The payment page exists: keep its id, address and end.

    An attempt that has ended meanwhile stays ended; the caller gives its address to nobody.
    """
    attempt = _locked_attempt(pk)
    attempt.session_id, attempt.url, attempt.expires_at = session_id, url, expires_at
    attempt.save(update_fields=["session_id", "url", "expires_at"])
    if attempt.state == Attempt.CREATED:
        move(attempt, Attempt.OPEN, actor=SYSTEM, cause=session_id, now=now)
    return attempt


@transaction.atomic
def close_attempt(pk: int, state: Attempt, *, cause: str, now: datetime, only_unopened: bool = False) -> None:
    """The attempt failed or expired without money; one that has ended already is left alone."""
    attempt = _locked_attempt(pk)
    if attempt.is_live and not (only_unopened and attempt.session_id):
        move(attempt, state, actor=SYSTEM, cause=cause, now=now)


@transaction.atomic
def note_disbelief(pk: int, *, actor: str, cause: str, now: datetime) -> bool:
    """Say once in the order's history that a report of money does not fit and was not booked."""
    order = lock(PaymentAttempt.objects.get(pk=pk).order_id)
    earlier = order.history.filter(machine="payment", new=NOT_BELIEVED, cause=cause)
    if earlier.exists():
        return False
    order.history.create(machine="payment", new=NOT_BELIEVED, actor=actor, cause=cause, at=now)
    return True


def _locked_attempt(pk: int) -> PaymentAttempt:
    """The attempt as it is once its order's row is locked. Raises Order.DoesNotExist."""
    order = Order.objects.select_for_update(of=("self",)).get(attempts=pk)
    return order.attempts.get(pk=pk)


@transaction.atomic
def record_money(
    *,
    order_pk: int,
    amount: Money,
    reference: str,
    method: str,
    at: datetime,
    actor: str,
    now: datetime,
    attempt: PaymentAttempt | None = None,
) -> Payment:
    """Book money that came `at` some moment, once per `reference`, however often and late it is reported.

    A placed order that is now paid is confirmed, and so is one that had lapsed if its goods are still
    there; a surplus, or money for an order that stays cancelled, is planned to go back. Raises
    Order.DoesNotExist, and WrongPayment if the reference stands on another order or sum.
    """
    order = lock(order_pk)
    payment, created = Payment.objects.get_or_create(
        reference=reference,
        defaults={
            "order": order,
            "attempt": attempt,
            "amount_ore": amount.ore,
            "method": method,
            "at": at,
            "actor": actor,
        },
    )
    if (payment.order_id, payment.amount_ore) != (order.pk, amount.ore):
        raise WrongPayment(reference)
    if created:
        order.note("payment", "", "booked", actor=actor, cause=reference, now=now)
        _act_on_money(order, payment, attempt, now=now)
    return payment


def _act_on_money(order: Order, payment: Payment, attempt: PaymentAttempt | None, *, now: datetime) -> None:
    surplus = payment.amount - _left_to_pay_before(order, payment)
    if attempt:
        attempt.order = order
        attempt.refresh_from_db(fields=["state"])
        move(attempt, Attempt.SUCCEEDED, actor=payment.actor, cause=payment.reference, now=now)
    if order.state == Agreement.CANCELLED:
        _act_on_late_money(order, payment, now=now)
    if order.state == Agreement.PLACED and order.is_paid:
        confirm(order, actor=payment.actor, cause=payment.reference, now=now)
    elif order.state == Agreement.CONFIRMED:
        _thank(order, payment)
    _plan_refund_of_surplus(order, payment, surplus, now=now)


def _left_to_pay_before(order: Order, payment: Payment) -> Money:
    """What the order still cost when this money came. See Order.due: once the agreement stands, what we gave back
    of our own will is not paid anew; what a bank took may be.
    """
    stood = order.state in {Agreement.CONFIRMED, Agreement.CLOSED}
    came = (order.paid - order.taken_by_bank if stood else order.held) - payment.amount
    return max(ZERO, order.kept - came)


def _act_on_late_money(order: Order, payment: Payment, *, now: datetime) -> None:
    why = revive(order, actor=payment.actor, cause=payment.reference, now=now)
    if why:
        tell_of_late_money(order, payment, why)


def _thank(order: Order, payment: Payment) -> None:
    """Money for an order that was confirmed before: an invoice paid."""
    write("payment-received", order, letters.payment_facts(order, payment), key=payment.reference)


def _plan_refund_of_surplus(order: Order, payment: Payment, surplus: Money, *, now: datetime) -> None:
    """All of it goes back from an order that stays cancelled."""
    cancelled = order.state == Agreement.CANCELLED
    if cancelled or surplus > ZERO:
        plan_refund(
            order,
            key=f"surplus:{payment.reference}"[:120],
            amount=payment.amount if cancelled else surplus,
            reason="Betalning efter avbeställning" if cancelled else "Betalt för mycket",
            actor=payment.actor,
            now=now,
            source=payment,
        )
