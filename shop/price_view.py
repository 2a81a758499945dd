"""Whether a visitor wants to see prices without VAT: a choice of their own, in a cookie of its own.

Everybody begins with VAT included, as the law demands where consumers are addressed (prisinformationslagen 2004:347).
The cookie is set only by the visitor's own press of a button, says nothing about who it is, and is on the list of
cookies in the privacy text. What is to be paid is always told with VAT too.

The choice is for what is the visitor's own: basket, checkout, quote. Reading pages are the same for everybody and
never look at it: they show the price without VAT beside the one with it.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

COOKIE = "moms"
EXCLUDED = "exkl"
MAX_AGE = timedelta(days=365)
LONGEST = 500


def without_vat(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == EXCLUDED


def remember(response: HttpResponseBase, choice: str, *, secure: bool) -> None:
    """Keep the choice for a year; with VAT is what everybody has, and needs no cookie."""
    if choice != EXCLUDED:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(COOKIE, EXCLUDED, max_age=MAX_AGE, secure=secure, httponly=True, samesite="Lax")


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The page on this site that the button stood on."""
    page = str(request.POST.get("next", ""))
    local = page.startswith("/") and len(page) <= LONGEST and page.isprintable()
    own = url_has_allowed_host_and_scheme(page, allowed_hosts=None, require_https=request.is_secure())
    return page if local and own else otherwise
