"""The demo's calendar in English: the same events in other words, from the list to the form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from cms.kalender.models import CalendarPage, EventPage
from cms.kalender.models.choices import SHARED
from tests import as_seeded
from tests.kalender.parsers import by_icalendar
from tests.speaking import heard, strangers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def english() -> list[EventPage]:
    return list(EventPage.objects.filter(locale__language_code="en").order_by("starts_at"))


def addresses(events: list[EventPage]) -> list[str]:
    months = {f"/en/calendar/{event.starts_at:%Y/%m}/" for event in events}
    forms = [f"{event.url}sign-up/" for event in events if event.signup]
    return ["/en/calendar/", "/en/calendar/subscribe/", *months, *(event.url for event in events), *forms]


def test_four_events_are_told_of_in_english_and_are_the_swedish_ones(english):
    assert [event.short_title for event in english] == [
        "Breakfast with värdskap",
        "Open half-day",
        "Lunch talk",
        "Open house",
    ]
    for event in english:
        assert event.live
        assert event.original.locale.language_code == "sv"
        assert [getattr(event, name) for name in SHARED] == [getattr(event.original, name) for name in SHARED]


def test_no_swedish_word_is_left_in_the_english_calendar(english):
    found = {address: strangers(heard(as_seeded.html(address)), "en") for address in addresses(english)}
    rooms = {word for event in english for word in re.findall(r"\w+", event.room.lower())}
    assert {address: words - rooms for address, words in found.items() if words - rooms} == {}


def test_the_english_first_page_and_menu_lead_to_the_calendar_and_its_next_events(english):
    home = as_seeded.html("/en/")
    assert "The whole calendar" in home
    for event in english[:3]:
        assert f'href="{event.url}"' in home
    assert home.count('href="/en/calendar/"') >= 2


def test_the_link_to_the_other_language_stays_on_the_event(english):
    for event in english:
        assert f'href="{event.original.url}" lang="sv"' in as_seeded.html(event.url)
        assert f'href="{event.url}" lang="en"' in as_seeded.html(event.original.url)


def test_the_english_feed_has_each_event_once_under_the_swedish_feed_s_uid(client, english):
    held: dict[str, list[Any]] = {
        feed: [one["uid"] for one in by_icalendar(client.get(feed).content)]
        for feed in ("/kalender.ics", "/en/calendar.ics")
    }
    assert [len(uids) for uids in held.values()] == [8, len(english)]
    assert len(set(held["/en/calendar.ics"])) == len(english)
    assert set(held["/en/calendar.ics"]) < set(held["/kalender.ics"])


def test_what_costs_is_told_at_the_price_it_is_sold_for(english):
    (sold,) = [event for event in english if event.place_price_ore]
    assert sold.price_text.startswith("SEK 2,437.50 including 25% VAT")
    assert sold.place_price.ore == 243_750


def test_seeding_again_adds_nothing_and_brings_no_removed_event_back(english):
    english[0].delete()
    call_command("seed", verbosity=0)
    assert CalendarPage.objects.count() == 2
    assert EventPage.objects.filter(locale__language_code="en").count() == len(english) - 1


def test_an_english_guest_signs_up_on_the_english_page(client: Client, english):
    page = client.get(f"{english[0].url}sign-up/").content.decode()
    assert "Breakfast with värdskap" in page
    assert "Sign up" in page
