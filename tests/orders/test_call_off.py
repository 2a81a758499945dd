"""The buyer calls off: a page that says what happens, a button, one letter. Open until packing begins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import sleep

import pytest
from django.db import connections, transaction
from django.test import Client

from notifications.models import Message
from orders import operations
from orders.models import Order
from orders.states import WrongState
from shop.models import StockLevel
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory
from tests.orders.payments.conftest import at_once
from tests.shopping import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    CompanyFactory()
    FreightFactory()


def page(order: Order, method: str = "get", **headers: str):
    return getattr(Client(), method)(f"/order/{order.key}/avbestall/", headers=headers)


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def reserved() -> int:
    return StockLevel.objects.get(product__sku="SKRIFTEN").reserved


def letters(order: Order) -> list[str]:
    return list(Message.objects.filter(about=order.number).order_by("pk").values_list("letter", flat=True))


def test_from_the_orders_page_in_two_steps():
    order = OrderFactory(paid=True)
    assert f'href="/order/{order.key}/avbestall/"' in Client().get(f"/order/{order.key}/").content.decode()
    asked = page(order)
    assert "Vill du avbeställa?" in text(asked)
    assert "du får tillbaka 104 kr samma väg som du betalade" in text(asked)
    assert fresh(order).state == "confirmed", "the first page changes nothing"
    answer = page(order, "post")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/order/{order.key}/")
    assert fresh(order).state == "cancelled"
    assert "Beställningen är avbeställd" in text(Client().get(f"/order/{order.key}/"))


def test_stock_comes_back_the_money_is_planned_and_one_letter_goes_out_however_often_it_is_pressed():
    order = OrderFactory(paid=True)
    for _press in range(3):
        assert page(order, "post").status_code == 303
    order = fresh(order)
    assert reserved() == 0
    assert [row.amount_ore for row in order.refunds.all()] == [104_00]
    assert letters(order) == ["order-confirmation", "cancelled"]
    assert Message.objects.get(letter="cancelled").context["sum_back"] == order.total.exact()
    assert order.history.filter(machine="agreement", new="cancelled", actor=operations.BUYER).count() == 1


def test_an_unpaid_order_and_one_on_invoice_are_called_off_with_nothing_to_pay():
    unpaid, invoiced = OrderFactory(), OrderFactory(on_invoice=True)
    for order in (unpaid, invoiced):
        assert "du ska inte betala något" in text(page(order))
        assert page(order, "post").status_code == 303
        assert Message.objects.get(letter="cancelled", about=order.number).context["sum_back"] == ""
    assert [row.state for row in fresh(invoiced).invoices.all()] == ["cancelled"]
    assert [attempt.state for attempt in fresh(unpaid).attempts.all()] == ["expired"]


@pytest.mark.parametrize("goes", [("pack",), ("pack", "send")])
def test_once_packing_has_begun_the_way_to_withdraw_is_shown_instead(goes):
    order = OrderFactory(paid=True, goes=goes)
    for method, status in (("get", 200), ("post", 409)):
        answer = page(order, method)
        assert answer.status_code == status
        assert "Vi har redan börjat packa" in text(answer)
        assert f'href="/angra/?order={order.key}"' in answer.content.decode()
    assert fresh(order).state == "confirmed"
    assert "avbestall" not in Client().get(f"/order/{order.key}/").content.decode()


def test_an_organisation_whose_parcel_is_packed_is_asked_to_call():
    answer = page(OrderFactory(on_invoice=True, goes=("pack",)))
    assert "Ring 08-555 000 00" in text(answer)
    assert "/angra/?order" not in answer.content.decode()


def test_another_sites_form_calls_nothing_off():
    order = OrderFactory(paid=True)
    assert page(order, "post", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert fresh(order).state == "confirmed"


def test_a_key_that_is_nobodys_is_not_found():
    for key in ("x", "nix" * 20):
        assert Client().post(f"/order/{key}/avbestall/").status_code == 404


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_calling_off_in_the_moment_of_packing_does_one_of_them_whole(round_):
    order = OrderFactory(paid=True)
    parcel = order.shipments.get().pk

    def pack() -> None:
        with suppress(WrongState):
            operations.pack(parcel, actor="maja", now=NOON)

    at_once(pack, lambda: page(order, "post"), lambda: page(order, "post"))
    found = (fresh(order).state, order.shipments.get().state, reserved(), order.refunds.count())
    assert found in {("cancelled", "cancelled", 0, 1), ("confirmed", "packed", 1, 0)}
    assert letters(order).count("cancelled") == order.refunds.count()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_parcel_that_is_being_packed_is_waited_for_and_then_kept():
    """Who calls off while the packer's transaction is open decides on what it leaves, not on what was before."""
    order = OrderFactory(paid=True)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            operations.pack(order.shipments.get().pk, actor="maja", now=NOON)
            pressed = pool.submit(_press_elsewhere, order)
            sleep(0.5)  # gives a version without the lock the time to decide wrongly
        assert pressed.result(120) == 409
    assert (fresh(order).state, order.shipments.get().state) == ("confirmed", "packed")


def _press_elsewhere(order: Order) -> int:
    try:
        return int(page(order, "post").status_code)
    finally:
        connections.close_all()
