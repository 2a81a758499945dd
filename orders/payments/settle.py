"""The one way by which money is believed: ask the payment service, compare, book.

Called by the webhook, the page that waits for the payment, and the sweep; in any order, any number of
times, also at once. The question is asked before the order is locked; the answer is acted on under the
lock by operations that only ever take the next allowed step.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from orders import operations
from orders.models import Order, Payment, PaymentAttempt
from orders.operations import WrongPayment
from orders.payments.choice import current
from orders.payments.kinds import GatewayError, Missing, Outcome, Refused, Truth, budget
from orders.states import Agreement, Attempt
from shop.money import Money

log = logging.getLogger(__name__)

# How long after its own end a payment page may still turn out to have been paid.
MARGIN = timedelta(minutes=5)
# Attempts that ended are asked about again for so long: late money is still money.
RECENT = timedelta(days=1)
PAGE_SECONDS = 3.5  # with begin's, less than the ten that a buyer waits for any page


def settle(pk: int, *, now: datetime) -> None:
    """Bring one attempt to what the payment service says. Raises GatewayError when it does not say."""
    attempt = PaymentAttempt.objects.select_related("order").get(pk=pk)
    if attempt.state == Attempt.SUCCEEDED:
        return
    if not attempt.session_id:
        _close_when_over(attempt, now=now)
        return
    try:
        truth = current().fetch(attempt.session_id)
    except Missing:
        if not _close_when_over(attempt, now=now):
            raise
        return
    _act(attempt, truth, now=now)


def settle_pages(number: str, *, now: datetime) -> None:
    """Money names its order, not its page: ask about the latest pages of that order that are not known to be paid.

    Raises GatewayError.
    """
    for attempt in PaymentAttempt.objects.latest_unpaid_of(number):
        settle(attempt.pk, now=now)


def settle_money(reference: str, *, now: datetime) -> None:
    """Book money of ours of which we hear first that it goes back again. Raises GatewayError.

    What the payment service does not know, or has not taken for an order of ours, is left alone.
    """
    if not reference or Payment.objects.filter(reference=reference).exists():
        return
    try:
        number = current().fetch_money(reference).order_number
    except Missing as error:
        log.warning("%s: %s", reference, error)
        return
    settle_pages(number, now=now)


def settle_order(order: Order, *, now: datetime) -> Order:
    """Settle the attempts that a waiting buyer may mean, and answer with the order as it is then.

    A payment service that does not answer is no reason for an error page: the sweep comes back to it.
    """
    try:
        with budget(PAGE_SECONDS):
            for attempt in order.attempts.filter(created_at__gte=now - RECENT).order_by("-pk"):
                settle(attempt.pk, now=now)
    except GatewayError as error:
        log.warning("%s: %s does not answer: %s", order, current().NAME, error)
    return Order.objects.get(pk=order.pk)


def close_page(attempt: PaymentAttempt, *, now: datetime) -> bool:
    """Close a payment page and settle how it ended. True when nobody can pay by it any more.

    Raises GatewayError when the payment service does not answer: the page may be open then.
    """
    try:
        current().expire(attempt.session_id)
    except Refused as refusal:  # it ended at this very moment, perhaps by being paid: the next question tells
        log.info("%s: %s", attempt.session_id, refusal)
    settle(attempt.pk, now=now)
    attempt.refresh_from_db(fields=["state"])
    return not attempt.is_live


def close_pages(order: Order, *, now: datetime) -> None:
    """Close what pages an order that ends still has, as far as the payment service answers a waiting person.

    What it does not close now, the sweep does; money that comes meanwhile is late money.
    """
    try:
        with budget(PAGE_SECONDS):
            for attempt in order.attempts.with_open_page():
                close_page(attempt, now=now)
    except GatewayError as error:
        log.warning("%s: the payment page may be open: %s", order, error)


def settle_or_close(pk: int, *, now: datetime) -> None:
    """What settle does; the page of an order that was called off is closed before. Raises GatewayError."""
    attempt = PaymentAttempt.objects.select_related("order").get(pk=pk)
    if attempt.order.state == Agreement.CANCELLED and attempt.is_live and attempt.session_id:
        close_page(attempt, now=now)
    else:
        settle(pk, now=now)


def _close_when_over(attempt: PaymentAttempt, *, now: datetime) -> bool:
    """End an attempt of which the payment service knows nothing, once no answer can be on its way."""
    over = now >= attempt.expires_at + MARGIN
    if over:
        operations.close_attempt(attempt.pk, Attempt.EXPIRED, cause="ingen betalsida", now=now)
    return over


def _act(attempt: PaymentAttempt, truth: Truth, *, now: datetime) -> None:
    if truth.outcome is Outcome.PAID:
        _book(attempt, truth, now=now)
    elif truth.outcome is Outcome.FAILED:
        operations.close_attempt(attempt.pk, Attempt.FAILED, cause="betalningen gick inte igenom", now=now)
    elif truth.outcome is Outcome.EXPIRED:
        operations.close_attempt(attempt.pk, Attempt.EXPIRED, cause="betalsidan stängdes", now=now)


def _book(attempt: PaymentAttempt, truth: Truth, *, now: datetime) -> None:
    if wrong := _differences(attempt, truth):
        _disbelieve(attempt, "; ".join(wrong), now=now)
        return
    try:
        operations.record_money(
            order_pk=attempt.order_id,
            amount=Money(attempt.amount_ore),
            reference=truth.reference,
            method=attempt.method,
            at=now,
            actor=current().NAME,
            now=now,
            attempt=attempt,
        )
    except WrongPayment as error:
        _disbelieve(attempt, f"referensen {error} är redan bokförd på annat", now=now)


def _differences(attempt: PaymentAttempt, truth: Truth) -> list[str]:
    """What in the report of money is not as we asked for it, in Swedish."""
    facts = [
        ("belopp i öre", truth.amount_ore, attempt.amount_ore),
        ("valuta", truth.currency, "sek"),
        ("ordernummer", truth.order_number, attempt.order.number),
    ]
    wrong = [
        f"{name}: {found!r} i stället för {wanted!r}" for name, found, wanted in facts if found != wanted
    ]
    return wrong if truth.reference else [*wrong, "betalningens referens saknas"]


def _disbelieve(attempt: PaymentAttempt, cause: str, *, now: datetime) -> None:
    """Book nothing; say so once where staff see it. The attempt stays open, so the order does not lapse."""
    cause = f"{attempt.session_id[:40]}: {cause}"[:200]
    if operations.note_disbelief(attempt.pk, actor=current().NAME, cause=cause, now=now):
        log.error("%s: money is not booked, %s", attempt.order, cause)
