"""Closed for work: while the file VAR_DIR/stangt.txt lies there, every page answers 503 and says when we are back.

A file, so that one command closes every web process at once, also while the database or Redis is away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

FILE = "stangt.txt"
OPEN_ALWAYS = ("/health/",)
LONGEST_NOTE = 200
UNKNOWN = timedelta(minutes=10)
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=1)


def note() -> str | None:
    """The first line of the file; None while we are open."""
    try:
        text = (settings.VAR_DIR / FILE).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    return "".join(sign for sign in text.strip().partition("\n")[0] if sign.isprintable())[:LONGEST_NOTE]


def moment(text: str) -> datetime | None:
    """`2026-11-25 14:30` or `2026-11-25 14.30` on Stockholm's clock; None for other words."""
    try:
        return datetime.strptime(text.replace(".", ":"), "%Y-%m-%d %H:%M").replace(tzinfo=settings.STOCKHOLM)
    except ValueError:
        return None


def closed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        text = None if request.path_info.startswith(OPEN_ALWAYS) else note()
        return get_response(request) if text is None else unavailable(text, now=timezone.now())

    return middleware


def unavailable(text: str, *, now: datetime) -> HttpResponse:
    """RFC 9110 15.6.4, with a Retry-After in seconds."""
    back = moment(text)
    wait = min(max(back - now, SHORTEST), LONGEST) if back else UNKNOWN
    page = render_to_string("503.html", {"back": back, "note": "" if back else text})
    headers = {"Retry-After": str(round(wait.total_seconds())), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)
