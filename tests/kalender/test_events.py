"""What an event is, when it counts as coming, and what an editor is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cms.kalender.models import EventPage
from tests.kalender.facts import NOON, stockholm


def test_an_event_in_progress_is_still_listed_and_gone_when_over(publish):
    today = publish(starts_at=stockholm("2026-11-23 11:00"), ends_at=stockholm("2026-11-23 12:30"))
    assert list(EventPage.objects.upcoming(NOON)) == [today]
    assert list(EventPage.objects.upcoming(today.ends_at)) == []


def test_coming_events_are_published_public_and_in_order(publish, kalender):
    later = publish(starts_at=stockholm("2027-01-14 09:00"))
    sooner = publish(starts_at=stockholm("2026-12-03 08:00"))
    publish(starts_at=stockholm("2026-11-20 08:00"))
    draft = publish(starts_at=stockholm("2026-12-04 08:00"))
    draft.unpublish()
    hidden = publish(starts_at=stockholm("2026-12-05 08:00"))
    hidden.view_restrictions.create(restriction_type="login")
    assert list(EventPage.objects.upcoming(NOON)) == [sooner, later]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ends_at": stockholm("2026-12-10 12:00")}, "ends_at"),
        ({"ends_at": stockholm("2026-12-10 13:00")}, "ends_at"),
        ({"city": ""}, "city"),
        ({"seats": 10, "seats_taken": 11}, "seats_taken"),
        ({"seats": -1}, "seats"),
        ({"status": "kanske"}, "status"),
    ],
)
def test_an_impossible_event_is_refused_at_its_field(event, facts, field):
    for name, value in facts.items():
        setattr(event, name, value)
    with pytest.raises(ValidationError) as refused:
        event.full_clean()
    assert field in refused.value.message_dict


def test_a_digital_event_needs_no_town(publish):
    event = publish(online=True, city="", place="")
    assert (event.where, event.location, event.eyebrow) == ("Digitalt", "Digitalt", "Kurs, digitalt")


@pytest.mark.parametrize(
    ("facts", "where", "location", "eyebrow"),
    [
        (
            {"online_link": "https://moten.example/a"},
            "Göteborg och digitalt",
            "Ekmanssalen, Göteborg, eller digitalt: https://moten.example/a",
            "Kurs i Göteborg och digitalt",
        ),
        (
            {"online": True},
            "Göteborg och digitalt",
            "Ekmanssalen, Göteborg, eller digitalt",
            "Kurs i Göteborg och digitalt",
        ),
        ({"online": True, "city": "Digitalt"}, "Digitalt", "Digitalt", "Kurs, digitalt"),
        (
            {"online": True, "city": "", "online_link": "https://moten.example/a"},
            "Digitalt",
            "https://moten.example/a",
            "Kurs, digitalt",
        ),
    ],
)
def test_a_room_and_a_link_are_both_told(publish, facts, where, location, eyebrow):
    event = publish(**facts)
    assert (event.where, event.location, event.eyebrow) == (where, location, eyebrow)


def test_the_place_is_written_once(publish):
    event = publish(place="Ekmanssalen", address="Storgatan 1, Göteborg", city="Göteborg")
    assert event.location == "Ekmanssalen, Storgatan 1, Göteborg"


@pytest.mark.parametrize(
    ("facts", "left", "full", "few"),
    [
        ({}, None, False, False),
        ({"seats": 24, "seats_taken": 15}, 9, False, False),
        ({"seats": 24, "seats_taken": 16}, 8, False, True),
        ({"seats": 24, "seats_taken": 24}, 0, True, True),
        ({"status": "full"}, None, True, False),
    ],
)
def test_seats_are_counted_only_where_they_are_known(publish, facts, left, full, few):
    event = publish(**facts)
    assert (event.seats_left, event.is_full, event.has_few_seats) == (left, full, few)


def test_only_lead_times_that_lie_ahead_are_offered(event):
    assert event.leads(event.starts_at - timedelta(days=8)) == ["1w", "1d", "2h"]
    assert event.leads(event.starts_at - timedelta(days=3)) == ["1d", "2h"]
    assert event.leads(event.starts_at - timedelta(hours=1)) == ["2h"]
