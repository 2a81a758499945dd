"""Guards public forms against other sites' pages without a cookie or a token; see docs/adr/0005."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def same_origin(view: View[P]) -> View[P]:
    """Answer 403 to a POST that a browser sent from another site."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in SAFE_METHODS and is_cross_site(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast("View[P]", csrf_exempt(guarded))


def is_cross_site(request: HttpRequest) -> bool:
    """Whether a browser says that the request comes from elsewhere.

    Fetch metadata first (W3C Fetch Metadata), then Origin (RFC 6454). Every browser in use sends one
    of them with a POST; a request with neither is no browser, so it carries no visitor's cookie.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and _host(origin) != request.get_host()


def _host(origin: str) -> str:
    """Empty for what is no address, such as "null"; that is no host of ours."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
