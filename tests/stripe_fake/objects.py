"""Stripe's objects with exactly the fields that the SDK's classes name."""

from __future__ import annotations

import secrets
from typing import Any

from stripe import Charge, Dispute, PaymentIntent, Payout, Refund
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


def charge(intent: Json, *, now: int) -> Json:
    made = dict.fromkeys(Charge.__annotations__)
    made.update(
        id=new_id("ch"),
        object="charge",
        amount=intent["amount"],
        amount_captured=intent["amount"],
        amount_refunded=0,
        captured=True,
        created=now,
        currency=intent["currency"],
        description=intent["description"],
        disputed=False,
        livemode=False,
        metadata=intent["metadata"],
        paid=True,
        payment_intent=intent["id"],
        refunded=False,
        status="succeeded",
    )
    return made


def refund(intent: Json, amount: int, metadata: Json, *, status: str, now: int) -> Json:
    made = dict.fromkeys(Refund.__annotations__)
    made.update(
        id=new_id("re"),
        object="refund",
        amount=amount,
        charge=intent["latest_charge"],
        created=now,
        currency=intent["currency"],
        metadata=metadata,
        payment_intent=intent["id"],
        status=status,
    )
    return made


def dispute(intent: Json, amount: int | None, reason: str, *, due: int, now: int) -> Json:
    made = dict.fromkeys(Dispute.__annotations__)
    evidence = {"due_by": due, "has_evidence": False, "past_due": False, "submission_count": 0}
    made.update(
        id=new_id("du"),
        object="dispute",
        amount=intent["amount"] if amount is None else amount,
        balance_transactions=[],
        charge=intent["latest_charge"],
        created=now,
        currency=intent["currency"],
        evidence={},
        evidence_details=evidence,
        is_charge_refundable=False,
        livemode=False,
        metadata={},
        payment_intent=intent["id"],
        reason=reason,
        status="needs_response",
    )
    return made


def payout(amount: int, *, arrives: int, now: int) -> Json:
    """`arrival_date` is a day, said as its midnight in UTC."""
    made = dict.fromkeys(Payout.__annotations__)
    made.update(
        id=new_id("po"),
        object="payout",
        amount=amount,
        arrival_date=arrives - arrives % 86_400,
        automatic=True,
        created=now,
        currency="sek",
        livemode=False,
        metadata={},
        method="standard",
        reconciliation_status="completed",
        source_type="card",
        status="paid",
        type="bank_account",
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
