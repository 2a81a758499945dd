"""The practice payment service of the demo: the same answers as Stripe's, out of our own table."""

from __future__ import annotations

import secrets

from django.urls import reverse
from django.utils import translation

from orders import addresses
from orders.models import PaymentAttempt, PracticeSession
from orders.payments.kinds import Missing, Outcome, Refused, Session, Truth

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
