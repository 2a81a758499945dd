"""What the rest of payments knows of a payment service: its answers and the ways it can fail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from orders.models import PaymentAttempt, Refund
from orders.states import RefundState

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
    """The service knows no such thing."""


class Denied(Refused):
    """The service does not take our key: no fault of what we asked for."""


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


@dataclass(frozen=True, slots=True)
class RefundTruth:
    """A refund as the payment service sees it now."""

    id: str
    state: RefundState  # pending, succeeded or failed
    amount_ore: int
    currency: str
    reference: str  # of the money that it is taken from
    marker: str  # the pk of our row; empty for one that was made elsewhere
    failure: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MoneyTruth:
    """Money that the payment service has taken."""

    reference: str
    amount_ore: int
    currency: str
    order_number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeTruth:
    """A payment that the buyer's bank wants back."""

    id: str
    reference: str  # of the money
    amount_ore: int
    currency: str
    reason: str
    status: str  # the service's own word, see Dispute.Status
    evidence_due: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutTruth:
    """What the payment service has sent to our bank, several payments less fees in one sum."""

    id: str
    amount_ore: int  # less than zero when it was taken from our bank
    currency: str
    status: str
    arrives_on: date
    at: datetime


class Gateway(Protocol):
    """A module that speaks to one payment service."""

    NAME: str

    def create_session(self, attempt: PaymentAttempt) -> Session:
        """Make the attempt's payment page, or find the one made under its key. Raises GatewayError."""

    def fetch(self, session_id: str) -> Truth:
        """Raises GatewayError."""

    def expire(self, session_id: str) -> None:
        """Close the page, so that nobody can pay there. Raises GatewayError; Refused when it is not open."""

    def create_refund(self, refund: Refund) -> RefundTruth:
        """Send money back, or find what was sent under its key. Raises GatewayError."""

    def fetch_refund(self, refund_id: str) -> RefundTruth:
        """Raises GatewayError."""

    def refunds_of(self, reference: str) -> list[RefundTruth]:
        """All that was sent back of one payment. Raises GatewayError."""

    def fetch_dispute(self, dispute_id: str) -> DisputeTruth:
        """Raises GatewayError."""

    def fetch_payout(self, payout_id: str) -> PayoutTruth:
        """Raises GatewayError."""

    def fetch_money(self, reference: str) -> MoneyTruth:
        """Raises GatewayError."""

    # What the service made from `since` until before `until`, page by page. Raise GatewayError on the way.
    def money_taken(self, since: datetime, until: datetime) -> Iterator[MoneyTruth]: ...

    def refunds(self, since: datetime, until: datetime) -> Iterator[RefundTruth]: ...

    def disputes(self, since: datetime, until: datetime) -> Iterator[DisputeTruth]: ...

    def payouts(self, since: datetime, until: datetime) -> Iterator[PayoutTruth]: ...

    def dispute_page(self, dispute_id: str) -> str:
        """Where staff answer it."""


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
        raise Unavailable("the time is up")
    return left
