"""What stands below the calendar's address without being a page of its own: months, years that are over, and how to
subscribe. Each says whether it is there, by which template it is shown, and what that is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cms.kalender import clock, listing, months
from cms.kalender.models.choices import Kind
from cms.kalender.models.event import SUBSCRIBE, EventPage, EventQuerySet
from shop.language import address

if TYPE_CHECKING:
    from cms.kalender.models.calendar import CalendarPage

ARCHIVE = address("arkiv", "archive")
SUBSCRIPTION = address(*SUBSCRIBE)
_YEAR = re.compile(r"[12][0-9]{3}")


class Below(Protocol):
    @property
    def template(self) -> str: ...

    def is_there(self, calendar: CalendarPage, now: datetime) -> bool: ...

    def facts(self, calendar: CalendarPage, now: datetime) -> dict[str, Any]:
        """For the template; `below` is what the place is called."""
        ...


def named(parts: Sequence[str]) -> Below | None:
    """What the rest of an address means: ["2026", "12"], ["arkiv", "2026"], ["prenumerera"]; None for anything else."""
    if list(parts) == [SUBSCRIPTION]:
        return Subscribing()
    if len(parts) == 2 and parts[0] == ARCHIVE and _YEAR.fullmatch(parts[1]):
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
        return months.is_near(self.first, clock.local_date(now)) or self._events(calendar).exists()

    def _events(self, calendar: CalendarPage) -> EventQuerySet:
        ends = months.begins(months.moved(self.first, 1))
        return _events_of(calendar).between(months.begins(self.first), ends)

    def facts(self, calendar: CalendarPage, now: datetime) -> dict[str, Any]:
        events = list(self._events(calendar))
        ends = months.begins(months.moved(self.first, 1))
        coming = _events_of(calendar).upcoming(max(now, ends))
        return {
            "below": capfirst(date_format(self.first, "F Y")),
            "grid": listing.grid(self.first, events, clock.local_date(now)),
            "events": events,
            "neighbours": _events_of(calendar).neighbours(self.first),
            "next_event": None if events else coming.first(),
        }


@dataclass(frozen=True, slots=True)
class Year:
    """The archive: what began in a year and is over, the last one first."""

    year: int
    template: str = "kalender/archive_page.html"

    def is_there(self, calendar: CalendarPage, now: datetime) -> bool:
        found: bool = _events_of(calendar).over(now, self.year).exists()
        return found

    def facts(self, calendar: CalendarPage, now: datetime) -> dict[str, Any]:
        mine = _events_of(calendar)
        return {
            "below": _("Arkiv %(year)d") % {"year": self.year},
            "year": self.year,
            "years": mine.years_over(now),
            "months": listing.by_month(mine.over(now, self.year)),
        }


@dataclass(frozen=True, slots=True)
class Subscribing:
    """How the calendar comes into one's own, and the addresses for it."""

    template: str = "kalender/subscribe_page.html"

    def is_there(self, calendar: CalendarPage, now: datetime) -> bool:
        return True

    def facts(self, calendar: CalendarPage, now: datetime) -> dict[str, Any]:
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
