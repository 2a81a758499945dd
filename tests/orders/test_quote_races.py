"""Two who accept the same quote at the same moment, each with a connection of their own."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from orders.models import Order, Quote
from shop.models import StockLevel
from tests.factories import NOON, FreightFactory, QuoteFactory
from tests.orders.payments.conftest import at_once
from tests.shopping import KOMMUN

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


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
