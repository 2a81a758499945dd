"""The same once more: the basket filled at today's prices, the checkout with who it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client

from orders.models import Order
from orders.views.refilling import like
from shop import basket as baskets
from shop.models import Product
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory, ProductFactory, TermsFactory
from tests.shopping import Shopper, fields, text

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
    assert "1 500,00 kr" in page
    assert {sku: row.quantity for sku, row in someone.basket.rows.items()} == {"SKRIFTEN": 30}


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
