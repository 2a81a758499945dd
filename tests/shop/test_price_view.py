"""Prices without VAT: the visitor's own choice, always with the words, never the sum that is paid."""

from __future__ import annotations

import pytest
from django.test import Client

from shop.models import Product
from shop.money import Money
from shop.vat import net_each
from tests.factories import TODAY, CompanyFactory, FreightFactory, ProductFactory, TermsFactory
from tests.shopping import Shopper, sums, text

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def shelf(standing):
    standing(fill_the_shelf)


def fill_the_shelf():
    CompanyFactory()
    TermsFactory()
    FreightFactory(free_from_ore=None)
    ProductFactory(skriften=True)
    ProductFactory(material=True)


def choose(client: Client, prices: str, back: str = "/varukorg/"):
    return client.post("/varukorg/priser/", {"prices": prices, "next": back})


def shopper() -> Shopper:
    found = Shopper()
    found.put("SKRIFTEN", 10)
    return found


def test_everybody_begins_with_vat_included_and_no_cookie():
    someone = shopper()
    page = someone.basket_page()
    assert sums(page)["Att betala"] == "599,00 kr"
    assert "Visa priser exkl. moms" in text(page)
    assert list(someone.client.cookies) == ["varukorg"]


def test_the_basket_shows_every_price_without_vat_with_the_words_and_the_whole_with():
    someone = shopper()
    answer = choose(someone.client, "exkl")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/varukorg/")
    page = someone.basket_page()
    assert sums(page) == {
        "Varor exkl. moms": "518,87 kr",
        "Frakt exkl. moms": "46,22 kr",
        "Moms 6 %": "33,91 kr",
        "Att betala inkl. moms": "599,00 kr",
    }
    assert "51,89 kr exkl. moms" in text(page)
    assert "518,87 kr exkl. moms" in text(page)


def test_the_checkout_follows_and_its_button_says_the_sum_with_vat():
    someone = shopper()
    choose(someone.client, "exkl")
    page = someone.client.get("/kassa/")
    assert sums(page)["Att betala inkl. moms"] == "599,00 kr"
    assert "Beställ och betala 599 kr" in text(page)


@pytest.mark.parametrize("cookie", ["moms=inkl", "moms=", "xmoms=exkl", "moms=EXKL"])
def test_nothing_but_the_choice_itself_is_taken_for_it(cookie):
    someone = shopper()
    name, _sign, value = cookie.partition("=")
    someone.client.cookies[name] = value
    assert "Att betala" in sums(someone.basket_page())


def test_back_to_vat_included_takes_the_cookie_away():
    someone = shopper()
    choose(someone.client, "exkl")
    assert someone.client.cookies["moms"].value == "exkl"
    choose(someone.client, "inkl")
    assert someone.client.cookies["moms"].value == ""
    assert sums(someone.basket_page())["Att betala"] == "599,00 kr"


ELSEWHERE = [
    "https://ond.example/", "//ond.example/", "/\\ond.example", "javascript:alert(1)", "", "/\r\nSet-Cookie: x=1",
    "/" * 600,
]  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_the_way_back_never_leaves_the_site(elsewhere):
    assert choose(Client(), "exkl", elsewhere).headers["Location"] == "/varukorg/"


def test_another_site_cannot_choose_for_the_visitor():
    answer = Client().post("/varukorg/priser/", {"prices": "exkl"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_one_of_mixed_goods_without_vat_is_each_part_without_its_own():
    product = Product.objects.get(sku="VARDSKAP-I-PRAKTIKEN")
    assert net_each(product.gross_by_rate(1, TODAY), 1) == Money.kronor("1262.26")
    assert net_each({6: Money.kronor(55)}, 1) == Money.kronor("51.89")
