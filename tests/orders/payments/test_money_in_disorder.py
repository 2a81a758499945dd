"""Everything that money can do, and events that are lost, doubled and shuffled: the books agree to the öre."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications.models import Message
from orders import operations
from orders.models import Difference, Order, Refund
from orders.payments import comparing, sweep
from orders.payments.settle import settle
from orders.states import Agreement
from tests.factories import NOON
from tests.orders.payments.conftest import Tell, try_to_plan, waiting
from tests.stripe_fake import StripeServer

pytestmark = pytest.mark.django_db

FAULTS: list[dict[str, Any]] = [
    {"drop": True, "after_commit": True},
    {"status": 500, "after_commit": True},
    {"status": 500},
    {"status": 429},
    {"drop": True},
]


class Disorder:
    """A day at the shop, as its seed has it."""

    def __init__(self, seed: int, stripe: StripeServer, tell: Tell) -> None:
        self.chance, self.stripe, self.tell = random.Random(seed), stripe, tell
        self.now: datetime = NOON

    def run(self, orders: int) -> None:
        for _place in range(orders):
            self._one_order()
            self._deliver()
        for _round in range(6):
            self.now += timedelta(hours=2)
            self._sweep()
        self.stripe.service.clock = (self.now + timedelta(hours=1)).timestamp
        comparing.compare(now=self.now + timedelta(hours=1))

    def _one_order(self) -> None:
        order, attempt = waiting(self.chance.choice(["card", "swish", "klarna"]), now=NOON)
        service, session = self.stripe.service, attempt.session_id
        self._maybe(0.2, lambda: operations.lapse(order.pk, now=NOON + timedelta(minutes=30)))
        self._maybe(0.3, lambda: self.stripe.fail("create_refund", **self.chance.choice(FAULTS)))
        if not self._maybe(0.9, lambda: service.pay(session)):
            return
        self._maybe(0.7, lambda: settle(attempt.pk, now=self.now))
        self._maybe(0.2, lambda: self._cancel(order))
        self._maybe(0.4, lambda: try_to_plan(order, ore=self.chance.randint(1, 40_00), key=f"a{order.pk}"))
        self._maybe(0.6, lambda: sweep.send_refunds(now=self.now))
        name = service.session(session)["payment_intent"]
        self._maybe(0.2, lambda: self._in_the_dashboard(name))
        self._maybe(0.3, self._bounce)

    def _maybe(self, share: float, act: Any) -> bool:
        if self.chance.random() >= share:
            return False
        act()
        return True

    def _cancel(self, order: Order) -> None:
        if Order.objects.get(pk=order.pk).state in {Agreement.PLACED, Agreement.CONFIRMED}:
            operations.cancel(order.pk, actor="maja", cause="Köparen ringde", now=self.now)

    def _in_the_dashboard(self, intent: str) -> None:
        if self.stripe.service._left(self.stripe.service.intent(intent)) >= 5_00:
            self.stripe.service.refund_by_hand(intent, 5_00)

    def _bounce(self) -> None:
        sent = [row["id"] for row in self.stripe.service.refunds.values() if row["status"] == "succeeded"]
        if sent:
            self.stripe.service.fail_refund(self.chance.choice(sent))

    def _deliver(self) -> None:
        """One in four is lost, one in four comes twice, and none in its order."""
        told, self.stripe.service.events = self.stripe.service.events, []
        events = [event for event in told for _copy in range(self.chance.choice([0, 1, 1, 2]))]
        self.chance.shuffle(events)
        self.tell(*events)

    def _sweep(self) -> None:
        sweep.settle_unsettled(now=self.now)
        sweep.handle_waiting_events(now=self.now)
        sweep.send_refunds(now=self.now)


def assert_in_order(stripe: StripeServer) -> None:
    report = stripe.service.report()
    for order in Order.objects.all():
        assert order.paid.ore == report["by_order"].get(order.number, 0), order
        assert order.refunded.ore == report["sent_back_by_order"].get(order.number, 0), order
        letters = Message.objects.filter(about=order.number, letter="order-confirmation").count()
        assert letters <= 1
        assert (letters == 1) == order.history.filter(machine="agreement", new="confirmed").exists()
    assert not Difference.objects.open().exists(), list(Difference.objects.open().values())
    unsent = Refund.objects.exclude(state__in=["succeeded", "failed", "cancelled"])
    assert not unsent.exists(), list(unsent.values())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_stripe_says_and_what_the_orders_say_is_the_same_to_the_ore(stripe, tell, seed):
    Disorder(seed, stripe, tell).run(orders=12)
    assert_in_order(stripe)


@pytest.mark.chaos
@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
def test_the_same_with_many_more(stripe, tell, seed):
    Disorder(seed, stripe, tell).run(orders=60)
    assert_in_order(stripe)
