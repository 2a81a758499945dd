"""The kept pages of this process: under which sign of freshness, and until when."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils import timezone

from config.pages.asking import Address
from config.pages.kept import Kept
from config.pages.store import Entry, Store
from config.pages.turning import next_turn
from shop import freshness

# In the WSGI environment: the Wanted page, from the door to the middleware.
WANTED = "vardskapet.wanted"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page that is about to be made: all of this was read before Django began."""

    address: Address
    sign: str
    now: datetime
    clock: float
    until: float


class Pages:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.store = Store(clock)
        self._turn: tuple[str, datetime] | None = None

    def find(self, address: Address, sign: str, titles: int) -> Kept | None:
        """The page as it was kept; with a cart count it is derived from that and kept beside it."""
        entry = self.store.get(address, sign)
        if entry is None or not titles:
            return entry.page if entry else None
        key = (address, titles)
        if (counted := self.store.get(key, sign)) is None:
            counted = Entry(entry.page.counted(titles), entry.until)
            self._put(key, sign, counted)
        return counted.page

    def wanted(self, address: Address, sign: str) -> Wanted:
        return Wanted(address, sign, timezone.now(), self._clock(), freshness.memory.until(sign))

    def keep(self, wanted: Wanted, page: Kept) -> None:
        turn = wanted.clock + (self._next_turn(wanted) - wanted.now).total_seconds()
        self._put(wanted.address, wanted.sign, Entry(page, min(turn, wanted.until)))

    def _put(self, key: object, sign: str, entry: Entry) -> None:
        self.store.put(key, sign, entry, settings.PAGE_CACHE_MB * MEGABYTE)

    def _next_turn(self, wanted: Wanted) -> datetime:
        """Asked of the database once for each sign, and again when it has come."""
        known = self._turn
        if known is None or known[0] != wanted.sign or known[1] <= wanted.now:
            self._turn = known = (wanted.sign, next_turn(wanted.now))
        return known[1]


@cache
def pages() -> Pages:
    return Pages()
