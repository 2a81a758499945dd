"""Refunds that the payment service carries out: asked for, answered, and found when it was asked elsewhere."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from orders import letters
from orders.models import HistoryLine, Payment, Refund
from orders.operations.locking import SYSTEM, lock
from orders.operations.refunding import (
    GONE,
    book_refund,
    fit,
    in_words,
    locked_refund,
    strike_moot,
    tell_when_ended,
)
from orders.operations.writing import write
from orders.states import RefundState, move

ELSEWHERE = "Gjord direkt hos betaltjänsten"  # in the history, with other words of staff's


@dataclass(frozen=True, slots=True)
class Answer:
    """What the payment service says of one refund: its number there, pending, succeeded or failed, and why."""

    gateway_id: str
    state: RefundState
    failure: str = ""


@transaction.atomic
def request_refund(pk: int, *, now: datetime) -> tuple[Refund, bool] | None:
    """Note that the payment service is about to be asked: the refund, and whether it has been asked before.

    None when there is nothing to ask: the refund has ended, somebody sends it by hand, its money has gone back
    by other ways, or an earlier ask may still be at work: for LEASE nobody else asks.
    """
    refund = locked_refund(pk)
    if not refund.is_open or refund.is_by_hand or refund.is_being_asked_about(now):
        return None
    repeated = refund.asked_at is not None
    if refund.state == RefundState.PLANNED:
        if not fit(refund, actor=SYSTEM, now=now):
            return None
        move(refund, RefundState.REQUESTED, actor=SYSTEM, cause=in_words(refund), now=now)
    refund.asked_at = now
    refund.save(update_fields=["asked_at"])
    return refund, repeated


@transaction.atomic
def answer_refund(pk: int, answer: Answer, *, actor: str, now: datetime) -> None:
    """Book what the payment service says, however often and in whatever order it says so.

    A refund that fails after it had succeeded gets a line of its own in the ledger: nothing is erased.
    """
    refund = locked_refund(pk)
    if not refund.gateway_id:
        refund.gateway_id = answer.gateway_id
        refund.save(update_fields=["gateway_id"])
    _act(refund, answer, actor=actor, now=now)


def _act(refund: Refund, answer: Answer, *, actor: str, now: datetime) -> None:
    if answer.state == RefundState.FAILED:
        _bounce(refund, answer.failure, actor=actor, now=now)
    elif answer.state == RefundState.SUCCEEDED and refund.is_open:
        book_refund(refund, reference=refund.gateway_id, actor=actor, now=now)
    elif answer.state == RefundState.PENDING and refund.state == RefundState.REQUESTED:
        move(refund, RefundState.PENDING, actor=actor, cause=in_words(refund), now=now)


@transaction.atomic
def refuse_refund(pk: int, failure: str, *, actor: str, now: datetime) -> None:
    """The payment service has said no: nothing was sent, and staff see why.

    Mostly because the money has gone already; then there is nothing more to do.
    """
    refund = locked_refund(pk)
    if refund.state == RefundState.REQUESTED:
        _fail(refund, failure, actor=actor, now=now)
        strike_moot(refund.order, actor=actor, now=now)


def _bounce(refund: Refund, failure: str, *, actor: str, now: datetime) -> None:
    """It was sent and did not come: the money is ours to hold again, and the buyer hears of it."""
    if refund.state in GONE:
        return
    had_gone = refund.state == RefundState.SUCCEEDED
    _fail(refund, failure, actor=actor, now=now)
    if had_gone:
        _reverse(refund, actor=actor, now=now)
    if not strike_moot(refund.order, actor=actor, now=now):
        _tell_of_bounce(refund)


def _fail(refund: Refund, failure: str, *, actor: str, now: datetime) -> None:
    move(refund, RefundState.FAILED, actor=actor, cause=f"{in_words(refund)}. {failure}"[:200], now=now)
    refund.failure, refund.done_at = failure[:200], now
    refund.save(update_fields=["failure", "done_at"])
    tell_when_ended(refund)


def _reverse(refund: Refund, *, actor: str, now: datetime) -> None:
    Payment.objects.create(
        order=refund.order,
        kind=Payment.Kind.REVERSAL,
        method=refund.source.method if refund.source else refund.order.method,
        amount_ore=refund.amount_ore,
        reference=f"{refund.gateway_id}:failed",
        at=now,
        actor=actor,
    )


def _tell_of_bounce(refund: Refund) -> None:
    facts = letters.refund_failed_facts(refund.order, refund)
    write("refund-failed", refund.order, facts, key=str(refund.pk))


@transaction.atomic
def renew_refund_key(pk: int) -> None:
    """The payment service remembers a fault under the key, and has nothing to show for it: use another."""
    refund = locked_refund(pk)
    refund.idempotency_key = secrets.token_hex()
    refund.save(update_fields=["idempotency_key"])


@transaction.atomic
def adopt_refund(payment_pk: int, ore: int, answer: Answer, *, actor: str, now: datetime) -> None:
    """Book a refund that was made at the payment service and not here, once per its number there."""
    payment = Payment.objects.get(pk=payment_pk)
    order = lock(payment.order_id)
    refund, is_new = Refund.objects.get_or_create(
        gateway_id=answer.gateway_id,
        defaults={
            "order": order,
            "source": payment,
            "key": f"gateway:{answer.gateway_id}"[:120],
            "amount_ore": ore,
            "reason": ELSEWHERE,
            "actor": actor,
            "state": RefundState.REQUESTED,
            "created_at": now,
            "asked_at": now,
        },
    )
    refund.order = order
    if is_new:
        order.note("refund", "", RefundState.REQUESTED, actor=actor, cause=in_words(refund), now=now)
    _act(refund, answer, actor=actor, now=now)


@transaction.atomic
def note_refund_disbelief(payment_pk: int, cause: str, *, actor: str, now: datetime) -> bool:
    """Say once in the order's history that a report of a refund does not fit and was not booked."""
    order = lock(Payment.objects.get(pk=payment_pk).order_id)
    known: dict[str, str] = {"machine": "refund", "new": "not-believed", "cause": cause[:1000]}
    _line, is_new = HistoryLine.objects.get_or_create(
        order=order, **known, defaults={"actor": actor, "at": now}
    )
    return is_new
