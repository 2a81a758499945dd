"""The ledger of what Stripe tells us. An event is a reason to ask, never the answer."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from orders.models import PaymentAttempt, StripeEvent
from orders.payments.kinds import Forged, GatewayError
from orders.payments.settle import settle

log = logging.getLogger(__name__)

SESSION_EVENT = "checkout.session."
# Stripe gives up after three days; so do we, and the sweep has asked about the attempt itself by then.
WORTH_ASKING = timedelta(days=3)


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
        if attempt := _attempt(event):
            settle(attempt.pk, now=now)
    except GatewayError as error:
        log.warning("%s: Stripe svarar inte: %s", event, error)
        return False
    StripeEvent.objects.filter(pk=event.pk, handled_at=None).update(handled_at=now)
    return True


def _attempt(event: StripeEvent) -> PaymentAttempt | None:
    """The attempt that a session's event is about; None for other events and sessions that are not ours."""
    if not event.type.startswith(SESSION_EVENT):
        return None
    session_id = event.payload["data"]["object"].get("id")
    if not isinstance(session_id, str) or not session_id:
        return None
    return PaymentAttempt.objects.filter(session_id=session_id).first()


# --- Reading ------------------------------------------------------------------------------------
def _parsed(text: str) -> dict[str, Any]:
    """Raises Forged for anything that the table could not hold or `handle` could not read."""
    try:
        event = json.loads(text)
        kept = json.dumps(event, allow_nan=False, ensure_ascii=False)
        kept.encode()  # refuses half a surrogate pair, as the database would
    except (ValueError, RecursionError) as error:
        raise Forged(f"inte JSON: {error}"[:200]) from error
    if "\\u0000" in kept or not _is_event(event):
        raise Forged("inte en händelse")
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
