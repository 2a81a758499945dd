"""The ledger of what Stripe tells us. An event is a reason to ask, never the answer."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from orders.models import PaymentAttempt, StripeEvent
from orders.payments import mirroring, refunding
from orders.payments.kinds import Forged, GatewayError
from orders.payments.settle import settle, settle_pages

log = logging.getLogger(__name__)

# Stripe gives up after three days; so do we, and the sweep has asked about the attempt itself by then.
WORTH_ASKING = timedelta(days=3)
LONGEST_ID = 120


def store(text: str, *, now: datetime) -> StripeEvent:
    """Keep an event once, however many copies come at once. Raises Forged for what is not an event."""
    event = _parsed(text)
    stored, _created = StripeEvent.objects.get_or_create(
        event_id=event["id"], defaults={"type": event["type"], "payload": event, "received_at": now}
    )
    return stored


def handle(event: StripeEvent, *, now: datetime) -> bool:
    """Settle what the event is about. False when Stripe cannot be asked now: the sweep comes back to it."""
    if event.handled_at:
        return True
    try:
        _ask(event.type, _subject(event), now=now)
    except GatewayError as error:
        log.warning("%s: Stripe does not answer: %s", event, error)
        return False
    StripeEvent.objects.filter(pk=event.pk, handled_at=None).update(handled_at=now)
    return True


def _ask(kind: str, subject: dict[str, Any], *, now: datetime) -> None:
    """Ask about the thing that the event names; of kinds that we do not know, and things not ours, nothing."""
    if kind.startswith("checkout.session."):
        for attempt in PaymentAttempt.objects.filter(session_id=_text(subject, "id") or None):
            settle(attempt.pk, now=now)
    elif kind.startswith("payment_intent.") or kind == "charge.succeeded":
        settle_pages(_order_number(subject), now=now)
    elif kind == "charge.refunded":
        refunding.ask_about_payment(_text(subject, "payment_intent"), now=now)
    elif name := _text(subject, "id"):
        _ask_by_name(kind, name, now=now)


def _ask_by_name(kind: str, name: str, *, now: datetime) -> None:
    if kind.startswith(("refund.", "charge.refund.")):
        refunding.ask_about(name, now=now)
    elif kind.startswith("charge.dispute."):
        mirroring.ask_about_dispute(name, now=now)
    elif kind.startswith("payout."):
        mirroring.ask_about_payout(name)


def _subject(event: StripeEvent) -> dict[str, Any]:
    """What the event is about; nothing for one that an older copy of the shop kept without looking."""
    subject = event.payload.get("data", {}).get("object", {})
    return subject if isinstance(subject, dict) else {}


def _order_number(subject: dict[str, Any]) -> str:
    metadata = subject.get("metadata")
    return _text(metadata, "order_number") if isinstance(metadata, dict) else ""


def _text(subject: dict[str, Any], name: str) -> str:
    """A word of the event; empty when it is something else."""
    value = subject.get(name)
    return value if isinstance(value, str) and len(value) <= LONGEST_ID else ""


# --- Reading ------------------------------------------------------------------------------------
def _parsed(text: str) -> dict[str, Any]:
    """Raises Forged for anything that the table could not hold or `handle` could not read."""
    try:
        event = json.loads(text)
        kept = json.dumps(event, allow_nan=False, ensure_ascii=False)
        kept.encode()  # refuses half a surrogate pair, as the database would
    except (ValueError, RecursionError) as error:
        raise Forged(f"not JSON: {error}"[:200]) from error
    if "\\u0000" in kept or not _is_event(event):
        raise Forged("not an event")
    return dict(event)


def _is_event(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and _is_name(event.get("id"), 120)
        and _is_name(event.get("type"), 80)
        and isinstance(event.get("data"), dict)
        and isinstance(event["data"].get("object"), dict)
    )


def _is_name(value: Any, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest
