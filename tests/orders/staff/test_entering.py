"""Orders by telephone and e-mail, put in by staff: the shop's own rules."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from notifications.models import Message
from orders.models import Order
from shop.models import StockLevel
from tests.factories import NOON, CompanyFactory, FreightFactory, ProductFactory, TermsFactory
from tests.shopping import KARIN, KOMMUN, fields, text
from tests.staff import logged_in

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/bestallningar/lagg-in/"
EXTRA = {"source": "telefon", "staff_note": "Ringde i går", "freight": "hem", "quantity-SKRIFTEN": "30"}


@pytest.fixture(autouse=True)
def shelf():
    CompanyFactory()
    TermsFactory()
    FreightFactory(name="Hem")
    ProductFactory(skriften=True)
    ProductFactory(book=True)
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def maja() -> Client:
    return logged_in("orders.view_order", "orders.enter_order")


def enter(client: Client, who: dict[str, str], **changes: str):
    opened = fields(client.get(ADDRESS))
    return client.post(ADDRESS, {**opened, **who, **EXTRA, **changes})


def test_an_order_on_invoice_is_placed_confirmed_and_marked_with_who_put_it_in(maja):
    answer = enter(maja, KOMMUN)
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/admin/bestallningar/{order.number}/"
    assert (order.state, order.goods_ore, order.freight_name) == ("confirmed", 30 * 49_00, "Hem")
    assert [(line.actor, line.cause) for line in order.history.all()][:1] == [("maja", "telefon")]
    assert order.history.filter(machine="note", cause="Ringde i går").exists()
    assert StockLevel.objects.get(product__sku="SKRIFTEN").reserved == 30


def test_a_pay_link_is_sent_and_the_goods_are_held_for_a_week(maja):
    enter(maja, KARIN)
    order = Order.objects.get()
    letter = Message.objects.get()
    assert (order.state, letter.letter, letter.to) == ("placed", "pay-link", KARIN["email"])
    assert str(order.reserved_until)[:10] == "2026-11-30"
    assert letter.context["held_until"] == "30 november 2026"
    assert letter.context["pay_url"].endswith(f"/kassa/vantar/{order.key}/")
    with time_machine.travel(NOON.replace(day=26), tick=False):
        page = Client().get(f"/kassa/vantar/{order.key}/")
        assert page.status_code == 200
        answer = Client().post(f"/kassa/vantar/{order.key}/", {"do": "pay", "payment": "swish"})
        assert "/ovningsbetalning/" in answer.headers["Location"]


def test_what_is_wrong_is_told_and_everything_typed_is_kept(maja):
    answer = enter(maja, KOMMUN, email="halv", postal_code="1", **{"quantity-SKRIFTEN": "5001"})
    assert answer.status_code == 422
    for told in ("Skriv hela e-postadressen", "Skriv postnumret", "Skriv ett antal mellan"):
        assert told in text(answer)
    kept = fields(answer)
    assert (kept["email"], kept["quantity-SKRIFTEN"], kept["staff_note"]) == ("halv", "5001", "Ringde i går")
    assert not Order.objects.exists()


def test_a_shortage_is_told_and_nothing_is_placed(maja):
    StockLevel.objects.update(on_hand=29)
    answer = enter(maja, KOMMUN)
    assert answer.status_code == 422
    assert "Det finns 29 kvar av Skriften om värdskap" in text(answer)
    assert fields(answer)["organisation"] == KOMMUN["organisation"]
    assert not Order.objects.exists()


def test_a_double_click_is_one_order(maja):
    opened = fields(maja.get(ADDRESS))
    for _click in range(2):
        maja.post(ADDRESS, {**opened, **KOMMUN, **EXTRA})
    assert Order.objects.count() == 1


def test_odd_bytes_and_unknown_choices_are_sentences(maja):
    for changes in (
        {"staff_note": "x\x00"},
        {"source": "brev"},
        {"freight": "raket"},
        {"payment": "swish"},
        {"buyer": "kung"},
        {"staff_note": "x" * 10_000},
        {"quantity-SKRIFTEN": "½\x00"},
    ):
        assert enter(maja, KOMMUN, **changes).status_code == 422, changes
    assert not Order.objects.exists()


def test_only_who_may_puts_orders_in():
    per = logged_in("orders.view_order", "orders.pack_order", name="per")
    assert (per.get(ADDRESS).status_code, per.post(ADDRESS, KOMMUN).status_code) == (403, 403)


def test_a_form_that_is_sent_again_with_something_changed_says_that_the_change_is_not_in(maja):
    form = {**fields(maja.get(ADDRESS)), **KOMMUN, **EXTRA}
    maja.post(ADDRESS, form)
    answer = maja.post(ADDRESS, {**form, "quantity-SKRIFTEN": "50"}, follow=True)
    assert "Det du har ändrat sedan dess är inte med" in text(answer)
    order = Order.objects.get()
    assert (order.lines.get().quantity, order.history.filter(machine="note").count()) == (30, 1)
