"""Goods that were not paid in time go back, and never under a buyer who can still pay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders import operations
from orders.models import PaymentAttempt, StripeEvent
from orders.payments import sweep
from orders.states import WrongState
from orders.tasks import lapse_reservations, sweep_payments
from shop.models import StockLevel
from tests.factories import NOON
from tests.orders.payments.conftest import attempts, fresh, placed, waiting

pytestmark = pytest.mark.django_db

HALF_PAST = NOON + timedelta(minutes=30)


def reserved() -> int:
    return StockLevel.objects.get(product__sku="SKRIFTEN").reserved


def test_an_unpaid_order_lapses_with_its_payment_page(stripe):
    order, attempt = waiting()
    sweep.lapse_due(now=HALF_PAST - timedelta(seconds=1))
    assert (fresh(order).state, reserved()) == ("placed", 1)
    sweep.lapse_due(now=HALF_PAST)
    assert (fresh(order).state, attempts(order), reserved()) == ("cancelled", ["expired"], 0)
    assert stripe.service.sessions[attempt.session_id]["status"] == "expired"


def test_an_order_whose_page_was_never_opened_lapses_without_a_call(stripe):
    order = placed()
    sweep.lapse_due(now=HALF_PAST)
    assert (fresh(order).state, attempts(order), stripe.calls) == ("cancelled", ["expired"], [])


def test_an_order_that_was_paid_unheard_is_confirmed_instead(stripe):
    order, attempt = waiting()
    stripe.service.pay(attempt.session_id)
    sweep.lapse_due(now=HALF_PAST)
    assert (fresh(order).state, fresh(order).payment_word, reserved()) == ("confirmed", "paid", 1)


def test_an_order_whose_money_is_on_its_way_waits(stripe, tell):
    order, attempt = waiting("klarna")
    stripe.service.pay_later(attempt.session_id)
    sweep.lapse_due(now=NOON + timedelta(hours=5))
    assert fresh(order).state == "placed"
    stripe.service.fail(attempt.session_id)
    sweep.lapse_due(now=NOON + timedelta(hours=5))
    assert (fresh(order).state, attempts(order)) == ("cancelled", ["failed"])


def test_while_stripe_is_away_the_goods_are_held_until_the_page_has_closed_by_itself(stripe):
    order, attempt = waiting()
    stripe.stop()
    for late in (HALF_PAST, attempt.expires_at, attempt.expires_at + timedelta(minutes=4)):
        sweep.lapse_due(now=late)
        assert fresh(order).state == "placed"
    sweep.lapse_due(now=attempt.expires_at + timedelta(minutes=5))
    assert (fresh(order).state, attempts(order), reserved()) == ("cancelled", ["open"], 0)


def test_money_that_came_while_stripe_was_away_is_found_when_it_is_back(stripe):
    order, attempt = waiting()
    stripe.service.pay(attempt.session_id)
    stripe.stop()
    sweep.lapse_due(now=attempt.expires_at + timedelta(minutes=5))
    stripe.start()
    sweep.settle_unsettled(now=NOON + timedelta(hours=8))
    order = fresh(order)
    assert (order.state, order.payment_word, attempts(order)) == ("confirmed", "paid", ["succeeded"])
    assert reserved() == 1


def test_an_expiry_whose_answer_was_lost_is_understood_in_the_next_round(stripe):
    order, _attempt = waiting()
    stripe.fail("expire", drop=True, after_commit=True)
    sweep.lapse_due(now=HALF_PAST)
    assert fresh(order).state == "placed"
    sweep.lapse_due(now=HALF_PAST + timedelta(minutes=1))
    assert (fresh(order).state, attempts(order)) == ("cancelled", ["expired"])


def test_what_goes_wrong_with_one_order_leaves_the_others_alone(stripe, monkeypatch, caplog):
    orders = [waiting()[0] for _number in range(4)]
    broken, odd = orders[0].pk, orders[1].pk
    real = operations.lapse

    def lapse(pk, *, now):
        if pk == broken:
            raise WrongState("agreement", "placed", "cancelled")
        if pk == odd:
            raise ValueError(pk)
        return real(pk, now=now)

    monkeypatch.setattr(operations, "lapse", lapse)
    sweep.lapse_due(now=HALF_PAST)
    assert [fresh(order).state for order in orders] == ["placed", "placed", "cancelled", "cancelled"]
    assert "is left out" in caplog.text


def test_one_session_that_stripe_stumbles_over_leaves_the_others_alone(stripe):
    pairs = [waiting() for _number in range(4)]
    for _order, attempt in pairs:
        stripe.service.pay(attempt.session_id)
    stripe.fail("retrieve", status=500)
    sweep.settle_unsettled(now=HALF_PAST)
    assert sorted(fresh(order).payment_word for order, _attempt in pairs) == ["paid"] * 3 + ["unpaid"]
    sweep.settle_unsettled(now=HALF_PAST)
    assert {fresh(order).payment_word for order, _attempt in pairs} == {"paid"}


def test_a_silent_stripe_ends_the_round_after_three_calls(stripe):
    for _number in range(6):
        waiting()
    stripe.fail("retrieve", status=503, times=10)
    sweep.settle_unsettled(now=HALF_PAST)
    assert len(stripe.called("retrieve")) == 3


def test_celerys_handles_do_all_of_it(stripe, time_machine):
    paid, lapsing = waiting(), waiting()
    stripe.service.pay(paid[1].session_id)
    StripeEvent.objects.create(
        event_id="evt", type="x", payload={}, received_at=NOON, handled_at=None
    )  # kept by an older copy of the shop
    time_machine.move_to(HALF_PAST)
    sweep_payments()
    lapse_reservations()
    assert [fresh(order).state for order, _attempt in (paid, lapsing)] == ["confirmed", "cancelled"]
    assert not StripeEvent.objects.filter(handled_at=None).exists()
    assert not PaymentAttempt.objects.filter(state="open").exists()
