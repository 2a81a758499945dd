"""The fake is as strict as the SDK's own types, and remembers as Stripe does."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import stripe as sdk

from tests.factories import NOON
from tests.stripe_fake import StripeServer

GOOD: dict[str, Any] = {
    "mode": "payment",
    "locale": "sv",
    "allowed_payment_method_types": ["card"],
    "line_items": [
        {
            "price_data": {"currency": "sek", "unit_amount": 5500, "product_data": {"name": "Skriften"}},
            "quantity": 2,
        },
        {
            "price_data": {"currency": "sek", "unit_amount": 4900, "product_data": {"name": "Frakt"}},
            "quantity": 1,
        },
    ],
    "client_reference_id": "VS-2026-000001",
    "metadata": {"order_number": "VS-2026-000001"},
    "success_url": "http://testserver/tack/",
    "expires_at": int(NOON.timestamp()) + 1_800,
}


def bent(path: str, value: Any) -> dict[str, Any]:
    """GOOD with one thing changed; None takes it out."""
    params = copy.deepcopy(GOOD)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    spot: Any = params
    for step in steps:
        spot = spot[step]
    if value is None:
        del spot[last]
    else:
        spot[last] = value
    return params


@pytest.fixture
def client(stripe: StripeServer) -> sdk.StripeClient:
    return sdk.StripeClient(stripe.api_key, base_addresses={"api": stripe.url}, max_network_retries=0)


@pytest.fixture(autouse=True)
def _closed_connections(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The SDK keeps its connections; a warning about an open one would fail some other test."""
    http = sdk.RequestsClient(timeout=60)
    monkeypatch.setattr("stripe._stripe_client.new_default_http_client", lambda **_options: http)
    yield
    http.close()


def create(client: sdk.StripeClient, params: Any, key: str = "key") -> Any:
    return client.v1.checkout.sessions.create(params, {"idempotency_key": key})


def test_a_right_request_makes_a_session_with_the_sum_of_its_rows(client):
    session = create(client, GOOD)
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 15_900)
    assert (session.currency, session.client_reference_id) == ("sek", "VS-2026-000001")
    assert session.url.endswith(session.id)


@pytest.mark.parametrize(
    ("path", "value", "param"),
    [
        ("payment_method_types", ["card"], "payment_method_types"),
        ("colour", "red", "colour"),
        ("mode", "pay", "mode"),
        ("mode", None, "mode"),
        ("locale", "se", "locale"),
        ("ui_mode", "hosted", "ui_mode"),
        ("allowed_payment_method_types", ["sw1sh"], "allowed_payment_method_types[0]"),
        ("allowed_payment_method_types", "card", "allowed_payment_method_types"),
        ("line_items", None, "line_items"),
        ("line_items.0.quantity", "two", "line_items[0][quantity]"),
        ("line_items.0.quantity", 1.5, "line_items[0][quantity]"),
        ("line_items.0.name", "Skriften", "line_items[0][name]"),
        ("line_items.0.price_data.currency", None, "line_items[0][price_data][currency]"),
        ("line_items.0.price_data.unit_amount", "55,00", "line_items[0][price_data][unit_amount]"),
        (
            "line_items.0.price_data.product_data",
            {"description": "x"},
            "line_items[0][price_data][product_data][name]",
        ),
        ("line_items.1.price_data.product_data.title", "x", "line_items[1][price_data][product_data][title]"),
        ("metadata", "VS-1", "metadata"),
        ("metadata.long", "x" * 501, "metadata[long]"),
        ("payment_method_options", {"swish": {"order": "1"}}, "payment_method_options[swish][order]"),
        ("adaptive_pricing", {"enabled": "maybe"}, "adaptive_pricing[enabled]"),
        ("expires_at", int(NOON.timestamp()) + 1_799, "expires_at"),
        ("expires_at", int(NOON.timestamp()) + 86_401, "expires_at"),
        ("success_url", None, "success_url"),
        ("success_url", "", "success_url"),
    ],
)
def test_every_planted_error_is_refused_by_name(client, stripe, path, value, param):
    with pytest.raises(sdk.InvalidRequestError) as refusal:
        create(client, bent(path, value))
    assert refusal.value.param == param
    assert stripe.service.sessions == {}


def test_a_wrong_key_is_not_let_in(stripe):
    with pytest.raises(sdk.AuthenticationError):
        create(sdk.StripeClient("sk_test_other", base_addresses={"api": stripe.url}), GOOD)


def test_the_same_key_is_the_same_session(client, stripe):
    assert create(client, GOOD).id == create(client, GOOD).id
    assert create(client, GOOD, "other").id != create(client, GOOD).id
    assert len(stripe.service.sessions) == 2


def test_the_same_key_with_other_parameters_is_refused(client):
    create(client, GOOD)
    with pytest.raises(sdk.IdempotencyError):
        create(client, bent("client_reference_id", "VS-2026-000002"))


def test_a_500_is_remembered_under_its_key_and_a_bad_parameter_is_not(client, stripe):
    stripe.fail("create", status=500)
    for _try in range(2):
        with pytest.raises(sdk.APIError):
            create(client, GOOD)
    with pytest.raises(sdk.InvalidRequestError):
        create(client, bent("mode", "pay"), "other")
    assert create(client, GOOD, "other").id


def test_an_answer_that_was_lost_is_given_again(client, stripe):
    stripe.fail("create", drop=True, after_commit=True)
    with pytest.raises(sdk.APIConnectionError):
        create(client, GOOD)
    [lost] = stripe.service.sessions
    assert create(client, GOOD).id == lost


def test_money_is_taken_once_and_reported(client, stripe):
    session = create(client, GOOD)
    stripe.service.pay(session.id)
    found = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (found.status, found.payment_status) == ("complete", "paid")
    assert found.payment_intent.amount_received == 15_900
    assert stripe.service.report()["by_order"] == {"VS-2026-000001": 15_900}
    with pytest.raises(sdk.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)


# --- Refunds and lists ----------------------------------------------------------------------------
@pytest.fixture
def took(stripe, client):
    """Stripe's name for 159 kr that it has taken."""
    session = client.v1.checkout.sessions.create(GOOD)
    stripe.service.pay(session.id)
    return stripe.service.session(session.id)["payment_intent"]


@pytest.mark.parametrize(
    "params",
    [
        {"amount": 159_01},
        {"amount": 0},
        {"amount": "kr"},
        {"reason": "trött"},
        {"belopp": 1},
        {"charge": "ch"},
    ],
    ids=str,
)
def test_a_refund_that_stripe_would_refuse_is_refused(stripe, client, took, params):
    with pytest.raises(sdk.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": took, **params})
    assert not stripe.service.refunds


def test_a_second_refund_gets_what_the_first_left_and_a_failed_one_leaves_all(stripe, client, took):
    first = client.v1.refunds.create({"payment_intent": took, "amount": 100_00})
    with pytest.raises(sdk.InvalidRequestError, match="greater than unrefunded amount"):
        client.v1.refunds.create({"payment_intent": took, "amount": 59_01})
    stripe.service.fail_refund(first.id)
    client.v1.refunds.create({"payment_intent": took})
    assert stripe.service.report()["sent_back_ore"] == 159_00
    with pytest.raises(sdk.InvalidRequestError, match="already been refunded"):
        client.v1.refunds.create({"payment_intent": took})


def test_a_list_goes_on_where_the_last_page_ended(stripe, client, took):
    for _place in range(5):
        stripe.service.refund_by_hand(took, 1_00)
    names = list(stripe.service.refunds)[::-1]
    first = client.v1.refunds.list({"limit": 2})
    then = client.v1.refunds.list({"limit": 3, "starting_after": first.data[-1].id})
    assert [row.id for row in [*first.data, *then.data]] == names
    assert (first.has_more, then.has_more) == (True, False)
    at = int(NOON.timestamp())
    assert not client.v1.refunds.list({"created": {"gt": at}}).data
    assert len(client.v1.refunds.list({"created": {"gte": at, "lt": at + 1}}).data) == 5


@pytest.mark.parametrize("params", [{"limit": 101}, {"sida": 2}, {"starting_after": "re_1"}], ids=str)
def test_a_list_asked_for_wrongly_is_refused(client, params):
    with pytest.raises(sdk.InvalidRequestError):
        client.v1.refunds.list(params)
