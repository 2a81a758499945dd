"""Only what Stripe has signed just now comes in; everything that does is kept."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
import stripe as sdk

from orders.models import StripeEvent
from orders.payments import events, sweep
from tests.factories import NOON
from tests.orders.payments.conftest import attempts, fresh, waiting
from tests.stripe_fake.objects import event as new_event
from tests.stripe_fake.webhooks import PATH

pytestmark = pytest.mark.django_db

SECRET = "whsec_fake"


def signed(body: str, secret: str = SECRET, *, timestamp: int | None = None) -> str:
    return str(sdk.WebhookSignature.generate_signature_header(body, secret, timestamp))


def send(client, body: str | bytes, signature: str | None, **extra):
    headers = {} if signature is None else {"Stripe-Signature": signature}
    return client.post(PATH, body, content_type="application/json", headers=headers, **extra)


def an_event(kind: str = "checkout.session.completed", **subject):
    return json.dumps(new_event(kind, {"id": "cs_other", **subject}, now=1, api_version="x"))


EVENT = an_event()


def now() -> int:
    return int(time.time())


SIGNATURES = {
    "none": lambda: None,
    "empty": lambda: "",
    "nonsense": lambda: "nonsense",
    "empty parts": lambda: "t=,v1=",
    "no number": lambda: "t=abc,v1=abc",
    "only a time": lambda: f"t={now()}",
    "another scheme": lambda: f"t={now()},v0={'0' * 64}",
    "wrong": lambda: f"t={now()},v1={'0' * 64}",
    "Swedish letters": lambda: f"t={now()},v1=åäö",
    "last of latin-1": lambda: f"t={now()},v1=\N{LATIN SMALL LETTER Y WITH DIAERESIS}",
    "huge time": lambda: "t=" + "9" * 6_000 + ",v1=0",
    "Arabic digits": lambda: "t=١٢٣,v1=0".encode().decode("latin-1"),
    "many commas": lambda: "," * 5_000,
    "many equals": lambda: "=" * 5_000,
    "another secret": lambda: signed(EVENT, "whsec_other"),
    "another body": lambda: signed(EVENT + " "),
    "too old": lambda: signed(EVENT, timestamp=now() - 400),
    "from the future": lambda: signed(EVENT, timestamp=now() + 400),
    "before all time": lambda: signed(EVENT, timestamp=-1),
    "from 1970": lambda: signed(EVENT, timestamp=0),
}


@pytest.mark.parametrize("make", SIGNATURES.values(), ids=SIGNATURES.keys())
def test_what_stripe_has_not_signed_just_now_is_refused(client, stripe, make):
    assert send(client, EVENT, make()).status_code == 400
    assert not StripeEvent.objects.exists()


def test_a_clock_that_is_a_little_ahead_is_no_harm(client, stripe):
    assert send(client, EVENT, signed(EVENT, timestamp=now() + 20)).status_code == 200


def test_without_a_secret_nothing_comes_in(client, stripe, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert send(client, EVENT, signed(EVENT, "")).status_code == 400


@pytest.mark.parametrize("body", [b"\xff\xfe", EVENT.encode()[:-1] + b"\xe5}", b"\x00"])
def test_a_body_that_is_not_utf8_is_refused(client, stripe, body):
    assert send(client, body, signed(body.decode("latin-1"))).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "null",
        '"event"',
        "{}",
        "[" * 100_000,
        '{"id": NaN}',
        '{"id": 1, "type": "x", "data": {"object": {}}}',
        '{"id": "", "type": "x", "data": {"object": {}}}',
        '{"id": "e", "type": "x", "data": []}',
        '{"id": "e", "type": "x", "data": {"object": "cs"}}',
        '{"id": "e", "type": "x", "data": {"object": {"a": 1e999}}}',
        '{"id": "e", "type": "x", "data": {"object": {"a": NaN}}}',
        r'{"id": "e\u0000", "type": "x", "data": {"object": {}}}',
        r'{"id": "e", "type": "x", "data": {"object": {"a": "\ud800"}}}',
        json.dumps({"id": "e" * 121, "type": "x", "data": {"object": {}}}),
        json.dumps({"id": "e", "type": "x" * 81, "data": {"object": {}}}),
    ],
)
def test_what_is_signed_but_no_event_is_refused(client, stripe, body):
    assert send(client, body, signed(body)).status_code == 400
    assert not StripeEvent.objects.exists()


def test_a_body_without_end_is_refused_before_it_is_read(client, stripe):
    body = an_event(filling="x" * 600_000)
    assert send(client, body, signed(body)).status_code == 400
    assert send(client, EVENT, signed(EVENT), CONTENT_LENGTH="9" * 5_000).status_code == 400
    assert send(client, EVENT, signed(EVENT), CONTENT_LENGTH="-1").status_code == 400


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_post_is_answered(client, stripe, method):
    assert getattr(client, method)(PATH).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        an_event("invoice.created"),
        an_event("payout.paid", id="po_1"),
        an_event("something.new"),
        an_event("checkout.session.completed", id="cs_of_somebody_else"),
        an_event("checkout.session.completed", id=""),
        an_event("checkout.session.completed", id=None),
        an_event("checkout.session.expired", id=["cs"]),
        an_event("charge.succeeded", emoji="😀 \\ud83d\\ude00"),
    ],
)
def test_an_event_that_is_not_ours_to_act_on_is_kept_and_thanked_for(client, stripe, body):
    for _copy in range(3):
        assert send(client, body, signed(body)).status_code == 200
    kept = StripeEvent.objects.get()
    assert kept.payload == json.loads(body)
    assert kept.handled_at is not None


def test_an_event_without_a_session_never_touches_an_attempt_that_has_none_yet(client, stripe):
    order, attempt = waiting()
    type(attempt).objects.update(session_id="", state="created")
    body = an_event("checkout.session.completed", id="")
    assert send(client, body, signed(body)).status_code == 200
    assert (fresh(order).state, attempts(order)) == ("placed", ["created"])


def test_an_event_that_comes_while_stripe_cannot_be_asked_waits_for_the_sweep(client, stripe, tell):
    order, attempt = waiting()
    paid = stripe.service.pay(attempt.session_id)
    stripe.fail("retrieve", status=500)
    assert tell(paid) == [200]
    event = StripeEvent.objects.get()
    assert (event.handled_at, fresh(order).payment_word) == (None, "unpaid")
    sweep.handle_waiting_events(now=event.received_at)
    assert fresh(order).payment_word == "unpaid"
    sweep.handle_waiting_events(now=event.received_at + timedelta(seconds=61))
    event.refresh_from_db()
    assert event.handled_at is not None
    assert fresh(order).payment_word == "paid"


def test_an_event_that_was_handled_is_not_asked_about_again(stripe, tell):
    _order, attempt = waiting()
    tell(stripe.service.time_out(attempt.session_id), copies=5)
    assert len(stripe.called("retrieve")) == 1


def test_an_event_is_stored_with_the_moment_it_came(stripe):
    assert events.store(EVENT, now=NOON).received_at == NOON
