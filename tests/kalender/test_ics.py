"""Calendar files, read by an independent parser as a calendar would."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from icalendar import Calendar

from cms.kalender import ics
from tests.kalender.facts import NOON, stockholm

ADDRESS = "/kalender/2026-12-10-grunderna.ics"


def parsed(content: bytes) -> Calendar:
    return Calendar.from_ical(content)


def only_event(content: bytes):
    (found,) = parsed(content).walk("VEVENT")
    return found


@pytest.fixture
def feed(client):
    return lambda **headers: client.get("/kalender.ics", headers=headers)


def test_the_file_says_what_when_and_where(event, client):
    response = client.get(ADDRESS)
    item = only_event(response.content)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert item["SUMMARY"] == "Öppen halvdag: grunderna i värdskap"
    assert item["LOCATION"] == "Ekmanssalen, Göteborg"
    assert item["UID"] == f"{event.announcement.uid}@vardskapet"
    assert item["URL"] == "http://testserver/kalender/2026-12-10-grunderna/"
    assert (item["STATUS"], item["SEQUENCE"]) == ("CONFIRMED", 0)
    assert item["DTSTART"].dt == stockholm("2026-12-10 13:00")
    assert item["DTEND"].dt == stockholm("2026-12-10 16:30")
    assert item["DTSTART"].params["TZID"] == "Europe/Stockholm"
    assert item["DTSTAMP"].dt == item["LAST-MODIFIED"].dt == NOON


def test_the_calendar_carries_its_time_zone_with_two_rules(event, feed):
    calendar = parsed(feed().content)
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Stockholm"
    assert [part.name for part in zone.subcomponents] == ["DAYLIGHT", "STANDARD"]
    assert b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n" in feed().content
    assert b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n" in feed().content
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in feed().content


@pytest.mark.parametrize(
    ("starts_at", "instant"),
    [
        ("2026-06-10 09:00", "07:00"),
        ("2026-11-23 09:00", "08:00"),
        ("2027-03-27 09:00", "08:00"),
        ("2027-03-28 09:00", "07:00"),
        ("2027-10-30 09:00", "07:00"),
        ("2027-10-31 09:00", "08:00"),
    ],
)
def test_nine_o_clock_is_the_right_instant_on_both_sides_of_a_clock_change(publish, starts_at, instant):
    event = publish(starts_at=stockholm(starts_at))
    start = only_event(ics.event_file(event))["DTSTART"].dt
    assert f"{start.astimezone(UTC):%H:%M}" == instant


@pytest.mark.parametrize(("fold", "written"), [(0, b"20271031T003000Z"), (1, b"20271031T013000Z")])
def test_the_hour_that_comes_twice_is_written_in_utc_both_times(publish, fold, written):
    start = stockholm("2027-10-31 02:30").replace(fold=fold)
    event = publish(starts_at=start, ends_at=stockholm("2027-10-31 05:00"))
    assert b"DTSTART:" + written + b"\r\n" in ics.event_file(event)
    assert b"DTEND;TZID=Europe/Stockholm:20271031T050000\r\n" in ics.event_file(event)


def test_lines_end_with_crlf_and_none_is_longer_than_75_octets(publish):
    event = publish(title="Åäö " * 60, lede="Rad ett\nrad två, med komma; och semikolon \\ " + "ö" * 300)
    content = ics.event_file(event)
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    item = only_event(content)
    assert item["SUMMARY"] == ("Åäö " * 60).strip() or item["SUMMARY"] == "Åäö " * 60
    assert item["DESCRIPTION"].startswith("Rad ett\nrad två, med komma; och semikolon \\ ööö")


def test_markup_and_line_breaks_in_a_place_name_stay_a_place_name(publish):
    event = publish(place="Salen\r\nATTENDEE:mailto:x@example.com\r\nEND:VEVENT <b>")
    item = only_event(ics.event_file(event))
    assert "ATTENDEE" not in item
    assert "ATTENDEE:mailto" in item["LOCATION"]


def test_a_moved_then_cancelled_event_is_one_event_that_follows(event, change, feed):
    change(event, starts_at=stockholm("2026-12-11 09:00"), ends_at=stockholm("2026-12-11 12:00"))
    moved = only_event(feed().content)
    assert (moved["SEQUENCE"], moved["DTSTART"].dt) == (1, stockholm("2026-12-11 09:00"))
    change(event, status="cancelled")
    cancelled = only_event(feed().content)
    assert (cancelled["UID"], cancelled["SEQUENCE"], cancelled["STATUS"]) == (moved["UID"], 2, "CANCELLED")
    change(event, status="planned")
    revived = only_event(feed().content)
    assert (revived["UID"], revived["SEQUENCE"], revived["STATUS"]) == (moved["UID"], 3, "CONFIRMED")


def test_a_cancelled_event_stays_in_the_feed_long_after(event, change, feed, clock):
    change(event, status="cancelled")
    clock.move_to(event.ends_at + timedelta(days=31))
    assert only_event(feed().content)["STATUS"] == "CANCELLED"


def test_a_second_fetch_is_304_until_something_changes(event, change, feed, clock):
    first = feed()
    clock.move_to(NOON + timedelta(hours=12))
    again = feed(**{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["Cache-Control"].startswith("public")
    change(event, status="cancelled")
    assert feed(**{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_file_of_one_event_is_304_too(event, client):
    tag = client.get(ADDRESS).headers["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["/kalender/finns-inte.ics", "/kalender/%00.ics", "/kalender/a%0Ab.ics"])
def test_no_file_for_an_event_that_is_not_there(kalender, client, address):
    assert client.get(address).status_code == 404


def test_a_draft_has_no_file(event, client):
    event.unpublish()
    assert client.get(ADDRESS).status_code == 404


def test_files_set_no_cookie(event, client, feed):
    assert not feed().cookies
    assert not client.get(ADDRESS).cookies
