"""Where events and orders meet without knowing each other: paid places are sold as orders. See docs/adr/0033.

Orders offer a `Seller`, the calendar a `Host`; each registers its side when it is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from django.http import HttpRequest, HttpResponseBase, QueryDict

from shop.money import Money

SKU = "PLATS-"


class By(StrEnum):
    """Who ended an order of places."""

    CLOCK = "clock"
    BUYER = "buyer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Sale:
    """Places at one event, at the event's price (incl. VAT) and rate (25, not 0.25) of this moment.

    `key` makes one order of one sign-up; `details` are what the buyer's form answered. `by` is who in the staff took
    it by phone; the buyer is then mailed a link to pay by, and the places are held for so long as `hold` says.
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
    by: str = ""
    hold: timedelta | None = None

    @property
    def sku(self) -> str:
        return f"{SKU}{self.event}"


@dataclass(frozen=True, slots=True)
class Placed:
    """An order of places. One that `is_to_pay` stands when its money has come, and not before."""

    number: str
    is_to_pay: bool


@dataclass(frozen=True, slots=True)
class Unpaid:
    """What is left to pay of an order, and until when its places are held for that."""

    due: Money
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Bought:
    """An order of places as their guest sees it: the address of its own page, what it costs, how far the money has
    come, and what has become of it since, if anything; sentences in the language in use.
    """

    number: str
    address: str
    total: Money
    paid: str
    since: Sequence[str]


class Times(NamedTuple):
    """Of an event, which `is_off` when we have cancelled it."""

    begins: datetime
    ends: datetime
    is_off: bool


class BuyerForm(Protocol):
    """The part of a sign-up's form that says who pays and how; `details`, `told` and `on_invoice` only of a valid one.

    `told` are all its answers for people to read, as (label, text); `answers` those that may be kept for who has to
    wait, by field.
    """

    fields: Any
    data: Any

    def __getitem__(self, name: str) -> Any: ...

    @property
    def details(self) -> dict[str, Any]: ...

    @property
    def answers(self) -> dict[str, str]: ...

    @property
    def told(self) -> list[tuple[str, str]]: ...

    @property
    def on_invoice(self) -> bool: ...

    @property
    def is_private(self) -> bool: ...

    @property
    def faults(self) -> list[tuple[str, str]]: ...

    def is_valid(self) -> bool: ...

    def add_error(self, field: str | None, error: str) -> None: ...


class GivenBack(Protocol):
    """`told` is who in the staff the guest has said it to, who else has cancelled on the sign-up's page."""

    def __call__(self, number: str, *, by_guest: bool, told: str = "", now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Seller:
    """What orders do for events. Orders are named by their numbers.

    `form` takes what was sent, or what an unsent form begins with, as does `form_by_phone`, which staff fill in.
    `fitting` is what an unsent form may begin with of `answers` that were kept: none that a form of today would refuse.
    `place` joins the caller's transaction. `pay` asks the payment service and answers where the buyer goes: to the
    payment page, or to the order's own pages; whoever sent a form once more, and `asked` for something else than was
    ordered, is shown the order as it stands. `bought` tells a guest of the order. `close` asks the payment service too:
    whether nobody has paid, and nobody can any more. `hold` locks an order's row: whoever wants an event's row too
    takes it after that. `given_back` has staff decide on the money of a held order whose places are free again, and
    ends one that nobody has paid; `if_given_back` tells a guest beforehand, in the current language, what that will
    mean, and `withdraw_by` until when cancelling is withdrawing, None when it is not or no more. `call_off` calls it
    off because there will be no event, in a transaction of its own; `ask_anew` has staff decide once more on the money
    of places that had been given back, and judged, before that.
    """

    form: Callable[[QueryDict | None, Mapping[str, Any] | None], BuyerForm]
    form_by_phone: Callable[[QueryDict | None, Mapping[str, Any] | None], BuyerForm]
    fitting: Callable[[object], dict[str, str]]
    place: Callable[[Sale, datetime], Placed]
    pay: Callable[[HttpRequest, str, Mapping[str, Any] | None, datetime], HttpResponseBase]
    unpaid: Callable[[str], Unpaid]
    bought: Callable[[str], Bought]
    close: Callable[[str, datetime], bool]
    hold: Callable[[str], None]
    given_back: GivenBack
    if_given_back: Callable[[str, datetime], str]
    withdraw_by: Callable[[str, datetime], date | None]
    call_off: Callable[[str, datetime], None]
    ask_anew: Callable[[Collection[str], datetime], None]


@dataclass(frozen=True, slots=True)
class Host:
    """What the calendar does for orders of places, in the order's transaction, its row locked.

    `is_paid` hears of each that stands from now on, `is_off` of each that has ended. `takes_again` answers whether one
    that has lapsed, and is paid now, may have its places back, and holds them then. `event_page` is the address of the
    event's page, `signup_page` of the guest's own, empty when there is none any more, and `times` tells when the events
    of such orders are, those that are still known: neither needs a lock.
    """

    is_paid: Callable[[str, datetime], None]
    is_off: Callable[[str, By, datetime], None]
    takes_again: Callable[[str, datetime], bool]
    event_page: Callable[[str], str]
    signup_page: Callable[[str], str]
    times: Callable[[Collection[str]], dict[str, Times]]


_sellers: list[Seller] = []
_hosts: list[Host] = []


def sold_by(seller: Seller) -> None:
    _sellers[:] = [seller]


def hosted_by(host: Host) -> None:
    _hosts[:] = [host]


def seller() -> Seller:
    return _sellers[0]


def host() -> Host:
    return _hosts[0]
