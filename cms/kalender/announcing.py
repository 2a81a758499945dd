"""What other people's calendars have been told about an event, and when that must be told anew.

RFC 5545: a client moves the event it holds only when SEQUENCE has grown under the same UID.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cms.kalender import clock
from cms.kalender.models import Announcement, EventPage

# A change of these moves the event in calendars; a change of those only rewrites its text.
MOVING = ("starts_at", "ends_at", "status", "city", "place", "address", "online", "online_link")
WORDING = ("title", "lede", "slug")


def on_published(*, instance: EventPage, **_details: Any) -> None:
    """Wagtail's `page_published`, connected in CmsConfig.ready().

    The one place that every way to publish passes: the admin's edit view does not call
    `Page.publish`, and the hook `after_publish_page` is silent when the schedule, a workflow or
    code publishes, so either alone would leave subscribers at the old time.
    """
    if instance.alias_of_id is None:
        announce(instance.pk, now=timezone.now())


@transaction.atomic
def announce(event_id: int, *, now: datetime) -> None:
    """Compare what is published now with what was announced before, and raise SEQUENCE when it has moved."""
    told, is_new = Announcement.objects.select_for_update().get_or_create(
        event_id=event_id, defaults={"changed_at": now}
    )
    event: EventPage = EventPage.objects.get(pk=event_id)
    facts = announcement(event)
    if facts == told.facts:
        return
    is_moved = not is_new and any(facts[name] != told.facts.get(name) for name in MOVING)
    if (before := told.facts.get("starts_at", facts["starts_at"])) != facts["starts_at"]:
        told.moved_from = datetime.fromisoformat(before)
    told.sequence += is_moved
    told.facts, told.changed_at = facts, now
    told.save(update_fields=["sequence", "facts", "changed_at", "moved_from"])
    if is_moved:
        replan_reminders(event)


def up_to_date(event: EventPage, *, now: datetime) -> EventPage:
    """The event with its announcement, for a calendar file.

    An event that was saved without being published (by an import, or by a process that died before
    it could announce) is announced here, so that no file ever tells a change under an old SEQUENCE.
    """
    told: Announcement | None = getattr(event, "announcement", None)
    if told is not None and told.facts == announcement(event):
        return event
    announce(event.pk, now=now)
    fresh: EventPage = EventPage.objects.select_related("announcement").get(pk=event.pk)
    return fresh


def announcement(event: EventPage) -> dict[str, Any]:
    facts = {name: getattr(event, name) for name in (*MOVING, *WORDING)}
    hours = {name: facts[name].astimezone(UTC).isoformat() for name in ("starts_at", "ends_at")}
    return {**facts, **hours}


def replan_reminders(event: EventPage) -> None:
    """A moved event moves the reminders that are still to come along, also those asked for at an alias."""
    for place in EventPage.objects.filter(Q(pk=event.pk) | Q(alias_of=event.pk)):
        for lead in clock.Lead:
            due_at = clock.due_at(event.starts_at, lead)
            place.reminders.open().filter(lead=lead).update(due_at=due_at)
