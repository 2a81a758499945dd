"""The same once more: the basket filled at today's prices, the checkout with who it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client

from orders.models import Order
from orders.operations.addressing import stored
from orders.views.refilling import like
from shop import basket as baskets
from shop.models import Product, StockLevel
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory, ProductFactory, TermsFactory
from tests.shopping import KOMMUN, Shopper, fields, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf():
    CompanyFactory()
    TermsFactory()
    FreightFactory()
    ProductFactory(skriften=True)
    ProductFactory(book=True)
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def order():
    return OrderFactory(
        on_invoice=True,
        lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 2},
        purchase_order="INK-77",
        email="karin@b.example",
    )


def again(order: Order) -> tuple[Shopper, str]:
    someone = Shopper()
    page = someone.follow(someone.client.post(f"/order/{order.key}/igen/"))
    return someone, text(page)


def test_the_orders_page_offers_the_same_again(order):
    assert "Beställ samma igen" in text(Client().get(f"/order/{order.key}/"))


def test_the_basket_holds_the_same_goods_at_todays_prices_and_tells_what_is_gone(order):
    Product.objects.filter(sku="DET-GODA-VARDSKAPET").update(active=False)
    Product.objects.filter(sku="SKRIFTEN").get().price_steps.update(price_ore=50_00)
    someone, page = again(order)
    assert "Samma varor ligger i korgen, till dagens pris." in page
    assert "Det goda värdskapet säljs inte längre." in page
    assert "Priset på Skriften om värdskap har ändrats från 49 till 50 kr sedan förra gången." in page
    assert "1 500,00 kr" in page
    assert "har ändrats" not in text(someone.basket_page())
    assert {sku: row.quantity for sku, row in someone.basket.rows.items()} == {"SKRIFTEN": 30}


def test_what_the_shelf_is_short_of_is_told_and_the_number_left_to_the_buyer(order):
    StockLevel.objects.filter(product__sku="SKRIFTEN").update(on_hand=40, reserved=30)
    someone, page = again(order)
    assert "Det finns 10 kvar av Skriften om värdskap." in page
    assert "Du vill ha 30. Minska antalet, så kan du beställa." in page
    assert someone.basket.rows["SKRIFTEN"].quantity == 30


def test_prices_that_stand_are_not_told_as_changed(order):
    _someone, page = again(order)
    assert "har ändrats" not in page


ROWS = "Skolan\tEva Ek\tSkolgatan 1\t531 32\tBjörkvik\t10\t2\n\tBo Al\tTorget 2\t11122\tStockholm\t20\t0"


def sent_apart() -> Order:
    """The same, to two addresses."""
    someone = Shopper()
    someone.put("SKRIFTEN", 30)
    someone.put("DET-GODA-VARDSKAPET", 2)
    someone.order(KOMMUN, deliveries=ROWS)
    return Order.objects.get()


def test_several_addresses_lie_in_the_checkout_as_rows_that_can_be_sent_again():
    first = sent_apart()
    someone, _page = again(first)
    assert someone.form()["deliveries"].splitlines()[1].startswith("Skolan\tEva Ek\tSkolgatan 1")
    assert someone.order(KOMMUN).status_code == 303
    second = Order.objects.latest("pk")
    assert second.pk != first.pk
    assert stored(second.deliveries.all(), second.lines.all()) == stored(
        first.deliveries.all(), first.lines.all()
    )


def test_addresses_of_goods_that_are_gone_are_told_before_anything_is_ordered():
    first = sent_apart()
    Product.objects.filter(sku="DET-GODA-VARDSKAPET").update(active=False)
    someone, page = again(first)
    assert "Det goda värdskapet säljs inte längre." in page
    someone.client.post("/varukorg/", {"quantity-SKRIFTEN": "25"})
    answer = someone.order(KOMMUN)
    assert answer.status_code == 422
    assert "Listan har 30 av Skriften om värdskap, men varukorgen 25." in text(answer)
    assert Order.objects.count() == 1


def test_the_checkout_is_filled_in_but_for_the_buyers_order_number(order):
    someone, _page = again(order)
    form = someone.form()
    assert (form["organisation"], form["reference"], form["email"]) == (
        "Björkviks kommun", "Karin Ek, 4410", "karin@b.example",
    )  # fmt: skip
    assert (form["buyer"], form["payment"], form["purchase_order"]) == ("public", "invoice", "")


def test_changing_the_basket_keeps_the_answers_and_two_hours_end_them(order):
    someone, _page = again(order)
    someone.client.post("/varukorg/", {"quantity-SKRIFTEN": "40"})
    assert someone.form()["organisation"] == "Björkviks kommun"
    with time_machine.travel(NOON + timedelta(hours=2, seconds=1), tick=False):
        assert someone.form()["organisation"] == ""


def test_nothing_about_anybody_stands_in_an_address_and_a_wrong_key_gives_nothing(order):
    someone = Shopper()
    answer = someone.client.post(f"/order/{order.key}/igen/")
    assert answer.headers["Location"] == "/varukorg/?igen=1"
    for key in (order.key[:-1] + "x", str(order.pk), str(order.number)):
        assert Client().post(f"/order/{key}/igen/").status_code == 404
    assert Client().get(f"/order/{order.key}/igen/").status_code == 405
    cross = Client().post(f"/order/{order.key}/igen/", headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403


def test_a_forged_cookie_names_no_order(order):
    content = {"k": "a-basket-of-nobodys", "r": [["SKRIFTEN", 1, 55_00]], "o": like(order, now=NOON)}
    ours, forged = (signing.dumps(content, salt=baskets.SALT, key=key) for key in (None, "another secret"))
    visitor = Client()
    visitor.cookies[baskets.COOKIE] = ours
    assert fields(visitor.get("/kassa/"))["organisation"] == "Björkviks kommun"
    visitor.cookies[baskets.COOKIE] = forged
    assert visitor.get("/kassa/").headers["Location"] == "/varukorg/"


def test_a_sole_traders_personal_number_is_shown_to_nobody_who_only_has_the_link(order):
    Order.objects.update(buyer="company", organisation_number="8507099805", peppol_id="0007:8507099805")
    someone, _page = again(order)
    opened = someone.client.get("/kassa/")
    assert fields(opened)["organisation"] == "Björkviks kommun"
    assert "8507099805" not in opened.content.decode()
