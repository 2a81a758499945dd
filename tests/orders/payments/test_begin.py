"""From a placed order to the payment page, whatever the network does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from orders import operations
from orders.payments import begin as begin_module
from orders.payments.begin import begin
from orders.payments.kinds import Unavailable
from orders.payments.settle import settle_order
from orders.states import Attempt
from shop.money import Money
from tests.factories import NOON, FreightFactory
from tests.orders.payments.conftest import attempts, fresh, placed, waiting
from tests.stack import wait_until
from tests.stripe_fake.forms import decode

pytestmark = pytest.mark.django_db


PAGE_SECONDS = begin_module.PAGE_SECONDS


@contextmanager
def impatient() -> Iterator[None]:
    """One second instead of six, where the length is not what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(begin_module, "PAGE_SECONDS", 1.0)
        yield


@contextmanager
def given_up_at_once(stripe) -> Iterator[None]:
    """Stripe does not answer inside here. It has been asked: what it was to do wrong it does with this call."""
    with impatient(), pytest.raises(Unavailable):
        yield
    wait_until(lambda: stripe.calls, within=60, what="the call that nobody waits for any more")


def status_page(order):
    return f"/order/{order.key}/"


def test_the_buyer_is_sent_to_a_page_that_asks_for_the_orders_sum(stripe):
    order = placed(lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1})
    address = begin(order, now=NOON)
    attempt = order.attempts.get()
    session = stripe.service.sessions[attempt.session_id]
    assert (attempt.state, attempt.url) == ("open", address)
    assert session["amount_total"] == order.total.ore == 30 * 4_900 + 24_900
    assert session["client_reference_id"] == session["metadata"]["order_number"] == order.number
    assert session["success_url"] == f"http://testserver/kassa/vantar/{order.key}/"
    assert session["cancel_url"] == f"{session['success_url']}?avbruten=1"


def test_stripe_is_told_rows_and_freight_and_nothing_about_the_buyer(stripe):
    FreightFactory()
    order = placed("swish", lines={"SKRIFTEN": 2}, email="karin@bjorkvik.example")
    begin(order, now=NOON)
    [call] = stripe.called("create")
    asked = decode(call.form)
    assert [
        (item["price_data"]["product_data"]["name"], item["price_data"]["unit_amount"], item["quantity"])
        for item in asked["line_items"].values()
    ] == [("Skriften om värdskap", "5500", "2"), ("Frakt", "4900", "1")]
    assert asked["payment_method_options"] == {"swish": {"reference": order.number}}
    assert asked["allowed_payment_method_types"] == {"0": "swish"}
    assert asked["locale"] == "sv"
    told = " ".join(value for values in parse_qs(call.form).values() for value in values)
    for personal in ("Karin", "bjorkvik", "Storgatan", "53132", "070"):
        assert personal not in told


def test_an_english_order_is_paid_on_an_english_page(stripe):
    order = placed()
    type(order).objects.update(language="en")
    begin(order, now=NOON)
    assert next(iter(stripe.service.sessions.values()))["locale"] == "en"


@pytest.mark.parametrize(("minutes", "expected"), [(1, 34), (30, 34), (60, 60), (2_000, 1_438)])
def test_the_page_closes_when_the_goods_go_back_as_far_as_stripe_allows(stripe, settings, minutes, expected):
    settings.RESERVATION_MINUTES = minutes
    _order, attempt = waiting()
    assert attempt.expires_at == NOON + timedelta(minutes=expected)


def test_a_part_that_is_left_to_pay_is_asked_for_as_one_row(stripe):
    order = placed(lines={"SKRIFTEN": 4})
    operations.record_money(
        order_pk=order.pk,
        amount=Money(10_000),
        reference="r",
        method="card",
        at=NOON,
        actor="anna",
        now=NOON,
    )
    operations.close_attempt(order.attempts.get().pk, Attempt.EXPIRED, cause="test", now=NOON)
    begin(order, now=NOON)
    [session] = stripe.service.sessions.values()
    assert session["amount_total"] == 12_000


def test_a_second_click_leads_to_the_same_page(stripe):
    order = placed()
    assert begin(order, now=NOON) == begin(order, now=NOON + timedelta(minutes=5))
    assert len(stripe.called("create")) == 1


def test_an_order_that_takes_no_payment_leads_to_its_own_page(stripe):
    paid, invoiced, lapsed = placed(paid=True), placed("invoice"), placed()
    operations.lapse(lapsed.pk, now=NOON + timedelta(hours=1))
    late = placed()
    for order in (paid, invoiced, lapsed):
        assert begin(order, now=NOON) == status_page(order)
    assert begin(late, now=NOON + timedelta(minutes=30)) == status_page(late)
    assert stripe.calls == []


def test_a_timeout_after_stripe_has_made_the_page_ends_in_one_page_and_one_charge(stripe):
    order = placed()
    stripe.fail("create", silence=True, after_commit=True)
    with given_up_at_once(stripe):
        begin(order, now=NOON)
    assert attempts(order) == ["created"]
    address = begin(order, now=NOON + timedelta(seconds=20))
    [session_id] = stripe.service.sessions
    assert address.endswith(session_id)
    stripe.service.pay(session_id)
    assert settle_order(order, now=NOON).payment_word == "paid"
    assert stripe.service.report()["total_ore"] == order.total.ore
    assert attempts(order) == ["succeeded"]


@pytest.mark.parametrize("how", [{"drop": True}, {"silence": True}, {"drop": True, "after_commit": True}])
def test_whatever_was_lost_the_same_key_is_used_again(stripe, how):
    order = placed()
    stripe.fail("create", **how)
    with given_up_at_once(stripe):
        begin(order, now=NOON)
    begin(order, now=NOON)
    assert {call.key for call in stripe.called("create")} == {order.attempts.get().idempotency_key}
    assert len(stripe.service.sessions) == 1


# Of seconds, from the one that is given to what a busy machine adds. Stripe's own silence lasts longer, and so does
# an answer that is read to its end.
GIVEN_UP = (0.8, 20)


def test_a_silent_stripe_is_given_up_when_the_time_is_up_which_is_well_within_ten_seconds(stripe):
    assert PAGE_SECONDS + 2 < 10
    order = placed()
    stripe.fail("create", silence=True, times=9)
    started = time.monotonic()
    with given_up_at_once(stripe):
        begin(order, now=NOON)
    assert GIVEN_UP[0] < time.monotonic() - started < GIVEN_UP[1]
    assert (fresh(order).state, len(stripe.calls)) == ("placed", 1)


@pytest.mark.parametrize("how", [{"drip": 0.3}, {"delay": 30}, {"silence": True, "after_commit": True}])
def test_a_slow_or_trickling_answer_does_not_stretch_the_time(stripe, how):
    order = placed()
    stripe.fail("create", **how, times=9)
    started = time.monotonic()
    with given_up_at_once(stripe):
        begin(order, now=NOON)
    assert time.monotonic() - started < GIVEN_UP[1]
    assert len(stripe.calls) == 1


def test_a_stripe_that_refuses_connections_keeps_the_order_and_the_next_try_works(stripe):
    order = placed()
    stripe.stop()
    with pytest.raises(Unavailable):
        begin(order, now=NOON)
    assert (fresh(order).state, attempts(order)) == ("placed", ["created"])
    stripe.start()
    assert begin(order, now=NOON + timedelta(seconds=30)).startswith(stripe.url)


@pytest.mark.parametrize("after_commit", [False, True])
def test_a_500_which_stripe_remembers_costs_the_attempt_and_the_next_has_a_new_key(stripe, after_commit):
    order = placed()
    stripe.fail("create", status=500, after_commit=after_commit)
    assert begin(order, now=NOON).startswith(stripe.url)
    assert attempts(order) == ["failed", "open"]
    assert len({call.key for call in stripe.called("create")}) == 2


@pytest.mark.parametrize("status", [500, 400, 401])
def test_what_is_refused_twice_is_an_outage_to_the_buyer_until_it_works_again(stripe, status):
    order = placed()
    stripe.fail("create", status=status, times=2)
    with pytest.raises(Unavailable):
        begin(order, now=NOON)
    assert fresh(order).state == "placed"
    assert begin(order, now=NOON).startswith(stripe.url)
    assert attempts(order) == ["failed", "failed", "open"]


def test_a_crowd_at_stripe_keeps_the_attempt(stripe):
    order = placed()
    stripe.fail("create", status=429)
    with pytest.raises(Unavailable):
        begin(order, now=NOON)
    assert begin(order, now=NOON).startswith(stripe.url)
    assert attempts(order) == ["open"]


def test_a_repeated_call_that_is_not_the_same_any_more_gets_a_new_key(stripe, settings):
    order = placed()
    stripe.fail("create", drop=True, after_commit=True)
    with pytest.raises(Unavailable):
        begin(order, now=NOON)
    settings.SITE_URL = "https://vardskapet.example"  # a new release, between two clicks
    assert begin(order, now=NOON).startswith(stripe.url)
    assert attempts(order) == ["failed", "open"]


def test_a_call_that_was_lost_long_ago_is_not_repeated_under_its_key(stripe):
    order = placed()
    stripe.stop()
    with pytest.raises(Unavailable):
        begin(order, now=NOON)
    stripe.start()
    stripe.service.advance(180)
    begin(order, now=NOON + timedelta(minutes=3))
    assert attempts(order) == ["expired", "open"]


def test_another_method_closes_the_first_page_and_holds_the_goods_anew(stripe):
    order, card = waiting()
    later = NOON + timedelta(minutes=10)
    begin(order, method="swish", now=later)
    swish = order.attempts.get(state="open")
    order = fresh(order)
    assert attempts(order) == ["expired", "open"]
    assert stripe.service.sessions[card.session_id]["status"] == "expired"
    assert (order.method, swish.method) == ("swish", "swish")
    assert order.reserved_until == later + timedelta(minutes=30)


def test_another_method_for_an_order_that_was_paid_a_moment_ago_books_the_money(stripe):
    order, card = waiting()
    stripe.service.pay(card.session_id)
    assert begin(order, method="swish", now=NOON) == status_page(order)
    assert (fresh(order).payment_word, attempts(order)) == ("paid", ["succeeded"])


def test_another_method_while_a_payment_is_on_its_way_leads_to_the_page_that_waits(stripe):
    order, card = waiting()
    stripe.service.pay_later(card.session_id)
    assert begin(order, method="swish", now=NOON) == f"/kassa/vantar/{order.key}/"
    assert attempts(order) == ["open"]


def test_another_method_is_not_opened_while_the_first_page_cannot_be_closed(stripe):
    order, _card = waiting()
    stripe.fail("expire", silence=True)
    with impatient(), pytest.raises(Unavailable):
        begin(order, method="swish", now=NOON)
    assert attempts(order) == ["open"]


def test_a_page_whose_time_is_over_is_replaced(stripe):
    order, _first = waiting()
    type(order).objects.update(reserved_until=NOON + timedelta(hours=2))
    stripe.service.advance(3_000)
    begin(order, now=NOON + timedelta(minutes=50))
    assert attempts(order) == ["expired", "open"]


def test_the_goods_are_not_held_for_ever_however_often_the_buyer_tries(stripe):
    order = placed()
    for minutes in range(0, 119, 20):
        now = NOON + timedelta(minutes=minutes)
        stripe.service.clock = now.timestamp
        begin(order, now=now, method="swish" if minutes % 40 else "card")
    assert fresh(order).reserved_until == NOON + timedelta(hours=2)


def test_an_attempt_that_ended_while_its_page_was_made_gives_its_address_to_nobody(stripe, monkeypatch):
    order = placed()
    real = begin_module._session

    def slow(attempt, *, now):
        session = real(attempt, now=now)
        operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
        return session

    monkeypatch.setattr(begin_module, "_session", slow)
    assert begin(order, now=NOON) == f"/kassa/vantar/{order.key}/"
    assert attempts(order) == ["expired"]
