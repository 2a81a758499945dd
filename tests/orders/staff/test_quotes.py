"""Quotes in the admin: found, made, prolonged, withdrawn."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from notifications.models import Message
from orders import models, operations
from tests.factories import NOON, CompanyFactory, FreightFactory, ProductFactory, QuoteFactory
from tests.shopping import fields, text
from tests.staff import logged_in

pytestmark = pytest.mark.django_db

FORM = {
    "organisation": "Björkviks kommun",
    "name": "Karin Ek",
    "email": "karin@bjorkvik.example",
    "days": "14",
    "quantity-SKRIFTEN": "30",
}


@pytest.fixture(autouse=True)
def shelf():
    CompanyFactory()
    FreightFactory(name="Hem")
    ProductFactory(skriften=True)
    ProductFactory(book=True)
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def maja() -> Client:
    return logged_in("orders.view_order", "orders.make_quote")


def quote(organisation: str = "Björkviks kommun"):
    return QuoteFactory(organisation=organisation)


def test_staff_make_a_quote_that_is_sent_at_once(maja):
    opened = fields(maja.get("/admin/offerter/ny/"))
    answer = maja.post("/admin/offerter/ny/", {**opened, **FORM})
    made = models.Quote.objects.get()
    assert answer.headers["Location"] == f"/admin/offerter/{made.number}/"
    assert (str(made.valid_until), made.freight_name, made.goods_ore) == ("2026-12-07", "Hem", 30 * 49_00)
    assert Message.objects.get(letter="quote").to == FORM["email"]
    assert made.steps.get().actor == "maja"


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(maja):
    answer = maja.post(
        "/admin/offerter/ny/", {**FORM, "quantity-SKRIFTEN": "massor", "email": "x", "days": "9999999"}
    )
    assert answer.status_code == 422
    assert fields(answer)["quantity-SKRIFTEN"] == "massor"
    for told in ("Skriv ett antal mellan 1 och 5 000", "Skriv hela e-postadressen", "1 till 365"):
        assert told in text(answer)
    assert not models.Quote.objects.exists()


def test_a_quote_of_nothing_is_not_made(maja):
    answer = maja.post("/admin/offerter/ny/", {**FORM, "quantity-SKRIFTEN": ""})
    assert "Skriv hur många det gäller av minst en vara" in text(answer)


def test_the_list_is_searched_and_filtered(maja):
    first, other = quote(), quote("Lidköpings kommun")
    operations.withdraw_quote(other.pk, actor="maja", cause="fel", now=NOON)
    for query, found in (
        ("", [first, other]),
        ("?q=lidköping", [other]),
        (f"?q={first.number}", [first]),
        ("?standing=open", [first]),
        ("?standing=withdrawn", [other]),
        ("?standing=expired", []),
        ("?q=%00", [first, other]),
    ):
        page = maja.get(f"/admin/offerter/{query}").content.decode()
        assert [row for row in (first, other) if f"/admin/offerter/{row.number}/" in page] == found, query


def test_the_list_costs_the_same_however_long_it_is(maja, django_assert_max_num_queries):
    for _number in range(12):
        quote()
    maja.get("/admin/offerter/")
    with django_assert_max_num_queries(14):
        maja.get("/admin/offerter/")


def test_validity_is_changed_and_odd_days_are_told(maja):
    found = quote()
    address = f"/admin/offerter/{found.number}/giltighet/"
    for day in ("2026-01-01", "2999-01-01", "i morgon", "", "0000-00-00"):
        assert maja.post(address, {"valid_until": day}).status_code == 200
    maja.post(address, {"valid_until": "2027-01-31"})
    found.refresh_from_db()
    assert str(found.valid_until) == "2027-01-31"


def test_it_is_withdrawn_with_a_reason(maja):
    found = quote()
    address = f"/admin/offerter/{found.number}/aterkalla/"
    assert "Skriv varför offerten återkallas." in text(maja.post(address, {"reason": ""}))
    page = maja.post(address, {"reason": "Fel pris"}, follow=True)
    assert "Fel pris" in text(page)
    found.refresh_from_db()
    assert found.state == "withdrawn"


def test_the_orders_number_stands_on_the_quote_and_the_quotes_on_the_order(maja):
    found = quote()
    details = {
        "buyer": "private", "name": "Karin Ek", "email": "karin@bjorkvik.example", "phone": "+46701234567",
        "address_line1": "Storgatan 12", "postal_code": "53132", "city": "Björkvik",
    }  # fmt: skip
    accepter = operations.Accepter("Ulla", "ulla@bjorkvik.example", "chef")
    order = operations.accept_quote(found.pk, operations.Placement("", "card", details), accepter, now=NOON)
    assert str(order.number) in text(maja.get(f"/admin/offerter/{found.number}/"))
    assert str(found.number) in text(maja.get(f"/admin/bestallningar/{order.number}/"))
