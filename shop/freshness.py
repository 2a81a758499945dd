"""One sign in Redis for everything that readers see: when it is gone, what was kept is old. See docs/adr/0011.

Whoever changes what a reading page shows calls `changed()`. A web process keeps pages, and what it has read for
them, only under the sign that it saw before it began to read.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import get_language

P = ParamSpec("P")
T = TypeVar("T")
Answers = dict[Hashable, Any]

SIGN = "freshness"
# A change shows within a second everywhere: so often is Redis asked, and so old an answer may still be used
# while another thread waits for a Redis that is slow (config.services gives it half a second).
ASK_SECONDS = 0.25
TRUST_SECONDS = 0.75
# The longest that anything is kept. A net for what nobody could tell of: a process that died between its commit
# and its `changed()`, a Redis that was away just then.
KEPT_SECONDS = 60.0
MOST_REMEMBERED = 1000


def changed() -> None:
    """What readers see is another after this transaction, or from now on outside of one."""
    if request := _request.get():
        request.known = None
    transaction.on_commit(take_down, robust=True)


def take_down() -> None:
    """Taken away rather than replaced: the cache tries that even while it lets a silent Redis rest."""
    cache.delete(SIGN)
    watch.ask_again()


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
        self._silences = 0
        self._asked_at = float("-inf")

    def sign(self) -> str | None:
        """The sign as Redis had it a moment ago; None while Redis is silent: then nothing may be kept or used."""
        now = self._clock()
        if now - self._asked_at >= ASK_SECONDS and self._asking.acquire(blocking=False):
            try:
                self._sign = self._heard(self._ask())
                self._asked_at = now
            finally:
                self._asking.release()
        return self._sign if self._clock() - self._asked_at < TRUST_SECONDS else None

    def ask_again(self) -> None:
        """Before it is used the next time: this very process has just taken the sign down."""
        self._asked_at = float("-inf")

    def _heard(self, found: str | None) -> str | None:
        """Another sign after each silence: nobody could tell of changes in it, and Redis may come back as it was."""
        self._silences += found is None
        return f"{found} {self._silences}" if found and self._silences else found


class Memory:
    """What one process has read under one sign: forgotten as a whole with the next, or after a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # One object, so that no thread sees a sign beside the answers of another.
        self._held: tuple[str, float, Answers] = ("", 0.0, {})

    def under(self, sign: str) -> Answers:
        return self._under(sign)[2]

    def until(self, sign: str) -> float:
        """When what is remembered now is forgotten, by the clock: what is made of it may not last longer."""
        return self._under(sign)[1]

    def _under(self, sign: str) -> tuple[str, float, Answers]:
        held = self._held
        if held[0] != sign or self._clock() >= held[1] or len(held[2]) > MOST_REMEMBERED:
            self._held = held = (sign, self._clock() + KEPT_SECONDS, {})
        return held


@dataclass(slots=True)
class Request:
    """`known` is what it has read itself: a page asks for the same more than once. None once it changes something."""

    only_reads: bool
    known: Answers | None = field(default_factory=dict)


watch = Watch()
memory = Memory()
_request: ContextVar[Request | None] = ContextVar("request", default=None)


@contextmanager
def one_request(*, only_reads: bool) -> Iterator[None]:
    """Only a request remembers. One made inside of another, as a preview is, belongs to it."""
    token = _request.set(_request.get() or Request(only_reads))
    try:
        yield
    finally:
        _request.reset(token)


def is_kept() -> bool:
    """Whether this site keeps anything at all."""
    return bool(settings.PAGE_CACHE_MB)


def sign() -> str | None:
    """Under which sign this process may keep pages; None: it may not."""
    return watch.sign() if is_kept() else None


def answers(*, as_shown: bool = False) -> Answers | None:
    """Where answers may be had and left: the process's, the request's own, or none.

    Who may change something decides by nothing that is a moment old, and leaves nothing behind that may be taken
    back; `as_shown` is the exception, see there. From its first change on a request reads everything anew, since
    any of it may be another.
    """
    request = _request.get()
    if request is None or request.known is None:
        return None
    found = sign() if request.only_reads or as_shown else None
    return memory.under(found) if found else request.known


def remembered(read: Callable[P, T]) -> Callable[P, T]:
    """Answer from memory, by arguments and language, until something changes. For what many pages show.

    The answer is shared by requests and threads: nobody may change it, and it may not depend on the clock.
    """
    return _recalling(read, as_shown=False)


def as_shown(read: Callable[P, T]) -> Callable[P, T]:
    """Like remembered, but also while something is ordered: names, prices and terms are those of the page before.

    What nobody may promise twice is never read through it: stock has its row lock. See docs/adr/0022.
    """
    return _recalling(read, as_shown=True)


def _recalling(read: Callable[P, T], *, as_shown: bool) -> Callable[P, T]:
    @wraps(read)
    def recalled(*args: P.args, **kwargs: P.kwargs) -> T:
        known = answers(as_shown=as_shown)
        if known is None:
            return read(*args, **kwargs)
        key = (read, args, tuple(kwargs.items()), get_language())
        if key not in known:
            known[key] = read(*args, **kwargs)
        return cast("T", known[key])

    return recalled
