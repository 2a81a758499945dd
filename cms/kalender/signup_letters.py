"""The letters about a sign-up: one for each state that it comes to, with the event for the guest's own calendar, and
one when some of its guests leave it.

Those of states repeat nothing that was typed: anybody can type anybody's address (docs/adr/0016). The names stand on
the sign-up's own page. The other names who leaves and who stays: it takes staff, or the key that that inbox alone has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation

from cms.kalender import clock
from cms.kalender.letters import access_words, event_facts, signup_page
from cms.kalender.models import Actor, SignUp, SignUpState
from cms.kalender.same_inbox import MOST_PLACES, Known, others_of
from notifications import outbox

GUEST_LETTER = "guest-letter"  # what staff write, see guest_letters.py
FEWER, REFUSED = "signup-fewer", "signup-refused"
LETTERS = [*(f"signup-{state}" for state in SignUpState), FEWER, REFUSED, GUEST_LETTER]


def tell(
    signup: SignUp, *, before: SignUpState | None = None, actor: Actor | None = None, left_out: int = 0
) -> None:
    """Write what has become of it: `signup-going`, `signup-queued` … Caller holds the event's lock.

    `left_out`: so many names of its form stand in another sign-up already.
    """
    beside = {**beside_it(signup), "left_out": left_out}
    _write(signup, f"signup-{signup.state}", lambda: {**facts(signup, before=before, actor=actor), **beside})


def tell_once_more(known: Known) -> SignUp:
    """Write to an inbox whose form adds nobody: what it has already, or that it would be too many. One letter,
    however many sign-ups it is about; the first of them. Caller holds the event's lock.
    """
    first, *others = known.holding
    letter = REFUSED if known.is_crowd else f"signup-{first.state}"
    pages = [signup_page(other) for other in others]
    _write(first, letter, lambda: {**facts(first), "again": True, "other_pages": pages})
    return first


def tell_of_fewer(signup: SignUp, out: list[str], *, actor: Actor) -> None:
    """Write whose places, by name, are given back, and who stays. Caller holds the event's lock."""
    staying = signup.guests.values_list("name", flat=True)
    _write(signup, FEWER, lambda: fewer_facts(signup, out, list(staying), actor=actor))


def _write(signup: SignUp, letter: str, context: Callable[[], dict[str, Any]]) -> None:
    """Of a cancelled event its own letter tells, and no other."""
    if not signup.email or signup.event.is_cancelled:
        return
    signup.letters += 1
    signup.save(update_fields=["letters"])
    with translation.override(signup.language):
        outbox.put(
            letter,
            key=f"{signup.pk}:{signup.letters}",
            to=signup.email,
            language=signup.language,
            context=context(),
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
        "most": MOST_PLACES,
    }


def beside_it(signup: SignUp) -> dict[str, Any]:
    """Whether that inbox has more here; with a seat in one of them the event stays in its calendar."""
    states = set(others_of(signup).values_list("state", flat=True))
    return {"has_more": bool(states), "keeps_a_seat": SignUpState.GOING in states}


def fewer_facts(signup: SignUp, out: list[str], staying: list[str], *, actor: Actor) -> dict[str, Any]:
    """As `facts`; `state` is what those who stay are."""
    return {**facts(signup, actor=actor), "state": signup.state, "out": out, "staying": staying}
