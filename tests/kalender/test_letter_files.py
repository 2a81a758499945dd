"""The files that letters about an event carry, taken out of the mail as it leaves: read by two independent parsers."""

from __future__ import annotations

import email
from datetime import datetime, timedelta
from typing import Any

import pytest

from cms.kalender import reminders
from cms.kalender.models import Announcement, EventPage
from notifications.mail import build
from notifications.models import Message
from tests.factories import CompanyFactory
from tests.kalender.facts import KARIN, NOON, confirmed, stockholm
from tests.kalender.parsers import BOTH
from tests.kalender.signups import sign_up

GUEST = "gast@bjorkvik.example"


@pytest.fixture
def course(publish) -> EventPage:
    """10 December 2026, 13.00–16.30; one guest has a seat, and Karin wants a reminder."""
    CompanyFactory(email="hej@vardskapet.example")
    course: EventPage = publish(slug="2026-12-10-grunderna", signup=True, seats=2)
    sign_up(course, email=GUEST)
    confirmed(course)
    return course


def file_to(receiver: str, *, letter: str = "") -> bytes:
    """The calendar file in the bytes of the last mail to them, as SMTP has them."""
    written = Message.objects.filter(to=receiver, **({"letter": letter} if letter else {})).latest("pk")
    mail = email.message_from_bytes(build(written).message().as_bytes().replace(b"\n", b"\r\n"))
    (part,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert f"METHOD:{part.get_param('method')}\r\n".encode() in content
    return content


def column(found: list[dict[str, Any]], name: str) -> list[Any]:
    return [one[name] for one in found]


@BOTH
def test_in_a_guests_calendar_a_moved_cancelled_and_revived_event_is_one_that_follows(
    read, course, change, clock
):
    """Each file is read as its letter leaves, a day after the one before."""
    moved = {"starts_at": stockholm("2026-12-11 09:00"), "ends_at": stockholm("2026-12-11 12:00")}
    steps: list[dict[str, Any]] = [moved, {"status": "cancelled"}, {"status": "planned"}]
    found = read(file_to(GUEST))
    for days, facts in enumerate(steps, 1):
        clock.move_to(NOON + timedelta(days=days))
        change(course, **facts)
        found += read(file_to(GUEST))
    assert column(found, "method") == ["REQUEST", "REQUEST", "CANCEL", "REQUEST"]
    assert column(found, "sequence") == [0, 1, 2, 3]
    assert column(found, "status") == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert column(found, "starts") == ["2026-12-10T12:00:00+00:00", *["2026-12-11T08:00:00+00:00"] * 3]
    assert column(found, "ends") == ["2026-12-10T15:30:00+00:00", *["2026-12-11T11:00:00+00:00"] * 3]
    assert column(found, "stamp") == [f"2026-11-{day}T11:00:00+00:00" for day in (23, 24, 25, 26)]
    assert column(found, "uid") == [f"{Announcement.objects.get().uid}@vardskapet"] * 4
    assert column(found, "organizer") == ["mailto:hej@vardskapet.example"] * 4
    assert column(found, "attendees") == [[f"mailto:{GUEST}"]] * 4


@BOTH
def test_who_wants_a_reminder_gets_the_same_event_without_an_invitation(read, course, change):
    reminded = confirmed(course, lead="1w")
    reminders.send_due(now=reminded.due_at)
    found = read(file_to(KARIN, letter="reminder"))
    change(course, place="Stora salen")
    found += read(file_to(KARIN))
    change(course, status="cancelled")
    found += read(file_to(KARIN))
    assert column(found, "method") == ["PUBLISH"] * 3
    assert column(found, "sequence") == [0, 1, 2]
    assert column(found, "status") == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert column(found, "location")[1:] == ["Stora salen, Göteborg"] * 2
    assert column(found, "uid") == [f"{Announcement.objects.get().uid}@vardskapet"] * 3
    assert all(not one["organizer"] and not one["attendees"] for one in found)


def second(text: str) -> datetime:
    """The hour that comes twice, the second time."""
    return stockholm(text).replace(fold=1)


NIGHTS = {
    "over the hour that is not there": (
        (stockholm("2027-03-28 01:30"), stockholm("2027-03-28 04:00")),
        ("2027-03-28T00:30:00+00:00", "2027-03-28T02:00:00+00:00"),
    ),
    "over both hours that are one": (
        (stockholm("2027-10-31 01:30"), stockholm("2027-10-31 04:00")),
        ("2027-10-30T23:30:00+00:00", "2027-10-31T03:00:00+00:00"),
    ),
    "from the first of them to the second": (
        (stockholm("2027-10-31 02:30"), second("2027-10-31 02:30")),
        ("2027-10-31T00:30:00+00:00", "2027-10-31T01:30:00+00:00"),
    ),
    "several days over the spring night": (
        (stockholm("2027-03-26 18:00"), stockholm("2027-03-28 15:00")),
        ("2027-03-26T17:00:00+00:00", "2027-03-28T13:00:00+00:00"),
    ),
    "several days over the autumn night": (
        (stockholm("2027-10-29 18:00"), stockholm("2027-10-31 15:00")),
        ("2027-10-29T16:00:00+00:00", "2027-10-31T14:00:00+00:00"),
    ),
}


@BOTH
@pytest.mark.parametrize("night", NIGHTS)
def test_an_event_moved_to_a_night_of_a_clock_change_comes_to_the_right_instants(read, night, course, change):
    (starts_at, ends_at), instants = NIGHTS[night]
    change(course, starts_at=starts_at, ends_at=ends_at)
    (invited,), (told,) = read(file_to(GUEST)), read(file_to(KARIN))
    assert (invited["starts"], invited["ends"]) == (told["starts"], told["ends"]) == instants
    change(course, status="cancelled")
    (off,) = read(file_to(GUEST))
    assert (off["method"], off["sequence"], (off["starts"], off["ends"])) == ("CANCEL", 2, instants)


@BOTH
@pytest.mark.parametrize(
    ("last", "day_after"), [("2027-03-28 23:59", "2027-03-29"), ("2027-03-30 23:59", "2027-03-31")]
)
def test_an_event_that_becomes_whole_days_is_moved_cancelled_and_revived_as_days(
    read, last, day_after, course, change
):
    days = {"all_day": True, "starts_at": stockholm("2027-03-28 00:00"), "ends_at": stockholm(last)}
    steps: list[dict[str, Any]] = [days, {"status": "cancelled"}, {"status": "planned"}]
    found = []
    for facts in steps:
        change(course, **facts)
        found += read(file_to(GUEST))
    assert column(found, "method") == ["REQUEST", "CANCEL", "REQUEST"]
    assert column(found, "sequence") == [1, 2, 3]
    assert column(found, "status") == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert {(one["starts"], one["ends"]) for one in found} == {("2027-03-28", day_after)}
