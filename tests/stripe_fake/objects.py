"""Stripe's objects with exactly the fields that the SDK's classes name."""

from __future__ import annotations

import secrets
from typing import Any

from stripe import PaymentIntent
from stripe.checkout import Session

Json = dict[str, Any]


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def session(params: Json, *, total: int, now: int, home: str) -> Json:
    made = dict.fromkeys(Session.__annotations__)
    session_id = new_id("cs_test")
    same = (
        "client_reference_id",
        "locale",
        "metadata",
        "mode",
        "success_url",
        "cancel_url",
        "adaptive_pricing",
    )
    made.update({name: params.get(name) for name in same})
    made.update(
        id=session_id,
        object="checkout.session",
        status="open",
        payment_status="unpaid",
        amount_total=total,
        amount_subtotal=total,
        currency=params["line_items"][0]["price_data"]["currency"],
        created=now,
        expires_at=params.get("expires_at", now + 24 * 3600),
        livemode=False,
        metadata=params.get("metadata", {}),
        payment_method_options=params.get("payment_method_options", {}),
        payment_method_types=params.get("allowed_payment_method_types", ["card"]),
        allowed_payment_method_types=params.get("allowed_payment_method_types"),
        ui_mode=params.get("ui_mode", "hosted_page"),
        url=f"{home}/pay/{session_id}",
    )
    return made


def intent(session: Json, params: Json, *, status: str, now: int) -> Json:
    made = dict.fromkeys(PaymentIntent.__annotations__)
    data = params.get("payment_intent_data", {})
    made.update(
        id=new_id("pi"),
        object="payment_intent",
        amount=session["amount_total"],
        amount_received=session["amount_total"] if status == "succeeded" else 0,
        currency=session["currency"],
        created=now,
        description=data.get("description"),
        livemode=False,
        metadata=data.get("metadata", {}),
        payment_method_types=session["payment_method_types"],
        status=status,
    )
    return made


def event(kind: str, subject: Json, *, now: int, api_version: str) -> Json:
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": api_version,
        "created": now,
        "data": {"object": dict(subject)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
