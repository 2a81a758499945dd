"""Where members of staff have logged in before: from there nobody else's wrong guesses keep them out.

The device by a signed cookie of the admin's own addresses, the address by a note in Redis. Neither opens anything;
both only say by which limits a try is counted. See docs/adr/0028.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from shop import client
from shop.language import ADMIN

COOKIE = "bekant"
SALT = "cms.staff.acquainted"
DEVICE_KNOWN = timedelta(days=90)
ADDRESS_KNOWN = timedelta(days=30)
MOST_NAMES = 8  # of those who share a device; each has two, user name and inbox


@dataclass(frozen=True, slots=True)
class Device:
    """`names` are digests of those who have logged in there."""

    key: str = ""
    names: tuple[str, ...] = ()


def device_of(request: HttpRequest, name: str) -> str:
    """The key of the device if the bearer of that name has logged in on it; else empty."""
    held = _device(request)
    return held.key if _digest(name) in held.names else ""


def knows_address(request: HttpRequest, name: str) -> bool:
    return bool(client.address(request)) and cache.get(_note(request, name)) is not None


def remember(request: HttpRequest, response: HttpResponseBase, names: Sequence[str]) -> None:
    """Somebody who goes by these names has logged in here."""
    held = _device(request)
    known = tuple(dict.fromkeys([*(_digest(name) for name in names), *held.names]))[:MOST_NAMES]
    response.set_cookie(
        COOKIE,
        signing.dumps([held.key or secrets.token_hex(12), *known], salt=SALT),
        max_age=int(DEVICE_KNOWN.total_seconds()),
        path=ADMIN,
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
    if client.address(request):
        for name in names:
            cache.set(_note(request, name), 1, int(ADDRESS_KNOWN.total_seconds()))


def _device(request: HttpRequest) -> Device:
    """Nobody's for a cookie that we have not signed, or too long ago."""
    try:
        held: Any = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=int(DEVICE_KNOWN.total_seconds())
        )
    except signing.BadSignature:
        return Device()
    return Device(held[0], tuple(held[1:]))


def _digest(name: str) -> str:
    return salted_hmac(SALT, name, algorithm="sha256").hexdigest()[:24]


def _note(request: HttpRequest, name: str) -> str:
    return f"acquainted:{_digest(f'{name} {client.address(request)}')}"
