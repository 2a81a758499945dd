"""Orders that are called off while their buyer stands on the payment page: closed, or the money goes back."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from notifications.models import Message
from orders import operations
from orders.models import Order, PaymentAttempt
from orders.payments import sweep
from orders.payments.settle import close_pages
from shop.models import StockLevel
from tests.factories import NOON
from tests.orders.payments.conftest import at_once, attempts, fresh, waiting
from tests.staff import ORDER_DESK, logged_in
from tests.stripe_fake.errors import Refusal

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=True)


def staff_cancel(order: Order) -> None:
    facts = {"reason": "Köparen ringde", "why": "asked"}
    logged_in(*ORDER_DESK).post(f"/admin/bestallningar/{order.number}/avbestall/", facts)
    assert fresh(order).state == "cancelled"


def withdraw(order: Order) -> None:
    facts = {"name": order.name, "order_number": str(order.number), "email": order.email, "rows": ""}
    notice = operations.withdraw(operations.Statement(**facts), now=NOON)
    copies = {f"copies-{line.pk}": line.quantity for line in order.lines.all()}
    desk = logged_in(*ORDER_DESK)
    desk.post(f"/admin/bestallningar/angrade/{notice.pk}/betala-tillbaka/", {**copies, "seen": "0"})


def letters(order: Order) -> list[str]:
    return list(Message.objects.filter(about=order.number).order_by("pk").values_list("letter", flat=True))


def try_to_pay(stripe, attempt: PaymentAttempt) -> bool:
    with suppress(Refusal):
        stripe.service.pay(attempt.session_id)
        return True
    return False


def assert_nothing_kept(stripe, order: Order) -> None:
    sweep.send_refunds(now=LATER)
    report, order = stripe.service.report(), fresh(order)
    assert order.paid.ore == report["by_order"].get(order.number, 0)
    assert order.refunded.ore == report["sent_back_by_order"].get(order.number, 0) == order.paid.ore
    assert StockLevel.objects.get(product__sku="SKRIFTEN").reserved == 0


def test_when_staff_call_an_order_off_nobody_can_pay_for_it_any_more(stripe):
    order, attempt = waiting()
    staff_cancel(order)
    assert (attempts(order), try_to_pay(stripe, attempt)) == (["expired"], False)
    assert_nothing_kept(stripe, order)


def test_who_paid_just_before_staff_called_it_off_gets_all_back_and_one_letter_that_says_so(stripe):
    order, attempt = waiting()
    assert try_to_pay(stripe, attempt)  # and nobody has told us
    staff_cancel(order)
    assert attempts(order) == ["succeeded"]
    assert Message.objects.get(letter="cancelled").context["sum_back"].replace("\xa0", " ") == "55,00 kr"
    assert_nothing_kept(stripe, order)
    assert letters(order) == ["order-confirmation", "cancelled", "refund"]


@pytest.mark.parametrize("fault", [{"status": 500}, {"drop": True}, {"status": 401}], ids=str)
def test_who_pays_while_the_page_could_not_be_closed_gets_all_back_and_is_told(stripe, tell, fault):
    order, attempt = waiting()
    stripe.fail("expire", **fault)
    stripe.fail("retrieve", **fault)
    staff_cancel(order)
    tell(stripe.service.pay(attempt.session_id), copies=2)
    assert attempts(order) == ["succeeded"]
    assert_nothing_kept(stripe, order)
    assert letters(order) == ["cancelled", "late-money", "refund"]


def test_a_page_that_could_not_be_closed_is_closed_within_a_round(stripe):
    order, attempt = waiting()
    stripe.fail("expire", drop=True)
    staff_cancel(order)
    assert attempts(order) == ["open"]
    sweep.settle_unsettled(now=LATER)
    assert (attempts(order), try_to_pay(stripe, attempt)) == (["expired"], False)


@pytest.mark.parametrize("paid_first", [True, False])
def test_whoever_calls_it_off_the_sweep_closes_the_page_or_sends_the_money_back(stripe, paid_first):
    order, attempt = waiting()
    operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)
    if paid_first:
        assert try_to_pay(stripe, attempt)
    sweep.settle_unsettled(now=LATER)
    assert try_to_pay(stripe, attempt) is False
    assert attempts(order) == ["succeeded" if paid_first else "expired"]
    assert_nothing_kept(stripe, order)


def test_a_page_that_was_being_opened_when_the_order_was_called_off_is_given_to_nobody(stripe):
    order, _attempt = waiting()
    PaymentAttempt.objects.update(session_id="", state="created")
    operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)
    assert attempts(order) == ["expired"]


def test_a_withdrawal_that_ends_the_order_closes_its_page(stripe):
    order, attempt = waiting()
    withdraw(order)
    assert (fresh(order).state, attempts(order)) == ("cancelled", ["expired"])
    assert not try_to_pay(stripe, attempt)


def test_an_order_that_lapsed_while_stripe_was_silent_stands_again_if_it_is_paid_and_else_is_closed(stripe):
    orders = [waiting(), waiting()]
    for _order, attempt in orders:
        PaymentAttempt.objects.filter(pk=attempt.pk).update(expires_at=NOON)
        stripe.fail("expire", drop=True)
    sweep.lapse_due(now=NOON + timedelta(minutes=30))
    stripe.faults.clear()
    assert [fresh(order).state for order, _attempt in orders] == ["cancelled", "cancelled"]
    (paid, page), (unpaid, other) = orders
    assert try_to_pay(stripe, page)
    sweep.settle_unsettled(now=NOON + timedelta(minutes=31))
    assert (fresh(paid).state, fresh(paid).payment_word) == ("confirmed", "paid")
    assert (fresh(unpaid).state, try_to_pay(stripe, other)) == ("cancelled", False)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("delay", [0, 0.2])
def test_paying_in_the_moment_of_the_cancellation_keeps_no_money(stripe, delay):
    order, attempt = waiting()
    stripe.fail("expire", delay=delay)

    def call_off() -> None:
        close_pages(order, now=NOON)
        operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=NOON)

    at_once(lambda: try_to_pay(stripe, attempt), call_off)
    sweep.settle_unsettled(now=LATER)
    assert fresh(order).state == "cancelled"
    assert_nothing_kept(stripe, order)
