"""What else one inbox has signed up to an event: whom its next form adds, and what its letters leave standing.

A form whose names all stand there already is the same form once more. One with another name is a sign-up of its own,
for that name. See docs/adr/0036.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cms.kalender.models import EventPage, SignUp, SignUpState
from cms.kalender.models.signup import SignUpQuerySet

MOST_PLACES = 20  # in one sign-up, and of one inbox at one event


@dataclass(frozen=True, slots=True)
class Known:
    """What a form meets: sign-ups that hold some of its names, one with a seat first, and the names that none holds.

    `is_crowd`: with those the inbox would have more places than one may have.
    """

    holding: Sequence[SignUp]
    new: Sequence[str]
    is_crowd: bool = False


def bare(name: str) -> str:
    """As it is compared: whoever writes `karin  ek` is Karin Ek."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def repeated(names: Sequence[str]) -> str:
    """The first name that comes again, as it is written first; empty when each is there once."""
    return next((name for place, name in enumerate(names, 1) if bare(name) in map(bare, names[place:])), "")


def signups_of(event: EventPage, email: str) -> SignUpQuerySet:
    """All that stand, in the order in which they came; none without an inbox."""
    found: SignUpQuerySet = event.signups.active().reached().filter(email__iexact=email)
    return found.order_by("pk")


def others_of(signup: SignUp) -> SignUpQuerySet:
    """The further ones of its inbox at its event."""
    return signups_of(signup.event, signup.email).exclude(pk=signup.pk)


def meet(event: EventPage, email: str, names: Sequence[str]) -> Known:
    """Whoever decides by it holds the event's lock."""
    mine = seats_first(signups_of(event, email).prefetch_related("guests"))
    asked = {bare(name) for name in names}
    held = {signup.pk: {bare(guest.name) for guest in signup.guests.all()} for signup in mine}
    known = set().union(*held.values())
    new = [name for name in names if bare(name) not in known]
    is_crowd = bool(new and mine) and len(new) + sum(signup.places for signup in mine) > MOST_PLACES
    return Known(mine if is_crowd else [one for one in mine if asked & held[one.pk]], new, is_crowd)


def adds_somebody(made: SignUp, email: str, names: Sequence[str]) -> bool:
    """Whether the form that has made a sign-up is sent for others now, or to another inbox. An order that waits for its
    payment is not added to: the page that it leads to says so, and lets one begin anew.
    """
    if made.state == SignUpState.UNPAID:
        return False
    if made.email.lower() != email.lower():
        return True
    here = {bare(guest.name) for guest in made.guests.all()}
    return bool(meet(made.event, email, [name for name in names if bare(name) not in here]).new)


def mark(email: str, names: Sequence[str]) -> str:
    """What tells for whom a form is sent from for whom else it has been."""
    return hashlib.sha256("\n".join([email.lower(), *map(bare, names)]).encode()).hexdigest()[:12]


def has_room_for(signup: SignUp) -> bool:
    """Whether nobody of a sign-up that has ended stands in another of its inbox. Caller holds the event's lock."""
    return not meet(signup.event, signup.email, [guest.name for guest in signup.guests.all()]).holding


def by_inbox(signups: Iterable[SignUp]) -> list[list[SignUp]]:
    """Those of each inbox together, in the order in which the inboxes came; of each who has a seat comes first."""
    found: dict[str, list[SignUp]] = {}
    for signup in signups:
        found.setdefault(signup.email.lower(), []).append(signup)
    return [seats_first(mine) for mine in found.values()]


def seats_first(signups: Iterable[SignUp]) -> list[SignUp]:
    return sorted(signups, key=lambda signup: signup.state != SignUpState.GOING)
