"""From a placed order to a payment page."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.urls import reverse

from orders import operations
from orders.models import Order, PaymentAttempt
from orders.payments.choice import current
from orders.payments.kinds import Broken, Busy, Refused, Session, Unavailable, budget
from orders.payments.settle import close_page
from orders.states import Attempt

__all__ = ["Unavailable", "begin"]

log = logging.getLogger(__name__)

PAGE_SECONDS = 6.0  # see settle.PAGE_SECONDS: a page may need both
# The twin of a double click is nearly always done within a second.
BUSY_PAUSES = (0.2, 0.4, 0.8, 1.2)


class KeySpent(Unavailable):
    """The service said no, and would say it again under this key."""


def begin(order: Order, *, now: datetime, method: str = "") -> str:
    """The address to send the buyer to: the payment page, or the order's own page when it takes no payment.

    Asking again, in two tabs or at once, leads to the same payment page. Another `method` closes the
    earlier page first. Raises Unavailable within ten seconds when the payment service does not answer;
    the order and its goods are kept then, and the next call goes on where this one stopped.
    """
    with budget(PAGE_SECONDS):
        try:
            return _address(order, method, now=now)
        except KeySpent:  # a new attempt has a new key, and time may be left
            return _address(order, method, now=now)


def _address(order: Order, method: str, *, now: datetime) -> str:
    attempt = _attempt(order, method, now=now)
    if attempt is None:
        return reverse("orders:status", args=[order.key])
    if not attempt.session_id:
        return _open(attempt, now=now)
    if not attempt.leads_to_payment(method, now):  # it is closed, and how it ends is not known yet
        return reverse("orders:waiting", args=[order.key])
    return attempt.url


def _attempt(order: Order, method: str, *, now: datetime) -> PaymentAttempt | None:
    attempt = operations.attempt_to_pay(order.pk, method=method, now=now)
    if attempt and attempt.session_id and not attempt.leads_to_payment(method, now):
        _close(attempt, now=now)
        return operations.attempt_to_pay(order.pk, now=now, method=method)
    return attempt


def _close(attempt: PaymentAttempt, *, now: datetime) -> None:
    """To the buyer a refusal is an outage; to us it is a fault to mend."""
    try:
        close_page(attempt, now=now)
    except Refused as error:
        log.error("%s: the payment page could not be closed: %s", attempt.order_id, error)
        raise Unavailable(str(error)) from error


def _open(attempt: PaymentAttempt, *, now: datetime) -> str:
    """Have the page made and give out its address, unless the attempt has ended meanwhile."""
    session = _session(attempt, now=now)
    opened = operations.open_attempt(
        attempt.pk, session_id=session.id, url=session.url, expires_at=session.expires_at, now=now
    )
    return opened.url if opened.is_live else reverse("orders:waiting", args=[attempt.order.key])


def _session(attempt: PaymentAttempt, *, now: datetime) -> Session:
    """Ask for the page under the attempt's own key. After a definite no, that key is spent."""
    prefetch_related_objects([attempt], "order__lines")
    try:
        return _patiently(attempt)
    except (Broken, Refused) as error:
        operations.close_attempt(
            attempt.pk,
            Attempt.FAILED,
            cause=f"{current().NAME} öppnade ingen betalsida",
            only_unopened=True,
            now=now,
        )
        log.error("%s: the payment page could not be opened: %s", attempt.order, error)
        raise KeySpent(str(error)) from error


def _patiently(attempt: PaymentAttempt) -> Session:
    """While a twin's call with the same key is on its way, wait for it."""
    for pause in BUSY_PAUSES:
        try:
            return current().create_session(attempt)
        except Busy:
            time.sleep(pause)
    return current().create_session(attempt)
