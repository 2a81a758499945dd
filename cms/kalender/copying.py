"""Copies of an event on other days: which days, and drafts on them by the same wall clock."""

from __future__ import annotations

import calendar
import copy
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.copy_page import CopyPageAction

from cms.kalender import clock, months
from cms.kalender.forms import DATED
from cms.kalender.models import EventPage, Status
from shop.typed_days import AROUND, Unreadable, read_day

MOST_COPIES = 52
NEVER_SAVED = {"pk": None, "first_published_at": None, "last_published_at": None}
LONGEST_STEM = 200  # signs of an address, with room for the date before it


class Rhythm(StrEnum):
    WEEKLY = "vecka"
    FORTNIGHTLY = "varannan"
    MONTHLY = "manad"
    PICKED = "dagar"


# --- Which days ------------------------------------------------------------------------------------
def days_after(first: date, rhythm: Rhythm, count: int) -> list[date]:
    """So many days after the first, in that rhythm; monthly means the same weekday of the month."""
    if rhythm == Rhythm.MONTHLY:
        return [_same_weekday(first, number) for number in range(1, count + 1)]
    step = timedelta(weeks=1 if rhythm == Rhythm.WEEKLY else 2)
    return [first + step * number for number in range(1, count + 1)]


def _same_weekday(first: date, later: int) -> date:
    """The second Thursday stays the second; a fifth is the last, since many months have four."""
    month = months.moved(first, later)
    days = [
        day
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
        for day in week
        if day.month == month.month and day.weekday() == first.weekday()
    ]
    turn = (first.day - 1) // 7
    return days[turn] if turn < 4 else days[-1]


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    words: str
    sentence: str

    def __str__(self) -> str:
        return _("Rad %(line)d, ”%(words)s”: %(sentence)s") % {
            "line": self.line,
            "words": self.words[:40],
            "sentence": self.sentence,
        }


def read_days(text: str, *, today: date) -> tuple[list[date], list[Fault]]:
    """One day a line, as people write them; a year that is not said makes it the next such day. Each day once."""
    days: dict[date, None] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip(AROUND)
        if not words:
            continue
        try:
            days[read_day(words, today=today)] = None
        except Unreadable as unreadable:
            faults.append(Fault(number, words, str(unreadable)))
    return sorted(days), faults


# --- What they become ------------------------------------------------------------------------------
def moved_to(event: EventPage, day: date) -> dict[str, Any]:
    """The facts in which a copy on that day differs: the same hours by Stockholm's clock, an address with the day."""
    days = day - clock.local_date(event.starts_at)
    moments = {name: getattr(event, name) for name in ("starts_at", "ends_at", "signup_closes_at")}
    return {
        **{name: moment and shifted(moment, days) for name, moment in moments.items()},
        "slug": f"{day.isoformat()}-{stem(event)}",
        "status": Status.PLANNED,
        "seats_taken": 0,
        "tell_guests": True,
        "go_live_at": None,
        "expire_at": None,
    }


def stem(event: EventPage) -> str:
    return DATED.sub("", str(event.slug))[:LONGEST_STEM].strip("-")


def shifted(moment: datetime, days: timedelta) -> datetime:
    """So many days on by the wall clock; an hour that the clock skips becomes the one after it."""
    wall = clock.local(moment).replace(tzinfo=None, fold=0) + days
    return clock.local(wall.replace(tzinfo=settings.STOCKHOLM).astimezone(UTC))


def draft_on(event: EventPage, day: date) -> EventPage:
    """The copy as it would be, in memory, for the proof-reader."""
    draft = copy.copy(event)
    for name, value in {**moved_to(event, day), **NEVER_SAVED, "translation_key": uuid.uuid4()}.items():
        setattr(draft, name, value)
    return draft


def days_taken(event: EventPage, days: Iterable[date]) -> set[date]:
    """Those that have their copy already, whoever made it."""
    slugs = {f"{day.isoformat()}-{stem(event)}": day for day in days}
    found = EventPage.objects.sibling_of(event, inclusive=True).filter(slug__in=slugs)
    return {slugs[slug] for slug in found.values_list("slug", flat=True)}


@transaction.atomic
def copy_to(pk: int, days: Sequence[date], *, user: Any) -> list[EventPage]:
    """Drafts on those days, with neither announcement nor sign-ups; none on a day that has one.

    The event's row is locked, so that a form that is sent twice makes them once. Raises EventPage.DoesNotExist.
    """
    event = EventPage.objects.locked().get(pk=pk)
    taken = days_taken(event, days)
    return [_copy(event, day, user) for day in days[:MOST_COPIES] if day not in taken]


def _copy(event: EventPage, day: date, user: Any) -> EventPage:
    action = CopyPageAction(
        page=event, update_attrs=moved_to(event, day), copy_revisions=False, keep_live=False, user=user
    )
    made: EventPage = action.execute(skip_permission_checks=True)
    return made
