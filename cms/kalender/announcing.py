"""What other people's calendars have been told about an event, and when that must be told anew.

RFC 5545: a client moves the event it holds only when SEQUENCE has grown under the same UID.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cms.kalender import clock

if TYPE_CHECKING:
    from cms.kalender.models import EventPage

# Belong to the page as a whole: `record` keeps them from revisions, and a copy gets its own.
KEPT = ["uid", "sequence", "ics_changed_at", "announced"]

# A change of these moves the event in calendars; a change of those only rewrites its text.
MOVING = ("starts_at", "ends_at", "status", "city", "place", "address", "online", "online_link")
WORDING = ("title", "lede", "slug")


def lock(event: EventPage) -> EventPage:
    """The event's row as it stands, held until the transaction ends."""
    told: EventPage = type(event).objects.select_for_update().get(pk=event.pk)
    return told


def record(told: EventPage, *, now: datetime) -> None:
    """Compare what is published now with what was announced before. The caller holds the lock on `told`.

    The row is written also when nothing is new: publishing has just saved a revision over it, and
    that revision, or the page it was loaded with, may be older than the last announcement. An alias
    is the same event at another place in the tree and is told the same.
    """
    event = type(told).objects.get(pk=told.pk)
    facts = announcement(event) if event.live else told.announced
    is_moved = bool(told.announced) and any(facts[name] != told.announced.get(name) for name in MOVING)
    places = type(told).objects.filter(Q(pk=told.pk) | Q(alias_of=told.pk))
    places.update(
        uid=told.uid,
        sequence=told.sequence + is_moved,
        ics_changed_at=told.ics_changed_at if facts == told.announced else now,
        announced=facts,
    )
    if is_moved:
        for place in places:
            replan_reminders(place)


def announcement(event: EventPage) -> dict[str, Any]:
    facts = {name: getattr(event, name) for name in (*MOVING, *WORDING)}
    return {**facts, "starts_at": event.starts_at.isoformat(), "ends_at": event.ends_at.isoformat()}


def replan_reminders(event: EventPage) -> None:
    """A moved event moves the reminders that are still to come along."""
    for lead in clock.Lead:
        event.reminders.open().filter(lead=lead).update(due_at=clock.due_at(event.starts_at, lead))
