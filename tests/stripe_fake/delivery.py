"""Brings every event to the shop, as badly as a test wants: lost, doubled, delayed, and so out of order."""

from __future__ import annotations

import heapq
import itertools
import random
import threading
import time
from dataclasses import dataclass, field

from tests.stripe_fake import webhooks
from tests.stripe_fake.objects import Json


@dataclass
class Delivery:
    """Shares of 1: `lost` never come, `doubled` come twice, `late` come up to `longest` seconds late.

    Hang `carry` on `Service.carrier`; the seed makes a run what it was. Nothing is tried again: that is the sweep's.
    """

    url: str
    secret: str
    seed: int = 0
    lost: float = 0.1
    doubled: float = 0.2
    late: float = 0.3
    longest: float = 3.0
    answers: list[int] = field(default_factory=list)
    _due: list[tuple[float, int, Json]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def start(self) -> Delivery:
        self._chance = random.Random(self.seed)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """What has not been brought by now is lost."""
        self._ended.set()
        if self._thread:
            self._thread.join(35)

    def carry(self, event: Json) -> None:
        with self._lock:
            if self._chance.random() < self.lost:
                return
            for _copy in range(2 if self._chance.random() < self.doubled else 1):
                wait = self._chance.uniform(0, self.longest) if self._chance.random() < self.late else 0
                heapq.heappush(self._due, (time.monotonic() + wait, next(self._numbers), event))

    def is_idle(self) -> bool:
        with self._lock:
            return not self._due

    def _run(self) -> None:
        while not self._ended.wait(0.01):
            while event := self._next():
                self.answers.append(webhooks.post(self.url, event, self.secret))

    def _next(self) -> Json | None:
        with self._lock:
            if self._due and self._due[0][0] <= time.monotonic():
                return heapq.heappop(self._due)[2]
        return None
