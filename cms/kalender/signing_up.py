"""Who comes: signed up under the event's row lock, first come first served, each change told by a letter.

Every operation locks the event's row first and decides then; see docs/adr/0029.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format

from cms.kalender import allowance, clock, same_inbox, signup_letters, telling
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
from cms.kalender.models.signup import GUEST_MEMORY, LATE_MONEY, NEEDS_MEMORY, WAITING
from notifications import outbox
from shop import event_places, limits
from shop.event_places import By, Times
from shop.freshness import changed

LONGEST_OFFER = timedelta(hours=24)
LONGEST_LINK = timedelta(days=7)
LETTERS_PER_INBOX = 6  # an hour
BATCH = 200
LONGEST_TITLE = 90  # on an order's line


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays for the places: the sum in öre that the page showed, and what its buyer's part answered.

    `by` is who in the staff has typed it, for a guest who rings and gets a link to pay by.
    """

    sum_ore: int
    details: Mapping[str, Any]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. `form_key` is the form's own, so that sending it twice signs up once.

    Without `email` no letter goes: staff have taken the sign-up by phone, and ring.

    Who wants places that cost says who pays, or `only_queue`: then a free place is offered, and nothing is ordered.
    `answers` are the buyer's part's, kept for as long as the sign-up waits.
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
    only_queue: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)


class Closed(Exception):
    """Nobody can sign up: the event has no sign-up here, is cancelled or over, or sign-up has closed."""


class OtherSum(Exception):
    """The places cost something else than the page showed."""


class FormUsed(Exception):
    """What this form signed up has been given back since."""


class Busy(Exception):
    """What is to be given back is being ordered, or may be paid, at this very moment."""


class Ordered(Exception):
    """The places are of an order, and are given back together."""


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

    The same form again gets the sign-up that is there. So does another form from the same inbox when all its names
    stand there already; of some that do, only the others are signed up, and ordered. That is told by letter and by
    nothing else, lest the page say who comes. Paid seats are ordered in the same transaction; who pays online has them
    when the money is here, and is written to then.
    Raises Closed, OtherSum, FormUsed, limits.TooMany when that inbox has had its letters of the hour, and
    EventPage.DoesNotExist.
    """
    event = lock(event_id)
    wish = _of_form(event, wish)
    if twin := event.signups.filter(form_key=_form_key(event, wish)).first():
        return _still(twin), False
    if not event.takes_signups(now):
        raise Closed(event_id)
    if not wish.only_queue:
        _check_sum(event, len(wish.names), wish.payer)
    known = _known(event, wish, now=now)
    if known.is_crowd or not known.new:
        return signup_letters.tell_once_more(known), False
    offer_next(event, now=now)
    fresh = replace(wish, names=known.new)
    signup = _add(event, fresh, now=now)
    _move(signup, _first_state(signup, fresh, now=now), left_out=len(wish.names) - len(fresh.names))
    return signup, True


def _form_key(event: EventPage, wish: Wish) -> str:
    return f"{event.pk}:{wish.form_key}"


def _of_form(event: EventPage, wish: Wish) -> Wish:
    """Under a key of its own when the form has signed up others before: whoever goes back in the browser and writes a
    colleague's name, or mends the address, sends the same form.
    """
    other = replace(wish, form_key=f"{wish.form_key}:{same_inbox.mark(wish.email, wish.names)}")
    if event.signups.filter(form_key=_form_key(event, other)).exists():
        return other
    twin = event.signups.active().filter(form_key=_form_key(event, wish)).first()
    is_other = twin is not None and same_inbox.adds_somebody(twin, wish.email, wish.names)
    return other if is_other else wish


def _known(event: EventPage, wish: Wish, *, now: datetime) -> same_inbox.Known:
    """What that inbox has here already, offers that ran out left aside. It is written to in any case.

    Raises limits.TooMany.
    """
    if not wish.email:
        return same_inbox.Known([], wish.names)
    allowance.take(f"signup:inbox:{limits.inbox(wish.email)}", limit=LETTERS_PER_INBOX, now=now)
    for unanswered in same_inbox.signups_of(event, wish.email).unanswered(now):
        lapse(unanswered.pk, now=now)  # its own page says since then that signing up again is the way
    return same_inbox.meet(event, wish.email, wish.names)


def _still(signup: SignUp) -> SignUp:
    if signup.state not in ACTIVE:
        raise FormUsed(signup.pk)
    return signup


def _add(event: EventPage, wish: Wish, *, now: datetime) -> SignUp:
    """At the end of the queue, where everybody comes first."""
    agreed = bool(wish.needs) and wish.needs_agreed
    signup = SignUp.objects.create(
        event=event,
        form_key=_form_key(event, wish),
        state=SignUpState.QUEUED,
        places=len(wish.names),
        email=wish.email,
        phone=wish.phone,
        organisation=wish.organisation,
        needs=wish.needs if agreed else "",
        needs_agreed_at=now if agreed else None,
        language=wish.language,
        answers=wish.answers or None,
        created_at=now,
    )
    Guest.objects.bulk_create(Guest(signup=signup, name=name) for name in wish.names)
    return signup


def _first_state(signup: SignUp, wish: Wish, *, now: datetime) -> SignUpState:
    """Its seats are ordered if they cost."""
    event = signup.event
    if not _lets_in(event, signup.places):
        return SignUpState.QUEUED
    if wish.only_queue and event.place_price_ore:
        signup.offered_until = offer_ends(event, now)
        return SignUpState.OFFERED
    return _ordered(signup, wish.payer, now=now)


def _lets_in(event: EventPage, places: int) -> bool:
    """Whether so many may have seats at once, those who wait having been asked. Caller holds the lock."""
    return event.status != Status.FULL and fits_in(event, places)


# --- Paid places ---------------------------------------------------------------------------------
def _check_sum(event: EventPage, places: int, payer: Payer | None) -> None:
    if (event.place_price * places).ore != (payer.sum_ore if payer else 0):
        raise OtherSum(event.pk)


def _ordered(signup: SignUp, payer: Payer | None, *, now: datetime) -> SignUpState:
    """Order the seats if they cost; what the sign-up is from then on."""
    event = signup.event
    if payer is None or not event.place_price_ore:
        return SignUpState.GOING
    sale = event_places.Sale(
        key=signup.key,
        event=event.pk,
        name=_sold_as(event),
        quantity=signup.places,
        price=event.place_price,
        percent=event.place_vat,
        email=signup.email,
        language=signup.language,
        details=payer.details,
        by=payer.by,
        hold=link_holds(event, now) if payer.by else None,
    )
    placed = event_places.seller().place(sale, now)
    signup.order_number = placed.number
    signup.save(update_fields=["order_number"])
    return SignUpState.UNPAID if placed.is_to_pay else SignUpState.GOING


def link_holds(event: EventPage, now: datetime) -> timedelta:
    """How long a link to pay by holds seats: as an offer, never more than half of the time that is left to sign up."""
    return min(LONGEST_LINK, (event.signup_ends_at - now) / 2)


def _sold_as(event: EventPage) -> str:
    """The event and its day, by which an order, a receipt and an invoice tell it from its copies."""
    return f"{event.spoken.title[:LONGEST_TITLE]}, {date_format(clock.local(event.starts_at), 'j F Y')}"


def is_to_pay(signup: SignUp, wish: Wish) -> bool:
    """Whether it is this form's own, and its order waits for money."""
    return is_own(signup, wish) and signup.state == SignUpState.UNPAID


def is_own(signup: SignUp, wish: Wish) -> bool:
    """Whether it is this form's, whoever was signed up by it."""
    own = _form_key(signup.event, wish)
    return signup.form_key == own or signup.form_key.startswith(f"{own}:")


@transaction.atomic
def order_is_paid(number: str, now: datetime) -> None:
    """Let those in whom an order that stands now was placed for. Caller holds that order's lock."""
    if pk := _of_order(number, SignUpState.UNPAID):
        _move(_locked(pk=pk), SignUpState.GOING)


@transaction.atomic
def order_is_off(number: str, by: By, now: datetime) -> None:
    """Give back the seats of an order that has ended. Caller holds that order's lock."""
    pk = _of_order(number, *ACTIVE)
    if pk is None:
        return
    signup = _locked(pk=pk)
    lapsed = signup.state == SignUpState.UNPAID and by == By.CLOCK and not signup.event.is_cancelled
    actor = Actor.GUEST if by == By.BUYER else Actor.ORDER
    _end(signup, SignUpState.LAPSED if lapsed else SignUpState.CANCELLED, now=now, actor=actor)


@transaction.atomic
def takes_again(number: str, now: datetime) -> bool:
    """Hold the seats of an order that lapsed and is being paid after all, if they are still to be had.

    Those who wait are asked first, as when somebody signs up. Caller holds that order's lock.
    """
    pk = _of_order(number, SignUpState.LAPSED)
    if pk is None:
        return False
    signup = _locked(pk=pk)
    if not signup.event.takes_signups(now) or not same_inbox.has_room_for(signup):
        return False
    offer_next(signup.event, now=now)
    if not _lets_in(signup.event, signup.places):
        return False
    signup.ended_at = None
    _move(signup, SignUpState.UNPAID)
    return True


def _of_order(number: str, *states: SignUpState) -> int | None:
    """The sign-up that an order was placed for; no other step changes it while that order's row is locked."""
    found = SignUp.objects.filter(order_number=number, state__in=states)
    return found.values_list("pk", flat=True).first()


def event_page(number: str) -> str:
    """The address of the event that an order's places are at; of the calendar's site when it has none any more."""
    signup = SignUp.objects.select_related("event").filter(order_number=number).first()
    return (signup and signup.event.spoken.url) or "/"


def signup_page(number: str) -> str:
    """The address of the own page of the sign-up that an order was placed for; empty once it is forgotten."""
    key = SignUp.objects.known().filter(order_number=number).values_list("key", flat=True).first()
    return reverse("kalender:signup", args=[key]) if key else ""


def times(numbers: Collection[str]) -> dict[str, Times]:
    """When the events are that these orders' places are at; nothing of an event that is gone."""
    found = SignUp.objects.filter(order_number__in=numbers)
    rows = found.values_list("order_number", "event__starts_at", "event__ends_at", "event__status")
    return {number: Times(begins, ends, status == Status.CANCELLED) for number, begins, ends, status in rows}


def call_off_orders(*, now: datetime) -> None:
    """Call off what was ordered for events that have been cancelled since."""
    off = SignUp.objects.holding().filter(event__status=Status.CANCELLED).exclude(order_number="")
    for number in off.values_list("order_number", flat=True)[:BATCH]:
        event_places.seller().call_off(number, now)


def ask_about_kept_money(*, now: datetime) -> None:
    """Have staff decide anew on what they kept of those who gave their places back before we cancelled the event."""
    gone = SignUp.objects.known().filter(state=SignUpState.CANCELLED, event__status=Status.CANCELLED)
    numbers = list(gone.exclude(order_number="").values_list("order_number", flat=True))
    event_places.seller().ask_anew(numbers, now)


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

    Raises OfferLapsed, OtherSum and SignUp.DoesNotExist.
    """
    signup = _locked(key=key)
    if signup.state in {SignUpState.GOING, SignUpState.UNPAID}:
        return signup
    if not is_offered(signup, now):
        raise OfferLapsed(signup.pk)
    _check_sum(signup.event, signup.places, payer)
    signup.offered_until = None
    _move(signup, _ordered(signup, payer, now=now))
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
def cancel(pk: int, *, actor: Actor, told: str = "", now: datetime) -> bool:
    """Give the seats, or the turn in the queue, back. The letter says by whom; `told` is who in the staff a guest
    has said it to.

    An order that nobody has paid ends with them, once nobody can pay it any more; of any other staff decide on the
    money. False when that was done before. Raises Busy and SignUp.DoesNotExist.
    """
    known = SignUp.objects.get(pk=pk)
    is_unpaid = known.state == SignUpState.UNPAID
    if is_unpaid and not event_places.seller().close(known.order_number, now):
        raise Busy(pk)
    return _give_back(pk, known.order_number, actor=actor, told=told, now=now)


@transaction.atomic
def _give_back(pk: int, number: str, *, actor: Actor, told: str, now: datetime) -> bool:
    """The order's row comes before the event's, as when it is the order that is called off."""
    if number:
        event_places.seller().hold(number)
    signup = _locked(pk=pk)
    if signup.state not in ACTIVE:
        return False
    if signup.order_number != number:
        raise Busy(pk)
    _end(signup, SignUpState.CANCELLED, now=now, actor=actor)
    if number:
        event_places.seller().given_back(number, by_guest=actor == Actor.GUEST, told=told, now=now)
    return True


def may_leave(signup: SignUp) -> bool:
    """Whether some of its guests may leave while the others stay: while it waits or has places that are free."""
    return signup.state in ACTIVE and not signup.order_number and signup.forgotten_at is None


@transaction.atomic
def leave(pk: int, guests: Collection[int], *, actor: Actor, now: datetime) -> bool:
    """Give back the seats, or the turns in the queue, of guests by their keys. The rest keep theirs, and an offer its
    time; when nobody is left it is cancelled.

    False when none of them is there any more. Raises Ordered, OfferLapsed and SignUp.DoesNotExist.
    """
    signup = _locked(pk=pk)
    out = list(signup.guests.filter(pk__in=guests))
    if signup.order_number:
        raise Ordered(pk)
    if not out or not may_leave(signup):
        return False
    if signup.state == SignUpState.OFFERED and not is_offered(signup, now):
        raise OfferLapsed(pk)
    if len(out) == signup.guests.count():
        _end(signup, SignUpState.CANCELLED, now=now, actor=actor)
    else:
        _shrink(signup, out, now=now, actor=actor)
    return True


def _shrink(signup: SignUp, out: Collection[Guest], *, now: datetime, actor: Actor) -> None:
    """Those who leave are remembered by the letter alone. Caller holds the event's lock."""
    signup.guests.filter(pk__in=[guest.pk for guest in out]).delete()
    signup.places -= len(out)
    signup.save(update_fields=["places"])
    signup_letters.tell_of_fewer(signup, [guest.name for guest in out], actor=actor)
    changed()
    given_back = len(out) if signup.state in HOLDING else 0
    offer_next(signup.event, now=now, given_back=given_back)


def _end(signup: SignUp, state: SignUpState, *, now: datetime, actor: Actor | None = None) -> None:
    given_back = signup.places if signup.state in HOLDING else 0
    may_be_paid = signup.state == SignUpState.UNPAID and state == SignUpState.LAPSED
    signup.ended_at, signup.offered_until = now, None
    if not may_be_paid:  # else late money may bring them all the same
        signup.needs, signup.needs_agreed_at = "", None  # nobody will lay the table for them
    _move(signup, state, actor=actor)
    if signup.event.is_cancelled and not same_inbox.others_of(signup).exists():
        telling.let_go(signup)
    offer_next(signup.event, now=now, given_back=given_back)


def _move(signup: SignUp, state: SignUpState, *, actor: Actor | None = None, left_out: int = 0) -> None:
    """The one place where a sign-up changes state. Caller holds the event's lock.

    `left_out`: so many names of its form stand in another sign-up already.
    """
    before, signup.state = signup.state, state
    if state not in WAITING:
        signup.answers = None
    signup.save(update_fields=["state", "offered_until", "ended_at", "needs", "needs_agreed_at", "answers"])
    if state != SignUpState.UNPAID or left_out:  # who is at the payment page needs no other letter
        signup_letters.tell(signup, before=SignUpState(before), actor=actor, left_out=left_out)
    changed()


def _locked(**which: Any) -> SignUp:
    """The sign-up as it is once its event's row is locked, its event at hand."""
    event = lock(SignUp.objects.values_list("event", flat=True).get(**which))
    signup = SignUp.objects.get(**which)
    signup.event = event
    return signup


# --- Names ---------------------------------------------------------------------------------------
def may_rename(signup: SignUp, *, actor: Actor, now: datetime) -> bool:
    """While somebody comes or waits and is known; guests until the event begins, staff at the door too."""
    is_open = actor == Actor.STAFF or signup.event.starts_at > now
    return is_open and signup.state in ACTIVE and signup.forgotten_at is None


@transaction.atomic
def rename(pk: int, names: Mapping[int, str], *, actor: Actor, now: datetime) -> bool:
    """Give guests of a sign-up, by their keys, other names; no letter goes. False when `actor` may not, or no more.

    Raises SignUp.DoesNotExist.
    """
    signup = _locked(pk=pk)
    if not may_rename(signup, actor=actor, now=now):
        return False
    for guest in signup.guests.filter(pk__in=names):
        guest.name = names[guest.pk]
        guest.save(update_fields=["name"])
    return True


# --- Afterwards ----------------------------------------------------------------------------------
@transaction.atomic
def forget(*, now: datetime) -> None:
    """Erase needs two weeks after the event, names and addresses a season after it: the form promises both.

    Who still waits when it ends will pay for nothing.
    """
    SignUp.objects.over(now).filter(answers__isnull=False).update(answers=None)
    for unneeded in (SignUp.objects.over(now - NEEDS_MEMORY), SignUp.objects.lapsed(now - LATE_MONEY)):
        unneeded.exclude(needs="").update(needs="", needs_agreed_at=None)
    gone = SignUp.objects.known().over(now - GUEST_MEMORY)
    Guest.objects.filter(signup__in=gone).update(name="")
    gone.update(email="", phone="", organisation="", forgotten_at=now)
    GuestLetter.objects.filter(event__ends_at__lte=now - GUEST_MEMORY).delete()
    outbox.forget_contents([*signup_letters.LETTERS, *telling.LETTERS], written_before=now - GUEST_MEMORY)


HOST = event_places.Host(
    is_paid=order_is_paid,
    is_off=order_is_off,
    takes_again=takes_again,
    event_page=event_page,
    signup_page=signup_page,
    times=times,
)
