"""What buyers may do only so often: order, open payment pages, ask for quotes, look for what is not theirs.

The figures stand in shop.limit_table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from orders.models import Method, Order
from shop import client, limits

Row = TypeVar("Row", bound=Model)


def count_order(request: HttpRequest, *, key: str, email: str, method: str, now: datetime) -> None:
    """An order is about to be placed; `key` is the same for both halves of a double click. Raises TooMany."""
    by_email = "invoice-email" if method == Method.INVOICE else "payment-email"
    subjects = {"payment-address": client.address(request), by_email: limits.inbox(email)}
    _count(request, subjects, act=f"{key}:0", now=now)


def count_payment_page(request: HttpRequest, order: Order, *, method: str, now: datetime) -> None:
    """A payment page may be about to be opened; the one that is open already is not counted again. Raises TooMany."""
    number = _page_to_open(order, method, now=now)
    if number is None:
        return
    subjects = {
        "payment-address": client.address(request),
        "payment-email": limits.inbox(order.email),
        "payment-order": str(order.pk),
    }
    _count(request, subjects, act=f"{order.checkout_key}:{number}", now=now)


def count_quote(request: HttpRequest, *, key: str, email: str, now: datetime) -> None:
    """A quote is about to be written and sent. Raises TooMany."""
    subjects = {"quote-address": client.address(request), "quote-email": limits.inbox(email)}
    _count(request, subjects, act=key, now=now)


def _page_to_open(order: Order, method: str, *, now: datetime) -> int | None:
    """Which of the order's pages it would be, from 0: the same to both halves of a double click. None: none."""
    attempts = list(order.attempts.all())
    last = attempts[-1] if attempts else None
    if last and last.is_live and last.session_id and last.leads_to_payment(method, now):
        return None
    return sum(1 for attempt in attempts if attempt.session_id or not attempt.is_live)


def _count(request: HttpRequest, subjects: Mapping[str, str], *, act: str, now: datetime) -> None:
    try:
        limits.allow_all(subjects, now=now, act=act)
    except limits.TooMany:
        if not _is_staff(request):
            raise


def _is_staff(request: HttpRequest) -> bool:
    """Without a session's cookie nobody is asked who it is."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.has_perm(
        "wagtailadmin.access_admin"
    )


def behind_key(request: HttpRequest, rows: QuerySet[Row], key: str) -> Row:
    """The order, or the quote, of the key. Raises Http404.

    Raises TooMany at an address that has asked for many that are not there, also when this one is: to go on
    guessing tells nothing.
    """
    found = next(iter(rows.filter(key=key).order_by()), None)  # there is but one
    source, now = client.address(request), timezone.now()
    if found is None:
        limits.allow("lookup-address", source, now=now)
        raise Http404
    limits.check("lookup-address", source, now=now)
    return found
