"""One call to Stripe: its client, its patience, and names for what can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import stripe
from django.conf import settings

from orders.payments.kinds import (
    Broken,
    Busy,
    Denied,
    GatewayError,
    Missing,
    Refused,
    Unavailable,
    seconds_left,
)

T = TypeVar("T")

API_VERSION = "2026-10-28.endive"
CONNECT_SECONDS, READ_SECONDS = 3.0, 6.5
NOT_ALLOWED = {401, 403}

# Telemetry would tell Stripe about our platform and write a file into the home folder.
stripe.enable_telemetry = False


def ask(call: Callable[[stripe.StripeClient], T]) -> T:
    """Make one call and name what can go wrong with it."""
    try:
        return _within(seconds_left(), lambda: _call(call))
    except stripe.StripeError as error:
        raise _named(error) from error


def _call(call: Callable[[stripe.StripeClient], T]) -> T:
    """A connection of its own: one kept from last time may be dead, and nothing here is tried twice."""
    http = stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS))
    try:
        return call(_client(http))
    finally:
        http.close()  # type: ignore[no-untyped-call]


def _client(http: stripe.HTTPClient) -> stripe.StripeClient:
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        stripe_version=API_VERSION,
        base_addresses={"api": settings.STRIPE_API_BASE or stripe.DEFAULT_API_BASE},
        max_network_retries=0,
        http_client=http,
    )


def _within(seconds: float, work: Callable[[], T]) -> T:
    """Wait no longer, even for a slow name server or an answer that trickles in, which no socket timeout ends."""
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stripe")
    try:
        return pool.submit(work).result(timeout=seconds)
    except TimeoutError as error:
        raise Unavailable(f"no answer in {seconds:.0f} s") from error
    finally:
        pool.shutdown(wait=False)


def _named(error: stripe.StripeError) -> GatewayError:
    status, text = error.http_status or 0, str(error)[:300]
    if isinstance(error, stripe.RateLimitError):
        return Unavailable(text)
    if status == 409:
        return Busy(text)
    if status >= 500:
        return Broken(text)
    if status == 404:
        return Missing(text)
    if status in NOT_ALLOWED:
        return Denied(text)
    return Refused(text) if 400 <= status < 500 else Unavailable(text)
