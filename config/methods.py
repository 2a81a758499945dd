"""Methods that no page of the site has are answered as such, before the guard of forms calls them forged."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from shop.language import ADMIN

KNOWN = ["GET", "HEAD", "OPTIONS", "POST"]


def known(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """405 (RFC 9110 15.5.6). The admin answers for itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in KNOWN or request.path_info.startswith(ADMIN):
            return get_response(request)
        return HttpResponseNotAllowed(KNOWN)

    return middleware
