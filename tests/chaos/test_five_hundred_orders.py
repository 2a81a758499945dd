"""Five hundred orders while everything that can be struck is struck: nothing is lost, and all is final soon after."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.chaos.servers import Broker, Database
from tests.harness import mail
from tests.stack import CARD, INVOICE, Stack, Visitor, hidden_fields, wait_until
from tests.stripe_fake import StripeServer, webhooks
from tests.stripe_fake.objects import Json

pytestmark = [pytest.mark.chaos, pytest.mark.long]

ORDERS = 500
BUYERS = 6
PATIENCE = 90  # seconds in which a buyer presses the button again
FAST = {
    "LETTER_SWEEP_SECONDS": "2",
    "LETTER_LEASE_SECONDS": "8",
    "PAYMENT_SWEEP_SECONDS": "2",
    "LIMITS": "off",  # all buyers stand behind one address here
}
# What happens to Stripe's events, in turn; Stripe itself promises only that they come some time, more than once.
KILLS = 10
FATES = ("told", "lost", "doubled", "late", "paid later, told backwards")


@dataclass
class Place:
    """The product, and all that it stands on."""

    stack: Stack
    database: Database
    broker: Broker
    stripe: StripeServer
    mailbox: mail.Sink
    late: list[Json] = field(default_factory=list)
    killed: int = 0
    turn: int = 0  # how many shares of the orders may come by now

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database.url, autocommit=True) as connection:
            return connection.execute(question.encode()).fetchall()

    def tell(self, *events: Json) -> None:
        for event in events:
            webhooks.post(self.stack.url + webhooks.PATH, event, self.stripe.webhook_secret)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    database, broker, stripe = Database(), Broker(tmp_path), StripeServer().start()
    sink, controller = mail.start()
    environment = {
        "DATABASE_URL": database.url,
        "REDIS_URL": broker.url,
        "EMAIL_URL": sink.url,
        "STRIPE_SECRET_KEY": stripe.api_key,
        "STRIPE_WEBHOOK_SECRET": stripe.webhook_secret,
        "STRIPE_API_BASE": stripe.url,
    }
    try:
        with Stack(tmp_path, **FAST, **environment) as stack:
            yield Place(stack, database, broker, stripe, sink)
    finally:
        controller.stop()
        stripe.stop()
        broker.stop()
        database.stop()


# --- The buyers -----------------------------------------------------------------------------------
def again(what: Callable[[], requests.Response]) -> requests.Response:
    """What a patient buyer does: presses the button until the answer is a page."""
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(requests.RequestException):
            answer = what()
            if answer.status_code < 500:
                return answer
        assert time.monotonic() < end, "no answer"
        time.sleep(0.5)


def buy(place: Place, number: int, turn: int) -> None:
    """One order of one booklet, when its turn has come: every second on invoice, the others by card."""
    while place.turn <= turn:
        time.sleep(0.1)
    visitor = Visitor(place.stack.url)
    fields = {**(INVOICE if number % 2 else CARD), "email": f"kop-{number}@bjorkvik.example"}
    again(lambda: visitor.post("/varukorg/lagg-till/", sku="SKRIFTEN", quantity=1))
    hidden = hidden_fields(again(lambda: visitor.get("/kassa/")).text)
    page = again(lambda: visitor.post("/kassa/", **hidden, **fields))
    while "/kassa/vantar/" in page.url:  # the payment service or the shop was away: another try
        time.sleep(0.5)
        waiting = page.url.partition("?")[0]
        page = again(lambda: visitor.post(waiting))  # noqa: B023
    if number % 2 == 0:
        session = page.url.rpartition("/")[2]
        pay(place, session, FATES[number // 2 % len(FATES)])
        if number % 3 == 0:  # comes back; the others close the window
            home = str(place.stripe.service.sessions[session]["success_url"])
            again(lambda: visitor.get(home))


def pay(place: Place, session: str, fate: str) -> None:
    service = place.stripe.service
    if fate == "paid later, told backwards":
        first = service.pay_later(session)
        place.tell(service.succeed(session), first)
        return
    event = service.pay(session)
    if fate == "late":
        place.late.append(event)
    place.tell(*[event] * {"told": 1, "doubled": 2}.get(fate, 0))


# --- The faults -----------------------------------------------------------------------------------
def kill_workers(place: Place) -> None:
    """In the middle of its work: it has just sent something."""
    before = len(place.mailbox.messages)
    wait_until(lambda: len(place.mailbox.messages) > before, within=90, what="a worker at work", every=0.05)
    for pid in place.stack.worker_pids():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            place.killed += 1


def strikes(place: Place) -> list[Callable[[], None]]:
    """Ten dead workers; Redis emptied twice and restarted twice; the database restarted once."""
    broker, database = place.broker, place.database
    more = [broker.empty, broker.restart, database.restart, broker.empty, broker.restart]
    whole: list[Callable[[], None]] = []
    for strike in range(KILLS):
        whole.append(lambda: kill_workers(place))
        if strike % 2:
            whole.append(more[strike // 2])
    return whole


# --- What must hold -------------------------------------------------------------------------------
def is_final(place: Place) -> bool:
    """Whether everything is as it will stay; else it prints what is not, for a run that fails."""
    left = unfinished(place)
    print(left)
    return not left


def unfinished(place: Place) -> dict[str, int]:
    [[orders]] = place.ask("SELECT count(*) FROM orders_order WHERE state <> 'confirmed'")
    [[attempts]] = place.ask("SELECT count(*) FROM orders_paymentattempt WHERE state IN ('created', 'open')")
    [[letters]] = place.ask("SELECT count(*) FROM notifications_message WHERE state <> 'sent'")
    found = {"orders": orders, "attempts": attempts, "letters": letters}
    return {name: number for name, number in found.items() if number}


def test_five_hundred_orders_keep_letters_and_money_whatever_is_struck(place):
    faults, begun = strikes(place), time.monotonic()
    with ThreadPoolExecutor(BUYERS) as buyers:
        share = ORDERS / len(faults)
        orders = [buyers.submit(buy, place, number, int(number / share)) for number in range(ORDERS)]
        try:
            for fault in faults:  # while a share of the orders is on its way
                place.turn += 1
                time.sleep(1)
                fault()
        finally:
            place.turn = ORDERS  # nobody waits for ever for a turn that a failed run does not give
        struck = time.monotonic()
        for order in orders:
            order.result()
    place.tell(*place.late)
    wait_until(
        lambda: is_final(place), within=120 - (time.monotonic() - struck), what="everything final", every=1
    )
    ended = time.monotonic()
    print(
        f"\n{ORDERS} orders, {len(faults)} faults in {struck - begun:.0f} s, {place.killed} processes killed, "
        f"{len(place.mailbox.messages)} mails, final {ended - struck:.0f} s after the last fault"
    )

    orders = place.stack.manage("orders")
    assert len(orders) == ORDERS
    paid = {row["number"]: row["paid_ore"] for row in orders if row["paid_ore"]}
    assert paid == place.stripe.service.report()["by_order"]
    assert Counter(row["payment"] for row in orders) == {"paid": ORDERS // 2, "unpaid": ORDERS // 2}

    letters = place.stack.manage("letters")
    assert Counter(row["letter"] for row in letters) == {"order-confirmation": ORDERS}
    sent = Counter(str(message["Message-ID"]) for message in place.mailbox.messages)
    assert set(sent) == {row["message_id"] for row in letters}
    assert sum(sent.values()) - ORDERS <= place.killed

    [shelf] = [row for row in place.stack.manage("stock") if row["sku"] == "SKRIFTEN"]
    assert shelf["reserved"] == ORDERS
