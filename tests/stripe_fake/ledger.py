"""What everything in the fake Stripe shares: the clock, the money that was taken, and the events told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import stripe

from tests.stripe_fake import objects
from tests.stripe_fake.errors import Refusal
from tests.stripe_fake.objects import Json


@dataclass(frozen=True)
class Money:
    """One payment that was taken."""

    intent: str
    order_number: str
    amount_ore: int
    currency: str


@dataclass
class Ledger:
    """`clock` gives epoch seconds; tests may stop and move it."""

    home: str = "http://stripe.invalid"
    clock: Callable[[], float] = time.time
    intents: dict[str, Json] = field(default_factory=dict)
    charges: dict[str, Json] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)
    carrier: Callable[[Json], None] | None = None  # takes each event to the shop, see delivery.Delivery
    lock: threading.RLock = field(default_factory=threading.RLock)

    def intent(self, intent_id: str) -> Json:
        return found(self.intents, intent_id, "payment_intent")

    def advance(self, seconds: float) -> None:
        before = self.clock
        self.clock = lambda: before() + seconds

    def now(self) -> int:
        return int(self.clock())

    def told(self, kind: str, found: Json) -> Json:
        """An event about a thing as it is now; whether it comes to the shop is the test's business."""
        event = objects.event(kind, found, now=self.now(), api_version=stripe.api_version or "")
        self.events.append(event)
        if self.carrier:
            self.carrier(event)
        return event


def found(things: dict[str, Json], name: str, kind: str) -> Json:
    if name not in things:
        raise Refusal(404, "resource_missing", f"No such {kind}: '{name}'", param="id")
    return things[name]
