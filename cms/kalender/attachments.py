"""The calendar files of letters, made when one leaves: the event as it stands then.

What the letters of one sending share (notifications.letters.together) is found out once for all.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cms.kalender import announcing, ics
from cms.kalender.models import Announcement, EventPage
from notifications.letters import Attachment
from shop.freshness import remembered


def event_file(context: dict[str, Any]) -> list[Attachment]:
    """For everybody's calendar."""
    return _file(context, "PUBLISH")


def request_file(context: dict[str, Any]) -> list[Attachment]:
    """The event put into the guest's calendar."""
    return _file(context, "REQUEST")


def cancel_file(context: dict[str, Any]) -> list[Attachment]:
    """The event taken out of the calendar of a guest who had a seat, and has no other."""
    keeps_a_seat = context.get("keeps_a_seat", False)  # letters written before did not know of others
    is_out = context["was_going"] and not keeps_a_seat
    return _file(context, "CANCEL") if is_out else []


def news_file(context: dict[str, Any]) -> list[Attachment]:
    """As the letter's receiver holds the event, if at all."""
    return _file(context, context["method"]) if context["method"] else []


def _file(context: dict[str, Any], method: str) -> list[Attachment]:
    event = _as_told(context["event"])
    if event is None or (method == "REQUEST" and event.is_cancelled):
        return []
    if method == "PUBLISH":
        content = _everybodys(event)
    else:
        content = ics.guest_file(event, method=method, attendee=context["attendee"], now=timezone.now())
    return [Attachment(f"{event.slug}.ics", content, f"text/calendar; charset=utf-8; method={method}")]


@remembered
def _everybodys(event: EventPage) -> bytes:
    return ics.event_file(event)


def _spoken(event: EventPage) -> list[EventPage]:
    return [event.spoken] if event.live else []


@remembered
def _as_told(event_id: int) -> EventPage | None:
    """The published event, or what was told last of one that has been taken away; None when nothing was."""
    event = EventPage.objects.filter(pk=event_id).select_related("announcement", "locale").first()
    if event is not None and getattr(event, "announcement", None) is None:
        event = event.original  # of a letter to who found it at an alias
    if event and (pages := announcing.as_announced(_spoken(event), now=timezone.now())):
        return pages[0]
    told = Announcement.objects.filter(pk=event.pk if event else event_id).first()
    return announcing.ghost(told) if told else None
