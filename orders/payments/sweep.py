"""What nobody reported: payments, events, refunds and reservations that time has passed by.

Each row is a step of its own: what goes wrong with one is logged and leaves the others alone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.db.models import QuerySet

from orders import deadlines, operations
from orders.models import Order, PaymentAttempt, Refund, StripeEvent
from orders.payments import events, refunding
from orders.payments.kinds import GatewayError, Unavailable
from orders.payments.settle import MARGIN, close_page, settle_or_close
from orders.states import Agreement, WrongState

log = logging.getLogger(__name__)

# What one row can go wrong by: the payment service, a race with staff, the database, the row's own data.
FAILURES = (GatewayError, WrongState, DatabaseError, ObjectDoesNotExist, LookupError, TypeError, ValueError)
SILENT_ENOUGH = 3  # calls in a row without an answer end the round
LONGEST_ROUND = 45.0  # seconds; a silent payment service must not keep the worker from its letters


def settle_unsettled(*, now: datetime) -> None:
    """Ask about attempts whose end nobody has told us, and close the pages of orders that were called off."""
    waiting = PaymentAttempt.objects.unsettled(_one_round_ago(now))
    _each(_in_any_order(waiting), lambda pk: settle_or_close(pk, now=now))


def handle_waiting_events(*, now: datetime) -> None:
    """Come back to events that could not be acted on when they came."""
    waiting = StripeEvent.objects.filter(
        handled_at=None, received_at__lte=_one_round_ago(now), received_at__gte=now - events.WORTH_ASKING
    )
    _each(_in_any_order(waiting), lambda pk: _handle(pk, now=now))


def send_refunds(*, now: datetime) -> None:
    """Have planned refunds made, and ask about those whose end nobody has told us."""
    waiting = Refund.objects.to_ask_about(now)
    _each(_in_any_order(waiting), lambda pk: refunding.send(pk, now=now))


def lapse_due(*, now: datetime) -> None:
    """Give back the goods of orders that were not paid in time."""
    _each(_in_any_order(Order.objects.lapsed(now)), lambda pk: lapse_order(pk, now=now))


def close_ended(*, now: datetime) -> None:
    """Close orders of which nothing more is expected."""
    for ended in (
        Order.objects.arrived(now - deadlines.FORTNIGHT),
        _of_events_over(now - deadlines.FORTNIGHT),
    ):
        _each(_in_any_order(ended), lambda pk: operations.close(pk, now=now))


def _of_events_over(before: datetime) -> QuerySet[Order]:
    """The confirmed orders of places whose event ended before a moment."""
    open_orders = list(Order.objects.filter(state=Agreement.CONFIRMED).of_places())
    ends = operations.event_ends(open_orders)
    return Order.objects.filter(pk__in=[pk for pk, end in ends.items() if end < before])


def lapse_order(pk: int, *, now: datetime) -> bool:
    """Let one order lapse, unless it was paid after all or still can be."""
    attempts = PaymentAttempt.objects.with_open_page().filter(order=pk)
    over = [_is_over(attempt, now=now) for attempt in attempts]
    return all(over) and operations.lapse(pk, now=now)


def _is_over(attempt: PaymentAttempt, *, now: datetime) -> bool:
    """Whether nobody can pay by this attempt any more: close its page and hear how it ended.

    While the payment service is silent, the page's own end plus a margin decides. Money that turns out
    to have come all the same is found by the sweep, since the attempt stays open. Raises GatewayError
    before that end.
    """
    try:
        return close_page(attempt, now=now)
    except GatewayError:
        if now < attempt.expires_at + MARGIN:
            raise
        return True


def _handle(pk: int, *, now: datetime) -> None:
    if not events.handle(StripeEvent.objects.get(pk=pk), now=now):
        raise Unavailable(str(pk))


def _one_round_ago(now: datetime) -> datetime:
    return now - timedelta(seconds=settings.PAYMENT_SWEEP_SECONDS)


def _in_any_order(rows: QuerySet[Any]) -> list[int]:
    """Shuffled: a round that runs out of time must not leave out the same rows each time."""
    return list(rows.order_by("?").values_list("pk", flat=True))


def _each(pks: list[int], step: Callable[[int], object]) -> None:
    end, silent = time.monotonic() + LONGEST_ROUND, 0
    for pk in pks:
        if silent >= SILENT_ENOUGH or time.monotonic() > end:
            log.warning("The round was broken off; the next one takes the rest.")
            return
        silent = silent + 1 if _is_unanswered(pk, step) else 0


def _is_unanswered(pk: int, step: Callable[[int], object]) -> bool:
    try:
        step(pk)
    except Unavailable as error:
        log.warning("%s: %s", pk, error)
        return True
    except FAILURES:
        log.exception("Row %s is left out of this round.", pk)
    return False
