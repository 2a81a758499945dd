"""The letters about a sign-up: one for each state that it comes to, with the event for the guest's own calendar.

They repeat nothing that was typed: anybody can type anybody's address (docs/adr/0016). The names stand on the
sign-up's own page.
"""

from __future__ import annotations

from typing import Any

from django.utils import translation

from cms.kalender import clock
from cms.kalender.letters import access_words, event_facts, signup_page
from cms.kalender.models import Actor, SignUp, SignUpState
from notifications import outbox

GUEST_LETTER = "guest-letter"  # what staff write, see guest_letters.py
LETTERS = [*(f"signup-{state}" for state in SignUpState), GUEST_LETTER]


def tell(signup: SignUp, *, before: SignUpState | None = None, actor: Actor | None = None) -> None:
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
            context=facts(signup, before=before, actor=actor),
        )


def facts(signup: SignUp, *, before: SignUpState | None = None, actor: Actor | None = None) -> dict[str, Any]:
    """Frozen as JSON, in the language in use."""
    event, until = signup.event, signup.offered_until
    page = event.spoken
    return {
        **event_facts(event),
        "access": access_words(page),
        "online_link": event.online_link,
        "rebooking": page.rebooking,
        "attendee": signup.email,
        "places": signup.places,
        "order_number": signup.order_number,
        "until": clock.moment_words(until) if until else "",
        "was_going": before == SignUpState.GOING,
        "was_unpaid": before == SignUpState.UNPAID,
        "by_staff": actor == Actor.STAFF,
        "order_is_off": actor == Actor.ORDER,
        "page_url": signup_page(signup),
    }
