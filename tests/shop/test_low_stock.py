"""The letter that says a shelf runs low: once at the crossing, in the transaction of what moved the stock."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications.models import Message
from shop import stock
from shop.models import Company, Product
from tests.factories import NOON, CompanyFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def booklet() -> Product:
    """A hundred on the shelf, and a letter wanted at forty."""
    CompanyFactory()
    return ProductFactory.create(sku="SKRIFTEN", name="Skriften", on_hand=100, low_stock_at=40)


def move(what: Any, product: Product, copies: int, cause: str) -> None:
    what({product.pk: copies}, cause=cause, actor="maja", at=NOON)


def letters() -> list[Message]:
    return list(Message.objects.filter(letter="low-stock").order_by("pk"))


def test_a_sale_that_reaches_the_threshold_writes_one_letter_to_the_shop(booklet):
    move(stock.reserve, booklet, 59, "VS-1")
    assert letters() == []
    move(stock.reserve, booklet, 1, "VS-2")
    (letter,) = letters()
    assert letter.to == "hej@vardskapet.example"
    (product,) = letter.context["products"]
    assert product.pop("url").endswith(f"/admin/butik/lager/{booklet.pk}/")
    assert product == {
        "name": "Skriften",
        "sku": "SKRIFTEN",
        "on_hand": 100,
        "reserved": 60,
        "available": 40,
        "limit": 40,
    }


def test_sales_below_the_threshold_write_no_more(booklet):
    for number in range(3):
        move(stock.reserve, booklet, 30, f"VS-{number}")
    assert len(letters()) == 1


def test_after_the_shelf_was_filled_the_next_crossing_writes_again(booklet):
    move(stock.reserve, booklet, 70, "VS-1")
    move(stock.count_in, booklet, 200, "tryckeriet")
    move(stock.reserve, booklet, 200, "VS-2")
    assert len(letters()) == 2


@pytest.mark.parametrize("what", [stock.write_off, stock.correct])
def test_spoilt_and_missing_copies_count_too(booklet, what):
    move(what, booklet, 65 if what is stock.write_off else 35, "fuktskada")
    assert [letter.context["products"][0]["available"] for letter in letters()] == [35]


def test_handing_over_what_was_promised_changes_nothing_that_can_be_sold(booklet):
    move(stock.reserve, booklet, 50, "VS-1")
    move(stock.hand_over, booklet, 50, "VS-1")
    assert letters() == []


def test_one_order_of_several_low_products_is_one_letter(booklet):
    other = ProductFactory.create(name="Boken", on_hand=10, low_stock_at=9)
    stock.reserve({booklet.pk: 90, other.pk: 1}, cause="VS-1", actor="maja", at=NOON)
    (letter,) = letters()
    assert [product["name"] for product in letter.context["products"]] == ["Skriften", "Boken"]


def test_no_letter_outlives_a_move_that_came_to_nothing(booklet):
    with transaction.atomic():
        move(stock.reserve, booklet, 90, "VS-1")
        assert len(letters()) == 1
        transaction.set_rollback(True)
    assert letters() == []


def test_without_a_crossing_nothing_more_is_asked(booklet):
    with CaptureQueriesContext(connection) as asked:
        move(stock.reserve, booklet, 59, "VS-1")
    assert not any("shop_company" in query["sql"] for query in asked.captured_queries)


def test_a_shop_without_an_address_sells_on(booklet):
    Company.objects.update(email="")
    move(stock.reserve, booklet, 90, "VS-1")
    assert letters() == []


def test_low_names_what_is_on_offer_and_at_or_below_its_threshold(booklet):
    ProductFactory.create(sku="OVER", on_hand=41, low_stock_at=40)
    ProductFactory.create(sku="AT", on_hand=40, low_stock_at=40)
    ProductFactory.create(sku="EMPTY", on_hand=0, low_stock_at=0)
    ProductFactory.create(sku="GONE", on_hand=1, low_stock_at=40, active=False)
    ProductFactory.create(sku="MADE", on_hand=0, low_stock_at=40, counted=False)
    assert {product.sku for product in Product.objects.low()} == {"AT", "EMPTY"}
