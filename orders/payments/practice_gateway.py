"""The practice payment service of the demo: the same answers as Stripe's, out of our own table."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import translation

from orders import addresses
from orders.models import PaymentAttempt, PracticeSession, Refund
from orders.payments.kinds import (
    DisputeTruth,
    Missing,
    MoneyTruth,
    Outcome,
    PayoutTruth,
    RefundTruth,
    Refused,
    Session,
    Truth,
)
from orders.states import RefundState

NAME = "övningsbetalningen"
OUTCOMES = {"open": Outcome.PENDING, "paid": Outcome.PAID, "expired": Outcome.EXPIRED}


def create_session(attempt: PaymentAttempt) -> Session:
    """Addresses without a host, so that the demo works under every name it is reached by."""
    home = addresses.path(attempt.order, "waiting")
    session, _created = PracticeSession.objects.get_or_create(
        idempotency_key=attempt.idempotency_key,
        defaults={
            "session_id": f"ovning-{secrets.token_hex(12)}",
            "order_number": str(attempt.order.number),
            "amount_ore": attempt.amount_ore,
            "return_url": home,
            "cancel_url": f"{home}?avbruten=1",
        },
    )
    with translation.override(attempt.order.language):
        page = reverse("orders:practice", args=[session.session_id])
    return Session(session.session_id, page, attempt.expires_at)


def fetch(session_id: str) -> Truth:
    session = PracticeSession.objects.filter(session_id=session_id).first()
    if session is None:
        raise Missing(session_id)
    return Truth(
        outcome=OUTCOMES[session.status],
        amount_ore=session.amount_ore,
        currency="sek",
        order_number=session.order_number,
        reference=session.session_id if session.status == "paid" else "",
    )


def expire(session_id: str) -> None:
    if not _change(session_id, "expired"):
        raise Refused(session_id)


def pay(session_id: str) -> bool:
    """The visitor pressed the button. False when the page was no longer open."""
    return _change(session_id, "paid")


def _change(session_id: str, status: str) -> bool:
    """One statement, so that of two who come at once only one succeeds."""
    return bool(PracticeSession.objects.filter(session_id=session_id, status="open").update(status=status))


# --- Money that goes back: at once, and always. Our own rows are all that is remembered of it. ----------
def create_refund(refund: Refund) -> RefundTruth:
    return _refund(refund, f"ovning-{refund.idempotency_key[:24]}")


def fetch_refund(refund_id: str) -> RefundTruth:
    refund = Refund.objects.select_related("source").filter(gateway_id=refund_id).first()
    if refund is None:
        raise Missing(refund_id)
    return _refund(refund, refund_id)


def refunds_of(reference: str) -> list[RefundTruth]:
    sent = Refund.objects.select_related("source").filter(source__reference=reference).exclude(gateway_id="")
    return [_refund(refund, refund.gateway_id) for refund in sent]


def _refund(refund: Refund, refund_id: str) -> RefundTruth:
    return RefundTruth(
        id=refund_id,
        state=RefundState.SUCCEEDED,
        amount_ore=refund.amount_ore,
        currency="sek",
        reference=refund.source.reference if refund.source else "",
        marker=str(refund.pk),
        failure="",
        at=refund.created_at,
    )


# --- What does not happen when nobody pays real money ---------------------------------------------
def fetch_dispute(dispute_id: str) -> DisputeTruth:
    raise Missing(dispute_id)


def fetch_payout(payout_id: str) -> PayoutTruth:
    raise Missing(payout_id)


def fetch_money(reference: str) -> MoneyTruth:
    raise Missing(reference)


def money_taken(since: datetime, until: datetime) -> Iterator[MoneyTruth]:
    return iter(())


def refunds(since: datetime, until: datetime) -> Iterator[RefundTruth]:
    return iter(())


def disputes(since: datetime, until: datetime) -> Iterator[DisputeTruth]:
    return iter(())


def payouts(since: datetime, until: datetime) -> Iterator[PayoutTruth]:
    return iter(())


def dispute_page(dispute_id: str) -> str:
    return ""
