"""Puts the cart count into the page on its way out, so that the page itself is the same bytes for everyone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from shop import basket

MARKER = b"<!--cart-count-->"


def cart_count(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Replace the marker of base.html for visitors who carry a basket; leave it for all others.

    The count is that of the basket after the response: a view that has just changed it has set the cookie.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        if MARKER in response.content:
            patch_vary_headers(response, ["Cookie"])
            if titles := len(_current(request, response).rows):
                response.content = response.content.replace(MARKER, _badge(titles), 1)
                response.headers["Content-Length"] = str(len(response.content))
                response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def _current(request: HttpRequest, response: HttpResponse) -> basket.Basket:
    changed = response.cookies.get(basket.COOKIE)
    return basket.decode(changed.value) if changed is not None else basket.load(request)


def _badge(titles: int) -> bytes:
    hidden = _(", antal titlar: ")
    return f'<span class="count"><span class="vh">{hidden}</span>{titles}</span>'.encode()
