"""The one way by which refunds go out and are believed: note the wish, ask the payment service, compare, book.

Called by the sweep, Stripe's events and the daily comparison; in any order, any number of times, also at once.
"""

from __future__ import annotations

import logging
from datetime import datetime

from orders import operations
from orders.models import Payment, Refund
from orders.operations import Answer
from orders.payments.choice import current
from orders.payments.kinds import Broken, Denied, Missing, RefundTruth, Refused, budget
from orders.payments.settle import settle_money
from orders.states import RefundState

log = logging.getLogger(__name__)

# An asker that was held up does not send when its lease (models.payment.LEASE) may be somebody else's by now.
ASK_SECONDS = 25.0


def send(pk: int, *, now: datetime) -> None:
    """Bring one refund to what the payment service says, having it made if it is not. Raises GatewayError.

    `now` may be the start of the round that this is a step of.
    """
    with budget(ASK_SECONDS):
        if asked := operations.request_refund(pk, now=now):
            _send(*asked, now=now)


def _send(refund: Refund, repeated: bool, *, now: datetime) -> None:
    try:
        truth = _ask(refund, repeated=repeated)
    except (Denied, Missing) as error:
        log.error("refund %s: %s", refund.pk, error)
        raise
    except Refused as refusal:
        operations.refuse_refund(refund.pk, str(refusal), actor=current().NAME, now=now)
        return
    believe(truth, now=now)


def _ask(refund: Refund, *, repeated: bool) -> RefundTruth:
    """Look before asking again: after a day the payment service has forgotten the key.

    A new key is safe under the lease: no ask under the old one is on its way, and the next comes after LEASE.
    """
    if refund.gateway_id:
        return current().fetch_refund(refund.gateway_id)
    if repeated and (made := _made(refund)):
        return made
    try:
        return current().create_refund(refund)
    except Broken:
        if made := _made(refund):
            return made
        operations.renew_refund_key(refund.pk)
        raise


def _made(refund: Refund) -> RefundTruth | None:
    """The refund that was made for this row, though we did not hear the answer."""
    reference = refund.source.reference if refund.source else ""
    return next((row for row in current().refunds_of(reference) if row.marker == str(refund.pk)), None)


def ask_about(refund_id: str, *, now: datetime) -> None:
    """An event has named a refund, perhaps before its payment is booked. Raises GatewayError.

    One that is not there is none of ours.
    """
    try:
        truth = current().fetch_refund(refund_id)
    except Missing as error:
        log.warning("%s: %s", refund_id, error)
        return
    settle_money(truth.reference, now=now)
    believe(truth, now=now)


def ask_about_payment(reference: str, *, now: datetime) -> None:
    """An event says that something of a payment went back. Raises GatewayError."""
    settle_money(reference, now=now)
    if Payment.objects.filter(reference=reference).exists():
        for truth in current().refunds_of(reference):
            believe(truth, now=now)


def believe(truth: RefundTruth, *, now: datetime) -> None:
    """Book what a refund at the payment service says, if it fits the payment that it is taken from.

    One that nobody here asked for is booked too, once; one of a payment that is not ours is left alone.
    """
    payment = Payment.objects.filter(reference=truth.reference, kind=Payment.Kind.PAYMENT).first()
    if payment is None:
        return
    refund = known(truth, payment)
    if wrong := _differences(truth, payment, refund):
        _disbelieve(payment, truth, "; ".join(wrong), now=now)
        return
    answer = Answer(truth.id, truth.state, truth.failure)
    if refund:
        operations.answer_refund(refund.pk, answer, actor=current().NAME, now=now)
    else:
        operations.adopt_refund(payment.pk, truth.amount_ore, answer, actor=current().NAME, now=now)


def known(truth: RefundTruth, payment: Payment) -> Refund | None:
    """Our row of it: by its number there, else by the mark that we put on it."""
    ours = Refund.objects.filter(source=payment)
    if found := ours.filter(gateway_id=truth.id).first():
        return found
    if not truth.marker.isdecimal():
        return None
    return ours.filter(pk=int(truth.marker[:18]), gateway_id="", state=RefundState.REQUESTED).first()


def _differences(truth: RefundTruth, payment: Payment, refund: Refund | None) -> list[str]:
    """What in the report of a refund is not as it should be, in Swedish."""
    facts: list[tuple[str, object, object]] = [("valuta", truth.currency, "sek")]
    if refund:
        facts.append(("belopp i öre", truth.amount_ore, refund.amount_ore))
    wrong = [
        f"{name}: {found!r} i stället för {wanted!r}" for name, found, wanted in facts if found != wanted
    ]
    if not 0 < truth.amount_ore <= payment.amount_ore:
        wrong.append(f"belopp i öre: {truth.amount_ore!r} av {payment.amount_ore!r}")
    return wrong


def _disbelieve(payment: Payment, truth: RefundTruth, cause: str, *, now: datetime) -> None:
    cause = f"{truth.id[:40]}: {cause}"[:200]
    if operations.note_refund_disbelief(payment.pk, cause, actor=current().NAME, now=now):
        log.error("%s: a refund is not booked, %s", payment.order_id, cause)
