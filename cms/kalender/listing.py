"""The calendar list: what the filter offers and keeps, months as headings, one month as a grid."""

from __future__ import annotations

import calendar
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from cms.kalender import clock
from cms.kalender.models.choices import Kind
from shop.red_days import eve, holiday, is_red

if TYPE_CHECKING:
    from cms.kalender.models import EventPage
    from cms.kalender.models.known import Known

FREE, ONLINE = "kostnadsfritt", "digitalt"
LAST_LETTERS = str.maketrans("åäæöø", "{||}}")


class Sorted(Protocol):
    """What the filter asks of an event."""

    @property
    def kind(self) -> str: ...
    @property
    def free(self) -> bool: ...
    @property
    def city(self) -> str: ...
    @property
    def is_online(self) -> bool: ...
    @property
    def is_on_site(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader wants to see, as it stands in addresses: `?typ=kurs&ort=Lund`; empty for all of it."""

    typ: str = ""
    ort: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.typ or self.ort)

    @property
    def query(self) -> str:
        """What follows an address that keeps to it."""
        asked = {name: value for name, value in (("typ", self.typ), ("ort", self.ort)) if value}
        return f"?{urlencode(asked)}" if asked else ""

    def fits(self, event: Sorted) -> bool:
        return _has_kind(event, self.typ) and _is_at(event, self.ort)


def _has_kind(event: Sorted, typ: str) -> bool:
    if typ in {FREE, ONLINE}:
        return event.free if typ == FREE else event.is_online
    return typ in {"", event.kind}


def _is_at(event: Sorted, ort: str) -> bool:
    if ort == ONLINE:
        return event.is_online
    return ort == "" or (event.is_on_site and event.city == ort)


Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """The filter's form: its options as (value, label), and what is chosen."""

    kinds: list[Option]
    places: list[Option]
    wanted: Filter


def choice(asked: Mapping[str, str], *, known: Sequence[Known], offered: Sequence[Known]) -> Choice:
    """Offer what fits some event of `offered`, and keep what is asked for as long as any known event has ever had it.

    So a filter goes along from page to page; a value that the calendar has never known counts as none.
    """
    kinds, places = kind_options(known), place_options(known)
    wanted = Filter(_known(asked.get("typ", ""), kinds), _known(asked.get("ort", ""), places))
    return Choice(
        _shown(kinds, kind_options(offered), wanted.typ),
        _shown(places, place_options(offered), wanted.ort),
        wanted,
    )


def _known(value: str, options: Sequence[Option]) -> str:
    return value if value in dict(options) else ""


def _shown(options: Sequence[Option], offered: Sequence[Option], chosen: str) -> list[Option]:
    return [option for option in options if option in offered or option[0] == chosen]


def kind_options(events: Sequence[Sorted]) -> list[Option]:
    kinds = sorted({(event.kind, str(Kind(event.kind).label)) for event in events}, key=_by_label)
    free = [(FREE, _("Kostnadsfritt"))] if any(event.free for event in events) else []
    return [*free, *kinds, *_online_option(events)]


def place_options(events: Sequence[Sorted]) -> list[Option]:
    cities = sorted({(event.city, event.city) for event in events if event.is_on_site}, key=_by_label)
    return [*cities, *_online_option(events)]


def _online_option(events: Sequence[Sorted]) -> list[Option]:
    return [(ONLINE, _("Digitalt"))] if any(event.is_online for event in events) else []


def _by_label(option: tuple[str, str]) -> str:
    return in_swedish_order(option[1])


def in_swedish_order(words: str) -> str:
    """A key to sort by, å, ä and ö last without a locale database; other marks do not count."""
    composed = unicodedata.normalize("NFC", words).casefold().translate(LAST_LETTERS)
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(sign)
    )


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
    name: str  # of a holiday, or of an eve on which most are off
    today: bool
    events: list[EventPage] = field(default_factory=list)

    @property
    def is_off(self) -> bool:
        """Whether all that it holds is cancelled."""
        return all(event.is_cancelled for event in self.events)

    @property
    def row(self) -> str:
        """The name in the list of its last event's row; those that go on since before stand above it."""
        return f"dag-{clock.local_date(self.events[-1].starts_at)}"


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
    name = holiday(day) or eve(day)
    return Day(day, outside=outside, red=is_red(day), name=name, today=day == today)


def days_of(event: EventPage) -> list[date]:
    """Each local day that the event is on, at most six weeks of them; an evening is one day."""
    first, last = clock.local_date(event.starts_at), clock.last_day(event.starts_at, event.ends_at)
    length = min((last - first).days, 42)
    return [first + timedelta(days=days) for days in range(length + 1)]
