"""What Stripe decides and we keep: disputes and payouts, in whatever order they are told."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest

from orders.models import Dispute, Order, Payout, StripeEvent
from orders.payments import gateway, mirroring, sweep
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
    for status in ("lost", "won"):
        tell(stripe.service.close_dispute(name, status), copies=2)
    assert [row.kind for row in order.payments.all()] == ["payment", "chargeback", "reinstated"]
    assert fresh(order).payment_word == "paid"
    assert not Order.objects.paid_as("refunded").exists()


@pytest.mark.parametrize("rounds", [3, 4, 5])
def test_however_often_a_dispute_is_lost_and_won_the_books_are_stripes_to_the_ore(stripe, tell, rounds):
    order = paid(stripe)
    name = disputed(stripe, order, 30_00)["data"]["object"]["id"]
    for status in ("lost", "won", "lost", "won", "lost")[:rounds]:
        tell(stripe.service.close_dispute(name, status), copies=2)
        assert fresh(order).taken_by_bank.ore == (30_00 if status == "lost" else 0)
        assert stripe.service.report()["sent_back_by_order"].get(order.number, 0) == fresh(order).refunded.ore
        assert fresh(order).may_be_packed == (status == "won")
        assert Order.objects.may_be_packed().filter(pk=order.pk).exists() == (status == "won")
    assert order.payments.exclude(kind="payment").count() == rounds


def test_an_old_event_of_a_dispute_does_not_bring_back_what_it_said(stripe, tell):
    order = paid(stripe)
    name = disputed(stripe, order)["data"]["object"]["id"]
    told = [stripe.service.close_dispute(name, status) for status in ("lost", "won", "lost")]
    tell(told[2], told[0], told[1])
    assert (Dispute.objects.get().status, fresh(order).payment_word) == ("lost", "refunded")
    assert order.payments.exclude(kind="payment").count() == 1


def test_an_answer_that_another_overtook_is_asked_for_anew(stripe, monkeypatch):
    """The slow one was told lost; while that was on its way the dispute was won, and that was kept."""
    order = paid(stripe)
    name = disputed(stripe, order)["data"]["object"]["id"]
    stripe.service.close_dispute(name, "lost")
    real = gateway.fetch_dispute

    def slow(dispute_id):
        truth = real(dispute_id)
        monkeypatch.setattr(gateway, "fetch_dispute", real)
        stripe.service.close_dispute(name, "won")
        mirroring.ask_about_dispute(dispute_id, now=NOON)
        return truth

    monkeypatch.setattr(gateway, "fetch_dispute", slow)
    mirroring.ask_about_dispute(name, now=NOON)
    assert (Dispute.objects.get().status, fresh(order).payment_word) == ("won", "paid")


# --- Told before the payment is --------------------------------------------------------------------
@pytest.mark.parametrize("places", list(permutations(range(3))))
def test_a_dispute_that_is_told_of_before_its_payment_has_the_payment_booked_first(stripe, tell, places):
    order, attempt = waiting()
    came = stripe.service.pay(attempt.session_id)
    opened = stripe.service.open_dispute(came["data"]["object"]["payment_intent"], 30_00)
    closed = stripe.service.close_dispute(opened["data"]["object"]["id"], "lost")
    events = [came, opened, closed]
    tell(events[places[0]])
    assert (fresh(order).state, fresh(order).payment_word) in {
        ("confirmed", "part-refunded"),
        ("confirmed", "paid"),
    }
    tell(*[events[place] for place in places], copies=2)
    assert stripe.service.report()["sent_back_by_order"] == {order.number: fresh(order).refunded.ore}
    assert fresh(order).refunded.ore == 30_00


@pytest.mark.parametrize("places", list(permutations(range(4))))
def test_a_refund_that_is_told_of_before_its_payment_has_the_payment_booked_first(stripe, tell, places):
    order, attempt = waiting()
    came = stripe.service.pay(attempt.session_id)
    made = stripe.service.refund_by_hand(came["data"]["object"]["payment_intent"], 20_00)
    updated = stripe.service.told("refund.updated", made[0]["data"]["object"])
    events = [came, *made, updated]
    tell(*[events[place] for place in places if events[place] is not came])
    assert (fresh(order).state, fresh(order).payment_word) == ("confirmed", "part-refunded")
    tell(*[events[place] for place in places])
    assert stripe.service.report()["sent_back_by_order"] == {order.number: fresh(order).refunded.ore}
    assert order.refunds.count() == 1


@pytest.mark.parametrize("kind", ["refund.created", "refund.updated", "charge.refunded"])
def test_each_event_of_a_refund_alone_is_enough_to_book_the_payment_and_the_refund(stripe, tell, kind):
    order, attempt = waiting()
    came = stripe.service.pay(attempt.session_id)
    made = stripe.service.refund_by_hand(came["data"]["object"]["payment_intent"], 20_00)
    told = [*made, stripe.service.told("refund.updated", made[0]["data"]["object"])]
    assert tell(*[event for event in told if event["type"] == kind]) == [200]
    assert (fresh(order).state, fresh(order).refunded.ore) == ("confirmed", 20_00)
    assert not StripeEvent.objects.filter(handled_at=None).exists()


@pytest.mark.parametrize("silent", ["intent", "retrieve"])
def test_while_stripe_does_not_tell_of_the_payment_the_event_waits_and_is_not_forgotten(stripe, tell, silent):
    order, attempt = waiting()
    came = stripe.service.pay(attempt.session_id)
    made = stripe.service.refund_by_hand(came["data"]["object"]["payment_intent"], 20_00)
    stripe.fail(silent, status=500)
    assert tell(made[0]) == [200]
    event = StripeEvent.objects.get()
    assert (event.handled_at, fresh(order).payment_word) == (None, "unpaid")
    sweep.handle_waiting_events(now=event.received_at + timedelta(seconds=61))
    assert fresh(order).payment_word == "part-refunded"


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
