"""Reminders come at the right hour of the wall clock, also over both nights when it changes."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest

from cms.kalender import clock
from shop.red_days import holiday, holidays, is_red
from tests.kalender.facts import stockholm


@pytest.mark.parametrize(
    ("starts_at", "lead", "due"),
    [
        ("2026-12-10 13:00", "1w", "2026-12-03 13:00"),
        ("2026-12-10 13:00", "1d", "2026-12-09 13:00"),
        ("2026-12-10 13:00", "2h", "2026-12-10 11:00"),
        # The night to 28 March 2027 the clock goes from 02.00 to 03.00.
        ("2027-03-28 09:00", "1d", "2027-03-27 09:00"),
        ("2027-03-29 09:00", "1w", "2027-03-22 09:00"),
        ("2027-03-28 04:00", "2h", "2027-03-28 01:00"),
        ("2027-03-29 02:30", "1d", "2027-03-28 03:30"),  # 02.30 does not exist
        # The night to 31 October 2027 it goes from 03.00 back to 02.00.
        ("2027-10-31 09:00", "1d", "2027-10-30 09:00"),
        ("2027-11-01 09:00", "1w", "2027-10-25 09:00"),
        ("2027-10-31 05:00", "2h", "2027-10-31 03:00"),
        ("2027-11-01 02:30", "1d", "2027-10-31 02:30"),  # comes twice: the first
    ],
)
def test_a_reminder_keeps_the_hour_of_the_wall_clock(starts_at, lead, due):
    assert clock.due_at(stockholm(starts_at), lead) == stockholm(due).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts_at", "hours"), [("2027-03-28 09:00", 23), ("2027-10-31 09:00", 25), ("2027-06-10 09:00", 24)]
)
def test_the_day_before_is_as_long_as_that_night_makes_it(starts_at, hours):
    start = stockholm(starts_at)
    assert (start - clock.due_at(start, "1d")).total_seconds() == hours * 3600


@pytest.mark.parametrize("starts_at", ["2027-03-28 04:00", "2027-10-31 04:00"])
def test_two_hours_before_are_two_real_hours_in_the_night_of_the_change(starts_at):
    start = stockholm(starts_at)
    assert (start - clock.due_at(start, "2h")).total_seconds() == 2 * 3600


def test_times_are_written_as_in_swedish_text():
    start = stockholm("2026-12-10 13:00")
    assert clock.day_words(start) == "torsdag 10 december"
    assert clock.span_words(start, stockholm("2026-12-10 16:30")) == "13.00–16.30"
    assert clock.span_words(start, stockholm("2026-12-11 00:00")) == "13.00–0.00"
    assert (
        clock.span_words(start, stockholm("2026-12-12 12:00"))
        == "13.00 till lördag 12 december klockan 12.00"
    )


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "words"),
    [
        ("2026-12-11 20:00", "2026-12-12 01:00", "20.00–1.00"),
        ("2026-12-31 18:00", "2027-01-01 05:59", "18.00–5.59"),
        ("2026-12-11 18:00", "2026-12-12 06:00", "18.00 till lördag 12 december klockan 6.00"),
        ("2026-12-11 14:00", "2026-12-12 02:00", "14.00 till lördag 12 december klockan 2.00"),
        ("2026-12-12 01:00", "2026-12-12 05:00", "1.00–5.00"),
        # Eleven hours by the wall clock, twelve on the watch: the night is an hour longer.
        ("2027-10-30 18:00", "2027-10-31 05:00", "18.00 till söndag 31 oktober klockan 5.00"),
        ("2027-03-27 17:30", "2027-03-28 05:30", "17.30–5.30"),
    ],
)
def test_what_is_over_in_the_small_hours_is_one_evening(starts_at, ends_at, words):
    hours = stockholm(starts_at), stockholm(ends_at)
    assert clock.span_words(*hours) == clock.span_words(*(hour.astimezone(UTC) for hour in hours)) == words
    assert (clock.last_day(*hours) == clock.local_date(hours[0])) is ("till" not in words)


def test_whole_days_are_written_without_hours():
    start = stockholm("2026-12-30 00:00")
    assert clock.span_words(start, stockholm("2026-12-30 23:59"), all_day=True) == "hela dagen"
    assert clock.span_words(start, stockholm("2026-12-31 23:59"), all_day=True) == "till torsdag 31 december"
    assert (
        clock.span_words(start, stockholm("2027-01-02 23:59"), all_day=True) == "till lördag 2 januari 2027"
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-12-10 11:00", "Om 2 timmar"),
        ("2026-12-10 12:10", "Om 1 timme"),
        ("2026-12-10 12:45", "Strax"),
        ("2026-12-10 08:00", "I dag"),
        ("2026-12-09 23:59", "I morgon"),
        ("2026-12-03 13:00", "Om en vecka"),
        ("2026-12-06 13:00", "Om 4 dagar"),
    ],
)
def test_the_subject_says_how_near_it_is(now, words):
    assert clock.distance_words(stockholm("2026-12-10 13:00"), stockholm(now)) == words


@pytest.mark.parametrize(
    ("now", "words"),
    [("2026-12-10 07:00", "I dag"), ("2026-12-09 09:00", "I morgon"), ("2026-12-09 23:00", "I morgon")],
)
def test_a_whole_day_is_near_by_days_alone(now, words):
    assert clock.distance_words(stockholm("2026-12-10 00:00"), stockholm(now), all_day=True) == words


@pytest.mark.parametrize("day", ["2026-12-10", "2027-03-28", "2027-10-31"])
def test_the_reminders_of_a_whole_day_are_counted_from_nine_in_the_morning(day):
    counted = clock.counted_from(stockholm(f"{day} 00:00"), all_day=True)
    assert counted == stockholm(f"{day} 09:00")
    assert clock.due_at(counted, "2h") == stockholm(f"{day} 07:00")
    just_before, after = counted - timedelta(seconds=1), counted
    assert clock.first_counted(just_before) == stockholm(f"{day} 00:00")
    assert clock.first_counted(after) > stockholm(f"{day} 00:00")


@pytest.mark.parametrize(
    ("day", "red"),
    [
        ("2026-12-25", True),
        ("2026-12-24", False),
        ("2027-03-26", True),  # Good Friday
        ("2027-03-29", True),  # Easter Monday
        ("2027-05-06", True),  # Ascension Day
        ("2027-06-26", True),  # Midsummer Day
        ("2027-06-19", False),
        ("2026-10-31", True),  # All Saints' Day
        ("2026-11-29", True),  # a Sunday
        ("2026-11-30", False),
    ],
)
def test_red_days_are_those_of_a_swedish_calendar(day, red):
    assert is_red(date.fromisoformat(day)) is red


def test_holidays_have_their_swedish_names_and_common_sundays_none():
    names = {
        "2026-12-25": "Juldagen",
        "2026-12-24": "",
        "2026-12-27": "",
        "2027-03-26": "Långfredagen",
        "2027-03-28": "Påskdagen",
        "2027-05-16": "Pingstdagen",
        "2027-06-26": "Midsommardagen",
        "2026-10-31": "Alla helgons dag",
        "2008-05-01": "Kristi himmelsfärdsdag",  # and the first of May
    }
    assert {day: holiday(date.fromisoformat(day)) for day in names} == names


def test_a_year_has_thirteen_holidays_or_twelve_when_two_fall_together():
    assert {year: len(holidays(year)) for year in (2008, 2026, 2027)} == {2008: 12, 2026: 13, 2027: 13}
