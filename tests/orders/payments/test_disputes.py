"""What Stripe decides and we keep: disputes and payouts, in whatever order they are told."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest

from orders.models import Dispute, Order, Payout, StripeEvent
from tests.factories import NOON
from tests.orders.payments.conftest import fresh, intent, paid, waiting

pytestmark = pytest.mark.django_db


def disputed(stripe, order: Order, ore: int | None = None):
    return stripe.service.open_dispute(intent(order), ore)


def test_a_dispute_is_kept_with_what_it_is_about_and_the_day_to_answer_by(stripe, tell):
    order = paid(stripe)
    tell(disputed(stripe, order, 30_00), copies=5)
    dispute = Dispute.objects.open().get()
    assert (dispute.order, dispute.amount_ore, dispute.reason) == (order, 30_00, "fraudulent")
    assert dispute.evidence_due == NOON + timedelta(days=7)
    assert fresh(order).payment_word == "paid"
    assert order.history.filter(machine="dispute").count() == 1


@pytest.mark.parametrize("places", list(permutations(range(2))))
@pytest.mark.parametrize(("status", "word"), [("lost", "refunded"), ("won", "paid")])
def test_how_it_ends_is_in_the_ledger_once(stripe, tell, places, status, word):
    order = paid(stripe)
    opened = disputed(stripe, order)
    closed = stripe.service.close_dispute(opened["data"]["object"]["id"], status)
    tell(*[[opened, closed][place] for place in places], copies=2)
    assert (fresh(order).payment_word, Dispute.objects.get().status) == (word, status)
    assert not Dispute.objects.open().exists()
    report = stripe.service.report()
    assert report["sent_back_by_order"].get(order.number, 0) == fresh(order).refunded.ore


def test_one_that_is_won_after_it_was_lost_puts_the_money_back(stripe, tell):
    order = paid(stripe)
    name = disputed(stripe, order)["data"]["object"]["id"]
    for status in ("lost", "won", "lost", "won"):
        tell(stripe.service.close_dispute(name, status))
    assert [row.kind for row in order.payments.all()] == ["payment", "chargeback", "reversal"]
    assert fresh(order).payment_word == "paid"
    assert not Order.objects.paid_as("refunded").exists()


@pytest.mark.parametrize("facts", [{"currency": "eur"}, {"amount": 999_999_99}, {"amount": 0}])
def test_a_dispute_that_does_not_fit_its_payment_is_not_kept(stripe, tell, facts):
    order = paid(stripe)
    event = disputed(stripe, order)
    next(iter(stripe.service.disputes.values())).update(facts)
    tell(event)
    assert not Dispute.objects.exists()


def test_a_dispute_of_money_that_is_not_ours_is_stored_and_left_alone(stripe, tell):
    order = paid(stripe)
    event = disputed(stripe, order)
    order.payments.update(reference="annan")
    assert tell(event) == [200]
    assert (Dispute.objects.exists(), StripeEvent.objects.filter(handled_at=None).exists()) == (False, False)


def test_a_payout_is_kept_once_with_the_day_it_comes(stripe, tell):
    tell(stripe.service.pay_out(106_55), copies=5)
    payout = Payout.objects.get()
    assert (payout.amount_ore, payout.arrives_on, payout.status) == (106_55, date(2026, 11, 25), "paid")


@pytest.mark.parametrize(
    "kind", ["refund.created", "charge.dispute.created", "payout.paid", "charge.refunded"]
)
def test_what_stripe_does_not_know_either_is_stored_and_done_with(stripe, tell, kind):
    event = stripe.service.told(kind, {"id": "xx_1", "payment_intent": "pi_1"})
    assert tell(event) == [200]
    assert StripeEvent.objects.get().handled_at is not None


@pytest.mark.parametrize(
    "subject",
    [
        {},
        {"id": 7},
        {"id": ""},
        {"id": "x" * 5000},
        {"id": None, "payment_intent": ["pi"], "metadata": "order"},
    ],
)
@pytest.mark.parametrize(
    "kind",
    ["refund.failed", "charge.refunded", "payout.paid", "payment_intent.succeeded", "charge.dispute.closed"],
)
def test_an_event_without_a_name_to_ask_by_is_stored_and_done_with(stripe, tell, kind, subject):
    assert tell(stripe.service.told(kind, subject)) == [200]
    assert StripeEvent.objects.get().handled_at is not None
    assert not stripe.calls


@pytest.mark.parametrize("kind", ["payment_intent.succeeded", "charge.succeeded"])
def test_a_payment_of_which_only_its_own_event_tells_is_booked(stripe, tell, kind):
    order, attempt = waiting()
    stripe.service.pay(attempt.session_id)
    things = stripe.service.intents if kind.startswith("payment_intent") else stripe.service.charges
    tell(stripe.service.told(kind, next(iter(things.values()))), copies=5)
    assert (fresh(order).state, fresh(order).payment_word) == ("confirmed", "paid")
