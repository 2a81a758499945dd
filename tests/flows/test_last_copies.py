"""Many buyers at once for the last seven copies: real web processes, PostgreSQL (or what is here) and SQLite."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from typing import Any

import pytest
import requests
from django.db import connection, connections, transaction
from django.test import Client

from orders.models import Order, PaymentAttempt
from shop import stock
from shop.models import StockLevel
from tests.factories import NOON, CompanyFactory, FreightFactory, ProductFactory
from tests.flows import last_copies
from tests.harness import place
from tests.harness.processes import Sites, wait_until
from tests.shopping import KARIN, KOMMUN, Fields, Shopper
from tests.stripe_fake import StripeServer
from tests.stripe_fake.fixtures import stripe_server  # noqa: F401  a fixture

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

COPIES = 7
SLOW = (pytest.mark.chaos, pytest.mark.long)
# database, buyers, rounds
RACES = [
    pytest.param("here", 15, 2, marks=pytest.mark.chaos),
    pytest.param("here", 200, 20, marks=SLOW),
    pytest.param("sqlite", 200, 20, marks=SLOW),
]
# A connection kept from the page before may be closed by the server just as the order is sent.
HEADERS = {"Sec-Fetch-Site": "same-origin", "Connection": "close"}


def shelf(database: str, *words: str) -> Any:
    """Run last_copies on a database in a process of its own."""
    command = [sys.executable, "-m", "tests.flows.last_copies", *words]
    env = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run(command, cwd=place.ROOT, env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout) if done.stdout else None


def at_the_till(
    url: str, *skus: str, form: dict[str, str] = KOMMUN
) -> tuple[requests.Session, dict[str, str]]:
    """A buyer with one of each and the checkout filled in, about to press the button."""
    buyer = requests.Session()
    for sku in skus:
        buyer.post(f"{url}/varukorg/lagg-till/", {"sku": sku, "quantity": "1"}, headers=HEADERS, timeout=60)
    page = buyer.get(f"{url}/kassa/", headers=HEADERS, timeout=60)
    return buyer, {**Fields(page.text).values, **form}


def press_the_button(url: str, buyer: requests.Session, form: dict[str, str]) -> requests.Response:
    return buyer.post(f"{url}/kassa/", form, headers=HEADERS, allow_redirects=False, timeout=110)


def all_at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            start.wait(60)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result(120) for done in [pool.submit(run, job) for job in jobs]]


def one_round(url: str, sku: str, buyers: int) -> None:
    """So many buyers for seven copies: seven are served, the others are told and keep what they wrote."""
    with ThreadPoolExecutor(8) as pool:
        waiting = list(pool.map(lambda _number: at_the_till(url, sku), range(buyers)))
    answers = all_at_once([partial(press_the_button, url, *buyer) for buyer in waiting])
    assert statuses(answers) == {303: COPIES, 409: buyers - COPIES}, sku
    refused = [answer.text for answer in answers if answer.status_code == 409]
    assert all(f"{last_copies.NAME} är slut just nu." in page for page in refused)
    assert all('value="Karin Ek"' in page for page in refused)


@pytest.mark.parametrize(("kind", "buyers", "rounds"), RACES)
def test_seven_are_sold_and_the_others_are_told_politely(
    kind: str, buyers: int, rounds: int, live_site: Sites, fresh_database: Callable[[str], str]
):
    database = fresh_database(kind)
    shelf(database, "fill", str(COPIES), str(rounds))
    # As in production, each process remembers what it has read of the shelf.
    url = live_site(DATABASE_URL=database, PAGE_CACHE_MB="8")
    skus = [last_copies.sku(number) for number in range(1, rounds + 1)]
    for sku in skus:
        one_round(url, sku, buyers)
    told = shelf(database, "count")
    sold = {
        "orders": COPIES,
        "ordered": COPIES,
        "to pack": COPIES,
        "balance": [COPIES, COPIES],
        "ledger": [COPIES, COPIES],
    }
    assert [told["shelf"][sku] for sku in skus] == [sold] * rounds
    assert told["confirmations"] == rounds * COPIES


BOTH_WAYS = [("FA-1", "FA-2"), ("FA-2", "FA-1")]


@pytest.mark.chaos
@pytest.mark.parametrize("kind", ["here", "sqlite"])
def test_a_hundred_buyers_of_two_products_in_opposite_order_lock_nobody_out(
    kind: str, live_site: Sites, fresh_database: Callable[[str], str]
):
    buyers, copies, database = 100, 70, fresh_database(kind)
    shelf(database, "fill", str(copies), "2")
    url = live_site(DATABASE_URL=database, PAGE_CACHE_MB="8")
    with ThreadPoolExecutor(8) as pool:
        waiting = list(pool.map(lambda number: at_the_till(url, *BOTH_WAYS[number % 2]), range(buyers)))
    answers = all_at_once([partial(press_the_button, url, *buyer) for buyer in waiting])
    assert statuses(answers) == {303: copies, 409: buyers - copies}
    assert "deadlock" not in live_site.log_text()
    for found in shelf(database, "count")["shelf"].values():
        assert found["balance"] == found["ledger"] == [copies, copies]


CLICKS = 5


@pytest.mark.chaos
def test_fifty_buyers_who_click_five_times_at_once_have_one_order_and_one_payment_page_each(
    live_site: Sites,
    stripe_server: StripeServer,  # noqa: F811
):
    buyers = 50
    last_copies.fill(buyers * CLICKS)
    url = live_site(
        STRIPE_SECRET_KEY=stripe_server.api_key,
        STRIPE_WEBHOOK_SECRET=stripe_server.webhook_secret,
        STRIPE_API_BASE=stripe_server.url,
        PAGE_CACHE_MB="8",
    )
    by_card = {**KARIN, "payment": "card"}
    with ThreadPoolExecutor(8) as pool:
        waiting = list(pool.map(lambda _number: at_the_till(url, "FA-1", form=by_card), range(buyers)))
    answers = all_at_once(
        [partial(press_the_button, url, *buyer) for buyer in waiting for _click in range(CLICKS)]
    )
    assert {answer.status_code for answer in answers} == {303}
    assert Order.objects.count() == buyers
    assert PaymentAttempt.objects.exclude(session_id="").count() == buyers
    assert len(stripe_server.service.sessions) == buyers
    assert last_copies.count()["FA-1"]["balance"] == [buyers * CLICKS, buyers]


def buyers_here(number: int, *baskets: tuple[str, ...]) -> list[Callable[[], Any]]:
    """Buyers inside this process, with one of each in their baskets, which they have in turn."""
    forms = []
    for _buyer, skus in zip(range(number), cycle(baskets or [("FA-1",)]), strict=False):
        # A fault must come back as a 500, as in a web process, not as an exception of the test's.
        shopper = Shopper(Client(raise_request_exception=False))
        for sku in skus:
            shopper.put(sku, 1)
        forms.append((shopper, {**shopper.form(), **KOMMUN}))
    return [partial(shopper.send, form) for shopper, form in forms]


def statuses(answers: list[Any]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def test_two_are_sold_and_the_four_others_are_told_politely():
    """The seven last copies of the chaos lane in small: one process, whole requests."""
    last_copies.fill(2)
    answers = all_at_once(buyers_here(6))
    assert statuses(answers) == {303: 2, 409: 4}
    for refused in (answer.content.decode() for answer in answers if answer.status_code == 409):
        assert f"{last_copies.NAME} är slut just nu." in refused
        assert 'value="Karin Ek"' in refused
    found = last_copies.count()["FA-1"]
    assert found["ledger"] == found["balance"] == [2, 2]


def test_two_products_in_opposite_order_lock_nobody_out():
    last_copies.fill(9, 2)
    answers = statuses(all_at_once(buyers_here(12, *BOTH_WAYS)))
    assert answers == {303: 9, 409: 3}
    assert [found["ledger"] for found in last_copies.count().values()] == [[9, 9], [9, 9]]


def test_without_its_lock_the_same_race_is_lost(monkeypatch: pytest.MonkeyPatch):
    """The negative control: this is what the race test above would see if the row lock were taken out."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite låser hela databasen: utan radlås sker ändå en köpare i taget")
    last_copies.fill(COPIES)
    jobs = buyers_here(20)
    all_here, write = threading.Barrier(len(jobs)), stock._write

    def meeting(*args: Any, **options: Any) -> None:
        """Nobody writes before all have read, as no lock keeps them from."""
        all_here.wait(60)
        write(*args, **options)

    unlocked = lambda manager, **_options: manager.all()  # noqa: E731
    monkeypatch.setattr(type(StockLevel.objects), "select_for_update", unlocked)
    monkeypatch.setattr(stock, "_write", meeting)
    assert statuses(all_at_once(jobs)) == {303: 20}
    found = last_copies.count()["FA-1"]
    assert (found["balance"], found["ledger"]) == ([COPIES, 1], [COPIES, 20])


def test_without_its_condition_the_database_still_refuses_but_not_politely(monkeypatch: pytest.MonkeyPatch):
    """The second control: the check taken out, the constraint holds the line with an error instead of a sentence."""
    last_copies.fill(1)

    def unchecked(quantities: Any, *, is_new: bool, **facts: Any) -> None:
        deltas = {pk: stock._Delta(reserved=number) for pk, number in quantities.items()}
        stock._write(
            stock._locked_counted(quantities), deltas, stock._Act(stock.Kind.RESERVE, **facts), is_new=is_new
        )

    monkeypatch.setattr(stock, "reserve", unchecked)
    answers = statuses(all_at_once(buyers_here(3)))
    assert answers == {303: 1, 500: 2}
    assert last_copies.count()["FA-1"]["balance"] == [1, 1]


def test_five_copies_of_one_click_at_once_are_one_order():
    CompanyFactory()
    FreightFactory()
    ProductFactory(skriften=True)
    shopper = Shopper()
    shopper.put("SKRIFTEN", 30)
    form = {**shopper.form(), **KOMMUN, "payment": "card"}
    cookie = shopper.client.cookies.output(header="", sep=";")

    def click() -> tuple[int, str]:
        again = Shopper()
        again.client.cookies.load(cookie)
        answer = again.send(form)
        return answer.status_code, answer.headers["Location"]

    answers = all_at_once([click] * 5)
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 303
    order = Order.objects.get()
    assert order.attempts.count() == 1
    assert StockLevel.objects.get(product__sku="SKRIFTEN").reserved == 30


def test_copies_are_locked_in_one_order_whatever_the_basket_says():
    """Held up at the second product, a buyer holds the first: so nobody can wait for one who waits for them."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite låser hela databasen: där finns ingen ordning")
    last_copies.fill(5, 2)
    first, second = StockLevel.objects.order_by("product_id").values_list("product", flat=True)
    wanted = {second: 1, first: 1}

    def buy() -> None:
        try:
            stock.reserve(wanted, cause="VS-1", actor="test", at=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            StockLevel.objects.select_for_update().get(product=second)
            bought = pool.submit(buy)
            wait_until(lambda: not is_free(first), "the first product is locked")
        bought.result(60)
    assert last_copies.count()["FA-1"]["balance"] == [5, 1]


def is_free(product: int) -> bool:
    """Whether nobody else holds the product's row; the look leaves no lock behind."""
    with transaction.atomic():
        row = StockLevel.objects.select_for_update(skip_locked=True).filter(product=product)
        free = bool(row)
        transaction.set_rollback(True)
    return free
