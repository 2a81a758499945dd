"""Old addresses lead on. Asked only when nothing stands at an address any more, so that a page never pays for it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import (
    HttpRequest,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SAFE = {"GET", "HEAD"}
MOST_STEPS = 5


def redirects(get_response: GetResponse) -> GetResponse:
    """Wagtail's redirects, in place of its middleware.

    Its own goes round in a ring when a page that was renamed and renamed back is unpublished, sends
    readers on to pages that are not there, and loses the query (`?utskrift=1`).
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        return (_onward(request) or response) if response.status_code == 404 else response

    return answered


def _onward(request: HttpRequest) -> HttpResponseBase | None:
    """The redirect for the whole address, else the one for its path, which keeps the query."""
    whole = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    path = urlsplit(whole).path
    if exact := get_redirect(request, whole):
        return _answer(request, exact, target(exact))
    found = get_redirect(request, path) if path != whole else None
    return _answer(request, found, with_query(target(found), request)) if found else None


def target(found: Redirect) -> str:
    """Where it leads; empty when that page is not published."""
    if found.redirect_page and not found.redirect_page.live:
        return ""
    return found.link or ""


def with_query(link: str, request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    parts = urlsplit(link)
    return parts._replace(query=query).geturl() if link and query and not parts.query else link


def _answer(request: HttpRequest, found: Redirect, link: str) -> HttpResponseBase | None:
    """A form that was sent to an old address is sent on whole: 307 and 308 keep method and content."""
    if not link or _comes_back(request, found, link):
        return None
    kind = HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect
    return kind(link, preserve_request=request.method not in SAFE)


def _comes_back(request: HttpRequest, found: Redirect, link: str) -> bool:
    """Whether following it would end where it began, or lead through more redirects than anybody means."""
    passed = {request.path}
    for _step in range(MOST_STEPS):
        parts = urlsplit(link)
        if not link or parts.netloc not in {"", request.get_host()}:
            return False
        if (path := uri_to_iri(parts.path)) in passed:
            return True
        if found.redirect_page:  # a page stands there, so nobody is sent on
            return False
        passed.add(path)
        further = get_redirect(request, Redirect.normalise_path(parts.path, decode_unicode=False))
        if further is None:
            return False
        found, link = further, target(further)
    return True
