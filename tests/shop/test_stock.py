"""The stock ledger: never below zero, and always what its lines add up to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from shop import stock
from shop.models import Product, StockLevel, StockMovement
from tests import factories
from tests.factories import NOON

# The stubs take a factory for what it is, not for what it makes.
ProductFactory: Any = factories.ProductFactory

pytestmark = pytest.mark.django_db


def level(product: Any) -> tuple[int, int]:
    row = StockLevel.objects.get(product=product)
    return row.on_hand, row.reserved


def move(what: Any, product: Any, number: int, cause: str) -> None:
    what({product.pk: number}, cause=cause, actor="test", at=NOON)


def test_copies_are_promised_given_back_and_handed_over():
    product = ProductFactory(on_hand=10)
    move(stock.reserve, product, 4, "a")
    move(stock.reserve, product, 3, "b")
    move(stock.release, product, 3, "b")
    move(stock.hand_over, product, 4, "a")
    assert level(product) == (6, 0)


def test_the_same_cause_moves_once():
    product = ProductFactory(on_hand=10)
    for _time in range(3):
        move(stock.reserve, product, 4, "VS-2026-000001")
    assert level(product) == (10, 4)


@pytest.mark.parametrize("end", [stock.release, stock.hand_over], ids=["released", "handed over"])
def test_a_promise_ends_also_when_staff_have_stopped_counting_since(end):
    product = ProductFactory(on_hand=10)
    move(stock.reserve, product, 4, "a")
    Product.objects.update(counted=False)
    move(end, product, 4, "a")
    assert level(product) == (10 if end is stock.release else 6, 0)


@pytest.mark.parametrize("end", [stock.release, stock.hand_over], ids=["released", "handed over"])
def test_what_was_sold_uncounted_was_never_promised(end):
    """It must neither break the order's end nor eat what others were promised."""
    product = ProductFactory(on_hand=10)
    Product.objects.update(counted=False)
    move(stock.reserve, product, 4, "a")
    Product.objects.update(counted=True)
    move(stock.reserve, product, 5, "b")
    move(end, product, 4, "a")
    assert level(product) == (10, 5)


def test_all_or_nothing_and_every_shortage_is_named():
    plenty, few, none = ProductFactory(on_hand=10), ProductFactory(on_hand=1), ProductFactory(on_hand=0)
    with pytest.raises(stock.SoldOut) as refusal:
        stock.reserve({plenty.pk: 5, few.pk: 2, none.pk: 1}, cause="a", actor="test", at=NOON)
    assert [(row.product, row.wanted, row.available) for row in refusal.value.shortages] == [
        (few, 2, 1),
        (none, 1, 0),
    ]
    assert level(plenty) == (10, 0)


def test_what_is_made_to_order_never_runs_out():
    product = ProductFactory(counted=False, on_hand=0)
    move(stock.reserve, product, 5000, "a")
    assert product.available is None
    assert not StockMovement.objects.exists()


@pytest.mark.parametrize("wrong", [{"on_hand": -1}, {"reserved": -1}, {"on_hand": 1, "reserved": 2}])
def test_the_database_itself_refuses_a_balance_below_zero(wrong):
    product = ProductFactory(on_hand=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockLevel.objects.filter(product=product).update(**wrong)


def test_the_balance_is_what_the_ledger_adds_up_to():
    product = ProductFactory(on_hand=10)
    move(stock.reserve, product, 4, "a")
    move(stock.hand_over, product, 4, "a")
    move(stock.count_in, product, 7, "b")
    sums = StockMovement.objects.aggregate(on_hand=Sum("on_hand_delta"), reserved=Sum("reserved_delta"))
    assert (sums["on_hand"], sums["reserved"]) == level(product) == (13, 0)
