"""The buyer's page as staff see it: all its words, none of its powers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from orders import operations
from orders.models import Order, Quote
from tests.factories import NOON, OrderFactory, QuoteFactory
from tests.staff import in_role, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_house")]


def address(order: Order, page: str = "koparens-sida/") -> str:
    return f"/admin/bestallningar/{order.number}/{page}"


def shown(client: Client, order: Order) -> str:
    answer = client.get(address(order))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private, no-store")
    return str(answer.content.decode())


def called_off() -> Order:
    order: Order = OrderFactory(paid=True)
    operations.cancel(order.pk, actor="test", cause="x", now=NOON)
    return order


@pytest.mark.parametrize(
    "make",
    [
        OrderFactory,
        lambda: OrderFactory(paid=True),
        lambda: OrderFactory(on_invoice=True),
        lambda: OrderFactory(sent=True, tracking_number="UB123456789SE"),
        called_off,
    ],
)
def test_it_says_what_the_buyer_reads_and_holds_neither_key_nor_form(make):
    order = make()
    page, own = shown(logged_in("orders.view_order"), order), Client().get(f"/order/{order.key}/")
    heading = re.search(r"<h1>.*?</h1>", own.content.decode())
    assert heading
    assert heading.group() in page
    assert order.key not in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main
    assert "<button" not in main
    assert "Så här ser köparens sida ut." in main
    assert "Så här ser köparens sida ut." not in own.content.decode()


def test_the_words_of_the_buyers_ways_stand_there_to_speak_of():
    page = shown(logged_in("orders.view_order"), OrderFactory(paid=True))
    for words in ("Avbeställ", "Ångra avtalet här", "Ladda ner kvitto (PDF)", "Beställ samma igen"):
        assert f'<span class="muted">{words}</span>' in page


def test_it_is_in_the_buyers_language_and_its_line_about_who_looks_is_not():
    page = shown(logged_in("orders.view_order"), OrderFactory(paid=True, language="en"))
    assert '<html lang="en">' in page
    assert '<div class="note" role="note" lang="sv"' in page


def test_it_takes_no_post_sets_no_cookie_and_changes_nothing():
    order, client = OrderFactory(paid=True), logged_in("orders.view_order")
    assert client.post(address(order)).status_code == 405
    answer = client.get(address(order))
    assert set(answer.cookies) <= {"sessionid"}
    assert order.history.count() == Order.objects.get(pk=order.pk).history.count()


@pytest.mark.parametrize("page", ["koparens-sida/", "kvitto.pdf"])
def test_who_may_not_see_orders_sees_no_buyers_page_and_an_unknown_number_is_none(page):
    order = OrderFactory(paid=True)
    assert logged_in().get(address(order, page)).status_code == 403
    assert in_role("Redaktör").get(address(order, page)).status_code == 403
    assert Client().get(address(order, page))["Location"].startswith("/admin/login/")
    assert in_role("Packare").get(f"/admin/bestallningar/VS-2026-999999/{page}").status_code == 404


def test_the_receipt_is_the_buyers_own_and_exists_when_the_money_has_come():
    client, paid = logged_in("orders.view_order"), OrderFactory(paid=True)
    answer = client.get(address(paid, "kvitto.pdf"))
    assert answer.content == Client().get(f"/order/{paid.key}/kvitto.pdf").content
    assert answer["Cache-Control"].startswith("private, no-store")
    assert client.get(address(OrderFactory(), "kvitto.pdf")).status_code == 404


# --- A quote's --------------------------------------------------------------------------------------
def quote_address(quote: Quote, page: str = "koparens-sida/") -> str:
    return f"/admin/offerter/{quote.number}/{page}"


def main_of(answer) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode().partition("<main")[2].partition("</main>")[0])


@pytest.mark.parametrize(
    ("days", "words"), [(0, "Acceptera offerten"), (400, "Be om en ny")], ids=["open", "run out"]
)
def test_who_looks_at_a_quote_reads_it_and_can_neither_accept_it_nor_ask_anew(days, words):
    quote = QuoteFactory()
    with time_machine.travel(NOON + timedelta(days=days), tick=False):
        own = main_of(Client().get(f"/offert/{quote.key}/"))
        watched = logged_in("orders.view_order").get(quote_address(quote))
    assert words in own
    assert quote.key in own
    page = main_of(watched)
    assert words in page
    assert "Så här ser köparens sida ut." in page
    assert quote.key not in watched.content.decode()
    assert "<form" not in page
    assert "<button" not in page


def test_a_quotes_staff_page_leads_to_that_page_and_pdf_and_holds_no_key():
    quote, client = QuoteFactory(), logged_in("orders.view_order", "orders.make_quote")
    page = client.get(quote_address(quote, "")).content.decode()
    assert f'href="{quote_address(quote)}"' in page
    assert f'href="{quote_address(quote, "offert.pdf")}"' in page
    assert quote.key not in page


def test_staff_read_the_very_pdf_that_the_asker_has():
    quote, client = QuoteFactory(), logged_in("orders.view_order")
    answer = client.get(quote_address(quote, "offert.pdf"))
    assert answer.content == Client().get(f"/offert/{quote.key}/offert.pdf").content
    assert answer["Cache-Control"].startswith("private, no-store")
