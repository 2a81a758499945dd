"""Answers kept pages before Django is asked: what that saves is told in docs/bench.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from config.pages import asking
from config.pages.keeping import WANTED, pages
from shop import freshness


def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
    """The kept page. None when there is none: then Django makes it, and the middleware keeps it."""
    address = asking.address(environ)
    sign = freshness.sign() if address else None
    if address is None or sign is None:
        return None
    page = pages().find(address, sign, asking.titles(environ))
    if page is None:
        environ["QUERY_STRING"] = address.query  # what is ignored must not be seen by a page that others get
        environ[WANTED] = pages().wanted(address, sign)
        return None
    accepted, known = environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_IF_NONE_MATCH", "")
    status, headers, body = page.answer(accepted, known)
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
