"""Money that Stripe has taken, and what it has sent to our bank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import stripe

from orders.payments.gateway.calls import ask
from orders.payments.gateway.paging import every, moment, period, word
from orders.payments.kinds import MoneyTruth, PayoutTruth


def money_taken(since: datetime, until: datetime) -> Iterator[MoneyTruth]:
    """Payments that went through; those that were only begun are left out."""
    rows = every(
        lambda client, params: client.v1.payment_intents.list(params), {"created": period(since, until)}
    )
    return (_money(row) for row in rows if row.status == "succeeded")


def fetch_money(reference: str) -> MoneyTruth:
    return _money(ask(lambda client: client.v1.payment_intents.retrieve(reference)))


def fetch_payout(payout_id: str) -> PayoutTruth:
    return _payout(ask(lambda client: client.v1.payouts.retrieve(payout_id)))


def payouts(since: datetime, until: datetime) -> Iterator[PayoutTruth]:
    rows = every(lambda client, params: client.v1.payouts.list(params), {"created": period(since, until)})
    return (_payout(row) for row in rows)


def _money(found: stripe.PaymentIntent) -> MoneyTruth:
    return MoneyTruth(
        reference=found.id,
        amount_ore=found.amount_received,
        currency=found.currency,
        order_number=word(found.metadata, "order_number"),
        at=moment(found.created),
    )


def _payout(found: stripe.Payout) -> PayoutTruth:
    return PayoutTruth(
        id=found.id,
        amount_ore=found.amount,
        currency=found.currency,
        status=found.status,
        arrives_on=moment(found.arrival_date).date(),  # a day, said as its midnight in UTC
        at=moment(found.created),
    )
