"""What other people's calendars have been told about an event, and when that must be told anew.

RFC 5545: a client moves the event it holds only when SEQUENCE has grown under the same UID.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from cms.kalender import clock, telling
from cms.kalender.models import Announcement, EventPage, State, Status

# A change of these moves the event in calendars; a change of those only rewrites its text.
MOVING = ("starts_at", "ends_at", "all_day", "status", "city", "place", "address", "online", "online_link")
WORDING = ("title", "lede", "slug", "kind")


@transaction.atomic
def announce(event_id: int, *, now: datetime) -> None:
    """Compare what is published now with what was announced before, and raise SEQUENCE when it has moved."""
    event: EventPage = EventPage.objects.locked().get(pk=event_id)
    told, is_new = Announcement.objects.select_for_update().get_or_create(
        event_id=event_id, defaults={"changed_at": now}
    )
    facts, words = announcement(event), {**told.words, **words_elsewhere(event)}
    if (facts, words) == (told.facts, told.words) and told.withdrawn_at is None:
        return
    is_moved = not is_new and (is_withdrawn(told) or is_other(told, facts))
    if (before := told.facts.get("starts_at", facts["starts_at"])) != facts["starts_at"]:
        told.moved_from = datetime.fromisoformat(before)
    known = as_known(told)
    told.sequence += is_moved
    told.facts, told.words, told.changed_at, told.withdrawn_at = facts, words, now, None
    told.save(update_fields=["sequence", "facts", "words", "changed_at", "moved_from", "withdrawn_at"])
    if is_moved:
        replan_reminders(event, now=now)
    if is_moved and event.tell_guests:
        telling.tell(event, before=known, after=facts, sequence=told.sequence, now=now)


def as_known(told: Announcement) -> dict[str, Any]:
    """What people hold for true: of a page that went they know only by letter."""
    was_called_off = is_withdrawn(told) and telling.was_told(telling.CANCELLED, told.pk, told.sequence)
    return {**told.facts, **({"status": Status.CANCELLED} if was_called_off else {})}


def is_other(told: Announcement, facts: dict[str, Any]) -> bool:
    """Whether it lies elsewhere or stands otherwise. A fact that was not yet kept when it was told has not changed."""
    return any(facts[name] != told.facts.get(name, facts[name]) for name in MOVING)


def is_withdrawn(told: Announcement) -> bool:
    """Whether subscribers have been told that it is off, without a page that says so."""
    return told.withdrawn_at is not None and told.facts["status"] != Status.CANCELLED


def subscribed(*, now: datetime, kind: str = "") -> list[EventPage]:
    """What the feed in the language in use holds, of one kind or all: what is published, and ghosts of what was."""
    withdraw_astray(now=now)
    shown = EventPage.objects.spoken().in_feed(now)
    events = as_announced(shown.filter(kind=kind) if kind else shown, now=now)
    gone = [ghost(told) for told in Announcement.objects.withdrawn(now).order_by("pk") if _is_in(told, kind)]
    return [*events, *gone]


def _is_in(told: Announcement, kind: str) -> bool:
    spoken = {told.facts.get("language", settings.LANGUAGE_CODE), *told.words}
    return get_language() in spoken and kind in {"", told.facts.get("kind")}


def as_announced(pages: Iterable[EventPage], *, now: datetime) -> list[EventPage]:
    """Pages, each in its own words with its event's one announcement. None of an event that readers may not see."""
    shown = list(pages)
    events = _events_of([page for page in shown if getattr(page, "announcement", None) is None])
    known = ((page, events.get(page.pk, page)) for page in shown)
    return [_announced(page, event, now=now) for page, event in known if event]


def _events_of(pages: Sequence[EventPage]) -> dict[int, EventPage | None]:
    """Of pages without an announcement of their own, by the page's key."""
    if not pages:
        return {}
    keys = {page.translation_key for page in pages}
    alike = EventPage.objects.filter(translation_key__in=keys, alias_of=None).order_by("-pk")
    events = {event.translation_key: event for event in alike.select_related("announcement", "locale")}
    readable = set(EventPage.objects.shown().filter(translation_key__in=keys).values_list("pk", flat=True))
    found = {page.pk: events.get(page.translation_key, page) for page in pages}
    return {pk: event if event.pk in readable else None for pk, event in found.items()}


def _announced(page: EventPage, event: EventPage, *, now: datetime) -> EventPage:
    fresh = up_to_date(event, now=now)
    if fresh.pk == page.pk:
        return fresh
    page.announcement = copy(fresh.announcement)
    return page


def ghost(told: Announcement) -> EventPage:
    """The event as it was last told, called off: subscribers hold it, its page is out of reach or deleted."""
    event = telling.as_told({**told.facts, **told.words.get(get_language() or "", {})})
    event.pk, event.status, event.announcement = told.pk, Status.CANCELLED, told
    return event


def withdraw_astray(*, now: datetime) -> None:
    """Tell subscribers that what is no longer published is off: a calendar keeps what a feed merely leaves out."""
    for event_id in Announcement.objects.astray(now).values_list("pk", flat=True):
        withdraw(event_id, now=now)


@transaction.atomic
def withdraw(event_id: int, *, now: datetime, leaving: bool = False) -> None:
    """Call off what lies ahead and is no longer published, or is `leaving` just now.

    Whoever comes to it is told; not when its page is only kept for some.
    """
    event = EventPage.objects.locked().filter(pk=event_id).first()  # before its announcement
    rows = Announcement.objects.ahead(now) if leaving else Announcement.objects.astray(now)
    told = rows.select_for_update().filter(pk=event_id).first()
    if told is None:
        return
    off = {**told.facts, "status": Status.CANCELLED}
    told.sequence += told.facts != off
    told.withdrawn_at = told.changed_at = now
    told.save(update_fields=["sequence", "withdrawn_at", "changed_at"])
    if event is not None and event.tell_guests and (leaving or not event.live):
        telling.tell(event, before=told.facts, after=off, sequence=told.sequence, now=now, has_page=False)


def forget(*, now: datetime) -> None:
    """Drop what was told of deleted events when all have heard that they are off."""
    Announcement.objects.done_with(now).delete()


def up_to_date(event: EventPage, *, now: datetime) -> EventPage:
    """The event, not a page that translates it, with its announcement, for a calendar file.

    An event that was saved without being published (by an import, or by a process that died before
    it could announce) is announced here, so that no file ever tells a change under an old SEQUENCE.
    """
    told: Announcement | None = getattr(event, "announcement", None)
    if told is not None and told.withdrawn_at is None and told.facts == announcement(event):
        return event
    announce(event.pk, now=now)
    fresh: EventPage = EventPage.objects.select_related("announcement", "locale").get(pk=event.pk)
    return fresh


def announcement(event: EventPage) -> dict[str, Any]:
    facts = {name: getattr(event, name) for name in (*MOVING, *WORDING)}
    hours = {name: facts[name].astimezone(UTC).isoformat() for name in ("starts_at", "ends_at")}
    return {**facts, **hours, "language": event.locale.language_code}


def words_elsewhere(event: EventPage) -> dict[str, dict[str, str]]:
    """What its pages in other languages say, by language."""
    others = EventPage.objects.in_every_language(event).exclude(pk=event.pk).live().public()
    return {
        page.locale.language_code: {name: getattr(page, name) for name in WORDING}
        for page in others.select_related("locale")
    }


def replan_reminders(event: EventPage, *, now: datetime) -> None:
    """A moved event moves the reminders that are still to come along; who has had one of a day that is no more gets
    one of the new day."""
    for lead in clock.Lead:
        due_at = clock.due_at(event.counted_from, lead)
        event.reminders.open().filter(lead=lead).update(due_at=due_at)
        if due_at > now:
            had = event.reminders.following().filter(lead=lead, state=State.SENT)
            had.update(due_at=due_at, state=State.CONFIRMED)
