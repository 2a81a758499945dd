"""The calendar list: what the filter offers and keeps, months as headings, one month as a grid."""

from __future__ import annotations

import calendar
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cms.kalender import clock
from shop.red_days import holiday, is_red

if TYPE_CHECKING:
    from cms.kalender.models import EventPage

FREE, ONLINE = "kostnadsfritt", "digitalt"
LAST_LETTERS = str.maketrans("åäæöø", "{||}}")


@dataclass(frozen=True, slots=True)
class Choice:
    """The filter as shown: its options as (value, label), what is chosen, and the events that fit."""

    kinds: list[tuple[str, str]]
    places: list[tuple[str, str]]
    typ: str
    ort: str
    events: list[EventPage]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.typ or self.ort)


def choice(events: Sequence[EventPage], *, typ: str, ort: str) -> Choice:
    """Filter by what the address says; a value that the filter does not offer counts as none."""
    kinds, places = kind_options(events), place_options(events)
    typ = typ if typ in dict(kinds) else ""
    ort = ort if ort in dict(places) else ""
    fitting = [event for event in events if has_kind(event, typ) and is_at(event, ort)]
    return Choice(kinds, places, typ, ort, fitting)


def kind_options(events: Sequence[EventPage]) -> list[tuple[str, str]]:
    kinds = sorted({(str(event.kind), str(event.get_kind_display())) for event in events}, key=_by_label)
    free = [(FREE, _("Kostnadsfritt"))] if any(event.free for event in events) else []
    return [*free, *kinds, *online_option(events)]


def place_options(events: Sequence[EventPage]) -> list[tuple[str, str]]:
    cities = sorted({(event.city, event.city) for event in events if not event.online}, key=_by_label)
    return [*cities, *online_option(events)]


def online_option(events: Sequence[EventPage]) -> list[tuple[str, str]]:
    return [(ONLINE, _("Digitalt"))] if any(event.online for event in events) else []


def _by_label(option: tuple[str, str]) -> str:
    return in_swedish_order(option[1])


def in_swedish_order(words: str) -> str:
    """A key to sort by, å, ä and ö last without a locale database; other marks do not count."""
    composed = unicodedata.normalize("NFC", words).casefold().translate(LAST_LETTERS)
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(sign)
    )


def has_kind(event: EventPage, typ: str) -> bool:
    if typ in {FREE, ONLINE}:
        return bool(event.free if typ == FREE else event.online)
    return typ in {"", event.kind}


def is_at(event: EventPage, ort: str) -> bool:
    return bool(event.online) if ort == ONLINE else ort == "" or (ort == event.city and not event.online)


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    events: list[EventPage]


def by_month(events: Sequence[EventPage]) -> list[Month]:
    """Group events, which come ordered, under the first day of their local month."""
    grouped = groupby(events, key=lambda event: clock.local_date(event.starts_at).replace(day=1))
    return [Month(first, list(group)) for first, group in grouped]


@dataclass(slots=True)
class Day:
    date: date
    outside: bool
    red: bool
    holiday: str
    today: bool
    events: list[EventPage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Week:
    number: int  # ISO 8601, as in Swedish calendars
    days: list[Day]


@dataclass(frozen=True, slots=True)
class Grid:
    first: date
    weeks: list[Week]

    @property
    def weekdays(self) -> list[date]:
        return [day.date for day in self.weeks[0].days]


def first_month(events: Sequence[EventPage], now: datetime) -> Grid | None:
    """The month of the first event that starts in it or reaches into it; None without events."""
    if not events:
        return None
    today = clock.local_date(now)
    first = max(clock.local_date(events[0].starts_at), today.replace(day=1)).replace(day=1)
    return grid(first, events, today)


def grid(first: date, events: Sequence[EventPage], today: date) -> Grid:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    days = {day: _day(day, first, today) for week in weeks for day in week}
    for event in events:
        for day in days_of(event):
            if day in days and not days[day].outside:
                days[day].events.append(event)
    return Grid(first, [Week(week[0].isocalendar().week, [days[day] for day in week]) for week in weeks])


def _day(day: date, first: date, today: date) -> Day:
    outside = day.month != first.month
    return Day(day, outside=outside, red=is_red(day), holiday=holiday(day), today=day == today)


def days_of(event: EventPage) -> list[date]:
    """Each local day that the event touches, at most six weeks of them; one that ends at midnight not the next."""
    first, last = clock.local_date(event.starts_at), clock.last_date(event.ends_at)
    length = min((last - first).days, 42)
    return [first + timedelta(days=days) for days in range(length + 1)]
