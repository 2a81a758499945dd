"""The demo's calendar: eight events ahead, one of two days and one of a whole one, none on a red day, built once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cms.kalender import seed
from cms.kalender.clock import local_date
from cms.kalender.models import CalendarPage, EventPage, Status
from shop.red_days import is_red
from tests.kalender.facts import NOON, stockholm


@pytest.mark.parametrize("days", range(7))
def test_eight_events_lie_ahead_on_working_days_whatever_day_it_is(home, days):
    now = NOON + timedelta(days=days)
    seed.run(home, now=now)
    dates = [local_date(event.starts_at) for event in EventPage.objects.upcoming(now)]
    assert len(dates) == 8
    assert not [day for day in dates if day.weekday() > 4 or is_red(day)]


def test_a_second_run_doubles_nothing_and_overwrites_nothing(home):
    seed.run(home, now=NOON)
    EventPage.objects.first().delete()
    EventPage.objects.update(title="Ändrad")
    seed.run(home, now=NOON + timedelta(days=3))
    assert CalendarPage.objects.count() == 1
    assert [event.title for event in EventPage.objects.all()] == ["Ändrad"] * 7


def test_the_seeded_hours_are_swedish_hours(home):
    seed.run(home, now=NOON)
    event = EventPage.objects.get(slug="2026-12-10-grunderna-i-vardskap")
    assert (event.starts_at, event.ends_at) == (stockholm("2026-12-10 13:00"), stockholm("2026-12-10 16:30"))
    assert event.live
    assert event.programme[1].value["time"] == "13.00"


def test_what_costs_is_sold_on_the_page_for_the_price_that_is_written_there(home):
    seed.run(home, now=NOON)
    sold = EventPage.objects.filter(free=False)
    assert len(sold) == 5
    assert all(event.signup for event in sold)
    written = [event.price_text.replace("\xa0", " ").partition(" inklusive")[0] for event in sold]
    assert written == [str(event.place_price).replace("\xa0", " ") for event in sold]


def test_where_something_is_to_be_sent_to_the_guests_they_sign_up_and_an_open_house_is_open(home):
    seed.run(home, now=NOON)
    by_mail = [event.title for event in EventPage.objects.filter(signup=False)]
    assert by_mail == ["Öppet hus"]


def test_what_is_full_is_so_because_its_seats_are_taken(home):
    seed.run(home, now=NOON)
    (full,) = (event for event in EventPage.objects.all() if event.is_full)
    assert (full.title, full.seats_taken, full.seats) == ("Värdskap i vården", 20, 20)
    assert full.status == Status.PLANNED  # so that the queue moves when an editor adds seats


def test_no_programme_names_a_day_of_the_week_which_may_be_its_own(home):
    seed.run(home, now=NOON)
    programmes = " ".join(item.value["text"] for event in EventPage.objects.all() for item in event.programme)
    assert "Fika" in programmes
    assert "måndag" not in programmes


def test_one_event_goes_on_for_two_working_days_and_one_the_whole_day(home):
    seed.run(home, now=NOON)
    course, house = (
        EventPage.objects.get(title="Två dagar om värdskap"),
        EventPage.objects.get(title="Öppet hus"),
    )
    assert (course.when, course.all_day) == ("9.00 till onsdag 30 december klockan 15.00", False)
    assert (house.when, house.all_day, house.stamp) == ("hela dagen", True, "2027-01-07")
