"""What happens when an event is published or taken away: who waits for it, and what they know otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms.kalender import announcing, clock, telling
from cms.kalender.clock import Lead
from cms.kalender.models import (
    ACTIVE,
    Announcement,
    EventPage,
    ReminderRequest,
    SignUp,
    SignUpState,
    State,
    Status,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many people wait in one way, and how many letters go to them."""

    people: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class Audience:
    """Who waits, by the state of their sign-up; whose inbox has asked for a reminder and nothing else, and how many
    inboxes have asked for one besides; how many sign-ups no letter reaches."""

    going: Waiting = Waiting()
    unpaid: Waiting = Waiting()
    queued: Waiting = Waiting()
    offered: Waiting = Waiting()
    reminders: Waiting = Waiting()
    reminded_guests: int = 0
    to_ring: int = 0

    def __bool__(self) -> bool:
        return bool(self.letters or self.to_ring)

    @property
    def letters(self) -> int:
        ways = (self.going, self.unpaid, self.queued, self.offered, self.reminders)
        return sum(way.letters for way in ways)


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reminders:
    """What becomes of what people have asked for: whether somebody still has one, whether any comes when the event
    is published, and how many went with a cancellation."""

    asked: bool = False
    come: bool = False
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Consequence:
    """`letter`: what telling writes; of what is taken away it says that it is off. `orders`: how many are called off,
    each by a letter of its own, whether anybody is told or not."""

    event: EventPage
    audience: Audience
    changes: Sequence[Change] = ()
    letter: str = telling.CANCELLED
    time_moved: bool = False
    reminders: Reminders = Reminders()
    orders: int = 0

    @property
    def is_on_again(self) -> bool:
        return self.letter == telling.ON_AGAIN

    @property
    def has_lost_orders(self) -> bool:
        """Whether somebody had ordered places who has none any more, and hears nothing of its being on again."""
        gone = SignUp.objects.known().filter(event=self.event.pk, state=SignUpState.CANCELLED)
        return self.is_on_again and gone.exclude(order_number="").exists()

    @property
    def is_moved_unsaid(self) -> bool:
        """Whether the public page would say nothing of the new time or place."""
        return self.letter == telling.MOVED and self.event.status == Status.PLANNED


# --- Publishing ------------------------------------------------------------------------------------
def of_publishing(event: EventPage, *, now: datetime) -> Consequence | None:
    """Of an event as it would be published; None when nobody would be told of anything."""
    told = Announcement.objects.filter(pk=event.pk).first()
    if told is None or not told.facts:
        return None
    facts = announcing.announcement(event)
    letter = telling.letter_of(announcing.as_known(told), facts, now=now)
    audience = audiences([event.pk], letter)[event.pk] if letter else None
    if not audience:
        return None
    return Consequence(
        event,
        audience,
        changes(told, event),
        letter,
        time_moved=any(facts[name] != told.facts.get(name, facts[name]) for name in telling.TIME),
        reminders=reminders_of(event, now=now),
        orders=orders_called_off(event),
    )


def reminders_of(event: EventPage, *, now: datetime) -> Reminders:
    """Of an event as it would be published: who has had one of another day has one of the new day, see announcing."""
    following = ReminderRequest.objects.following().filter(event=event.pk)
    wishes = list(following.values_list("lead", "state").distinct())
    come = any(
        state == State.CONFIRMED or clock.due_at(event.counted_from, Lead(lead)) > now
        for lead, state in wishes
    )
    return Reminders(
        asked=bool(wishes),
        come=come and not event.is_cancelled and event.counted_from > now,
        lost=ReminderRequest.objects.cut_off().filter(event=event.pk).count(),
    )


def orders_called_off(event: EventPage) -> int:
    """As `signing_up.call_off_orders` does it once the event is cancelled."""
    if not event.is_cancelled:
        return 0
    return SignUp.objects.holding().filter(event=event.pk).exclude(order_number="").count()


def changes(told: Announcement, event: EventPage) -> list[Change]:
    """When, where and whether, as far as they are others than has been told."""
    before = telling.as_told(told.facts)
    status = _("Avpublicerad") if announcing.is_withdrawn(told) else before.get_status_display()
    rows = [
        Change(_("När"), when_words(before), when_words(event)),
        Change(_("Var"), before.location, event.location),
        Change(_("Läge"), status, event.get_status_display()),
    ]
    return [row for row in rows if row.before != row.after]


def when_words(event: EventPage) -> str:
    """`torsdag 10 december 2026, 13.00–16.30`"""
    day = date_format(clock.local_date(event.starts_at), "l j F Y")
    return f"{day}, {event.when}" if event.when[0].isdigit() else f"{day} {event.when}"


# --- Taking away -----------------------------------------------------------------------------------
def of_removal(events: Iterable[EventPage], *, now: datetime) -> list[Consequence]:
    """Those that somebody waits for; of what is over, cancelled or not published nobody does."""
    awaited = [
        event for event in events if event.live and event.ends_at > now and event.status != Status.CANCELLED
    ]
    counted = audiences([event.pk for event in awaited])
    return [Consequence(event, counted[event.pk]) for event in awaited if counted[event.pk]]


def kept_by_guests(events: Sequence[EventPage]) -> list[Consequence]:
    """Those that are not deleted, since somebody comes or waits, or has an order, and has not been forgotten yet."""
    signups = SignUp.objects.keeping().filter(event__in=[event.pk for event in events])
    keys = set(signups.values_list("event", flat=True))
    counted = audiences(sorted(keys))
    return [Consequence(event, counted[event.pk]) for event in events if event.pk in keys]


# --- Who waits -------------------------------------------------------------------------------------
def audiences(events: Sequence[int], letter: str = telling.CANCELLED) -> dict[int, Audience]:
    """Who would get that letter, by the event's key; two queries, however many events."""
    signups: dict[int, list[tuple[str, int, str]]] = defaultdict(list)
    active = SignUp.objects.known().filter(event__in=events, state__in=ACTIVE).order_by("pk")
    for event, state, places, email in active.values_list("event", "state", "places", "email"):
        signups[event].append((state, places, email.lower()))
    asked: dict[int, set[str]] = defaultdict(set)
    wishes = ReminderRequest.objects.following().filter(event__in=events)
    for event, email in wishes.values_list("event", "email"):
        asked[event].add(email.lower())
    return {event: _audience(signups[event], asked[event], letter) for event in events}


def _audience(signups: Iterable[tuple[str, int, str]], asked: set[str], letter: str) -> Audience:
    """Counted as `telling.tell` writes: one letter for each inbox, about its seats if it has any, and one for an inbox
    that has signed up nobody.
    """
    people, inboxes = Counter[str](), Counter[str]()
    told: dict[str, str] = {}
    for state, places, inbox in signups:
        people[state] += places
        inboxes[inbox] += 1
        if inbox and (inbox not in told or state == SignUpState.GOING):
            told[inbox] = state
    letters = Counter(told.values())
    waiting = {state: Waiting(people[state], letters[state]) for state in ACTIVE}
    alone = len(asked - inboxes.keys())
    return Audience(
        going=waiting[SignUpState.GOING],
        unpaid=waiting[SignUpState.UNPAID],
        queued=waiting[SignUpState.QUEUED],
        offered=waiting[SignUpState.OFFERED],
        reminders=Waiting(alone, alone if telling.concerns_wishes(letter) else 0),
        reminded_guests=len(asked) - alone,
        to_ring=inboxes[""],
    )
