"""Money that goes back: planned once, sent once, and said truly when it bounces."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.test import Client

from notifications.models import Message
from orders import operations
from orders.models import Order, Payment, Refund
from orders.models.payment import LEASE
from orders.payments import refunding, sweep
from orders.payments.begin import begin
from orders.payments.settle import settle
from orders.states import Attempt, WrongState
from tests.factories import NOON, OrderFactory, pay
from tests.orders.payments.conftest import fresh, intent, paid, placed, plan, try_to_plan, waiting
from tests.staff import ORDER_DESK, logged_in

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=2)


def send(now=LATER):
    sweep.send_refunds(now=now)


def ledger(order):
    return [(row.kind, row.amount_ore) for row in order.payments.all()]


def refunds(order):
    return [refund.state for refund in order.refunds.order_by("pk")]


def letters(name="refund"):
    return Message.objects.filter(letter=name).count()


def page(order):
    return Client().get(f"/order/{order.key}/").content.decode().replace("\xa0", " ")


def assert_books_agree(stripe):
    """Every order's money is Stripe's to the öre, in Python and in SQL."""
    report = stripe.service.report()
    orders: Any = Order.objects.with_sums()
    for order in orders:
        assert order.paid.ore == report["by_order"].get(order.number, 0)
        assert order.refunded.ore == report["sent_back_by_order"].get(order.number, 0)
        assert (order.paid_sum, order.refunded_sum) == (order.paid.ore, order.refunded.ore)
        assert Order.objects.paid_as(order.payment_word).filter(pk=order.pk).exists()


# --- Planning -----------------------------------------------------------------------------------
def test_the_same_key_plans_once(stripe):
    order = paid(stripe)
    first, second = plan(order, ore=10_00), plan(order, ore=20_00)
    assert first == second
    assert order.refunds.get().amount_ore == 10_00


def test_no_more_is_planned_than_is_held_and_not_on_its_way(stripe):
    order = paid(stripe)
    plan(order, ore=order.total.ore - 30_00, key="first")
    rest = plan(order, ore=order.total.ore, key="second")
    assert rest.amount_ore == 30_00
    assert try_to_plan(order, ore=1, key="third") is None


def test_a_plan_that_is_cancelled_leaves_its_money_to_be_sent(stripe):
    order = paid(stripe)
    refund = plan(order)
    assert operations.cancel_refund(refund.pk, actor="maja", now=NOON)
    assert not operations.cancel_refund(refund.pk, actor="maja", now=NOON)
    send()
    assert refunds(order) == ["cancelled"]
    assert fresh(order).may_be_sent_back == order.total
    assert not stripe.called("create_refund")


def test_money_that_came_by_the_bank_is_sent_by_hand(stripe):
    order = OrderFactory(on_invoice=True)
    pay(order)
    refund = plan(order)
    send()
    assert (refund.is_by_hand, refunds(order), stripe.calls) == (True, ["planned"], [])
    for _click in range(2):
        operations.refund_done(refund.pk, actor="maja", now=LATER)
    assert (refunds(order), fresh(order).payment_word, letters()) == (["succeeded"], "refunded", 1)


def test_money_that_came_by_stripe_is_not_said_to_be_sent_by_hand(stripe):
    refund = plan(paid(stripe))
    with pytest.raises(WrongState):
        operations.refund_done(refund.pk, actor="maja", now=LATER)


def test_an_order_paid_in_two_ways_gets_each_sum_back_the_way_it_came(stripe):
    order = paid(stripe)
    pay(order, ore=50_00, reference="bg-1")
    operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)
    send()
    by_way = {refund.is_by_hand: (refund.amount_ore, refund.state) for refund in order.refunds.all()}
    assert by_way == {False: (order.total.ore, "succeeded"), True: (50_00, "planned")}


def paid_in_two_ways(stripe) -> Order:
    """20 kr by the bank, then the rest by card; called off, and the card's part sent."""
    order = placed()
    pay(order, ore=20_00, reference="bg-1")
    begin(order, now=NOON, method="swish")
    begin(order, now=NOON, method="card")
    stripe.service.pay(order.attempts.latest("pk").session_id)
    settle(order.attempts.latest("pk").pk, now=NOON)
    operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)
    send()
    return order


def told_sums() -> list[tuple[str, bool, str]]:
    facts = [message.context for message in Message.objects.filter(letter="refund").order_by("pk")]
    return [(row["amount"].replace("\xa0", " "), row["is_whole"], row["way"]) for row in facts]


def test_a_sum_taken_from_two_payments_is_told_whole_and_once(stripe):
    order = paid_in_two_ways(stripe)
    assert told_sums() == []  # the half that somebody sends by hand is not sent
    by_hand = order.refunds.get(state="planned")
    for _click in range(2):
        operations.refund_done(by_hand.pk, actor="maja", now=LATER)
    assert told_sums() == [("55,00 kr", True, "several")]
    assert "Vi har betalat tillbaka hela summan, 55 kr." in page(order)


def test_of_a_sum_in_parts_of_which_one_is_struck_out_the_other_is_told(stripe):
    order = paid_in_two_ways(stripe)
    operations.cancel_refund(order.refunds.get(state="planned").pk, actor="maja", now=LATER)
    assert told_sums() == [("35,00 kr", False, "card")]


def test_of_a_sum_in_parts_of_which_one_bounces_each_is_told_as_it_ended(stripe):
    order = paid_in_two_ways(stripe)
    operations.refund_done(order.refunds.get(state="planned").pk, actor="maja", now=LATER)
    sent = order.refunds.exclude(gateway_id="").get()
    stripe.service.fail_refund(sent.gateway_id)
    refunding.ask_about(sent.gateway_id, now=LATER)
    assert (told_sums(), letters("refund-failed")) == ([("55,00 kr", True, "several")], 1)


def test_staff_read_the_whole_sum_of_a_refund_that_is_taken_from_two_payments(stripe, time_machine):
    time_machine.move_to(LATER, tick=False)
    order = paid(stripe)
    pay(order, ore=order.total.ore, reference="bg-1")  # twice, and the surplus is planned to go back
    operations.cancel_refund(order.refunds.get().pk, actor="maja", now=LATER)
    form = {"amount": "105", "reason": "Prov", "key": "en"}
    said = logged_in(*ORDER_DESK).post(f"/admin/pengar/{order.number}/betala-tillbaka/", form, follow=True)
    assert "105 kr betalas tillbaka, varav 55 kr för hand" in said.content.decode().replace("\xa0", " ")


# --- Sending ------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["card", "swish", "klarna"])
def test_a_cancelled_order_is_paid_back_by_stripe_and_the_buyer_is_told(stripe, method):
    order = paid(stripe, method)
    operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)
    for _round in range(3):
        send()
    order = fresh(order)
    assert (refunds(order), order.payment_word) == (["succeeded"], "refunded")
    assert ledger(order) == [("payment", order.total.ore), ("refund", order.total.ore)]
    assert (letters(), len(stripe.called("create_refund"))) == (1, 1)
    assert_books_agree(stripe)


def test_a_part_goes_back_and_the_rest_is_kept(stripe):
    order = paid(stripe)
    plan(order, ore=20_00)
    send()
    assert fresh(order).payment_word == "part-refunded"
    assert fresh(order).held.ore == order.total.ore - 20_00
    assert_books_agree(stripe)


def test_of_an_order_paid_twice_the_second_payment_goes_back_whole(stripe):
    order, first = waiting()
    operations.close_attempt(first.pk, Attempt.EXPIRED, cause="test", now=NOON)
    begin(order, now=LATER)
    for attempt in order.attempts.all():
        stripe.service.pay(attempt.session_id)
        settle(attempt.pk, now=LATER)
    send()
    order = fresh(order)
    assert (order.state, order.held, refunds(order)) == ("confirmed", order.total, ["succeeded"])
    assert_books_agree(stripe)


def test_a_pending_refund_is_not_said_to_have_come_until_it_has(stripe, tell):
    stripe.service.refund_status = "pending"
    order = paid(stripe)
    refund = plan(order)
    send()
    assert (refunds(order), fresh(order).payment_word, letters()) == (["pending"], "paid", 0)
    assert not fresh(order).may_be_sent_back
    refund.refresh_from_db()
    tell(*stripe.service.finish_refund(refund.gateway_id), copies=3)
    assert (refunds(order), fresh(order).payment_word, letters()) == (["succeeded"], "refunded", 1)
    assert_books_agree(stripe)


def test_a_pending_refund_that_nobody_tells_of_is_asked_about_after_an_hour(stripe):
    stripe.service.refund_status = "pending"
    refund = plan(paid(stripe))
    send()
    refund.refresh_from_db()
    stripe.service.finish_refund(refund.gateway_id)
    send(LATER + timedelta(minutes=59))
    assert refunds(refund.order) == ["pending"]
    send(LATER + timedelta(minutes=60))
    assert refunds(refund.order) == ["succeeded"]


# --- When Stripe does not answer ------------------------------------------------------------------
@pytest.mark.parametrize(
    "fault",
    [
        {"drop": True, "after_commit": True},
        {"status": 500, "after_commit": True},
        {"status": 500},
        {"status": 503},
        {"status": 429},
        {"drop": True},
        {"status": 401},
        {"status": 500, "unseen": True},
    ],
    ids=str,
)
def test_a_lost_answer_neither_doubles_nor_loses_a_refund(stripe, fault):
    order = paid(stripe)
    plan(order, ore=20_00)
    stripe.fail("create_refund", **fault)
    for minutes in range(7):
        send(LATER + timedelta(minutes=minutes))
    assert refunds(order) == ["succeeded"]
    assert stripe.service.report()["sent_back_ore"] == 20_00
    assert letters() == 1
    assert_books_agree(stripe)


def test_a_refund_whose_key_stripe_has_forgotten_is_found_and_not_made_again(stripe):
    order = paid(stripe)
    plan(order, ore=20_00)
    stripe.fail("create_refund", drop=True, after_commit=True)
    send()
    stripe.keys.clear()
    send(LATER + timedelta(days=2))
    assert refunds(order) == ["succeeded"]
    assert stripe.service.report()["sent_back_ore"] == 20_00


class Killed(BaseException):
    """kill -9: nothing catches it, nothing is tidied up."""


def killed(*_args, **_kinds):
    raise Killed


def killed_after(act):
    def do(*args, **kinds):
        act(*args, **kinds)
        raise Killed

    return do


# Where the worker dies, and how Stripe's first answer goes wrong before that.
DEATHS = {
    "before it asks": (refunding, "_ask", killed, {}),
    "while it waits, nothing done": (refunding, "_ask", killed_after(refunding._ask), {"drop": True}),
    "with the answer in its hand": (refunding, "believe", killed, {}),
    "looking after a fault, nothing done": (refunding, "_made", killed, {"status": 500}),
    "looking after a fault, all done": (refunding, "_made", killed, {"status": 500, "after_commit": True}),
    "with a new key": (
        operations,
        "renew_refund_key",
        killed_after(operations.renew_refund_key),
        {"status": 500},
    ),
    "when all is booked": (operations, "answer_refund", killed_after(operations.answer_refund), {}),
}


@pytest.mark.parametrize("forgets", [False, True], ids=["key known", "key forgotten"])
@pytest.mark.parametrize(("owner", "name", "death", "fault"), DEATHS.values(), ids=DEATHS)
def test_a_worker_that_is_killed_anywhere_neither_doubles_nor_loses_a_refund(
    stripe, monkeypatch, owner, name, death, fault, forgets
):
    order = paid(stripe)
    plan(order, ore=20_00)
    if fault:
        stripe.fail("create_refund", **fault)
    with monkeypatch.context() as deadly, suppress(Killed):
        deadly.setattr(owner, name, death)
        send()
    asked = len(stripe.calls)
    send(LATER + LEASE - timedelta(seconds=1))  # who died may have left a call behind
    assert len(stripe.calls) == asked
    if forgets:
        stripe.keys.clear()
    for rounds in (1, 2, 3):
        send(LATER + rounds * LEASE)
    assert (refunds(order), letters()) == (["succeeded"], 1)
    assert stripe.service.report()["sent_back_ore"] == 20_00
    assert_books_agree(stripe)


def test_an_asker_that_was_held_up_does_not_send_once_its_time_is_over(stripe, monkeypatch):
    order = paid(stripe)
    plan(order, ore=20_00)
    real = operations.request_refund

    def held_up(pk, *, now):
        asked = real(pk, now=now)
        time.sleep(0.2)
        return asked

    monkeypatch.setattr(refunding, "ASK_SECONDS", 0.1)
    monkeypatch.setattr(operations, "request_refund", held_up)
    send()
    assert not stripe.called("create_refund")


def test_what_stripe_refuses_is_said_and_can_be_tried_again(stripe):
    order = paid(stripe)
    stripe.service.refund_by_hand(intent(order), 30_00)  # nobody has told us
    refund = plan(order)
    send()
    refund.refresh_from_db()
    assert (refund.state, "greater than unrefunded" in refund.failure) == ("failed", True)
    assert fresh(order).payment_word == "paid"
    refunding.ask_about_payment(intent(order), now=LATER)
    again = operations.plan_again(refund.pk, actor="maja", now=LATER)
    assert again is not None
    assert again.amount_ore == order.total.ore - 30_00
    assert operations.plan_again(refund.pk, actor="maja", now=LATER) == again
    send()
    assert fresh(order).payment_word == "refunded"
    assert_books_agree(stripe)


# --- When it bounces ------------------------------------------------------------------------------
def events_of_a_failure(stripe, order):
    """Everything that Stripe tells of a refund that succeeded and then failed."""
    plan(order)
    send()
    stripe.service.fail_refund(order.refunds.get().gateway_id)
    about_refunds = [row for row in stripe.service.events if "refund" in row["type"]]
    assert [row["type"] for row in about_refunds] == [
        "refund.created",
        "charge.refunded",
        "refund.failed",
        "charge.refund.updated",
    ]
    return about_refunds


@pytest.mark.parametrize("places", list(permutations(range(4))), ids=lambda places: "".join(map(str, places)))
def test_a_refund_that_fails_is_taken_back_once_in_whatever_order_it_is_told(stripe, tell, places):
    order = paid(stripe)
    events = events_of_a_failure(stripe, order)
    tell(*[events[place] for place in places], copies=2)
    order = fresh(order)
    assert (refunds(order), order.payment_word, order.held) == (["failed"], "paid", order.total)
    assert ledger(order) == [
        ("payment", order.total.ore),
        ("refund", order.total.ore),
        ("reversal", order.total.ore),
    ]
    assert order.refunds.get().failure == "lost_or_stolen_card"
    assert_books_agree(stripe)


def test_a_new_try_after_a_failure_is_a_refund_of_its_own(stripe, tell):
    order = paid(stripe)
    tell(*events_of_a_failure(stripe, order))
    assert Refund.objects.unhandled().get().state == "failed"
    operations.plan_again(order.refunds.get().pk, actor="maja", now=LATER)
    assert not Refund.objects.unhandled().exists()
    send()
    assert (refunds(order), fresh(order).payment_word) == (["failed", "succeeded"], "refunded")
    assert_books_agree(stripe)


# --- Made elsewhere -------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["refund.created", "charge.refunded"])
def test_a_refund_made_in_stripes_dashboard_is_booked_once(stripe, tell, kind):
    order = paid(stripe)
    events = stripe.service.refund_by_hand(intent(order), 30_00)
    tell(*[event for event in events if event["type"] == kind], copies=5)
    tell(*events)
    order = fresh(order)
    assert (ledger(order)[1:], order.payment_word) == ([("refund", 30_00)], "part-refunded")
    assert (order.refunds.get().reason, letters()) == ("Gjord direkt hos betaltjänsten", 1)
    assert_books_agree(stripe)


def test_a_refund_of_money_that_is_not_ours_is_stored_and_left_alone(stripe, tell):
    order = paid(stripe)
    events = stripe.service.refund_by_hand(intent(order))
    Payment.objects.update(reference="annan")
    assert tell(*events) == [200] * len(events)
    assert not Refund.objects.exists()


@pytest.mark.parametrize("facts", [{"currency": "eur"}, {"amount": 999_999_99}, {"amount": 0}])
def test_a_refund_that_does_not_fit_is_not_believed(stripe, tell, facts):
    order = paid(stripe)
    events = stripe.service.refund_by_hand(intent(order), 30_00)
    next(iter(stripe.service.refunds.values())).update(facts)
    tell(*events, copies=2)
    assert (fresh(order).payment_word, order.refunds.exists()) == ("paid", False)
    assert order.history.filter(machine="refund", new="not-believed").count() == 1


def test_a_refund_of_another_sum_than_we_asked_for_is_not_believed(stripe):
    order = paid(stripe)
    plan(order, ore=30_00)
    stripe.fail("create_refund", drop=True, after_commit=True)
    send()
    next(iter(stripe.service.refunds.values())).update(amount=40_00)
    send(LATER + LEASE)
    assert (fresh(order).payment_word, refunds(order)) == ("paid", ["requested"])
    assert order.history.filter(machine="refund", new="not-believed").count() == 1
