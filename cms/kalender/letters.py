"""The facts of the calendar's letters, frozen as JSON; their headers; the file that goes with them."""

from __future__ import annotations

import html
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail.rich_text import RichText

from cms.kalender import clock
from cms.kalender.models import EventPage, ReminderRequest, SignUp
from cms.templatetags.texts import fill
from shop.models import Company

SIGNER = signing.Signer(salt="avregistrera", sep=".")
TOKEN_KIND = "paminnelse-"  # noqa: S105 (other lists get their own)


def confirm_facts(wish: ReminderRequest) -> dict[str, Any]:
    return {**event_facts(wish.event), "lead": wish.get_lead_display(), "confirm_url": _page(wish)}


def reminder_facts(event: EventPage, *, now: datetime) -> dict[str, Any]:
    """What a reminder says to everybody; the way out, `remove_url`, is each one's own."""
    return {
        **event_facts(event),
        "distance": clock.distance_words(event.starts_at, now, all_day=event.all_day),
        "access": access_words(event.spoken),
        "online_link": event.online_link,
    }


def event_facts(event: EventPage) -> dict[str, Any]:
    """Of an event, with title and address of its page in the language in use."""
    page = event.spoken
    return {
        "event": event.pk,
        "title": page.title,
        "day": clock.day_words(event.starts_at),
        "start": clock.start_words(event.starts_at, all_day=event.all_day),
        "when": event.when,
        "where": event.where,
        "online": not event.is_on_site,
        "room": event.room,
        "location": event.location,
        "event_url": page.site_address,
    }


def access_words(event: EventPage) -> str:
    """How to find the way in, as plain text."""
    return plain(fill(RichText(event.access), Company.load()))


def signup_page(signup: SignUp) -> str:
    """The full address of the sign-up's own page, with its key."""
    return settings.SITE_URL + reverse("kalender:signup", args=[signup.key])


def _page(wish: ReminderRequest) -> str:
    return settings.SITE_URL + reverse("kalender:reminder", args=[wish.key])


def plain(rich_text: str) -> str:
    """Rich text as paragraphs of plain text."""
    return html.unescape(strip_tags(rich_text.replace("</p>", "</p>\n\n"))).strip()


def stop_headers(*wishes: ReminderRequest) -> dict[str, str]:
    """One-click stop (RFC 2369, RFC 8058) of one person's wishes."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return {
        "List-Unsubscribe": f"<{stop_address(*wishes)}>, <mailto:{sender}?subject=Avregistrera>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def stop_address(*wishes: ReminderRequest) -> str:
    return settings.SITE_URL + reverse("kalender:unsubscribe", args=[token(*wishes)])


def token(*wishes: ReminderRequest) -> str:
    """Signed and without end: a letter may be opened years later, when the row is long gone."""
    return SIGNER.sign(TOKEN_KIND + "-".join(str(wish.pk) for wish in wishes))


def wishes_of(token: str) -> list[int]:
    """The requests' primary keys. Raises signing.BadSignature for a token that is not ours."""
    value = SIGNER.unsign(token)
    if not value.startswith(TOKEN_KIND):
        raise signing.BadSignature(value)
    return [int(pk) for pk in value.removeprefix(TOKEN_KIND).split("-")]
