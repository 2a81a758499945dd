"""Money that Stripe sends back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import stripe
from stripe.params import RefundCreateParams

from orders.models import Refund
from orders.payments.gateway.calls import ask
from orders.payments.gateway.paging import every, id_of, moment, period, word
from orders.payments.kinds import RefundTruth
from orders.states import RefundState

# Stripe's words. `requires_action` waits for the buyer; a refund that was cancelled sends nothing.
STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}


def create_refund(refund: Refund) -> RefundTruth:
    """The same for the same row, however often it is asked: Stripe compares it under the key."""
    params = _params(refund)
    return _truth(
        ask(lambda client: client.v1.refunds.create(params, {"idempotency_key": refund.idempotency_key}))
    )


def fetch_refund(refund_id: str) -> RefundTruth:
    return _truth(ask(lambda client: client.v1.refunds.retrieve(refund_id)))


def refunds_of(reference: str) -> list[RefundTruth]:
    rows = every(lambda client, params: client.v1.refunds.list(params), {"payment_intent": reference})
    return [_truth(row) for row in rows]


def refunds(since: datetime, until: datetime) -> Iterator[RefundTruth]:
    rows = every(lambda client, params: client.v1.refunds.list(params), {"created": period(since, until)})
    return (_truth(row) for row in rows)


def _params(refund: Refund) -> RefundCreateParams:
    """No reason in words: it is staff's own, and may name people."""
    if refund.source is None:
        raise ValueError(f"{refund} has no payment to be taken from")
    return {
        "payment_intent": refund.source.reference,
        "amount": refund.amount_ore,
        "metadata": {"order_number": str(refund.order.number), "refund": str(refund.pk)},
    }


def _truth(found: stripe.Refund) -> RefundTruth:
    return RefundTruth(
        id=found.id,
        state=STATES.get(found.status or "", RefundState.PENDING),
        amount_ore=found.amount,
        currency=found.currency,
        reference=id_of(found.payment_intent),
        marker=word(found.metadata, "refund"),
        failure=found.failure_reason or "",
        at=moment(found.created),
    )
