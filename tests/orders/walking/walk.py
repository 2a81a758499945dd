"""The walk itself: a seeded clock and die, and what a step has to say and to expect."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from notifications.models import Message
from orders.models import (
    Complaint,
    HistoryLine,
    Order,
    Payment,
    Quote,
    Refund,
    Shipment,
    Withdrawal,
    WithdrawnLine,
)
from shop.models import StockLevel, StockMovement
from tests.factories import NOON
from tests.orders.walking.books import Books, Box, Known

Refusal = type[Exception] | None
REMEMBERED = 25  # steps that a failure tells of
RECENT = 12  # orders that most steps choose from
REPEATS = 0.2  # how often a step is done again, to see that nothing comes of it


class Walk:
    """One walk. `books` is told what each step should have done; the recount compares it with the database."""

    def __init__(self, seed: int) -> None:
        self.seed, self.die = seed, random.Random(seed)
        self.now: datetime = NOON
        self.books = Books()
        self.skus: dict[str, int] = {}
        self.said: deque[str] = deque(maxlen=REMEMBERED)
        self.number = 0  # of steps
        self.approves = False  # whether new invoice customers wait for somebody's yes

    # --- Choosing ---------------------------------------------------------------------------------
    def chance(self, probability: float) -> bool:
        return self.die.random() < probability

    def an_order(self, *states: str) -> Known | None:
        """Most often a late one; of those states, if any are named."""
        known = [order for order in self.books.orders.values() if not states or order.state in states]
        if not known:
            return None
        return self.die.choice(known[-RECENT:] if self.chance(0.85) else known)

    def a_box(self) -> tuple[Known, int, Box] | None:
        known = [order for order in self.books.orders.values() if order.boxes]
        if not known:
            return None
        order = self.die.choice(known[-RECENT:] if self.chance(0.85) else known)
        pk = self.die.choice(list(order.boxes))
        return order, pk, order.boxes[pk]

    def a_product(self) -> int:
        return self.die.choice(list(self.books.shelf))

    def some_of(self, copies: dict[int, int]) -> dict[int, int]:
        """Some of those copies, at least one."""
        part = {pk: self.die.randint(0, number) for pk, number in copies.items()}
        return {pk: number for pk, number in part.items() if number} or {next(iter(copies)): 1}

    def tick(self, clock: time_machine.Traveller) -> None:
        """Histories are written by the clock on the wall: it goes as the walk does."""
        self.number += 1
        self.now += timedelta(seconds=self.die.randint(1, 240))
        clock.move_to(self.now)

    # --- Doing ------------------------------------------------------------------------------------
    def say(self, words: str) -> None:
        self.said.append(f"{self.number}: {words}")

    def does(self, words: str, act: Callable[[], Any], refused: Refusal = None) -> bool:
        """Do it, or see it refused without a trace. Whether it was done; now and then it is done twice."""
        self.say(f"{words}{f' (expects {refused.__name__})' if refused else ''}")
        if refused:
            before = traces()
            with pytest.raises(refused):
                act()
            assert traces() == before, "a refusal left a trace"
            return False
        act()
        if self.chance(REPEATS):
            self.again(act)
        return True

    def nothing_comes_of(self, words: str, act: Callable[[], Any]) -> None:
        """The same act once more, or one whose time has not come."""
        self.say(f"{words} (expects nothing)")
        self.again(act)

    def again(self, act: Callable[[], Any]) -> None:
        before = traces()
        act()
        assert traces() == before, "what should change nothing left a trace"

    def read_boxes(self, order: Known) -> dict[int, tuple[str, dict[int, int]]]:
        """The order's parcels as they are in the database."""
        rows = Shipment.objects.filter(order=order.pk).values_list(
            "pk", "state", "lines__line", "lines__quantity"
        )
        found: dict[int, tuple[str, dict[int, int]]] = {}
        for pk, state, line, quantity in rows:
            _state, copies = found.setdefault(pk, (state, {}))
            if line:
                copies[line] = quantity
        return found

    def adopt_boxes(self, order: Known, expected: list[Box]) -> None:
        """The parcels that the last step made: as many as expected, with just those copies."""
        rows = Shipment.objects.filter(order=order.pk).exclude(pk__in=list(order.boxes)).order_by("pk")
        made = {
            row.pk: Box(row.state, dict(row.lines.values_list("line", "quantity")), row.delivery_id)
            for row in rows
        }
        as_told = sorted((str(box.to), box.state, sorted(box.copies.items())) for box in expected)
        assert (
            sorted((str(box.to), box.state, sorted(box.copies.items())) for box in made.values()) == as_told
        )
        order.boxes.update(made)

    def open_refunds(self, order: Known) -> int:
        return sum(row.amount_ore for row in Refund.objects.open().filter(order=order.pk))


def traces() -> list[Any]:
    """What any step would add to or change."""
    levels = list(StockLevel.objects.order_by("pk").values_list("on_hand", "reserved"))
    states = [
        dict.fromkeys(model._default_manager.order_by("-pk").values_list("pk", "state")[:60])
        for model in (Order, Shipment, Refund, Withdrawal, Complaint, Quote)
    ]
    counts = [
        model._default_manager.count()
        for model in (
            HistoryLine,
            StockMovement,
            Payment,
            Message,
            Refund,
            Withdrawal,
            WithdrawnLine,
            Complaint,
        )
    ]
    return [levels, states, counts]
