"""Everybody at once, each with a connection of their own."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from notifications.models import Message
from orders import operations
from orders.models import Order, Refund, StripeEvent
from orders.models.payment import LEASE
from orders.payments import kinds, sweep
from orders.payments.begin import begin
from orders.payments.settle import settle_order
from shop.models import StockLevel
from tests.factories import NOON
from tests.orders.payments.conftest import (
    at_once,
    attempts,
    fresh,
    intent,
    paid,
    placed,
    plan,
    try_to_plan,
    waiting,
)
from tests.stack import wait_until
from tests.stripe_fake.errors import Refusal
from tests.stripe_fake.webhooks import deliver

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

HALF_PAST = NOON + timedelta(minutes=30)


def paid_once(order: Order) -> bool:
    order = fresh(order)
    return (
        (order.state, order.payment_word, attempts(order)) == ("confirmed", "paid", ["succeeded"])
        and order.payments.count() == 1
        and Message.objects.filter(letter="order-confirmation").count() == 1
        and not order.refunds.exists()
    )


def test_ten_copies_of_an_event_at_once_are_one_payment(stripe):
    order, attempt = waiting()
    event = stripe.service.pay(attempt.session_id)
    stripe.fail("retrieve", until=lambda: len(stripe.called("retrieve")) > 1, times=10)  # before one books
    answers = at_once(*[lambda: deliver(Client(), stripe, event)] * 10)
    assert answers == [200] * 10
    assert StripeEvent.objects.count() == 1
    assert paid_once(order)


def test_webhook_sweep_and_waiting_page_at_once_are_one_payment(stripe):
    order, attempt = waiting()
    event = stripe.service.pay(attempt.session_id)
    stripe.fail("retrieve", until=lambda: len(stripe.called("retrieve")) > 1, times=9)
    later = NOON + timedelta(minutes=5)
    at_once(
        *[lambda: deliver(Client(), stripe, event)] * 3,
        *[lambda: sweep.settle_unsettled(now=later)] * 3,
        *[lambda: settle_order(order, now=later)] * 3,
    )
    assert paid_once(order)


def test_five_clicks_at_once_open_one_page(stripe):
    order = placed()
    stripe.fail("create", until=lambda: len(stripe.called("create")) > 1)
    addresses = at_once(*[lambda: begin(order, now=NOON)] * 5)
    assert len(set(addresses)) == 1
    assert len(stripe.service.sessions) == 1
    assert attempts(order) == ["open"]


def test_clicks_on_different_methods_leave_one_page_that_can_be_paid(stripe):
    order = placed()
    at_once(*[lambda name=name: begin(order, now=NOON, method=name) for name in ("card", "swish", "klarna")])
    given_out = {attempt.session_id for attempt in order.attempts.filter(state="open")}
    assert len(given_out) == 1
    assert attempts(order).count("open") == 1


@pytest.mark.parametrize("round_", range(3))
def test_paying_in_the_moment_of_the_lapse_ends_confirmed_or_with_a_refund_never_lost(stripe, round_):
    order, attempt = waiting()

    def pay_if_open() -> None:
        with suppress(Refusal):  # Stripe has closed the page: nobody can pay there
            deliver(Client(), stripe, stripe.service.pay(attempt.session_id))

    at_once(pay_if_open, lambda: sweep.lapse_due(now=HALF_PAST), lambda: sweep.lapse_due(now=HALF_PAST))
    sweep.settle_unsettled(now=HALF_PAST)
    order = fresh(order)
    reserved = StockLevel.objects.get(product__sku="SKRIFTEN").reserved
    if stripe.service.money:
        assert (order.state, order.payment_word, reserved) == ("confirmed", "paid", 1)
    else:
        assert (order.state, order.payment_word, reserved) == ("cancelled", "unpaid", 0)


def test_the_practice_page_takes_money_once_however_many_press(settings):
    order = placed()
    page = begin(order, now=NOON)
    at_once(*[lambda: Client().post(page, {"action": "pay"}).status_code] * 5)
    assert paid_once(order)


# --- Money that goes back -------------------------------------------------------------------------
def test_five_workers_send_a_refund_once(stripe):
    order = paid(stripe)
    plan(order, ore=20_00)
    stripe.fail("create_refund", delay=0.2, times=5)
    at_once(*[lambda: sweep.send_refunds(now=HALF_PAST)] * 5)
    assert [row.state for row in order.refunds.all()] == ["succeeded"]
    assert stripe.service.report()["sent_back_ore"] == fresh(order).refunded.ore == 20_00
    assert Message.objects.filter(letter="refund").count() == 1


def test_a_500_while_another_workers_call_is_still_at_work_does_not_send_a_part_twice(stripe):
    order = paid(stripe)
    plan(order, ore=20_00)
    been_there = threading.Event()
    stripe.fail("create_refund", until=been_there.is_set)
    stripe.fail("create_refund", status=500, unseen=True)

    def come_late() -> None:
        wait_until(lambda: stripe.called("create_refund"), within=60, what="the first worker's call")
        for _round in range(2):  # the 500, and what came of it
            sweep.send_refunds(now=HALF_PAST + timedelta(minutes=1))
        been_there.set()

    at_once(lambda: sweep.send_refunds(now=HALF_PAST), come_late)
    stripe.faults.clear()
    sweep.send_refunds(now=HALF_PAST + LEASE)
    assert stripe.service.report()["sent_back_ore"] == fresh(order).refunded.ore == 20_00
    assert [row.state for row in order.refunds.all()] == ["succeeded"]


def test_a_call_that_stripe_carries_out_after_we_gave_up_waiting_is_found_and_not_made_again(
    stripe, monkeypatch
):
    order = paid(stripe)
    plan(order, ore=20_00)
    been_there = threading.Event()
    stripe.fail("create_refund", until=been_there.is_set)
    stripe.fail("create_refund", status=500, unseen=True)
    with monkeypatch.context() as impatient:
        impatient.setattr(kinds, "LONGEST_CALL", 0.3)
        sweep.send_refunds(now=HALF_PAST)
    wait_until(lambda: stripe.called("create_refund"), within=60, what="the call that was given up")
    for minutes in (1, 2):
        sweep.send_refunds(now=HALF_PAST + timedelta(minutes=minutes))
    assert not stripe.service.refunds  # the first call is still at work
    been_there.set()
    wait_until(lambda: all(kept.answer for kept in stripe.keys.values()), within=60, what="the refund")
    stripe.keys.clear()
    sweep.send_refunds(now=HALF_PAST + LEASE)
    assert stripe.service.report()["sent_back_ore"] == fresh(order).refunded.ore == 20_00
    assert [row.state for row in order.refunds.all()] == ["succeeded"]


def test_ten_members_of_staff_at_once_plan_no_more_than_there_is(stripe):
    order = paid(stripe)
    at_once(*[partial(try_to_plan, order, ore=20_00, key=f"click-{place}") for place in range(10)])
    assert sum(row.amount_ore for row in order.refunds.all()) == order.total.ore


def test_ten_copies_of_a_dashboards_refund_at_once_are_booked_once(stripe):
    order = paid(stripe)
    event = stripe.service.refund_by_hand(intent(order), 20_00)[0]
    stripe.fail("refund", until=lambda: len(stripe.called("refund")) > 1, times=10)
    assert at_once(*[lambda: deliver(Client(), stripe, event)] * 10) == [200] * 10
    assert (order.refunds.count(), fresh(order).refunded.ore) == (1, 20_00)


def test_ten_copies_of_a_failure_at_once_put_the_money_back_once_and_tell_once(stripe):
    order = paid(stripe)
    plan(order, ore=20_00)
    sweep.send_refunds(now=HALF_PAST)
    event = stripe.service.fail_refund(order.refunds.get().gateway_id)[0]
    stripe.fail("refund", until=lambda: len(stripe.called("refund")) > 1, times=10)
    assert at_once(*[lambda: deliver(Client(), stripe, event)] * 10) == [200] * 10
    assert [row.kind for row in order.payments.all()] == ["payment", "refund", "reversal"]
    assert Message.objects.filter(letter="refund-failed").count() == 1


def test_trying_again_and_by_hand_at_once_is_one_new_try(stripe):
    refund = plan(paid(stripe), ore=20_00)
    Refund.objects.update(state="failed")
    again = partial(operations.plan_again, refund.pk, actor="maja", now=HALF_PAST)
    tries = at_once(*[again, partial(again, by_hand=True)] * 4)
    assert len({row.pk for row in tries}) == 1
    assert refund.order.refunds.count() == 2
