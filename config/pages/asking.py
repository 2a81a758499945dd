"""What a request asks for, read from its WSGI environment."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http.cookie import parse_cookie

from shop import basket

PRINTED = "utskrift=1"
# What campaigns and social sites hang on to an address says nothing about the page.
IGNORED_NAMES = {"fbclid", "gclid", "msclkid"}
IGNORED_BEGINNING = "utm_"
LONGEST_QUERY = 2000


class Address(NamedTuple):
    """All that a reading page may depend on. Scheme and host are as claimed: what Django refuses is never kept."""

    scheme: str
    claimed_scheme: str
    host: str
    path: str
    query: str


def address(environ: dict[str, Any]) -> Address | None:
    """The address under which a page may be kept; None for what is not read, or asks for more than a page."""
    if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"} or "HTTP_HOST" not in environ:
        return None
    known = query(environ.get("QUERY_STRING", ""))
    if known is None:
        return None
    return Address(
        environ["wsgi.url_scheme"],
        _claimed_scheme(environ),
        environ["HTTP_HOST"],
        environ["PATH_INFO"],
        known,
    )


def _claimed_scheme(environ: dict[str, Any]) -> str:
    """What the proxy in front says, where one is trusted; Django decides what it is worth."""
    trusted = settings.SECURE_PROXY_SSL_HEADER
    return str(environ.get(trusted[0], "")) if trusted else ""


def query(text: str) -> str | None:
    """The query without what is ignored: empty, or that of the print view. None when there is more."""
    if not text:
        return ""
    if len(text) > LONGEST_QUERY:
        return None
    known = "&".join(part for part in text.split("&") if part and not _is_ignored(part))
    return known if known in {"", PRINTED} else None


def _is_ignored(part: str) -> bool:
    return part.startswith(IGNORED_BEGINNING) or part.partition("=")[0] in IGNORED_NAMES


def titles(environ: dict[str, Any]) -> int:
    """How many titles the visitor's basket holds."""
    cookies = environ.get("HTTP_COOKIE", "")
    if f"{basket.COOKIE}=" not in cookies:
        return 0
    return len(basket.decode(parse_cookie(cookies).get(basket.COOKIE, "")).rows)


def is_logged_in(environ: dict[str, Any]) -> bool:
    """Whether the visitor may be shown what others may not: a page kept for staff, by who they are."""
    return f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", "")
