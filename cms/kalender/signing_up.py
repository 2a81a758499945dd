"""Who comes: signed up under the event's row lock, first come first served, each change told by a letter.

Every operation locks the event's row first and decides then; see docs/adr/0029.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cms.kalender import allowance, signup_letters, telling
from cms.kalender.models import (
    ACTIVE,
    HOLDING,
    Actor,
    EventPage,
    Guest,
    GuestLetter,
    SignUp,
    SignUpState,
    Status,
)
from cms.kalender.models.signup import GUEST_MEMORY, NEEDS_MEMORY
from notifications import outbox
from shop import event_places, limits
from shop.freshness import changed

LONGEST_OFFER = timedelta(hours=24)
LETTERS_PER_INBOX = 6  # an hour
BATCH = 200


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays for the places: the price of one in öre that the form showed, and what its buyer's part answered."""

    price_ore: int
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. `form_key` is the form's own, so that sending it twice signs up once.

    Without `email` no letter goes: staff have taken the sign-up by phone, and ring.
    """

    form_key: str
    email: str
    names: Sequence[str]
    phone: str = ""
    organisation: str = ""
    needs: str = ""
    needs_agreed: bool = False
    language: str = "sv"
    payer: Payer | None = None


class Closed(Exception):
    """Nobody can sign up: the event has no sign-up here, is cancelled or over, or sign-up has closed."""


class OtherPrice(Exception):
    """A place costs something else than the form showed."""


class FormUsed(Exception):
    """What this form signed up has been given back since."""


class OfferLapsed(Exception):
    """The place that was offered has gone to the next in the queue, or the event is out of reach."""


def lock(event_id: int) -> EventPage:
    """The event as it is now, until the transaction ends. Raises EventPage.DoesNotExist."""
    locked: EventPage = EventPage.objects.locked().get(pk=event_id)
    return locked


# --- In ------------------------------------------------------------------------------------------
@transaction.atomic
def sign_up(event_id: int, wish: Wish, *, now: datetime) -> tuple[SignUp, bool]:
    """Sign up to seats, or to the queue when they do not suffice; and whether that is new.

    The same form again gets the sign-up that is there. So does another form from the same inbox, which is told by
    letter and by nothing else, lest the page say who comes. Paid seats are ordered in the same transaction.
    Raises Closed, OtherPrice, FormUsed, limits.TooMany when that inbox has had its letters of the hour, and
    EventPage.DoesNotExist.
    """
    event = lock(event_id)
    if twin := event.signups.filter(form_key=_form_key(event, wish)).first():
        return _still(twin), False
    if not event.takes_signups(now):
        raise Closed(event_id)
    _check_price(event, wish.payer)
    if wish.email and (known := _known(event, wish.email, now=now)):
        signup_letters.tell(known)
        return known, False
    offer_next(event, now=now)
    signup = _add(event, wish, now=now)
    _sell(signup, wish.payer, now=now)
    signup_letters.tell(signup)
    changed()
    return signup, True


def _form_key(event: EventPage, wish: Wish) -> str:
    return f"{event.pk}:{wish.form_key}"


def _known(event: EventPage, email: str, *, now: datetime) -> SignUp | None:
    """What that inbox has here already. It is written to in any case. Raises limits.TooMany."""
    allowance.take(f"signup:inbox:{limits.inbox(email)}", limit=LETTERS_PER_INBOX, now=now)
    found: SignUp | None = event.signups.active().filter(email__iexact=email).first()
    return found


def _still(signup: SignUp) -> SignUp:
    if signup.state not in ACTIVE:
        raise FormUsed(signup.pk)
    return signup


def _add(event: EventPage, wish: Wish, *, now: datetime) -> SignUp:
    fits = event.status != Status.FULL and fits_in(event, len(wish.names))
    agreed = bool(wish.needs) and wish.needs_agreed
    signup = SignUp.objects.create(
        event=event,
        form_key=_form_key(event, wish),
        state=SignUpState.GOING if fits else SignUpState.QUEUED,
        places=len(wish.names),
        email=wish.email,
        phone=wish.phone,
        organisation=wish.organisation,
        needs=wish.needs if agreed else "",
        needs_agreed_at=now if agreed else None,
        language=wish.language,
        created_at=now,
    )
    Guest.objects.bulk_create(Guest(signup=signup, name=name) for name in wish.names)
    return signup


# --- Paid places ---------------------------------------------------------------------------------
def _check_price(event: EventPage, payer: Payer | None) -> None:
    if (event.place_price_ore or 0) != (payer.price_ore if payer else 0):
        raise OtherPrice(event.pk)


def _sell(signup: SignUp, payer: Payer | None, *, now: datetime) -> None:
    """Order the seats that somebody pays for; who stands in the queue has nothing to pay for yet."""
    event = signup.event
    if payer is None or not event.place_price_ore or signup.state == SignUpState.QUEUED:
        return
    sale = event_places.Sale(
        key=signup.key,
        event=event.pk,
        name=event.title,
        quantity=signup.places,
        price=event.place_price,
        percent=event.place_vat,
        email=signup.email,
        language=signup.language,
        details=payer.details,
    )
    signup.order_number = event_places.seller().place(sale, now)
    signup.save(update_fields=["order_number"])


@transaction.atomic
def order_is_off(number: str, now: datetime) -> None:
    """Give back the seats of an order that has been called off. Caller holds that order's lock."""
    if pk := SignUp.objects.active().filter(order_number=number).values_list("pk", flat=True).first():
        _take_back(pk, actor=Actor.ORDER, now=now)


def call_off_orders(*, now: datetime) -> None:
    """Call off what was ordered for events that have been cancelled since."""
    off = SignUp.objects.going().filter(event__status=Status.CANCELLED).exclude(order_number="")
    for number in off.values_list("order_number", flat=True)[:BATCH]:
        event_places.seller().call_off(number, now)


# --- Seats ---------------------------------------------------------------------------------------
def seats_free(event: EventPage) -> int | None:
    """Seats that nobody holds or is offered; None when seats are not counted. Caller holds the lock."""
    if event.seats is None:
        return None
    taken: int = event.seats_taken + event.signups.seats_held()
    return max(0, event.seats - taken)


def fits_in(event: EventPage, places: int) -> bool:
    free = seats_free(event)
    return free is None or places <= free


# --- Offers --------------------------------------------------------------------------------------
@transaction.atomic
def offer_seats(event_id: int, *, now: datetime) -> None:
    """Offer what is free to those who wait: the event may have got more seats, or be on again.

    While it is off no offer runs out: whoever had one waits at the head of the queue. Raises EventPage.DoesNotExist.
    """
    event = lock(event_id)
    if event.is_cancelled or not event.live:
        event.signups.filter(state=SignUpState.OFFERED).update(state=SignUpState.QUEUED, offered_until=None)
    offer_next(event, now=now)


def offer_to_all_who_wait(*, now: datetime) -> None:
    """Offer what is free at each event with a queue: whoever published more seats may have died before this."""
    waiting = SignUp.objects.queue().filter(event__starts_at__gt=now, event__live=True).order_by()
    for event_id in waiting.values_list("event", flat=True).distinct():
        with suppress(EventPage.DoesNotExist):
            offer_seats(event_id, now=now)


def offer_next(event: EventPage, *, now: datetime, given_back: int = 0) -> None:
    """Offer free seats to those who wait, in their order; who needs more than is free keeps the turn.

    Of an event that editors call full no more is offered than was given back just now. Caller holds the lock.
    """
    if not event.takes_signups(now):
        return
    free = _to_offer(event, given_back)
    for waiting in event.signups.queue() if free else ():
        if waiting.places <= free:
            free -= waiting.places
            waiting.event = event
            waiting.offered_until = offer_ends(event, now)
            _move(waiting, SignUpState.OFFERED)


def _to_offer(event: EventPage, given_back: int) -> int:
    waiting: int = event.signups.queue().places()
    free = seats_free(event)
    to_offer = waiting if free is None else min(free, waiting)
    return min(to_offer, given_back) if event.status == Status.FULL else to_offer


def offer_ends(event: EventPage, now: datetime) -> datetime:
    """A day to answer, but never more than half of the time that is left to sign up."""
    return now + min(LONGEST_OFFER, (event.signup_ends_at - now) / 2)


def is_offered(signup: SignUp, now: datetime) -> bool:
    """Whether the offer of a place still stands."""
    ahead = signup.event.live and not signup.event.is_cancelled and signup.event.starts_at > now
    in_time = signup.offered_until is not None and now < signup.offered_until
    return signup.state == SignUpState.OFFERED and in_time and ahead


@transaction.atomic
def accept(key: str, *, now: datetime, payer: Payer | None = None) -> SignUp:
    """Take the place that was offered, and order it when it costs; done twice, it is taken once.

    Raises OfferLapsed, OtherPrice and SignUp.DoesNotExist.
    """
    signup = _locked(key=key)
    if signup.state == SignUpState.GOING:
        return signup
    if not is_offered(signup, now):
        raise OfferLapsed(signup.pk)
    _check_price(signup.event, payer)
    signup.offered_until = None
    _sell(signup, payer, now=now)
    _move(signup, SignUpState.GOING)
    return signup


def lapse_offers(*, now: datetime) -> None:
    """Pass on what was offered to those who did not answer."""
    for pk in SignUp.objects.unanswered(now).values_list("pk", flat=True)[:BATCH]:
        lapse(pk, now=now)


@transaction.atomic
def lapse(pk: int, *, now: datetime) -> bool:
    """Take an offer back whose time is over. False when there is none. Raises SignUp.DoesNotExist."""
    signup = _locked(pk=pk)
    if signup.state != SignUpState.OFFERED or is_offered(signup, now):
        return False
    _end(signup, SignUpState.LAPSED, now=now)
    return True


# --- Out -----------------------------------------------------------------------------------------
@transaction.atomic
def cancel(pk: int, *, actor: Actor, now: datetime) -> bool:
    """Give the seats, or the turn in the queue, back. The letter says by whom.

    An order that paid for them stands: staff decide on the money. False when that was done before.
    Raises SignUp.DoesNotExist.
    """
    number = SignUp.objects.values_list("order_number", flat=True).get(pk=pk)
    if number:
        event_places.seller().hold(
            number
        )  # before the event's row, as when it is the order that is called off
    if not _take_back(pk, actor=actor, now=now):
        return False
    if number:
        event_places.seller().given_back(number, by_guest=actor == Actor.GUEST, now=now)
    return True


def _take_back(pk: int, *, actor: Actor, now: datetime) -> bool:
    signup = _locked(pk=pk)
    if signup.state not in ACTIVE:
        return False
    _end(signup, SignUpState.CANCELLED, now=now, actor=actor)
    return True


def _end(signup: SignUp, state: SignUpState, *, now: datetime, actor: Actor | None = None) -> None:
    given_back = signup.places if signup.state in HOLDING else 0
    signup.ended_at, signup.offered_until = now, None
    signup.needs, signup.needs_agreed_at = "", None  # nobody will lay the table for them
    _move(signup, state, actor=actor)
    offer_next(signup.event, now=now, given_back=given_back)


def _move(signup: SignUp, state: SignUpState, *, actor: Actor | None = None) -> None:
    """The one place where a sign-up changes state. Caller holds the event's lock."""
    before, signup.state = signup.state, state
    signup.save(update_fields=["state", "offered_until", "ended_at", "needs", "needs_agreed_at"])
    signup_letters.tell(signup, was_going=before == SignUpState.GOING, actor=actor)
    changed()


def _locked(**which: Any) -> SignUp:
    """The sign-up as it is once its event's row is locked, its event at hand."""
    event = lock(SignUp.objects.values_list("event", flat=True).get(**which))
    signup = SignUp.objects.get(**which)
    signup.event = event
    return signup


# --- Afterwards ----------------------------------------------------------------------------------
@transaction.atomic
def forget(*, now: datetime) -> None:
    """Erase needs two weeks after the event, names and addresses a season after it: the form promises both."""
    SignUp.objects.over(now - NEEDS_MEMORY).exclude(needs="").update(needs="", needs_agreed_at=None)
    gone = SignUp.objects.known().over(now - GUEST_MEMORY)
    Guest.objects.filter(signup__in=gone).update(name="")
    gone.update(email="", phone="", organisation="", forgotten_at=now)
    GuestLetter.objects.filter(event__ends_at__lte=now - GUEST_MEMORY).delete()
    outbox.forget_contents([*signup_letters.LETTERS, *telling.LETTERS], written_before=now - GUEST_MEMORY)
