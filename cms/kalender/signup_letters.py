"""The letters about a sign-up: one for each state that it comes to, with the event for the guest's own calendar."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cms.kalender import clock
from cms.kalender.letters import event_facts
from cms.kalender.models import SignUp
from notifications import outbox


def tell(signup: SignUp) -> None:
    """Write what has become of it: `signup-going`, `signup-queued` … Caller holds the event's lock."""
    if not signup.email:
        return
    signup.letters += 1
    signup.save(update_fields=["letters"])
    with translation.override(signup.language):
        outbox.put(
            f"signup-{signup.state}",
            key=f"{signup.pk}:{signup.letters}",
            to=signup.email,
            language=signup.language,
            context=facts(signup),
        )


def facts(signup: SignUp) -> dict[str, Any]:
    """Frozen as JSON, in the language in use."""
    until = signup.offered_until
    return {
        **event_facts(signup.event),
        "attendee": signup.email,
        "names": [guest.name for guest in signup.guests.all()],
        "places": signup.places,
        "rebooking": signup.event.rebooking,
        "order_number": signup.order_number,
        "until": f"{clock.day_words(until)} {clock.time_words(until)}" if until else "",
        "page_url": page(signup),
    }


def page(signup: SignUp) -> str:
    """The full address of the sign-up's own page, with its key."""
    return settings.SITE_URL + reverse("kalender:signup", args=[signup.key])
