"""The kept pages of one process: never more than a number of bytes and of pages, the least asked for leave first."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from config.pages.kept import Kept

MOST_PAGES = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    page: Kept
    until: float  # by the store's clock


class Store:
    """All of its pages were made under one sign; asking with another empties it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._sign = ""
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, sign: str) -> Entry | None:
        with self._lock:
            self._turn_to(sign)
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry.until <= self._clock():
                self._take_out(key)
                return None
            self._entries.move_to_end(key)
            return entry

    def put(self, key: Hashable, sign: str, entry: Entry, most_bytes: int) -> None:
        """Leave the entry out when its sign is no longer the one in use: something changed while it was made."""
        with self._lock:
            if sign != self._sign or entry.page.size > most_bytes:
                return
            self._take_out(key)
            self._entries[key] = entry
            self._bytes += entry.page.size
            while self._bytes > most_bytes or len(self._entries) > MOST_PAGES:
                self._take_out(next(iter(self._entries)))

    def clear(self) -> None:
        with self._lock:
            self._turn_to("")

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def bytes(self) -> int:
        return self._bytes

    def _turn_to(self, sign: str) -> None:
        if sign != self._sign:
            self._entries.clear()
            self._bytes, self._sign = 0, sign

    def _take_out(self, key: Hashable) -> None:
        if (entry := self._entries.pop(key, None)) is not None:
            self._bytes -= entry.page.size
