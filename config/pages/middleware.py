"""Outermost: keeps reading pages, puts the cart count into every page, compresses what goes out.

What every answer must carry (safety headers, language) is set by the middleware inside of this one, so a kept
page carries it too. A header that is another for each request belongs outside of it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from config.pages import asking, kept
from config.pages.keeping import WANTED, pages
from config.pages.kept import Kept
from shop import basket, language
from shop.responses import READING

TEXT = ("text/", "application/json", "application/xml", "application/atom+xml")

Handler = Callable[[HttpRequest], HttpResponse]


def keep_pages(get_response: Handler) -> Handler:
    # It hides the length of pages that hold secrets (BREACH); reading pages hold none.
    gzip = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if is_for_all(response):
            return for_all(request, response)
        if response.streaming or not response.get("Content-Type", "").startswith(TEXT):
            return response
        counted = count_cart(request, response)
        gzip.process_response(request, counted)
        return counted

    return middleware


def is_for_all(response: HttpResponse) -> bool:
    """Whether the view says that everybody gets these bytes; a cookie or a fault says otherwise."""
    return (
        response.get("Cache-Control") == READING
        and response.status_code == 200
        and not response.cookies
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
    )


def for_all(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the page when the door has asked for it, and answer as the door will do from now on."""
    page, environ = Kept.of(response), request.META
    wanted = environ.get(WANTED)
    if wanted and request.method == "GET" and not asking.is_logged_in(environ):
        pages().keep(wanted, page)
    if titles := asking.titles(environ):
        page = page.counted(titles)
    accepted, known = environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_IF_NONE_MATCH", "")
    status, headers, body = page.answer(accepted, known)
    response.status_code = int(status.partition(" ")[0])
    response.headers = type(response.headers)(dict(headers))
    response.content = body
    return response


def count_cart(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The count is that of the basket after the response: a view that has just changed it has set the cookie."""
    if kept.MARKER not in response.content:
        return response
    patch_vary_headers(response, ["Cookie"])
    changed = response.cookies.get(basket.COOKIE)
    titles = len(basket.decode(changed.value).rows) if changed is not None else asking.titles(request.META)
    if titles:
        response.content = kept.with_count(response.content, titles, language.of(request.path_info))
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Cache-Control"] = kept.PERSONAL
    return response
