"""What a basket costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shop.basket import Basket, Row
from shop.models import FreightPrice, VatShare
from shop.money import Money
from shop.pricing import price
from tests.factories import LONG_AGO, TODAY, FreightFactory, ProductFactory

pytestmark = pytest.mark.django_db


def basket(**quantities: int) -> Basket:
    return Basket({sku.replace("_", "-"): Row(number, 0) for sku, number in quantities.items()}, "key")


@pytest.fixture
def shelf():
    FreightFactory()
    return [ProductFactory(skriften=True), ProductFactory(book=True), ProductFactory(material=True)]


def test_30_skriften_and_a_book_cost_1719_with_free_freight(shelf):
    priced = price(basket(SKRIFTEN=30, DET_GODA_VARDSKAPET=1), today=TODAY)
    assert priced.totals.gross == Money.kronor(1719)
    assert priced.totals.freight == Money(0)
    assert [(rate.percent, rate.vat) for rate in priced.totals.rates] == [(6, Money.kronor("97.30"))]


@pytest.mark.parametrize(
    ("copies", "each"), [(1, 55), (24, 55), (25, 49), (99, 49), (100, 45), (249, 45), (250, 39), (5000, 39)]
)
def test_the_price_step_is_the_highest_that_is_reached(shelf, copies, each):
    assert price(basket(SKRIFTEN=copies), today=TODAY).lines[0].unit_price == Money.kronor(each)


def test_mixed_material_is_taxed_by_its_parts(shelf):
    priced = price(basket(VARDSKAP_I_PRAKTIKEN=1), today=TODAY)
    assert {rate.percent: rate.gross for rate in priced.totals.rates} == {
        6: Money.kronor(490),
        25: Money.kronor(1000),
    }


def test_freight_follows_the_weight_and_is_free_from_its_limit(shelf):
    assert price(basket(SKRIFTEN=1), today=TODAY).totals.freight == Money.kronor(49)
    priced = price(basket(SKRIFTEN=9), today=TODAY)
    assert (priced.totals.freight, priced.free_freight_missing) == (Money.kronor(49), Money.kronor(5))
    assert price(basket(SKRIFTEN=10), today=TODAY).totals.freight == Money(0)


def test_a_rate_and_a_freight_table_hold_from_their_day(shelf):
    tomorrow = TODAY + timedelta(days=1)
    VatShare.objects.create(product=shelf[0], valid_from=tomorrow, percent=25, weight=1)
    method = FreightPrice.objects.first().method
    FreightPrice.objects.create(method=method, valid_from=tomorrow, max_weight_g=2000, price_ore=5900)
    today, then = (price(basket(SKRIFTEN=1), today=day) for day in (TODAY, tomorrow))
    assert [rate.percent for rate in today.totals.rates] == [6]
    assert [rate.percent for rate in then.totals.rates] == [25]
    assert (today.totals.freight, then.totals.freight) == (Money.kronor(49), Money.kronor(59))


def test_a_way_of_sending_whose_prices_begin_tomorrow_is_not_given_away_today(shelf):
    tomorrow = TODAY + timedelta(days=1)
    FreightFactory(code="express", sort_order=9, prices={})
    FreightFactory(code="bud", sort_order=8, prices={2000: 99_00})
    FreightPrice.objects.filter(method__code="bud").update(valid_from=tomorrow)
    codes = {
        day: [option.method.code for option in price(basket(SKRIFTEN=1), today=day).options]
        for day in (TODAY, tomorrow)
    }
    assert codes == {TODAY: ["hem", "express"], tomorrow: ["hem", "bud", "express"]}


def test_a_product_without_a_rate_is_taxed_at_the_main_one():
    ProductFactory(sku="OVISS", vat={}, weight_g=0)
    assert [rate.percent for rate in price(basket(OVISS=1), today=TODAY).totals.rates] == [25]


def test_what_weighs_nothing_is_not_sent():
    FreightFactory()
    ProductFactory(sku="FIL", weight_g=0)
    priced = price(basket(FIL=1), today=TODAY)
    assert (priced.options, priced.chosen, priced.totals.freight) == ([], None, Money(0))


def test_what_is_no_longer_sold_is_left_out_and_named(shelf):
    shelf[0].active = False
    shelf[0].save()
    priced = price(basket(SKRIFTEN=1, DET_GODA_VARDSKAPET=1), today=TODAY)
    assert ([line.product.sku for line in priced.lines], priced.gone) == (
        ["DET-GODA-VARDSKAPET"],
        ["SKRIFTEN"],
    )


@pytest.mark.parametrize("rows", [1, 20])
def test_a_basket_costs_the_same_queries_however_long_it_is(rows, django_assert_num_queries):
    FreightFactory()
    skus = [str(ProductFactory(steps={2: 1}).sku) for _row in range(rows)]
    with django_assert_num_queries(5):  # products, steps, rates, ways of sending, their prices
        price(Basket({sku: Row(1, 0) for sku in skus}, "key"), today=date(2026, 11, 23))


def test_a_price_row_of_long_ago_still_holds(shelf):
    assert price(basket(SKRIFTEN=1), today=LONG_AGO).totals.freight == Money.kronor(49)
