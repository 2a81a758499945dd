"""One sign in Redis for everything that readers see: when it is gone, what was kept is old. See docs/adr/0011.

Whoever changes what a reading page shows calls `changed()`. A web process keeps pages, and what it has read for
them, only under the sign that it saw before it began to read.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from threading import Lock

from django.core.cache import cache
from django.db import transaction

SIGN = "freshness"
# A change shows within a second everywhere: so often is Redis asked, and so old an answer may still be used
# while another thread waits for a Redis that is slow (config.services gives it half a second).
ASK_SECONDS = 0.25
TRUST_SECONDS = 0.75


def changed() -> None:
    """What readers see is another after this transaction, or from now on outside of one."""
    transaction.on_commit(take_down, robust=True)


def take_down() -> None:
    """Taken away rather than replaced: the cache tries that even while it lets a silent Redis rest."""
    cache.delete(SIGN)


def look_up() -> str | None:
    """The sign in Redis, a new one when there is none; None when Redis does not answer.

    A cache that forgets answers None for a missing sign and for a silent server alike, so only what could be
    read back counts.
    """
    found: str | None = cache.get(SIGN)
    if found is None:
        cache.add(SIGN, secrets.token_urlsafe(12), timeout=None)
        found = cache.get(SIGN)
    return found


class Watch:
    """What one process knows of the sign. Many threads may ask; one of them asks Redis, now and then."""

    def __init__(
        self,
        ask: Callable[[], str | None] = look_up,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._clock = ask, clock
        self._asking = Lock()
        self._sign: str | None = None
        self._asked_at = float("-inf")

    def sign(self) -> str | None:
        """The sign as Redis had it a moment ago; None while Redis is silent: then nothing may be kept or used."""
        now = self._clock()
        if now - self._asked_at >= ASK_SECONDS and self._asking.acquire(blocking=False):
            try:
                self._sign = self._ask()
                self._asked_at = now
            finally:
                self._asking.release()
        return self._sign if self._clock() - self._asked_at < TRUST_SECONDS else None
