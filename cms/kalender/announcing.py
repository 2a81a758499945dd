"""What other people's calendars have been told about an event, and when that must be told anew.

RFC 5545: a client moves the event it holds only when SEQUENCE has grown under the same UID.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from cms.kalender import clock

if TYPE_CHECKING:
    from cms.kalender.models import EventPage

# Belong to the page as a whole: never taken from a revision, never copied to another page.
KEPT = ["uid", "sequence", "ics_changed_at", "announced"]

# A change of these moves the event in calendars; a change of those only rewrites its text.
MOVING = ("starts_at", "ends_at", "status", "city", "place", "address", "online", "online_link")
WORDING = ("title", "lede", "slug")


def lock(event: EventPage) -> EventPage:
    """The event's row as it stands, held until the transaction ends."""
    told: EventPage = type(event).objects.select_for_update().get(pk=event.pk)
    return told


def record(told: EventPage, *, now: datetime) -> None:
    """Compare what is published now with what was announced before. The caller holds the lock on `told`."""
    event = type(told).objects.get(pk=told.pk)
    facts = announcement(event)
    if not event.live or facts == told.announced:
        return
    moved = bool(told.announced) and any(facts[name] != told.announced.get(name) for name in MOVING)
    type(told).objects.filter(pk=told.pk).update(
        sequence=told.sequence + moved, ics_changed_at=now, announced=facts
    )
    if moved:
        replan_reminders(event)


def announcement(event: EventPage) -> dict[str, Any]:
    facts = {name: getattr(event, name) for name in (*MOVING, *WORDING)}
    return {**facts, "starts_at": event.starts_at.isoformat(), "ends_at": event.ends_at.isoformat()}


def replan_reminders(event: EventPage) -> None:
    """A moved event moves the reminders that are still to come along."""
    for lead in clock.Lead:
        event.reminders.open().filter(lead=lead).update(due_at=clock.due_at(event.starts_at, lead))
