"""What the payment service decides and we only keep: disputes and payouts."""

from __future__ import annotations

import logging
from datetime import datetime

from orders import operations
from orders.models import Dispute, Payment
from orders.payments.choice import current
from orders.payments.kinds import DisputeTruth, Missing, PayoutTruth, Unavailable
from orders.payments.settle import settle_money

log = logging.getLogger(__name__)

MOST_TRIES = 5


def ask_about_dispute(dispute_id: str, *, now: datetime) -> None:
    """Keep a dispute as it is now, whatever event named it and perhaps before its payment is booked.

    Who meets another at it asks anew: two answers at once do not tell which of them is the later one. Raises
    GatewayError; one that is not there is none of ours.
    """
    for _try in range(MOST_TRIES):
        seen = Dispute.objects.revision(dispute_id)
        try:
            truth = current().fetch_dispute(dispute_id)
        except Missing as error:
            log.warning("%s: %s", dispute_id, error)
            return
        settle_money(truth.reference, now=now)
        if _keep(truth, seen, now=now):
            return
    raise Unavailable(f"{dispute_id}: others ask at the same time")


def _keep(truth: DisputeTruth, seen: int, *, now: datetime) -> bool:
    """False when another answer was kept while this one was fetched.

    Only of a payment that is booked here, in our currency, and of no more than came.
    """
    payment = Payment.objects.filter(reference=truth.reference, kind=Payment.Kind.PAYMENT).first()
    if payment is None:
        return True
    if truth.currency != "sek" or not 0 < truth.amount_ore <= payment.amount_ore:
        log.error("%s: the dispute %s does not fit the payment", payment.order_id, truth.id)
        return True
    facts = {
        "amount_ore": truth.amount_ore,
        "reason": truth.reason[:80],
        "status": truth.status[:40],
        "evidence_due": truth.evidence_due,
        "opened_at": truth.at,
    }
    return operations.record_dispute(payment.pk, truth.id, facts, seen=seen, actor=current().NAME, now=now)


def ask_about_payout(payout_id: str) -> None:
    """An event has named a payout. Raises GatewayError; one that is not there is none of ours."""
    try:
        keep_payout(current().fetch_payout(payout_id))
    except Missing as error:
        log.warning("%s: %s", payout_id, error)


def keep_payout(truth: PayoutTruth) -> None:
    facts = {
        "amount_ore": truth.amount_ore,
        "currency": truth.currency[:3],
        "status": truth.status[:20],
        "arrives_on": truth.arrives_on,
        "created_at": truth.at,
    }
    operations.record_payout(truth.id, facts)
