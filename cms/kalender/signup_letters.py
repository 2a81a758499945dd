"""The letters about a sign-up: one for each state that it comes to, with the event for the guest's own calendar.

They repeat nothing that was typed: anybody can type anybody's address (docs/adr/0016). The names stand on the
sign-up's own page.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from cms.kalender import announcing, clock, ics
from cms.kalender.letters import access_words, event_facts
from cms.kalender.models import Actor, EventPage, SignUp, SignUpState
from notifications import outbox
from notifications.letters import Attachment

GUEST_LETTER = "guest-letter"  # what staff write, see guest_letters.py
LETTERS = [*(f"signup-{state}" for state in SignUpState), GUEST_LETTER]


def tell(signup: SignUp, *, was_going: bool = False, actor: Actor | None = None) -> None:
    """Write what has become of it: `signup-going`, `signup-queued` … Caller holds the event's lock.

    Of a cancelled event its own letter tells, and no other.
    """
    if not signup.email or signup.event.is_cancelled:
        return
    signup.letters += 1
    signup.save(update_fields=["letters"])
    with translation.override(signup.language):
        outbox.put(
            f"signup-{signup.state}",
            key=f"{signup.pk}:{signup.letters}",
            to=signup.email,
            language=signup.language,
            context=facts(signup, was_going=was_going, actor=actor),
        )


def facts(signup: SignUp, *, was_going: bool = False, actor: Actor | None = None) -> dict[str, Any]:
    """Frozen as JSON, in the language in use."""
    event, until = signup.event, signup.offered_until
    return {
        **event_facts(event),
        "access": access_words(event),
        "online_link": event.online_link,
        "rebooking": event.rebooking,
        "attendee": signup.email,
        "places": signup.places,
        "order_number": signup.order_number,
        "until": clock.moment_words(until) if until else "",
        "was_going": was_going,
        "by_staff": actor == Actor.STAFF,
        "page_url": settings.SITE_URL + reverse("kalender:signup", args=[signup.key]),
    }


def request_file(context: dict[str, Any]) -> list[Attachment]:
    """The event put into the guest's calendar, as it stands when the letter leaves."""
    return _file(context, "REQUEST")


def cancel_file(context: dict[str, Any]) -> list[Attachment]:
    """The event taken out of the calendar of a guest who had a seat."""
    return _file(context, "CANCEL") if context["was_going"] else []


def _file(context: dict[str, Any], method: str) -> list[Attachment]:
    """Nothing when the event has been deleted since."""
    event = EventPage.objects.filter(pk=context["event"]).first()
    if event is None:
        return []
    now = timezone.now()
    event = announcing.up_to_date(event, now=now)
    content = ics.guest_file(event, method=method, attendee=context["attendee"], now=now)
    return [Attachment(f"{event.slug}.ics", content, f"text/calendar; charset=utf-8; method={method}")]
