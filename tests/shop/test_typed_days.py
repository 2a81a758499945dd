"""Days and moments as staff type them, by the one reader that all forms have."""

from __future__ import annotations

from datetime import date, time

import pytest

from shop.typed_days import Unreadable, read_day_alone, read_moment

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day", "hour"),
    [
        ("2027-02-10 18:30", "2027-02-10", "18:30"),
        ("2027-2-9 9:00", "2027-02-09", "09:00"),
        ("2027-02-10T18:30:00", "2027-02-10", "18:30"),
        ("2027-02-10 18.30", "2027-02-10", "18:30"),
        ("10 februari 2027 18:30", "2027-02-10", "18:30"),
        ("onsdag den 10 februari 2027, kl. 18.30", "2027-02-10", "18:30"),
        ("ons 10/2 2027 18:30", "2027-02-10", "18:30"),
        ("10/2 18:30", "2027-02-10", "18:30"),
        ("1/2 18.30", "2027-02-01", "18:30"),
        ("10/2/2027 18:30", "2027-02-10", "18:30"),
        ("10.2.2027 18.30", "2027-02-10", "18:30"),
        ("10 dec klockan 9", "2026-12-10", "09:00"),
        ("22 november kl 20", "2027-11-22", "20:00"),
        ("18.30 10 februari 2027", "2027-02-10", "18:30"),
        ("10 februari 20:30", "2027-02-10", "20:30"),
        ("Wed 10 Feb 2027 18:30", "2027-02-10", "18:30"),
        ("0001-01-01 00:05", "0001-01-01", "00:05"),
        ("10 februari 2027", "2027-02-10", None),
        ("10/2 2030", "2030-02-10", None),
    ],
)
def test_a_moment_is_read_as_people_write_it(typed, day, hour):
    assert read_moment(typed, today=TODAY) == (date.fromisoformat(day), hour and time.fromisoformat(hour))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2027-02-30 18:30", "Den dagen finns inte i almanackan."),
        ("2027-13-01 18:30", "Den dagen finns inte i almanackan."),
        ("31 november 18:30", "Den dagen finns inte i almanackan."),
        ("29/2 2027 18:30", "Den dagen finns inte i almanackan."),
        ("torsdag 10 februari 2027 18:30", "10 februari 2027 är en onsdag."),
        ("10 februari 2027 25:00", "Det klockslaget finns inte."),
        ("10 februari 2027 18:75", "Det klockslaget finns inte."),
        ("10 februari 2027 18", "Skriv dag och klockslag"),
        ("10 februari 2027 18.30–20.30", "Skriv dag och klockslag"),
        ("10–12 februari 2027 18:30", "Skriv dag och klockslag"),
        ("18:30", "Skriv dag och klockslag"),
        ("i morgon", "Skriv dag och klockslag"),
        ("\x00", "Skriv dag och klockslag"),
        ("10 februari 2027 " + "18:30" * 9_000, "Skriv dag och klockslag"),
    ],
)
def test_what_is_no_moment_is_told_in_a_sentence(typed, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read_moment(typed, today=TODAY)


@pytest.mark.parametrize(("past", "day"), [(False, "2027-11-10"), (True, "2026-11-10")])
def test_a_day_without_a_year_lies_where_the_field_looks(past, day):
    assert read_day_alone("10/11", today=TODAY, past=past) == date.fromisoformat(day)


def test_a_day_has_nothing_beside_it():
    with pytest.raises(Unreadable, match="Skriv en dag"):
        read_day_alone("10 november eller så", today=TODAY)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("10 \u017feptember 2027", "2027-09-10"),
        ("t\u0131sdag 9 november 2027", "2027-11-09"),
        ("T\u0130SDAG 9 november 2027", "2027-11-09"),
        ("f\u00f6r\u017fta maj 2027", "2027-05-01"),
    ],
)
def test_letters_that_look_alike_are_read_as_those_they_look_like(typed, day):
    assert read_day_alone(typed, today=TODAY) == date.fromisoformat(day)
