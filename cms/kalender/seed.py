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
from cms.seed.tree import translate
from shop.red_days import is_red

CONTENT = Path(__file__).resolve().parents[1] / "seed" / "content"
WORDS = (
    "title",
    "summary",
    "lede",
    "access",
    "leader",
    "price_text",
    "programme_heading",
    "body",
    "rebooking",
)
SAME = ("city", "place", "address", "online", "free")
SATURDAY = 5


def run(home: Page, *, now: datetime) -> None:
    """Build the calendar once. What editors have done to it since, also removed, stays as they left it."""
    content = read("kalender")
    with transaction.atomic():
        if CalendarPage.objects.child_of(home).exists():
            return
        calendar = add_calendar(home, content)
        for facts in content["event"]:
            add_event(calendar, facts, now=now)


def in_english(home: Page) -> CalendarPage | None:
    """The Swedish calendar's sister below the English home, with those of its events that are told of in English.

    None where there is no Swedish one. An event that an editor has moved or removed has no English page.
    """
    swedish = home.get_translations().first()
    source = CalendarPage.objects.child_of(swedish).first() if swedish else None
    if source is None:
        return None
    content = read("en/calendar")
    calendar: CalendarPage = translate(source, home, home.locale, calendar_words(content))
    for facts in content["event"]:
        if event := EventPage.objects.child_of(source).filter(slug__endswith=f"-{facts['swedish']}").first():
            translate(event, calendar, home.locale, words(facts, clock.local_date(event.starts_at)))
    return calendar


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def calendar_words(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": content["title"],
        "slug": content["slug"],
        "lede": content["lede"],
        "empty_text": content["empty"],
        "search_description": content["description"],
    }


def words(facts: dict[str, Any], day: date) -> dict[str, Any]:
    """What each language says of an event in its own words."""
    return {
        "slug": f"{day.isoformat()}-{facts['slug_stem']}",
        "search_description": facts["description"],
        "programme": [{"type": "item", "value": item} for item in facts["programme"]],
        **{name: facts[name] for name in WORDS},
    }


def add_calendar(home: Page, content: dict[str, Any]) -> CalendarPage:
    calendar = CalendarPage(show_in_menus=True, **calendar_words(content))
    home.add_child(instance=calendar)
    calendar.save_revision().publish()
    return calendar


def add_event(calendar: CalendarPage, facts: dict[str, Any], *, now: datetime) -> None:
    length = timedelta(days=facts.get("days", 1) - 1)
    day = working_days(clock.local_date(now) + timedelta(days=facts["days_from_today"]), length)
    event = EventPage(
        kind=kind(facts["kind"]),
        status=facts.get("status", Status.PLANNED),
        starts_at=moment(day, facts.get("start", "00:00")),
        ends_at=moment(day + length, facts.get("end", "23:59")),
        all_day=facts.get("all_day", False),
        seats=facts["seats"] or None,
        seats_taken=facts.get("seats_taken", 0),
        signup=facts.get("signup", False),
        place_price_ore=facts.get("place_price_ore"),
        live=False,
        **words(facts, day),
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
