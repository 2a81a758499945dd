"""A Stripe whose clock stands at noon, and orders that wait for their money."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from orders import operations
from orders.models import Order, PaymentAttempt, Refund
from orders.payments import begin as opening
from orders.payments import kinds, refunding
from orders.payments import settle as settling
from orders.payments.begin import begin
from orders.payments.gateway import calls
from orders.payments.settle import settle_order
from shop.money import Money
from tests.factories import NOON, OrderFactory
from tests.stripe_fake import StripeServer
from tests.stripe_fake.fixtures import stripe_server  # noqa: F401  until tests/conftest.py has it
from tests.stripe_fake.objects import Json
from tests.stripe_fake.webhooks import deliver

Tell = Callable[..., list[int]]
PATIENCE = (
    (calls, "CONNECT_SECONDS"),
    (calls, "READ_SECONDS"),
    (kinds, "LONGEST_CALL"),
    (opening, "PAGE_SECONDS"),
    (settling, "PAGE_SECONDS"),
    (refunding, "ASK_SECONDS"),
)


@pytest.fixture
def stripe(stripe_server: StripeServer, monkeypatch: pytest.MonkeyPatch) -> StripeServer:  # noqa: F811
    """Whatever a test does, no transaction may be open while Stripe is spoken to.

    And the shop waits a minute for it, unless the test is about that: seconds are too few on a busy machine.
    """
    stripe_server.service.clock = NOON.timestamp
    for owner, name in PATIENCE:
        monkeypatch.setattr(owner, name, 60.0)
    monkeypatch.setattr(opening, "BUSY_PAUSES", (0.1,) * 600)
    real, own = calls._within, len(connection.atomic_blocks)

    def watched(seconds: float, work: Callable[[], Any]) -> Any:
        assert len(connection.atomic_blocks) <= own, "a transaction waits for Stripe"
        return real(seconds, work)

    monkeypatch.setattr(calls, "_within", watched)
    return stripe_server


@pytest.fixture
def tell(client: Client, stripe: StripeServer) -> Tell:
    """tell(event, event, copies=5): have Stripe deliver events; the answers' statuses."""

    def send(*events: Json, copies: int = 1) -> list[int]:
        return [deliver(client, stripe, event) for event in events for _copy in range(copies)]

    return send


def placed(method: str = "card", **facts: Any) -> Order:
    order: Order = OrderFactory(method=method, **facts)
    return order


def waiting(method: str = "card", *, now: datetime = NOON, **facts: Any) -> tuple[Order, PaymentAttempt]:
    """An order whose buyer stands on the payment page."""
    order = placed(method, **facts)
    begin(order, now=now)
    return order, order.attempts.get()


def paid(stripe: StripeServer, method: str = "card", **facts: Any) -> Order:
    """An order whose money Stripe holds, booked by the page that waits."""
    order, attempt = waiting(method, **facts)
    stripe.service.pay(attempt.session_id)
    return settle_order(order, now=NOON)


def intent(order: Order) -> str:
    """Stripe's name for the money of an order."""
    return order.payments.get(kind="payment").reference


def plan(order: Order, *, ore: int | None = None, key: str = "prov", now: datetime = NOON) -> Refund:
    """Plan to send money back, all of it unless told."""
    refund = try_to_plan(order, ore=ore, key=key, now=now)
    assert refund is not None
    return refund


def try_to_plan(
    order: Order, *, ore: int | None = None, key: str = "prov", now: datetime = NOON
) -> Refund | None:
    with transaction.atomic():
        locked = operations.lock(order.pk)
        amount = locked.held if ore is None else Money(ore)
        return operations.plan_refund(locked, key=key, amount=amount, reason="Prov", actor="maja", now=now)


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def attempts(order: Order) -> list[str]:
    return [attempt.state for attempt in order.attempts.order_by("pk")]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at the same moment, each with a database connection of its own; their answers in order."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            start.wait(60)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result(120) for done in [pool.submit(run, job) for job in jobs]]
