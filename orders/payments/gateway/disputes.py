"""Payments that a buyer's bank wants back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import stripe
from django.conf import settings

from orders.payments.gateway.calls import ask
from orders.payments.gateway.paging import every, id_of, moment, period
from orders.payments.kinds import DisputeTruth

DASHBOARD = "https://dashboard.stripe.com"


def fetch_dispute(dispute_id: str) -> DisputeTruth:
    return _truth(ask(lambda client: client.v1.disputes.retrieve(dispute_id)))


def disputes(since: datetime, until: datetime) -> Iterator[DisputeTruth]:
    rows = every(lambda client, params: client.v1.disputes.list(params), {"created": period(since, until)})
    return (_truth(row) for row in rows)


def dispute_page(dispute_id: str) -> str:
    test = "/test" if settings.STRIPE_SECRET_KEY.startswith(("sk_test_", "rk_test_")) else ""
    return f"{DASHBOARD}{test}/disputes/{dispute_id}"


def _truth(found: stripe.Dispute) -> DisputeTruth:
    due = found.evidence_details.due_by
    return DisputeTruth(
        id=found.id,
        reference=id_of(found.payment_intent),
        amount_ore=found.amount,
        currency=found.currency,
        reason=found.reason,
        status=found.status,
        evidence_due=moment(due) if due else None,
        at=moment(found.created),
    )
