"""Two who accept one quote, or order on one credit, at the same moment, each with a connection of their own."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from orders import operations
from orders.models import Order, Quote
from orders.operations import approving
from shop.models import StockLevel
from shop.money import Money
from tests.factories import (
    NOON,
    CompanyFactory,
    FreightFactory,
    OrderFactory,
    ProductFactory,
    QuoteFactory,
)
from tests.orders.payments.conftest import at_once
from tests.shopping import KOMMUN

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


KOMMUNS = "2129990004"


def accept(quote: Quote, who: str) -> Any:
    accepter = {"accepter_name": who, "accepter_email": f"{who}@bjorkvik.example", "accepter_role": "chef"}
    return Client().post(f"/offert/{quote.key}/acceptera/", {**KOMMUN, **accepter}).status_code


def test_five_who_accept_at_once_are_one_order():
    FreightFactory()
    quote = QuoteFactory(at=NOON)
    with time_machine.travel(NOON, tick=True):
        answers = at_once(
            *[lambda who=who: accept(quote, who) for who in ("ulla", "per", "eva", "bo", "siv")]
        )
    assert sorted(answers) == [303, 409, 409, 409, 409]
    assert Order.objects.get().quote == quote
    assert StockLevel.objects.get(product__sku="SKRIFTEN").reserved == 30


@pytest.mark.parametrize(("everybodys", "own"), [(3_000_00, None), (None, 3_000_00), (9_000_00, 3_000_00)])
def test_two_orders_of_one_customer_at_once_do_not_both_fit_under_the_limit(monkeypatch, everybodys, own):
    FreightFactory()
    CompanyFactory(credit_limit_ore=everybodys)
    if own is not None:
        operations.set_credit_limit(KOMMUNS, Money(own), actor="eva", cause="prov", now=NOON)
    ProductFactory(skriften=True)
    ProductFactory(book=True)
    both, history = threading.Barrier(2), approving._history

    def meeting(order: Order) -> Any:
        """Each waits with what it has read until the other has read too, if that may read at all."""
        found = history(order)
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return found

    monkeypatch.setattr(approving, "_history", meeting)
    baskets = [{"SKRIFTEN": 30}, {"DET-GODA-VARDSKAPET": 10}]
    orders = at_once(*[lambda lines=lines: OrderFactory(on_invoice=True, lines=lines) for lines in baskets])
    assert sorted(order.state for order in orders) == ["confirmed", "placed"]


def test_a_new_limit_waits_for_the_order_that_is_reckoning_with_the_old_one(monkeypatch):
    FreightFactory()
    CompanyFactory(credit_limit_ore=9_000_00)
    ProductFactory(skriften=True)
    history, seen = approving._history, []

    def take_down() -> None:
        try:
            operations.set_credit_limit(KOMMUNS, Money(0), actor="eva", cause="prov", now=NOON)
        finally:
            connection.close()

    changing = threading.Thread(target=take_down)

    def meanwhile(order: Order) -> Any:
        changing.start()
        changing.join(1)
        seen.append(changing.is_alive())
        return history(order)

    monkeypatch.setattr(approving, "_history", meanwhile)
    order = OrderFactory(on_invoice=True, lines={"SKRIFTEN": 30})
    changing.join(120)
    assert (order.state, seen) == ("confirmed", [True])
    monkeypatch.undo()
    assert OrderFactory(on_invoice=True, lines={"SKRIFTEN": 1}).state == "placed"
