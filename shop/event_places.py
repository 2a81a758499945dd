"""Where events and orders meet without knowing each other: paid places are sold as orders. See docs/adr/0033.

Orders offer a `Seller`, the calendar asks to hear when an order is off; each registers its side when it is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.http import QueryDict

from shop.money import Money

SKU = "PLATS-"


@dataclass(frozen=True, slots=True)
class Sale:
    """Places at one event, at the event's price (incl. VAT) and rate (25, not 0.25) of this moment.

    `key` makes one order of one sign-up; `details` are what the buyer's form answered.
    """

    key: str
    event: int
    name: str
    quantity: int
    price: Money
    percent: int
    email: str
    language: str
    details: Mapping[str, Any]

    @property
    def sku(self) -> str:
        return f"{SKU}{self.event}"


class BuyerForm(Protocol):
    """The part of a sign-up's form that says who pays; `details` only of a valid one."""

    @property
    def details(self) -> dict[str, Any]: ...

    @property
    def faults(self) -> list[tuple[str, str]]: ...

    def is_valid(self) -> bool: ...

    def add_error(self, field: str | None, error: str) -> None: ...


class GivenBack(Protocol):
    def __call__(self, number: str, *, by_guest: bool, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Seller:
    """What orders do for events. Orders are named by their numbers.

    `place` joins the caller's transaction and answers the order's number. `hold` locks an order's row: whoever wants
    an event's row too takes it after that. `given_back` has staff decide on the money of a held order whose
    places are free again, and `if_given_back` tells a guest beforehand, in the current language, what that will mean;
    `call_off` calls it off because there will be no event, in a transaction of its own.
    """

    form: Callable[[QueryDict | None], BuyerForm]
    place: Callable[[Sale, datetime], str]
    hold: Callable[[str], None]
    given_back: GivenBack
    if_given_back: Callable[[str, datetime], str]
    call_off: Callable[[str, datetime], None]


_sellers: list[Seller] = []
_listeners: list[Callable[[str, datetime], None]] = []


def sold_by(seller: Seller) -> None:
    _sellers[:] = [seller]


def tell(listener: Callable[[str, datetime], None]) -> None:
    """`listener` hears of each order of places that is off, in that order's transaction, its row locked."""
    _listeners[:] = [listener]


def seller() -> Seller:
    return _sellers[0]


def is_off(number: str, *, now: datetime) -> None:
    for listener in _listeners:
        listener(number, now)
