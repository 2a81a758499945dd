"""What the rest of payments knows of a payment service: its answers and the ways it can fail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from orders.models import PaymentAttempt

# No single call lasts longer, whatever the network does.
LONGEST_CALL = 7.0
_ends: ContextVar[float | None] = ContextVar("payments_end", default=None)


class GatewayError(Exception):
    """The payment service gave no answer that can be used."""


class Unavailable(GatewayError):
    """No answer, or none now: try again later. What we asked for may have happened all the same."""


class Busy(Unavailable):
    """The same request is being worked on this very moment."""


class Broken(Unavailable):
    """The service failed and remembers so under the key: only another key can succeed."""


class Refused(GatewayError):
    """The service understood and said no; asking again changes nothing."""


class Missing(Refused):
    """The service knows no such session."""


class Forged(GatewayError):
    """A message that the service has not signed, or not lately."""


class Outcome(Enum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Session:
    """A payment page."""

    id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Truth:
    """A session as the payment service sees it now."""

    outcome: Outcome
    amount_ore: int | None
    currency: str
    order_number: str
    reference: str  # of the money: unique at the service, empty while there is none


class Gateway(Protocol):
    """A module that speaks to one payment service."""

    NAME: str

    def create_session(self, attempt: PaymentAttempt) -> Session:
        """Make the attempt's payment page, or find the one made under its key. Raises GatewayError."""

    def fetch(self, session_id: str) -> Truth:
        """Raises GatewayError."""

    def expire(self, session_id: str) -> None:
        """Close the page, so that nobody can pay there. Raises GatewayError; Refused when it is not open."""


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Have all calls inside end within so many seconds together: somebody is waiting for a page."""
    mine, outer = time.monotonic() + seconds, _ends.get()
    token = _ends.set(mine if outer is None else min(mine, outer))
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float:
    """How long the next call may last. Raises Unavailable when the time is spent."""
    end = _ends.get()
    left = LONGEST_CALL if end is None else min(LONGEST_CALL, end - time.monotonic())
    if left <= 0:
        raise Unavailable("tiden är slut")
    return left
