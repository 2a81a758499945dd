"""Every address that names an order, found by walking the resolver: who should not see it learns nothing.

Buyers' pages hang on the key alone: a number, a neighbour's, or a key with one sign changed is not found, in the same
words as any other nonsense. Staff without the right learn not even whether the order is there.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from orders import operations
from orders.models import Order
from shop.limit_table import Limit
from tests.factories import NOON, CompanyFactory, OrderFactory, pay
from tests.shopping import text
from tests.staff import in_role, logged_in

pytestmark = pytest.mark.django_db

NOBODYS = 10**9


def patterns(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found, (*spaces, found.namespace) if found.namespace else spaces)
        elif found.pattern.converters and found.name:
            yield ":".join((*spaces, found.name)), found


def of_orders() -> dict[str, URLPattern]:
    """Each address below which something of an order is named, by the name of the address."""
    return {name: page for name, page in patterns(get_resolver()) if module(page).startswith("orders.")}


def module(page: URLPattern) -> str:
    view = inspect.unwrap(page.callback)
    return str(getattr(view, "view_class", view).__module__)


def for_staff() -> dict[str, URLPattern]:
    return {name: page for name, page in of_orders().items() if module(page).startswith("orders.staff")}


def for_buyers() -> dict[str, URLPattern]:
    return {name: page for name, page in of_orders().items() if name not in for_staff()}


def address(name: str, page: URLPattern, *, number: str, word: str = "nix") -> str:
    """An address of the order of that number; what else it names is nobody's."""
    given = {
        part: number if part == "number" else NOBODYS if isinstance(converter, IntConverter) else word
        for part, converter in page.pattern.converters.items()
    }
    return reverse(name, kwargs=given)


def both_ways(client: Client, where: str) -> list[Any]:
    return [client.get(where), client.post(where)]


@pytest.fixture
def order() -> Order:
    CompanyFactory()
    found: Order = OrderFactory(paid=True, email="hemlig@bjorkvik.example", name="Karin Hemlig")
    return found


def neighbour(number: str, step: int) -> str:
    """VS-2026-000123 → VS-2026-000124"""
    beginning, _dash, last = number.rpartition("-")
    return f"{beginning}-{int(last) + step:06}"


def guesses(order: Order) -> list[str]:
    """What a stranger could make of an order's number, or of a key that was read over a shoulder."""
    number, key = str(order.number), str(order.key)
    close = [key[:-1], f"{key}x", key.swapcase(), f"{'b' if key[0] == 'a' else 'a'}{key[1:]}"]
    return [number, neighbour(number, 1), neighbour(number, -1), str(order.pk), *close, "nix", "0", "x" * 500]


def leaks(page: Any, order: Order, asked: str) -> list[str]:
    """What of the order stands in the answer, apart from the address that was asked for."""
    told = page.content.decode().replace(asked, "")
    return [
        secret for secret in (order.email, order.name, str(order.number), str(order.key)) if secret in told
    ]


def test_the_walk_finds_what_it_is_for():
    assert {"orders:status", "orders:receipt", "orders:waiting"} <= set(for_buyers())
    assert {"order_staff:order", "order_staff:cancel"} <= set(for_staff())


def test_a_buyer_s_page_is_opened_by_its_key_and_by_nothing_that_resembles_it(client, order):
    for name, page in for_buyers().items():
        words = set()
        for guess in guesses(order):
            where = address(name, page, number=guess, word=guess)
            for answer in both_ways(client, where):
                assert answer.status_code in {404, 405}, (name, guess)
                assert leaks(answer, order, guess) == [], (name, guess)
                words |= {text(answer)} if answer.status_code == 404 else set()
        assert len(words) == 1, name


def test_a_wrong_key_costs_the_same_whatever_it_resembles(client, order):
    client.get("/order/nix/")  # what a process remembers
    costs = set()
    for guess in guesses(order):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/order/{guess}/")
        costs.add(len(asked))
    assert len(costs) == 1


def test_pages_that_are_guessed_are_stopped_together(client, order, settings):
    settings.LIMITS = {**settings.LIMITS, "lookup-address": Limit(1, timedelta(minutes=10))}
    client.get("/order/nix/")
    for name, page in for_buyers().items():
        for word in ("nix", str(order.key)) if "key" in page.pattern.converters else ():
            answers = both_ways(client, address(name, page, number="", word=word))
            assert {answer.status_code for answer in answers} - {405} == {429}, name


@pytest.mark.parametrize("who", ["nobody", "bare", "Redaktör"])
def test_who_has_no_right_is_told_the_same_of_an_order_that_is_there_and_one_that_is_not(order, who):
    client = Client() if who == "nobody" else logged_in() if who == "bare" else in_role(who)
    missing = neighbour(str(order.number), 1)
    for name, page in for_staff().items():
        for there, gone in zip(
            both_ways(client, address(name, page, number=str(order.number))),
            both_ways(client, address(name, page, number=missing)),
            strict=True,
        ):
            expected = 302 if who == "nobody" else 403
            assert (there.status_code, gone.status_code) == (expected, expected), name
            assert leaks(there, order, str(order.number)) == [], name
            assert plain(there, str(order.number)) == plain(gone, missing), name


def plain(page: Any, number: str) -> str:
    """The answer without the number that was asked for, and the form's token."""
    told = page.headers.get("Location", "") + re.sub(
        r'"CSRF_TOKEN": "\w+"|value="\w{64}"', "", page.content.decode()
    )
    return str(told.replace(number, "N"))


def test_to_those_who_may_an_order_that_is_not_there_is_not_found(order):
    client = in_role("Ägare")
    for name, page in for_staff().items():
        if "number" not in page.pattern.converters:
            continue
        for number in (neighbour(str(order.number), 1), "nix", "x" * 500):
            for answer in both_ways(client, address(name, page, number=number)):
                assert answer.status_code in {404, 405}, (name, number)
                assert leaks(answer, order, number) == [], name


def test_a_row_of_another_order_is_reached_through_that_order_alone(order):
    client, other = in_role("Ägare"), OrderFactory(on_invoice=True)
    pay(other)
    refund = operations.send_back(
        other.pk, key="annans", amount=other.total, reason="Prov", actor="eva", now=NOON
    )
    assert refund
    rows = {"pk": refund.pk, "parcel": other.shipments.get().pk}
    reached = 0
    for name, page in for_staff().items():
        named = {part: rows[part] for part in page.pattern.converters if part in rows}
        if not named or "number" not in page.pattern.converters:
            continue
        for answer in both_ways(client, reverse(name, kwargs={"number": order.number, **named})):
            assert answer.status_code in {404, 405}, name
        own = client.post(reverse(name, kwargs={"number": other.number, **named}))
        assert own.status_code != 404, name
        reached += 1
    assert reached >= 10
