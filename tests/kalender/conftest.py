"""A calendar with room for events, and the clock stopped at noon on 23 November 2026."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
import time_machine
from wagtail.models import Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.kalender.models import CalendarPage, EventPage
from cms.models import HomePage
from tests.kalender.facts import NOON, stockholm

if TYPE_CHECKING:  # it finds the servers when it is loaded: not for the processes of the races
    from tests.conftest import Standing

HOME = {
    "title": "Start",
    "hero_title": "Kom in. Du är väntad.",
    "hero_lede": "Värdskap är konsten att få människor att känna sig välkomna.",
    "hero_button": "Läs filosofin",
    "ten_title": "Tio delar",
    "shelf_title": "Hyllan",
    "events_title": "Kalendern",
    "events_more": "Hela kalendern",
}


@pytest.fixture
def clock() -> Iterator[Any]:
    """Time stands still; `clock.move_to(...)` moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def house(standing: Standing) -> None:
    """A first page and an empty calendar, built once for the tests of a module that roll back."""
    with time_machine.travel(NOON, tick=False):
        standing(build)


def build() -> HomePage:
    root = Page.objects.get(depth=1)
    home: HomePage = root.add_child(instance=HomePage(slug="start", **HOME))
    site = Site.objects.filter(is_default_site=True).first() or Site(
        hostname="testserver", is_default_site=True
    )
    site.root_page = home
    site.save()
    home.add_child(instance=CalendarPage(title="Kalender", slug="kalender"))
    return home


@pytest.fixture
def home(house: None, db: None, request: pytest.FixtureRequest) -> Page:
    """Alone, unless the test asks for the calendar too."""
    # When the test before has committed, the database was put back since.
    page: Page = HomePage.objects.first() or build()
    if "kalender" not in request.fixturenames:
        page.get_children().delete()
    return page


@pytest.fixture
def kalender(home: Page, clock: Any) -> CalendarPage:
    page: CalendarPage = CalendarPage.objects.get()
    return page


@pytest.fixture
def publish(kalender: CalendarPage) -> Callable[..., EventPage]:
    """publish(title=…, starts_at=…): one more published event; three and a half hours long unless told."""

    def publish(**facts: Any) -> EventPage:
        starts_at: datetime = facts.setdefault("starts_at", stockholm("2026-12-10 13:00"))
        facts.setdefault("ends_at", starts_at + timedelta(hours=3, minutes=30))
        facts.setdefault("title", "Öppen halvdag: grunderna i värdskap")
        facts.setdefault("slug", f"{starts_at:%Y-%m-%d}-{EventPage.objects.count()}")
        facts.setdefault("city", "Göteborg")
        event = EventPage(**{"kind": "kurs", "place": "Ekmanssalen", "live": False, **facts})
        with unlisted():
            kalender.add_child(instance=event)
            draft = event.save_revision()
        draft.publish()
        return fresh(event)

    return publish


@contextmanager
def unlisted() -> Iterator[None]:
    """A draft is not entered among the words that are searched and the references: it is when it is published."""
    with (
        disable_reference_index_auto_update(),
        patch("modelsearch.signal_handlers.insert_or_update_object_task"),
    ):
        yield


def fresh(event: EventPage) -> EventPage:
    found: EventPage = EventPage.objects.get(pk=event.pk)
    return found


@pytest.fixture
def event(publish: Callable[..., EventPage]) -> EventPage:
    """10 December 2026, 13.00–16.30 in Göteborg."""
    return publish(slug="2026-12-10-grunderna")


@pytest.fixture
def change() -> Callable[..., EventPage]:
    """change(event, status="cancelled"): as an editor does it, by a new revision that is published."""

    def change(event: EventPage, **facts: Any) -> EventPage:
        draft = fresh(event).get_latest_revision_as_object()
        for name, value in facts.items():
            setattr(draft, name, value)
        draft.save_revision().publish()
        return fresh(event)

    return change
