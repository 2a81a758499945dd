"""What a process knows of a calendar's published events, as long as nothing changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from cms.kalender import attendance, clock
from cms.kalender.models.event import EventPage
from shop.days import midnight
from shop.freshness import remembered


class Known(NamedTuple):
    """An event as far as months, years and the filter go. From its first to its last day in Stockholm."""

    first: date
    last: date
    ends_at: datetime
    kind: str
    free: bool
    city: str
    is_online: bool
    is_on_site: bool

    @property
    def span(self) -> tuple[date, date]:
        return self.first, self.last


@remembered
def known_below(path: str) -> list[Known]:
    """All that readers may see below that path in the tree, ever, in the order in which it begins."""
    names = ("starts_at", "ends_at", "kind", "free", "city", "online", "online_link")
    events = EventPage.objects.live().public().filter(path__startswith=path).order_by("starts_at", "pk")
    return [_known(*row) for row in events.values_list(*names)]


def _known(
    starts_at: datetime, ends_at: datetime, kind: str, free: bool, city: str, online: bool, link: str
) -> Known:
    return Known(
        first=clock.local_date(starts_at),
        last=clock.last_day(starts_at, ends_at),
        ends_at=ends_at,
        kind=kind,
        free=free,
        city=city,
        is_online=attendance.is_online(online=online, online_link=link),
        is_on_site=attendance.is_on_site(online=online, city=city),
    )


def years_over(events: Iterable[Known], now: datetime) -> dict[int, int]:
    """The years in which something that has been began, the last one first, each with how many such there are."""
    counted = Counter(event.first.year for event in events if event.ends_at <= now)
    return dict(sorted(counted.items(), reverse=True))


def coming_below(path: str, now: datetime) -> list[EventPage]:
    """The published events below that path that are not over, from those that the process knows of the day."""
    return [event for event in _not_over_today(path, clock.local_date(now)) if event.ends_at > now]


@remembered
def _not_over_today(path: str, day: date) -> list[EventPage]:
    """As they stand at the beginning of a Stockholm day; without their texts."""
    found = EventPage.objects.upcoming(midnight(day)).filter(path__startswith=path)
    return list(found.defer_streamfields().defer("body", "access"))
