"""Pages that are not in the page tree."""

from __future__ import annotations

import hashlib

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Site

from cms import searching
from cms.feed import Feed, atom
from shop import known
from shop.models import Company

FEED_SECONDS = 300


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = searching.tidy(request.GET.get("q", ""))
    answer = searching.find(query, request, timezone.now())
    asked = {"q": query} if query else {}
    return render(request, "cms/search.html", {"query": query, "answer": answer, "asked": asked})


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """The articles in the language of the address, whose home page must be published.

    Answers 304 to a reader that has these bytes.
    """
    site = Site.find_for_request(request)
    home = site.root_page.localized if site else None
    if home is None or home.locale.language_code != get_language():
        raise Http404
    text, updated = atom(request, home, publisher=known.company().name)
    content = text.encode()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=Feed.content_type, headers={"ETag": etag})
    response.headers["Last-Modified"] = http_date(updated.timestamp())
    response.headers["Cache-Control"] = f"public, max-age={FEED_SECONDS}"
    fresh = get_conditional_response(request, etag, int(updated.timestamp()), response)
    return fresh or response


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: our own fault, told without anything that may be what is broken."""
    if request.path.startswith(reverse("wagtailadmin_home")):
        return HttpResponseServerError(render_to_string("500_staff.html"))
    return HttpResponseServerError(render_to_string("500.html", {"phone": _phone()}))


def _phone() -> str:
    try:
        return Company.objects.values_list("phone", flat=True).first() or ""
    except DatabaseError:  # perhaps the very cause of this page
        return ""
