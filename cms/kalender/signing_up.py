"""Who comes: signed up under the event's row lock, first come first served, each change told by a letter.

Every operation locks the event's row first and decides then; see docs/adr/0029.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from cms.kalender import signup_letters
from cms.kalender.models import ACTIVE, EventPage, Guest, SignUp, SignUpState, Status
from cms.kalender.models.signup import GUEST_MEMORY, NEEDS_MEMORY
from shop.freshness import changed

LONGEST_OFFER = timedelta(hours=24)
MOST_PLACES = 20  # in one sign-up
BATCH = 200
GUEST, STAFF, SYSTEM = "gästen", "personalen", "systemet"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. `form_key` is the form's own, so that sending it twice signs up once."""

    form_key: str
    email: str
    names: Sequence[str]
    phone: str = ""
    organisation: str = ""
    needs: str = ""
    needs_agreed: bool = False
    language: str = "sv"


class Closed(Exception):
    """Nobody can sign up: the event has no sign-up here, is cancelled or over, or sign-up has closed."""


class OfferLapsed(Exception):
    """The place that was offered has gone to the next in the queue, or the event is out of reach."""


def lock(event_id: int) -> EventPage:
    """The event as it is now, until the transaction ends. Raises EventPage.DoesNotExist."""
    locked: EventPage = EventPage.objects.select_for_update(of=("self",), no_key=True).get(pk=event_id)
    return locked


@transaction.atomic
def sign_up(event_id: int, wish: Wish, *, now: datetime) -> tuple[SignUp, bool]:
    """Sign up to seats, or to the queue when they do not suffice; and whether that is new.

    The same form again, or another from the same inbox, gets the sign-up that is there; the latter is told by
    letter, so that the page says nothing of who comes. Raises Closed and EventPage.DoesNotExist.
    """
    event = lock(event_id)
    if known := _known(event, wish):
        if known.form_key != _form_key(event, wish):
            signup_letters.tell(known)
        return known, False
    if not is_open(event, now):
        raise Closed(event_id)
    offer_next(event, now=now)
    signup = _add(event, wish, now=now)
    signup_letters.tell(signup)
    changed()
    return signup, True


def _form_key(event: EventPage, wish: Wish) -> str:
    return f"{event.pk}:{wish.form_key}"


def _known(event: EventPage, wish: Wish) -> SignUp | None:
    mine = Q(form_key=_form_key(event, wish)) | Q(email__iexact=wish.email, state__in=ACTIVE)
    found: SignUp | None = event.signups.filter(mine).order_by("pk").first()
    return found


def _add(event: EventPage, wish: Wish, *, now: datetime) -> SignUp:
    fits = event.status != Status.FULL and fits_in(event, len(wish.names))
    signup = SignUp.objects.create(
        event=event,
        form_key=_form_key(event, wish),
        state=SignUpState.GOING if fits else SignUpState.QUEUED,
        places=len(wish.names),
        email=wish.email,
        phone=wish.phone,
        organisation=wish.organisation,
        needs=wish.needs if wish.needs_agreed else "",
        needs_agreed_at=now if wish.needs_agreed else None,
        language=wish.language,
        created_at=now,
    )
    Guest.objects.bulk_create(Guest(signup=signup, name=name) for name in wish.names)
    return signup


def is_open(event: EventPage, now: datetime) -> bool:
    """Whether somebody may sign up, to a seat or to the queue."""
    return event.signup and event.live and event.status != Status.CANCELLED and now < closes_at(event)


def closes_at(event: EventPage) -> datetime:
    return min(event.signup_closes_at or event.starts_at, event.starts_at)


def seats_free(event: EventPage) -> int | None:
    """Seats that nobody holds or is offered; None when seats are not counted."""
    if event.seats is None:
        return None
    taken: int = event.seats_taken + event.signups.seats_held()
    return max(0, event.seats - taken)


def fits_in(event: EventPage, places: int) -> bool:
    free = seats_free(event)
    return free is None or places <= free


@transaction.atomic
def accept(pk: int, *, now: datetime) -> SignUp:
    """Take the place that was offered; done twice, it is taken once. Raises OfferLapsed and SignUp.DoesNotExist."""
    signup = _locked(pk)
    if signup.state == SignUpState.GOING:
        return signup
    if not is_offered(signup, now):
        raise OfferLapsed(pk)
    _move(signup, SignUpState.GOING)
    return signup


def is_offered(signup: SignUp, now: datetime) -> bool:
    """Whether the offer of a place still stands."""
    ahead = signup.event.live and signup.event.status != Status.CANCELLED and signup.event.starts_at > now
    in_time = signup.offered_until is not None and now < signup.offered_until
    return signup.state == SignUpState.OFFERED and in_time and ahead


@transaction.atomic
def cancel(pk: int, *, now: datetime) -> bool:
    """Give the seats, or the turn in the queue, back. False when that was done before. Raises SignUp.DoesNotExist."""
    signup = _locked(pk)
    if signup.state not in ACTIVE:
        return False
    _end(signup, SignUpState.CANCELLED, now=now)
    return True


def lapse_offers(*, now: datetime) -> None:
    """Pass on what was offered to somebody who did not answer."""
    for pk in SignUp.objects.unanswered(now).values_list("pk", flat=True)[:BATCH]:
        lapse(pk, now=now)


@transaction.atomic
def lapse(pk: int, *, now: datetime) -> bool:
    signup = _locked(pk)
    if signup.state != SignUpState.OFFERED or is_offered(signup, now):
        return False
    _end(signup, SignUpState.LAPSED, now=now)
    return True


def _end(signup: SignUp, state: SignUpState, *, now: datetime) -> None:
    signup.ended_at = now
    signup.offered_until = None
    _move(signup, state)
    offer_next(signup.event, now=now)


def offer_next(event: EventPage, *, now: datetime) -> None:
    """Offer free seats to those who wait, in their order; who needs more than is free keeps the turn.

    Caller holds the lock. Also to be called when an event has got more seats.
    """
    free = seats_free(event)
    if free is None or event.status == Status.CANCELLED or not event.live or event.starts_at <= now:
        return
    for waiting in event.signups.queue() if free else ():
        if waiting.places <= free:
            free -= waiting.places
            waiting.event = event
            waiting.offered_until = offer_ends(event, now)
            _move(waiting, SignUpState.OFFERED)


def offer_ends(event: EventPage, now: datetime) -> datetime:
    """A day to answer, but never more than half of the time that is left."""
    return now + min(LONGEST_OFFER, (event.starts_at - now) / 2)


def _move(signup: SignUp, state: SignUpState) -> None:
    """The one place where a sign-up changes state. Caller holds the event's lock."""
    signup.state = state
    signup.save(update_fields=["state", "offered_until", "ended_at"])
    signup_letters.tell(signup)
    changed()


def _locked(pk: int) -> SignUp:
    """The sign-up as it is once its event's row is locked, its event at hand."""
    event = lock(SignUp.objects.values_list("event", flat=True).get(pk=pk))
    signup = SignUp.objects.get(pk=pk)
    signup.event = event
    return signup


def place_in_queue(signup: SignUp) -> int:
    """1 for the next in turn."""
    before: int = signup.event.signups.queue().filter(pk__lte=signup.pk).count()
    return before


@transaction.atomic
def forget(*, now: datetime) -> None:
    """Erase needs two weeks after the event, names and addresses a season after it: the form promises both."""
    over = SignUp.objects.filter(event__ends_at__lte=now - NEEDS_MEMORY).exclude(needs="")
    over.update(needs="", needs_agreed_at=None)
    gone = SignUp.objects.filter(event__ends_at__lte=now - GUEST_MEMORY).exclude(email="")
    Guest.objects.filter(signup__in=gone).update(name="")
    gone.update(email="", phone="", organisation="")
