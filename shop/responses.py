"""How pages answer that everybody may read, those for one visitor, and files that anyone may keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import get_conditional_response

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# Everybody gets these bytes, so they may be kept (config.pages); a browser or a proxy that keeps them asks, with
# their ETag, before each use: a change must show within a second.
READING = "public, no-cache"


class SeeOther(HttpResponseRedirect):
    """303: fetch the result with GET, whatever the method was (RFC 9110 15.4.4)."""

    status_code = 303


def reading(view: View[P]) -> View[P]:
    """For a page that does not depend on who looks, nor on anything that `shop.freshness` is not told of."""

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return for_everybody(view(request, *args, **kwargs))

    return cast("View[P]", answered)


def for_everybody(response: HttpResponseBase) -> HttpResponseBase:
    """Mark the answer as one, unless it says already who may keep it."""
    if response.status_code == 200:
        response.headers.setdefault("Cache-Control", READING)
    return response


def private(view: View[P]) -> View[P]:
    """For one visitor's eyes: kept by no cache and found by no search engine."""

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return cast("View[P]", answered)


def public_file(request: HttpRequest, content: bytes, content_type: str, *, seconds: int) -> HttpResponseBase:
    """The same for everyone, to be kept so many seconds; 304 to those who have these bytes already."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=content_type, headers={"ETag": etag})
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return get_conditional_response(request, etag=etag, response=response) or response
