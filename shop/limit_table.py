"""How often is too often: one table, which LIMITS in the environment may change. See docs/adr/0028.

Many people may sit behind one address (a school, an office), so what counts by address is generous: 25 of them
within ten minutes pass. What counts by e-mail, order or user is one person's, and tight.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
WRITTEN = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,4})([smh])")
OFF = "off"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within any span of that length."""

    most: int
    within: timedelta


def per(span: timedelta, most: int) -> Limit:
    return Limit(most, span)


TEN_MINUTES, QUARTER, HOUR = timedelta(minutes=10), timedelta(minutes=15), timedelta(hours=1)

# The name's last word is what it counts by.
TABLE: Mapping[str, Limit] = {
    # Orders placed and payment pages opened: guards against cards tried out, and shelves emptied for fun.
    "payment-address": per(TEN_MINUTES, 60),
    "payment-email": per(HOUR, 10),
    "payment-order": per(HOUR, 10),
    "invoice-email": per(HOUR, 30),
    # Orders asked for that are not there. Then those that are there are not shown either.
    "lookup-address": per(TEN_MINUTES, 60),
    # Both steps of a notice count. Letters to one inbox are counted where they are written.
    "withdrawal-address": per(TEN_MINUTES, 100),
    "complaint-order": per(HOUR, 10),
    "reminder-address": per(TEN_MINUTES, 60),
    # Sign-ups to events. Letters to one inbox are counted where they are written.
    "signup-address": per(TEN_MINUTES, 60),
    "enquiry-address": per(TEN_MINUTES, 40),
    "quote-address": per(TEN_MINUTES, 60),
    "quote-email": per(HOUR, 10),
    # Wrong passwords. A pair is a user at an address, or an inbox; a device is one on which that user has logged in.
    # What counts a user from all sides is wider than a pair: no address fills it alone. It does not count at
    # addresses, nor on devices, where that user has logged in.
    "login-address": per(QUARTER, 40),
    "login-pair": per(QUARTER, 10),
    "login-user": per(HOUR, 60),
    "login-device": per(QUARTER, 10),
    "reset-address": per(HOUR, 20),
    "reset-pair": per(HOUR, 3),
    "reset-email": per(HOUR, 6),
    "reset-device": per(HOUR, 3),
    # Payment events that Stripe has not signed; signed ones are never counted.
    "webhook-address": per(TEN_MINUTES, 60),
}


def table(changes: str) -> dict[str, Limit | None]:
    """TABLE with `changes`: `login-user=5/15m, quote-email=off`, or `off` for all. None: not limited.

    Raises ValueError, which names what cannot be read.
    """
    if changes.strip() == OFF:
        return dict.fromkeys(TABLE)
    wanted = [part.strip() for part in changes.split(",") if part.strip()]
    return {**TABLE, **dict(_read(part) for part in wanted)}


def _read(part: str) -> tuple[str, Limit | None]:
    name, _equals, amount = (word.strip() for word in part.partition("="))
    if name not in TABLE:
        raise ValueError(f"LIMITS: okänd gräns {name[:40]!r}; shop/limit_table.py räknar upp dem")
    if amount == OFF:
        return name, None
    found = WRITTEN.fullmatch(amount)
    if found is None:
        raise ValueError(
            f"LIMITS: {name}={amount[:40]!r} går inte att läsa; skriv till exempel {name}=10/15m"
        )
    return name, Limit(int(found[1]), timedelta(**{UNITS[found[3]]: int(found[2])}))
