"""What the order's own page says of goods and money after a withdrawal is true in every state."""

from __future__ import annotations

import pytest
from django.test import Client

from orders import operations, withdrawals
from orders.models import Order, Withdrawal
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory, pay
from tests.shopping import sums, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    CompanyFactory()
    FreightFactory()


def page_of(order: Order):
    return Client().get(f"/order/{order.key}/")


def withdraw(order: Order, copies: int = 0) -> Withdrawal:
    """A notice, and so many copies of the only row paid back for it."""
    stated = withdrawals.Statement(order.name, str(order.number), order.email)
    notice = withdrawals.withdraw(stated, now=NOON)
    if copies:
        line = order.lines.get()
        operations.refund_withdrawal(notice.pk, {line.pk: copies}, actor="eva", now=NOON)
    return notice


def come_back(order: Order) -> None:
    line = order.lines.get()
    operations.take_back(
        order.shipments.get().pk, restock={line.pk: line.quantity}, write_off={}, actor="maja", now=NOON
    )


def test_proof_of_sending_is_thanked_for_as_proof_and_goods_as_goods():
    order = OrderFactory(sent=True)
    notice = withdraw(order)
    operations.await_goods(notice.pk, actor="eva", now=NOON)
    operations.goods_proven(notice.pk, actor="maja", now=NOON)
    assert "Tack, vi ser att varorna är skickade" in text(page_of(order))
    come_back(order)
    assert "Tack, varorna är här" in text(page_of(order))


def test_goods_that_are_all_back_are_not_told_to_have_come_to_the_buyer():
    order = OrderFactory(on_invoice=True, goes=("pack", "send"))
    come_back(order)
    shown = text(page_of(order))
    assert "Varorna är åter hos oss." in shown
    assert "Beställningen är framme." not in shown


def test_an_unpaid_part_that_is_withdrawn_is_no_longer_asked_for():
    order = OrderFactory(lines={"SKRIFTEN": 2}, on_invoice=True, goes=("pack", "send"))
    withdraw(order, 1)
    shown = sums(page_of(order))
    assert (shown["Summa"], shown["Ångrat"]) == ("159,00 kr", "−55,00 kr")
    assert shown["Kvar att betala"] == "104,00 kr"
    assert "Att betala" not in shown
    pay(order, ore=104_00)
    answer = page_of(order)
    assert sums(answer)["Betalt"] == "104,00 kr"
    assert "Kvar att betala" not in sums(answer)
    assert "Faktura skickas" not in text(answer)


def test_nothing_is_to_be_paid_or_invoiced_when_all_of_an_unpaid_order_is_withdrawn():
    order = OrderFactory(on_invoice=True, goes=("pack", "send"))
    withdraw(order, 1)
    shown = text(page_of(order))
    assert "Inget att betala" in shown
    assert "Faktura skickas" not in shown
    assert "Kvar att betala" not in shown


def test_who_has_goods_is_told_on_the_spot_to_send_them():
    order = OrderFactory(sent=True)
    stated = {"name": order.name, "order_number": order.number, "email": order.email}
    answer = Client().post("/angra/bekrafta/", stated)
    assert "ska du skicka dem till oss inom 14 dagar" in text(answer)
