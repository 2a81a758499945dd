"""Payment pages: Stripe's Checkout Sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import stripe
from django.utils import translation
from django.utils.translation import gettext as _
from stripe.checkout import Session as StripeSession
from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

from orders import addresses
from orders.models import Order, PaymentAttempt
from orders.operations import SAME_KEY_FOR
from orders.payments.gateway.calls import ask
from orders.payments.gateway.paging import id_of
from orders.payments.kinds import Outcome, Session, Truth, Unavailable

CURRENCY = "sek"
MOST_ROWS = 100
SHORTEST_SESSION = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=24)


# --- Sessions -----------------------------------------------------------------------------------
def create_session(attempt: PaymentAttempt) -> Session:
    params = _params(attempt)
    made = ask(
        lambda client: client.v1.checkout.sessions.create(
            params, {"idempotency_key": attempt.idempotency_key}
        )
    )
    if not made.url:
        raise Unavailable(f"{made.id}: no address to pay at")
    return Session(made.id, made.url, datetime.fromtimestamp(made.expires_at, UTC))


def fetch(session_id: str) -> Truth:
    found = ask(
        lambda client: client.v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})
    )
    return Truth(
        outcome=_outcome(found),
        amount_ore=found.amount_total,
        currency=found.currency or "",
        order_number=found.client_reference_id or "",
        reference=id_of(found.payment_intent),
    )


def expire(session_id: str) -> None:
    ask(lambda client: client.v1.checkout.sessions.expire(session_id))


def _outcome(session: StripeSession) -> Outcome:
    if session.payment_status == "paid":
        return Outcome.PAID
    if session.status == "expired":
        return Outcome.EXPIRED
    return Outcome.FAILED if session.status == "complete" and _has_failed(session) else Outcome.PENDING


def _has_failed(session: StripeSession) -> bool:
    """A payment that was begun, needed time, and did not come (async_payment_failed)."""
    intent = session.payment_intent
    return isinstance(intent, stripe.PaymentIntent) and intent.status in {
        "requires_payment_method",
        "canceled",
    }


# --- What we ask for ----------------------------------------------------------------------------
def _params(attempt: PaymentAttempt) -> SessionCreateParams:
    """The same for the same attempt, however often it is asked: Stripe compares it under the key.

    No name, address, phone or e-mail: what the payment needs of them, the buyer tells Stripe.
    """
    order = attempt.order
    number, home = str(order.number), addresses.url(order, "waiting")
    params: SessionCreateParams = {
        "mode": "payment",
        "locale": "en" if order.language == "en" else "sv",
        "allowed_payment_method_types": [attempt.method],
        "adaptive_pricing": {"enabled": False},  # the price in kronor is the price
        "line_items": _items(attempt),
        "client_reference_id": number,
        "metadata": {"order_number": number},
        "payment_intent_data": {"description": number, "metadata": {"order_number": number}},
        "expires_at": int(_end(attempt).timestamp()),
        "success_url": home,
        "cancel_url": f"{home}?avbruten=1",
    }
    if attempt.method == "swish":
        params["payment_method_options"] = {"swish": {"reference": number}}
    return params


def _end(attempt: PaymentAttempt) -> datetime:
    """When the goods are given back, as far as Stripe allows.

    Stripe counts its half hour from when the call arrives, which may be a repeated one.
    """
    earliest = attempt.created_at + SHORTEST_SESSION + 2 * SAME_KEY_FOR
    latest = attempt.created_at + LONGEST_SESSION - SAME_KEY_FOR
    return min(max(attempt.expires_at, earliest), latest)


def _items(attempt: PaymentAttempt) -> list[SessionCreateParamsLineItem]:
    """The order's frozen rows; one row for all when they are too many or not what is left to pay."""
    order = attempt.order
    rows = [_item(line.name, line.unit_price_ore, line.quantity) for line in order.lines.all()]
    with translation.override(order.language):
        if order.freight_ore:
            rows.append(_item(_("Frakt"), order.freight_ore))
        if len(rows) > MOST_ROWS or order.total != attempt.amount or not _adds_up(order):
            rows = [_item(_("Beställning %s") % order.number, attempt.amount_ore)]
    return rows


def _adds_up(order: Order) -> bool:
    goods = sum(line.unit_price_ore * line.quantity for line in order.lines.all())
    return goods == order.goods_ore


def _item(name: str, unit_amount: int, quantity: int = 1) -> SessionCreateParamsLineItem:
    return {
        "price_data": {"currency": CURRENCY, "unit_amount": unit_amount, "product_data": {"name": name}},
        "quantity": quantity,
    }
