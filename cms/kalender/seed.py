"""The calendar of the demo, with dates that lie ahead on the day it is first built."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Page

from cms.kalender import clock
from cms.kalender.models import CalendarPage, EventPage, Kind, Status
from shop.red_days import is_red

CONTENT = Path(__file__).resolve().parents[1] / "seed" / "content" / "kalender.toml"
SAME = (
    "title",
    "summary",
    "lede",
    "city",
    "place",
    "address",
    "access",
    "online",
    "leader",
    "price_text",
    "free",
)
SATURDAY = 5


def run(home: Page, *, now: datetime) -> None:
    """Build the calendar once. What editors have done to it since, also removed, stays as they left it."""
    content = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
    with transaction.atomic():
        if CalendarPage.objects.child_of(home).exists():
            return
        calendar = add_calendar(home, content)
        for facts in content["event"]:
            add_event(calendar, facts, now=now)


def add_calendar(home: Page, content: dict[str, Any]) -> CalendarPage:
    calendar = CalendarPage(
        title=content["title"],
        slug="kalender",
        lede=content["lede"],
        empty_text=content["empty"],
        search_description=content["description"],
        show_in_menus=True,
    )
    home.add_child(instance=calendar)
    calendar.save_revision().publish()
    return calendar


def add_event(calendar: CalendarPage, facts: dict[str, Any], *, now: datetime) -> None:
    length = timedelta(days=facts.get("days", 1) - 1)
    day = working_days(clock.local_date(now) + timedelta(days=facts["days_from_today"]), length)
    event = EventPage(
        slug=f"{day.isoformat()}-{facts['slug_stem']}",
        search_description=facts["description"],
        kind=kind(facts["kind"]),
        status=facts.get("status", Status.PLANNED),
        starts_at=moment(day, facts.get("start", "00:00")),
        ends_at=moment(day + length, facts.get("end", "23:59")),
        all_day=facts.get("all_day", False),
        seats=facts["seats"] or None,
        seats_taken=facts.get("seats_taken", 0),
        programme_heading=facts["programme_heading"],
        programme=[{"type": "item", "value": item} for item in facts["programme"]],
        body=facts["body"],
        rebooking=facts["rebooking"],
        signup=facts.get("signup", False),
        place_price_ore=facts.get("place_price_ore"),
        live=False,
        **{name: facts[name] for name in SAME},
    )
    calendar.add_child(instance=event)
    event.save_revision().publish()


def working_days(day: date, length: timedelta) -> date:
    """The day itself, or the next that is, like the last one so much later, neither weekend nor holiday."""
    while is_off(day) or is_off(day + length):
        day += timedelta(days=1)
    return day


def is_off(day: date) -> bool:
    return day.weekday() >= SATURDAY or is_red(day)


def moment(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), tzinfo=settings.STOCKHOLM)


def kind(label: str) -> Kind:
    """The content names kinds as people read them."""
    return next((kind for kind in Kind if str(kind.label) == label), Kind.MEETING)
