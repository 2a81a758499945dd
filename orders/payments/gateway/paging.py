"""Stripe's lists, page by page, and small readings that several of its objects share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypedDict, TypeVar

import stripe

from orders.payments.gateway.calls import ask

MOST_A_PAGE = 100

Row = TypeVar("Row", bound=stripe.StripeObject)


class Period(TypedDict):
    gte: int
    lt: int


def period(since: datetime, until: datetime) -> Period:
    return {"gte": int(since.timestamp()), "lt": int(until.timestamp())}


def every(
    page: Callable[[stripe.StripeClient, Any], stripe.ListObject[Row]], wanted: dict[str, Any]
) -> Iterator[Row]:
    """All rows of a list, newest first. Raises GatewayError at the page that does not come."""
    params = {**wanted, "limit": MOST_A_PAGE}
    while True:
        found = _page(page, params)
        yield from found.data
        if not found.has_more or not found.data:
            return
        params["starting_after"] = found.data[-1]["id"]


def _page(
    page: Callable[[stripe.StripeClient, Any], stripe.ListObject[Row]], params: dict[str, Any]
) -> stripe.ListObject[Row]:
    return ask(lambda client: page(client, params))


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def id_of(thing: Any) -> str:
    """Stripe names a thing by its id, or shows it whole."""
    return (thing if isinstance(thing, str) else str(thing.id)) if thing else ""


def word(metadata: Any, name: str) -> str:
    """A word of ours in an object's metadata; empty when the object was made by somebody else."""
    return str(metadata[name]) if metadata and name in metadata else ""
