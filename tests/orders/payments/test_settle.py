"""What is believed about money, and what is not."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from django.db.models import F

from notifications.models import Message
from orders import operations
from orders.models import Payment, StripeEvent
from orders.payments import sweep
from orders.payments.begin import begin
from orders.payments.kinds import Unavailable
from orders.payments.settle import settle, settle_order
from orders.states import Attempt
from shop.models import StockLevel
from tests.factories import NOON
from tests.orders.payments.conftest import attempts, fresh, placed, waiting

pytestmark = pytest.mark.django_db

SESSION = "checkout.session."
LATER = NOON + timedelta(minutes=2)


def confirmations():
    return Message.objects.filter(letter="order-confirmation").count()


def assert_paid_once(order, stripe):
    order = fresh(order)
    assert (order.state, order.payment_word, order.may_be_packed) == ("confirmed", "paid", True)
    assert [payment.amount_ore for payment in order.payments.all()] == [order.total.ore]
    assert attempts(order) == ["succeeded"]
    assert confirmations() == 1
    assert [line.new for line in order.history.filter(machine="agreement")] == ["placed", "confirmed"]
    assert not order.refunds.exists()
    assert stripe.service.report()["by_order"] == {order.number: order.total.ore}


# --- Paid ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("copies", [1, 5])
@pytest.mark.parametrize("method", ["card", "swish", "klarna"])
def test_a_paid_event_confirms_the_order_once(stripe, tell, method, copies):
    order, attempt = waiting(method)
    event = stripe.service.pay(attempt.session_id)
    assert tell(event, copies=copies) == [200] * copies
    assert_paid_once(order, stripe)
    assert StripeEvent.objects.exclude(handled_at=None).count() == 1


@pytest.mark.parametrize("copies", [1, 5])
@pytest.mark.parametrize("places", list(permutations(range(4))), ids=lambda places: "".join(map(str, places)))
def test_the_four_events_of_a_payment_in_any_order_and_number_end_in_one_state_and_one_letter(
    stripe, tell, places, copies
):
    """Done at the page, paid later: session completed (unpaid), charge, payment intent, session succeeded."""
    order, attempt = waiting("klarna")
    events = [stripe.service.pay_later(attempt.session_id), *_paid_later(stripe, attempt.session_id)]
    tell(*[events[place] for place in places], copies=copies)
    assert_paid_once(order, stripe)


def _paid_later(stripe, session_id):
    told = stripe.service.succeed(session_id)
    intent = stripe.service.intent(stripe.service.session(session_id)["payment_intent"])
    charge = stripe.service.charges[intent["latest_charge"]]
    return [
        stripe.service.told("charge.succeeded", charge),
        stripe.service.told("payment_intent.succeeded", intent),
        told,
    ]


@pytest.mark.parametrize(
    "order_of_kinds",
    list(permutations(["completed", "async_payment_succeeded", "async_payment_failed", "expired"])),
    ids=lambda kinds: "-".join(kind[:12] for kind in kinds),
)
def test_whatever_the_events_say_and_in_which_order_a_paid_session_is_one_payment(
    stripe, tell, order_of_kinds
):
    order, attempt = waiting()
    stripe.service.pay(attempt.session_id)
    tell(*[stripe.service.tell(SESSION + kind, attempt.session_id) for kind in order_of_kinds], copies=2)
    assert_paid_once(order, stripe)


def test_with_no_event_at_all_the_sweep_repairs(stripe):
    order, attempt = waiting()
    stripe.service.pay(attempt.session_id)
    sweep.settle_unsettled(now=NOON + timedelta(seconds=59))
    assert fresh(order).payment_word == "unpaid"
    sweep.settle_unsettled(now=NOON + timedelta(seconds=60))
    assert_paid_once(order, stripe)


def test_the_page_that_waits_repairs_too_and_the_late_event_changes_nothing(stripe, tell):
    order, attempt = waiting()
    event = stripe.service.pay(attempt.session_id)
    assert settle_order(order, now=NOON).payment_word == "paid"
    tell(event, copies=2)
    assert_paid_once(order, stripe)


def test_money_that_takes_time_counts_when_it_has_come(stripe, tell):
    order, attempt = waiting("klarna")
    tell(stripe.service.pay_later(attempt.session_id))
    assert (fresh(order).state, attempts(order)) == ("placed", ["open"])
    tell(stripe.service.succeed(attempt.session_id))
    assert_paid_once(order, stripe)


def test_an_event_that_came_before_its_time_is_no_reason_to_believe(stripe, tell):
    order, attempt = waiting()
    tell(stripe.service.tell(SESSION + "completed", attempt.session_id))
    assert (fresh(order).state, attempts(order)) == ("placed", ["open"])


# --- Not paid -----------------------------------------------------------------------------------
def test_money_that_did_not_come_ends_the_attempt_and_keeps_the_goods(stripe, tell):
    order, attempt = waiting("klarna")
    tell(stripe.service.pay_later(attempt.session_id))
    tell(stripe.service.fail(attempt.session_id), copies=2)
    assert (fresh(order).state, attempts(order)) == ("placed", ["failed"])
    assert confirmations() == 0


def test_money_that_comes_after_it_was_said_to_fail_is_still_money(stripe, tell):
    order, attempt = waiting("klarna")
    tell(stripe.service.pay_later(attempt.session_id), stripe.service.fail(attempt.session_id))
    tell(stripe.service.succeed(attempt.session_id))
    assert_paid_once(order, stripe)


def test_an_expired_session_ends_the_attempt(stripe, tell):
    order, attempt = waiting()
    tell(stripe.service.time_out(attempt.session_id), copies=3)
    assert (fresh(order).state, attempts(order)) == ("placed", ["expired"])


# --- Late ---------------------------------------------------------------------------------------
def test_money_that_comes_after_the_lapse_revives_the_order_once(stripe, tell):
    order, attempt = waiting()
    operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
    tell(stripe.service.pay(attempt.session_id), copies=5)
    order = fresh(order)
    assert (order.state, order.payment_word, attempts(order)) == ("confirmed", "paid", ["succeeded"])
    assert (order.refunds.exists(), confirmations()) == (False, 1)


def test_money_that_comes_after_the_goods_have_gone_is_booked_and_goes_back_once(stripe, tell):
    order, attempt = waiting()
    operations.lapse(order.pk, now=NOON + timedelta(minutes=30))
    StockLevel.objects.update(reserved=F("on_hand"))
    tell(stripe.service.pay(attempt.session_id), copies=5)
    for _round in range(2):
        sweep.send_refunds(now=LATER)
    order = fresh(order)
    assert (order.state, order.payment_word, attempts(order)) == ("cancelled", "refunded", ["succeeded"])
    assert stripe.service.report()["sent_back_by_order"] == {order.number: order.total.ore}
    letters = Message.objects.order_by("pk").values_list("letter", flat=True)
    assert list(letters) == ["late-money", "refund"]


def test_late_money_for_an_attempt_that_was_closed_is_found_by_the_page_that_waits(stripe):
    order, attempt = waiting()
    operations.close_attempt(attempt.pk, Attempt.EXPIRED, cause="test", now=NOON)
    stripe.service.pay(attempt.session_id)
    assert settle_order(order, now=LATER).payment_word == "paid"
    assert_paid_once(order, stripe)


def test_an_order_that_was_paid_twice_keeps_one_payment_and_sends_the_other_back(stripe, tell):
    order, first = waiting()
    operations.close_attempt(first.pk, Attempt.EXPIRED, cause="test", now=NOON)
    begin(order, now=LATER)
    second = order.attempts.get(state="open")
    tell(stripe.service.pay(first.session_id), stripe.service.pay(second.session_id), copies=2)
    order = fresh(order)
    assert (order.state, order.payment_word, attempts(order)) == ("confirmed", "overpaid", ["succeeded"] * 2)
    assert [task.amount_ore for task in order.refunds.all()] == [order.total.ore]
    assert confirmations() == 1


# --- Not believed -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lie", "named"),
    [
        ({"amount_total": 1}, "belopp i öre: 1 i stället för 5500"),
        ({"amount_total": None}, "belopp i öre: None"),
        ({"currency": "eur"}, "valuta: 'eur'"),
        ({"client_reference_id": "VS-2026-999999"}, "ordernummer: 'VS-2026-999999'"),
        ({"client_reference_id": None}, "ordernummer: ''"),
        ({"payment_intent": None}, "referens saknas"),
    ],
)
def test_money_that_is_not_what_was_asked_for_is_not_booked_and_shows(stripe, tell, caplog, lie, named):
    order, attempt = waiting()
    event = stripe.service.pay(attempt.session_id)
    stripe.service.change(attempt.session_id, **lie)
    tell(event, copies=2)
    sweep.settle_unsettled(now=LATER)
    order = fresh(order)
    assert (order.state, order.payment_word, attempts(order)) == ("placed", "unpaid", ["open"])
    [line] = order.history.filter(machine="payment")
    assert named in line.cause
    assert (line.new, line.actor) == ("not-believed", "Stripe")
    assert named in caplog.text


def test_an_order_with_money_that_is_not_believed_does_not_lapse(stripe):
    order, attempt = waiting()
    stripe.service.pay(attempt.session_id)
    stripe.service.change(attempt.session_id, amount_total=1)
    sweep.lapse_due(now=NOON + timedelta(hours=3))
    assert fresh(order).state == "placed"


def test_a_reference_that_is_booked_on_another_order_is_not_booked_again(stripe, tell):
    other = placed(paid=True)
    order, attempt = waiting()
    event = stripe.service.pay(attempt.session_id)
    Payment.objects.filter(order=other).update(reference=stripe.service.money[0].intent)
    tell(event)
    assert fresh(order).payment_word == "unpaid"
    assert "redan bokförd" in order.history.get(machine="payment").cause


# --- Stripe is away -----------------------------------------------------------------------------
def test_the_page_that_waits_shows_the_order_when_stripe_is_away(stripe, caplog):
    order, _attempt = waiting()
    stripe.stop()
    assert settle_order(order, now=NOON).state == "placed"
    assert "does not answer" in caplog.text


def test_settling_says_so_when_stripe_is_away(stripe):
    _order, attempt = waiting()
    stripe.fail("retrieve", status=503)
    with pytest.raises(Unavailable):
        settle(attempt.pk, now=NOON)


def test_a_session_that_stripe_does_not_know_ends_once_its_time_is_over(stripe):
    order, attempt = waiting()
    stripe.service.sessions.clear()
    sweep.settle_unsettled(now=LATER)
    assert attempts(order) == ["open"]
    sweep.settle_unsettled(now=attempt.expires_at + timedelta(minutes=5))
    assert attempts(order) == ["expired"]
