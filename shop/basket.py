"""The visitor's basket: one signed cookie. Nothing is stored here; its total is computed at each view."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.http.cookie import parse_cookie

from shop.language import is_english

COOKIE = "varukorg"
SALT = "shop.basket"
OPENED = "vardskapet.basket"  # in the WSGI environment: the basket as the request brought it
MAX_AGE = 30 * 24 * 3600
MAX_ROWS = 40  # keeps the cookie below the 4 096 bytes that every browser holds
MAX_QUANTITY = 5000
LONGEST_TYPED = 40
_QUANTITY = re.compile(r"[1-9][0-9]{0,3}")
_GROUPED = re.compile(r"[1-9],[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Row:
    quantity: int
    seen_ore: int  # the unit price when the visitor last saw it, to tell of a change


@dataclass(frozen=True, slots=True)
class Basket:
    """Rows by SKU, and a key that is renewed with every change: one key, one order."""

    rows: dict[str, Row] = field(default_factory=dict)
    key: str = ""
    again: str = ""  # what the shop's orders make of an order that is placed once more, and when

    def __bool__(self) -> bool:
        return bool(self.rows)

    def put(self, sku: str, row: Row) -> Basket:
        return self._changed({**self.rows, sku: row})

    def without(self, sku: str) -> Basket:
        return self._changed({name: row for name, row in self.rows.items() if name != sku})

    def seen(self, prices: dict[str, int]) -> Basket:
        """The visitor has been told these prices; the content is the same."""
        rows = {sku: replace(row, seen_ore=prices.get(sku, row.seen_ore)) for sku, row in self.rows.items()}
        return replace(self, rows=rows)

    def renewed(self) -> Basket:
        """The same content for another order: the key has been used."""
        return self._changed(self.rows)

    def _changed(self, rows: dict[str, Row]) -> Basket:
        return Basket(rows, secrets.token_urlsafe(18), self.again)


class BasketFull(Exception):
    """More rows than the cookie can hold."""


def quantity(text: str) -> int | None:
    """Read a number of copies as people type it: "25", " 1 000 ", in English "1,000". None when not 1 to 5 000."""
    digits = re.sub(r"[\s\N{NO-BREAK SPACE}]", "", text[: LONGEST_TYPED + 1])
    if is_english() and _GROUPED.fullmatch(digits):  # to a Swede a comma begins the decimals
        digits = digits.replace(",", "")
    if len(text) > LONGEST_TYPED or not digits.isascii() or not _QUANTITY.fullmatch(digits):
        return None
    number = int(digits)
    return number if number <= MAX_QUANTITY else None


def load(request: HttpRequest) -> Basket:
    """The visitor's basket; a missing, tampered or outdated cookie is an empty one."""
    return carried(request.META)


def carried(environ: dict[str, Any]) -> Basket:
    """As load, from the WSGI environment: what counts the titles and what draws the page open the cookie once."""
    if OPENED not in environ:
        cookies = environ.get("HTTP_COOKIE", "")
        environ[OPENED] = decode(parse_cookie(cookies).get(COOKIE, "")) if COOKIE in cookies else Basket()
    held: Basket = environ[OPENED]
    return held


def decode(cookie: str) -> Basket:
    try:
        content: Any = signing.loads(cookie, salt=SALT, max_age=MAX_AGE)
        rows = {str(sku): Row(int(number), int(seen)) for sku, number, seen in content["r"]}
        return Basket(rows, str(content["k"]), str(content.get("o", "")))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return Basket()


def save(response: HttpResponseBase, basket: Basket, *, secure: bool) -> None:
    """Set the one cookie of the public site, or take it away when the basket is empty.

    Raises BasketFull.
    """
    if not basket:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    if len(basket.rows) > MAX_ROWS:
        raise BasketFull
    content: dict[str, Any] = {
        "k": basket.key,
        "r": [[sku, row.quantity, row.seen_ore] for sku, row in basket.rows.items()],
    }
    if basket.again:
        content["o"] = basket.again
    response.set_cookie(
        COOKIE,
        signing.dumps(content, salt=SALT, compress=True),
        max_age=MAX_AGE,
        secure=secure,
        httponly=True,
        samesite="Lax",
        domain=settings.SESSION_COOKIE_DOMAIN,
    )
