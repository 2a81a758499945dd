"""What stands below the calendar's address without being a page of its own: months, years that are over, and how to
subscribe. Each says whether it is there, by which template it is shown, and what that is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cms.kalender import clock, listing, months
from cms.kalender.listing import Choice, Filter
from cms.kalender.models.choices import Kind
from cms.kalender.models.event import ARCHIVE, SUBSCRIBE, EventPage
from cms.kalender.models.event_queries import EventQuerySet
from cms.kalender.models.known import Known, coming_below, known_below, years_over
from shop.language import address

if TYPE_CHECKING:
    from cms.kalender.models.calendar import CalendarPage

PAST, SUBSCRIPTION = address(*ARCHIVE), address(*SUBSCRIBE)
_YEAR = re.compile(r"[12][0-9]{3}")


class Below(Protocol):
    @property
    def template(self) -> str: ...

    def is_there(self, calendar: CalendarPage, now: datetime) -> bool: ...

    def facts(self, calendar: CalendarPage, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
        """For the template; `below` is what the place is called. `asked` is the address's query."""
        ...


def named(parts: Sequence[str]) -> Below | None:
    """What the rest of an address means: ["2026", "12"], ["arkiv"], ["arkiv", "2026"], ["prenumerera"]; None for
    anything else."""
    if list(parts) == [SUBSCRIPTION]:
        return Subscribing()
    if list(parts) == [PAST]:
        return Years()
    if len(parts) == 2 and parts[0] == PAST and _YEAR.fullmatch(parts[1]):
        return Year(int(parts[1]))
    month = months.named(parts)
    return Month(month) if month else None


def _events_of(calendar: CalendarPage) -> EventQuerySet:
    found: EventQuerySet = EventPage.objects.child_of(calendar)
    return found


@dataclass(frozen=True, slots=True)
class Month:
    """Also of what is over: a month looks the same afterwards, and so do links to it."""

    first: date
    template: str = "kalender/month_page.html"

    def is_there(self, calendar: CalendarPage, now: datetime) -> bool:
        """Empty months far away are not: a program that follows links would never come to an end."""
        return months.is_near(self.first, clock.local_date(now)) or any(map(self._holds, _known(calendar)))

    def facts(self, calendar: CalendarPage, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
        known = _known(calendar)
        choice = listing.choice(asked, known=known, offered=known)
        fitting = [event for event in known if choice.wanted.fits(event)]
        events = [event for event in self._events(calendar) if choice.wanted.fits(event)]
        return {
            "below": capfirst(date_format(self.first, "F Y")),
            "choice": choice,
            "grid": listing.grid(self.first, events, clock.local_date(now)),
            "events": events,
            "neighbours": months.neighbours(self.first, [event.span for event in fitting]),
            "next_event": None if events else self._next(calendar, now, choice.wanted),
        }

    def _events(self, calendar: CalendarPage) -> list[EventPage]:
        """Those of which some day is in it: what was New Year's Eve until two is not January's."""
        ends = months.begins(months.moved(self.first, 1))
        near = _events_of(calendar).between(months.begins(self.first), ends)
        return [event for event in near if clock.last_day(event.starts_at, event.ends_at) >= self.first]

    def _holds(self, event: Known) -> bool:
        return event.first < months.moved(self.first, 1) and event.last >= self.first

    def _next(self, calendar: CalendarPage, now: datetime, wanted: Filter) -> EventPage | None:
        """The first of those that go on after the month."""
        ends = months.begins(months.moved(self.first, 1))
        coming = (event for event in coming_below(calendar.path, now) if event.ends_at > ends)
        return next((event for event in coming if wanted.fits(event)), None)


@dataclass(frozen=True, slots=True)
class Years:
    """The archive's door: the years to choose from."""

    template: str = "kalender/years_page.html"

    def is_there(self, calendar: CalendarPage, now: datetime) -> bool:
        return True

    def facts(self, calendar: CalendarPage, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
        choice, years = _past(calendar, now, asked)
        return {"below": _("Arkiv"), "choice": choice, "years": years}


@dataclass(frozen=True, slots=True)
class Year:
    """The archive: what began in a year and is over, the last one first."""

    year: int
    template: str = "kalender/archive_page.html"

    def is_there(self, calendar: CalendarPage, now: datetime) -> bool:
        return self.year in years_over(_known(calendar), now)

    def facts(self, calendar: CalendarPage, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
        choice, years = _past(calendar, now, asked)
        over = [event for event in _events_of(calendar).over(now, self.year) if choice.wanted.fits(event)]
        return {
            "below": _("Arkiv %(year)d") % {"year": self.year},
            "year": self.year,
            "choice": choice,
            "years": years,
            "months": listing.by_month(over),
        }


def _known(calendar: CalendarPage) -> list[Known]:
    return known_below(calendar.path)


def _past(calendar: CalendarPage, now: datetime, asked: Mapping[str, str]) -> tuple[Choice, dict[int, int]]:
    """The filter of what is over, and the years in which something fits it."""
    known = _known(calendar)
    choice = listing.choice(asked, known=known, offered=[event for event in known if event.ends_at <= now])
    return choice, years_over(filter(choice.wanted.fits, known), now)


@dataclass(frozen=True, slots=True)
class Subscribing:
    """How the calendar comes into one's own, and the addresses for it."""

    template: str = "kalender/subscribe_page.html"

    def is_there(self, calendar: CalendarPage, now: datetime) -> bool:
        return True

    def facts(self, calendar: CalendarPage, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
        kinds = [Feed(str(kind.label), reverse("kalender:feed_of_kind", args=[kind])) for kind in Kind]
        return {
            "below": _("Prenumerera"),
            "feed": Feed(_("Allt som händer"), reverse("kalender:feed")),
            "feeds_by_kind": sorted(kinds, key=lambda feed: listing.in_swedish_order(feed.name)),
        }


@dataclass(frozen=True, slots=True)
class Feed:
    name: str
    path: str

    @property
    def address(self) -> str:
        return settings.SITE_URL + self.path

    @property
    def webcal(self) -> str:
        """Opens the calendar program; the scheme says "subscribe" where https would say "download"."""
        return f"webcal://{self.address.partition('://')[2]}"
