"""Refunds that bounce, stall, or whose money has gone by other ways: nobody is paid twice, told wrong, or forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from notifications.models import Message
from orders import operations, receipts
from orders.models import Difference, Order, Refund
from orders.operations import Answer
from orders.payments import comparing, mirroring, refunding, sweep
from orders.states import RefundState
from shop.money import Money
from shop.staff.duties import found
from tests.factories import NOON, OrderFactory, pay
from tests.orders.payments.conftest import fresh, intent, paid, plan
from tests.staff import ORDER_DESK, logged_in

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=2)


def send(now=LATER):
    sweep.send_refunds(now=now)


def refunds(order: Order) -> list[tuple[int, str]]:
    return [(row.amount_ore, row.state) for row in order.refunds.order_by("pk")]


def letters(order: Order) -> list[str]:
    found = Message.objects.filter(about=order.number).exclude(letter="order-confirmation").order_by("pk")
    return list(found.values_list("letter", flat=True))


def page(order: Order) -> str:
    return Client().get(f"/order/{order.key}/").content.decode().replace("\xa0", " ")


def bounce(refund: Refund, why: str = "expired_or_canceled_card") -> None:
    refund.refresh_from_db()
    answer = Answer(refund.gateway_id or f"re_{refund.pk}", RefundState.FAILED, why)
    operations.answer_refund(refund.pk, answer, actor="Stripe", now=LATER)


@pytest.fixture
def bounced(stripe) -> Refund:
    """A whole refund that the buyer's bank sent back."""
    refund = plan(paid(stripe, "swish"))
    send()
    refund.refresh_from_db()
    stripe.service.fail_refund(refund.gateway_id, "expired_or_canceled_card")
    refunding.ask_about(refund.gateway_id, now=LATER)
    return Refund.objects.select_related("order", "source").get(pk=refund.pk)


# --- Gone by other ways -------------------------------------------------------------------------
def test_money_that_went_back_in_the_dashboard_meanwhile_is_not_asked_for_again(stripe, tell):
    order = paid(stripe)
    plan(order)
    tell(*stripe.service.refund_by_hand(intent(order)))
    send()
    assert refunds(order) == [(55_00, "cancelled"), (55_00, "succeeded")]
    assert (stripe.called("create_refund"), letters(order)) == ([], ["refund"])
    assert not Refund.objects.unhandled().exists()


def test_of_a_plan_that_is_half_done_in_the_dashboard_the_other_half_goes(stripe, tell):
    order = paid(stripe)
    plan(order)
    tell(*stripe.service.refund_by_hand(intent(order), 30_00))
    for _round in range(2):
        send()
    assert refunds(order) == [(55_00, "cancelled"), (30_00, "succeeded"), (25_00, "succeeded")]
    assert fresh(order).payment_word == "refunded"
    assert stripe.service.report()["sent_back_by_order"] == {order.number: 55_00}


def test_a_refusal_because_all_had_gone_needs_nobody_once_that_is_known(stripe):
    order = paid(stripe)
    stripe.service.refund_by_hand(intent(order))  # nobody has told us
    plan(order)
    send()
    assert "already been refunded" in Refund.objects.unhandled().get().failure
    assert "refund-failed" not in letters(order)
    refunding.ask_about_payment(intent(order), now=LATER)
    assert refunds(order) == [(55_00, "cancelled"), (55_00, "succeeded")]
    assert "gick inte igenom" not in page(order)


def test_a_lost_dispute_takes_what_was_planned_to_go_back(stripe, tell):
    order = paid(stripe)
    plan(order)
    name = stripe.service.open_dispute(intent(order))["data"]["object"]["id"]
    tell(stripe.service.close_dispute(name, "lost"))
    send()
    assert (refunds(order), stripe.called("create_refund")) == ([(55_00, "cancelled")], [])
    assert fresh(order).held == Money(0)


def test_a_new_try_when_nothing_is_left_lays_the_old_one_aside(bounced):
    order = bounced.order
    operations.record_dispute(
        bounced.source.pk,
        "du_1",
        {"amount_ore": 55_00, "reason": "x", "status": "lost", "opened_at": NOON},
        seen=0,
        actor="Stripe",
        now=LATER,
    )
    assert not Refund.objects.unhandled().exists()
    assert [row.state for row in order.refunds.all()] == ["cancelled"]


# --- Bounced ------------------------------------------------------------------------------------
def test_a_buyer_whose_refund_bounced_is_written_to_once_and_reads_it_on_the_page(bounced):
    bounce(bounced)
    assert letters(bounced.order) == ["refund", "refund-failed"]
    letter = Message.objects.get(letter="refund-failed")
    assert (letter.context["amount"], letter.context["way"]) == ("55,00\xa0kr", "swish")
    assert "Återbetalningen gick inte igenom" in page(bounced.order)


def test_the_reversal_stands_under_the_way_that_the_refund_went(bounced):
    Order.objects.update(method="card")
    assert [row.method for row in bounced.order.payments.all()] == ["swish"] * 3


def test_what_bounced_can_be_sent_by_hand_and_is_booked_when_that_is_done(bounced, time_machine):
    time_machine.move_to(LATER, tick=False)
    staff, order = logged_in(*ORDER_DESK), bounced.order
    for _click in range(2):
        staff.post(f"/admin/pengar/{order.number}/for-hand/{bounced.pk}/")
    by_hand = order.refunds.get(again=bounced)
    assert (by_hand.is_by_hand, by_hand.amount, by_hand.state) == (True, bounced.amount, "planned")
    send()
    staff.post(f"/admin/bestallningar/{order.number}/aterbetald/{by_hand.pk}/")
    assert fresh(order).payment_word == "refunded"
    assert Message.objects.filter(letter="refund").last().context["way"] == "account"  # type: ignore[union-attr]
    assert not Refund.objects.unhandled().exists()


def test_what_staff_have_settled_otherwise_is_struck_out_and_agrees_with_stripe(bounced):
    assert operations.cancel_refund(bounced.pk, actor="maja", now=NOON)
    bounce(bounced)  # told once more
    assert (refunds(bounced.order), Refund.objects.unhandled().count()) == ([(55_00, "cancelled")], 0)
    comparing.compare(now=NOON + timedelta(days=1))
    assert not Difference.objects.open().exists()


def test_a_refund_that_comes_does_not_hide_one_that_bounced():
    order = OrderFactory(paid=True)
    first, second = plan(order, ore=20_00, key="a"), plan(order, ore=10_00, key="b")
    operations.request_refund(first.pk, now=LATER)
    Refund.objects.filter(pk=first.pk).update(state="failed")
    Refund.objects.filter(pk=second.pk).update(state="succeeded")
    assert "Återbetalningen gick inte igenom" in page(order)


# --- Taken by the buyer's bank ------------------------------------------------------------------
def test_a_chargeback_after_a_refund_promises_no_money_and_counts_none_twice(stripe, tell):
    order = paid(stripe)
    operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)
    send()
    name = stripe.service.open_dispute(intent(order))["data"]["object"]["id"]
    tell(stripe.service.close_dispute(name, "lost"))
    assert fresh(order).held == Money(-55_00)
    assert "Vi har betalat tillbaka hela summan, 55 kr." in page(order)
    facts = [receipts._payment(row) for row in order.payments.all()]
    assert [row["amount"].replace("\xa0", " ") for row in facts] == ["55,00 kr", "−55,00 kr", "−55,00 kr"]
    assert facts[-1]["how"].endswith("Återtaget av din bank")
    shown = logged_in(*ORDER_DESK).get(f"/admin/bestallningar/{order.number}/").content.decode()
    assert shown.count("−55,00\xa0kr") == 2


def test_a_dispute_that_is_won_after_all_is_told_as_the_banks_doing_and_not_as_a_refund_that_bounced(
    stripe, tell
):
    order = paid(stripe)
    name = stripe.service.open_dispute(intent(order))["data"]["object"]["id"]
    tell(stripe.service.close_dispute(name, "lost"))
    assert "Din bank har tagit tillbaka pengarna" in page(order)
    assert "Vi har betalat tillbaka" not in page(order)
    tell(stripe.service.close_dispute(name, "won"))
    assert "tillbaka pengarna" not in page(order)
    facts = receipts.facts(fresh(order), list(order.payments.all()))["payments"]
    assert [row["how"].split(". ")[1] for row in facts] == [
        "Kort",
        "Återtaget av din bank",
        "Återfört till oss av din bank",
    ]
    shown = logged_in(*ORDER_DESK).get(f"/admin/bestallningar/{order.number}/").content.decode()
    assert "Återförd av köparens bank" in shown
    for said in (page(order), shown, *letters(order)):
        assert "gick inte igenom" not in said


def test_what_we_gave_back_and_what_the_bank_took_are_told_apart(stripe, tell):
    order = paid(stripe)
    plan(order, ore=20_00)
    send()
    name = stripe.service.open_dispute(intent(order), 35_00)["data"]["object"]["id"]
    tell(stripe.service.close_dispute(name, "lost"))
    sentence = "Vi har betalat tillbaka 20 kr av 55 kr. Din bank har tagit tillbaka 35 kr av 55 kr."
    assert sentence in page(order)


def test_a_dispute_that_began_before_the_period_is_asked_about_while_it_is_open(stripe, tell):
    order = paid(stripe)
    opened = stripe.service.open_dispute(intent(order))
    tell(opened)
    stripe.service.close_dispute(opened["data"]["object"]["id"], "lost")  # nobody tells
    comparing.compare(now=NOON + timedelta(days=90))
    assert (order.disputes.get().status, fresh(order).payment_word) == ("lost", "refunded")


# --- Withdrawn, and the money comes ---------------------------------------------------------------
def withdraw(order: Order, email: str = ""):
    facts = {"name": order.name, "order_number": str(order.number), "email": email or order.email, "rows": ""}
    return operations.withdraw(operations.Statement(**facts), now=NOON)


def test_a_notice_whose_refund_bounced_still_waits_for_its_money():
    order = OrderFactory(paid=True, delivered=True)
    notice = withdraw(order)
    refund = plan(order)
    operations.request_refund(refund.pk, now=LATER)
    operations.answer_refund(refund.pk, Answer("re_1", RefundState.SUCCEEDED), actor="Stripe", now=LATER)
    assert not type(notice).objects.get(pk=notice.pk).money_waits
    bounce(refund)
    assert type(notice).objects.get(pk=notice.pk).money_waits


@pytest.mark.parametrize(("whose", "state"), [("", "cancelled"), ("nagon@annan.example", "confirmed")])
def test_late_money_does_not_revive_an_order_that_its_buyer_has_withdrawn_from(whose, state):
    order = OrderFactory(method="card")
    withdraw(order, whose)
    operations.lapse(order.pk, now=NOON + timedelta(hours=1))
    pay(order, ore=order.total.ore)
    assert fresh(order).state == state
    assert [row.amount for row in order.refunds.all()] == ([order.total] if state == "cancelled" else [])


def test_an_invoice_paid_whole_after_a_part_was_withdrawn_gives_that_part_back():
    order = OrderFactory(on_invoice=True, lines={"SKRIFTEN": 10})
    notice, line = withdraw(order), order.lines.get()
    operations.refund_withdrawal(notice.pk, {line.pk: 4}, actor="eva", now=LATER)
    assert not order.refunds.exists()
    pay(order, ore=order.total.ore)
    assert [row.amount for row in order.refunds.all()] == [order.total - fresh(order).kept]


# --- Forgotten ----------------------------------------------------------------------------------
def told(now) -> list[str]:
    owner, _made = get_user_model()._default_manager.get_or_create(username="ägaren", is_superuser=True)
    return [duty.words.replace("\xa0", " ") for duty in found(owner, now)]


def test_a_refund_that_does_not_get_away_is_told_of_after_a_day(stripe):
    order = paid(stripe)
    plan(order)
    stripe.fail("create_refund", status=401)
    send()
    words = f"Återbetalningen på 55,00 kr för {order.number} har fastnat"
    assert words not in told(NOON + timedelta(hours=23))
    assert words in told(NOON + timedelta(days=1))


def test_money_of_a_cancelled_order_that_nobody_sends_back_is_told_of(stripe):
    order = paid(stripe)
    operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)
    words = f"55,00 kr för {order.number} är köparens, men är inte på väg tillbaka"
    assert words not in told(LATER)
    operations.cancel_refund(order.refunds.get().pk, actor="maja", now=NOON)
    assert words in told(LATER)
    plan(order, key="igen")
    assert words not in told(LATER)
    send()
    assert words not in told(LATER)


@pytest.mark.parametrize("ended_by", ["cancelled", "withdrawn"])
def test_what_the_bank_took_and_gave_back_of_an_order_that_is_over_is_told_of(stripe, ended_by):
    """The refund was struck out when the bank had the money. Nobody plans another by itself."""
    order = paid(stripe)
    name = stripe.service.open_dispute(intent(order))["data"]["object"]["id"]
    if ended_by == "cancelled":
        operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)
    else:
        parcel = order.shipments.get().pk
        operations.pack(parcel, actor="maja", now=NOON)
        operations.send(parcel, tracking_number="", actor="maja", now=NOON)
        statement = operations.Statement(order.name, str(order.number), order.email)
        notice = operations.withdraw(statement, now=NOON)
        operations.refund_withdrawal(notice.pk, {order.lines.get().pk: 1}, actor="maja", now=NOON)
    words = f"55,00 kr för {order.number} är köparens, men är inte på väg tillbaka"
    for status, is_told in (("lost", False), ("won", True)):
        stripe.service.close_dispute(name, status)
        mirroring.ask_about_dispute(name, now=NOON)
        send()
        assert (words in told(LATER)) is is_told
    plan(order)
    send()
    assert words not in told(LATER)
    assert fresh(order).held.ore == 0


def test_what_the_bank_took_and_gave_back_of_an_order_that_stands_is_ours(stripe):
    order = paid(stripe)
    name = stripe.service.open_dispute(intent(order))["data"]["object"]["id"]
    for status in ("lost", "won"):
        stripe.service.close_dispute(name, status)
        mirroring.ask_about_dispute(name, now=NOON)
    assert not Order.objects.kept_in_vain().exists()
