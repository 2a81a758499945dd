"""What happens when an event is published or taken away: who waits for it, and what they know otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms.kalender import announcing, clock, telling
from cms.kalender.models import (
    ACTIVE,
    Announcement,
    EventPage,
    ReminderRequest,
    SignUp,
    SignUpState,
    Status,
)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who waits: people by the state of their sign-up, reminders, how many letters telling them makes, and how many
    sign-ups no letter reaches."""

    going: int = 0
    unpaid: int = 0
    queued: int = 0
    offered: int = 0
    reminders: int = 0
    letters: int = 0
    to_ring: int = 0

    def __bool__(self) -> bool:
        return bool(self.letters or self.to_ring)


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Consequence:
    event: EventPage
    audience: Audience
    changes: Sequence[Change] = ()


# --- Publishing ------------------------------------------------------------------------------------
def of_publishing(event: EventPage, *, now: datetime) -> Consequence | None:
    """Of an event as it would be published; None when nobody would be told of anything."""
    told = Announcement.objects.filter(pk=event.pk).first()
    if told is None or not told.facts:
        return None
    if not telling.letter_of(announcing.as_known(told), announcing.announcement(event), now=now):
        return None
    audience = audiences([event.pk])[event.pk]
    return Consequence(event, audience, changes(told, event)) if audience else None


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
def audiences(events: Sequence[int]) -> dict[int, Audience]:
    """By the event's key; two queries, however many events."""
    people, letters, to_ring = _people(events)
    reminders = _reminders(events)
    return {
        event: Audience(
            going=people[event][SignUpState.GOING],
            unpaid=people[event][SignUpState.UNPAID],
            queued=people[event][SignUpState.QUEUED],
            offered=people[event][SignUpState.OFFERED],
            reminders=reminders[event],
            letters=letters[event] + reminders[event],
            to_ring=to_ring[event],
        )
        for event in events
    }


def _people(events: Sequence[int]) -> tuple[dict[int, dict[str, int]], dict[int, int], dict[int, int]]:
    """How many people in each state, how many inboxes, and how many sign-ups without one."""
    people: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    letters: dict[int, int] = defaultdict(int)
    to_ring: dict[int, int] = defaultdict(int)
    found = (
        SignUp.objects.known().filter(event__in=events, state__in=ACTIVE).order_by().values("event", "state")
    )
    counted = found.annotate(
        people=Sum("places"), inboxes=Count("pk", filter=~Q(email="")), silent=Count("pk", filter=Q(email=""))
    )
    for row in counted:
        people[row["event"]][row["state"]] = row["people"]
        letters[row["event"]] += row["inboxes"]
        to_ring[row["event"]] += row["silent"]
    return people, letters, to_ring


def _reminders(events: Sequence[int]) -> dict[int, int]:
    following = ReminderRequest.objects.following()
    counted = following.filter(event__in=events).order_by().values_list("event").annotate(Count("pk"))
    return defaultdict(int, {int(event): int(count) for event, count in counted})
