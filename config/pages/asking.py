"""What a request asks for, read from its WSGI environment."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port

from shop import basket

PRINTED = "utskrift=1"
# What campaigns and social sites hang on to an address says nothing about the page.
IGNORED_NAMES = {"fbclid", "gclid", "msclkid"}
IGNORED_BEGINNING = "utm_"
LONGEST_QUERY = 2000


class Address(NamedTuple):
    """All that a reading page may depend on. Nobody can invent more of them than the site has pages."""

    scheme: str
    host: str
    path: str
    query: str


def address(environ: dict[str, Any]) -> Address | None:
    """The address under which a page may be kept; None for what is not read, or asks for more than a page."""
    host, known = _host(environ), query(environ.get("QUERY_STRING", ""))
    if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"} or not host or known is None:
        return None
    return Address(_scheme(environ), host, environ["PATH_INFO"], known)


def _host(environ: dict[str, Any]) -> str:
    """The site's own name without the port, which no page depends on; empty for any other name.

    Whoever asks may invent ports, and names that a pattern lets in, until no page has room beside theirs.
    """
    name, _port = split_domain_port(environ.get("HTTP_HOST", ""))
    return name if name in _own_names(tuple(settings.ALLOWED_HOSTS), settings.SITE_URL) else ""


@lru_cache(maxsize=8)
def _own_names(allowed: tuple[str, ...], site_url: str) -> set[str | None]:
    """Those that are spelled out: `.exempel.se` in ALLOWED_HOSTS names exempel.se alone."""
    return {name.lower().removeprefix(".") for name in allowed} | {urlsplit(site_url).hostname}


def _scheme(environ: dict[str, Any]) -> str:
    """As Django takes it: what the proxy in front says, where one is trusted."""
    trusted = settings.SECURE_PROXY_SSL_HEADER
    said = environ.get(trusted[0]) if trusted else None
    if trusted is None or said is None:
        return str(environ["wsgi.url_scheme"])
    return "https" if said.partition(",")[0].strip() == trusted[1] else "http"


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
    return len(basket.carried(environ).rows)


def is_logged_in(environ: dict[str, Any]) -> bool:
    """Whether the visitor may be shown what others may not: a page kept for staff, by who they are."""
    return settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")
