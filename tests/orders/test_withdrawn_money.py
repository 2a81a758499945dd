"""Money after a withdrawal: never more than was paid too much, never asked for twice, and told to whose it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from notifications.models import Message
from orders import operations, withdrawal_sums
from orders.models import Delivery, DeliveryLine, Order, Withdrawal
from orders.operations.refunding import book_refund, locked_refund
from shop.money import Money
from tests.factories import NOON, FreightFactory, OrderFactory, pay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def freight():
    """49 kr up to 2 kg, 99 kr above, free from 500 kr."""
    FreightFactory()


def notice_of(order: Order, rows: str = "", **stated: str) -> Withdrawal:
    facts = {"name": order.name, "order_number": str(order.number), "email": order.email, "rows": rows}
    return operations.withdraw(operations.Statement(**{**facts, **stated}), now=NOON)


def grant(notice: Withdrawal, copies: int, **more: Any) -> None:
    line = Order.objects.get(withdrawals=notice).lines.get()
    operations.refund_withdrawal(notice.pk, {line.pk: copies}, actor="eva", now=NOON, **more)


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def planned(order: Order) -> list[int]:
    return [row.amount_ore for row in order.refunds.all()]


def invoiced(copies: int = 2) -> Order:
    order: Order = OrderFactory(lines={"SKRIFTEN": copies}, on_invoice=True, goes=("pack", "send"))
    return order


def the_letter() -> dict[str, Any]:
    return dict(Message.objects.get(letter="withdrawal-refunded").context)


# --- Invoices -----------------------------------------------------------------------------------------
def test_what_was_never_paid_is_taken_from_the_debt_before_any_money_goes_back():
    order = invoiced(2)  # 110 kr and 49 kr freight
    pay(order, ore=60_00)
    grant(notice_of(order), 1)
    assert planned(order) == []
    assert fresh(order).due == Money(159_00 - 55_00 - 60_00)
    assert the_letter()["total"] == Money(0).exact()


def test_who_has_paid_more_than_the_rest_costs_gets_the_difference():
    order = invoiced(2)
    pay(order, ore=120_00)
    grant(notice_of(order), 1)
    assert planned(order) == [120_00 - 104_00]
    assert not fresh(order).due


def test_an_invoice_paid_as_it_was_written_gives_back_what_has_been_withdrawn_since():
    order = invoiced(2)
    grant(notice_of(order), 1)
    pay(order, ore=159_00)
    assert planned(order) == [55_00]


def test_who_pays_what_is_left_has_paid():
    order = invoiced(2)
    grant(notice_of(order), 1)
    pay(order, ore=104_00)
    order = fresh(order)
    assert (order.payment_word, order.due, planned(order)) == ("paid", Money(0), [])
    assert Order.objects.paid_as("paid").get() == order


def test_a_deduction_is_paid_also_by_who_has_not_paid_yet():
    order = invoiced(2)
    grant(notice_of(order), 1, deduction=Money(10_00), reason="Läst.")
    assert fresh(order).due == Money(159_00 - 45_00)


def test_no_invoice_is_left_to_write_when_nothing_is_kept():
    order = invoiced(1)
    grant(notice_of(order), 1)
    assert order.invoices.get().state == "cancelled"


# --- Before anything has left -------------------------------------------------------------------------
def test_nothing_is_deducted_for_use_of_goods_that_have_not_left():
    order = OrderFactory(paid=True)
    notice = notice_of(order)
    with pytest.raises(operations.TooMuchOff):
        grant(notice, 1, deduction=Money(10_00), reason="Läst.")
    assert planned(order) == []


# --- Freight ------------------------------------------------------------------------------------------
def test_cheapest_freight_of_several_addresses_is_the_sum_of_their_parcels():
    FreightFactory(code="ombud", name="Till ombud", prices={2_000: 29_00}, sort_order=5, free_from_ore=None)
    order = OrderFactory(lines={"SKRIFTEN": 2}, sent=True)
    line = order.lines.get()
    address = {"name": "Ali", "address_line1": "Torget 1", "postal_code": "53133", "city": "Björkvik"}
    DeliveryLine.objects.create(
        delivery=Delivery.objects.create(order=order, position=0, **address), line=line, quantity=1
    )
    Order.objects.filter(pk=order.pk).update(freight_ore=2 * 49_00)
    assert withdrawal_sums.cheapest_freight(fresh(order)) == Money(2 * 29_00)


def test_free_freight_gives_none_back():
    order = OrderFactory(lines={"SKRIFTEN": 12}, sent=True)
    assert not order.freight
    assert withdrawal_sums.cheapest_freight(order) == Money(0)


# --- Late money ---------------------------------------------------------------------------------------
def test_money_that_comes_after_the_buyer_has_withdrawn_revives_nothing_and_goes_back():
    order = OrderFactory()
    operations.lapse(order.pk, now=NOON + timedelta(days=1))
    grant(notice_of(order), 1)
    pay(order, ore=104_00)
    assert (fresh(order).state, planned(order)) == ("cancelled", [104_00])
    assert Message.objects.get(letter="late-money").context["why"] == "cancelled"


# --- Whose --------------------------------------------------------------------------------------------
def test_the_buyer_is_told_too_when_somebody_else_wrote_the_notice():
    order = OrderFactory(sent=True)
    grant(notice_of(order, email="annan@example.com"), 1)
    told = Message.objects.filter(letter="withdrawal-refunded").values_list("to", flat=True)
    assert sorted(told) == sorted(["annan@example.com", order.email])
    for row in order.refunds.all():
        book_refund(locked_refund(row.pk), reference="re_1", actor="Stripe", now=NOON)
    assert not Message.objects.filter(letter="refund").exists()


# --- The same words again -----------------------------------------------------------------------------
def test_the_same_words_once_more_after_a_judgement_are_a_new_notice():
    order = OrderFactory(lines={"SKRIFTEN": 3}, sent=True)
    first = notice_of(order, "1 × Skriften om värdskap")
    assert notice_of(order, "1 × Skriften om värdskap") == first
    grant(first, 1)
    second = notice_of(order, "1 × Skriften om värdskap")
    assert second != first
    assert notice_of(order, "1 × Skriften om värdskap") == second
    assert Message.objects.filter(letter="withdrawal-receipt").count() == 2
