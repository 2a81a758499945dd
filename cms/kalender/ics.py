"""Calendar files (RFC 5545): one event, and the feed that calendars subscribe to.

The library writes the lines: CRLF, folding at 75 octets, escaping. The time zone is written by hand,
because the one it generates is read an hour wrong by large calendar clients (PLATFORM.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vDatetime

from cms.kalender import clock
from shop import known

if TYPE_CHECKING:
    from cms.kalender.models import EventPage

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODID = "-//Vardskapet//Kalender//SV"
# A fixed suffix: an address that moves to another domain must not give every event a new identity.
UID_SITE = "vardskapet"
REFRESH = timedelta(hours=12)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
IN_MAILBOXES = "@+!$'*-/=^_`{|}~."
END = b"END:VCALENDAR\r\n"
STOCKHOLM = b"""BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")


def event_file(event: EventPage) -> bytes:
    return _write(_calendar(), [vevent(event)])


def guest_file(event: EventPage, *, method: str, attendee: str, now: datetime) -> bytes:
    """For the calendar of one guest (RFC 5546): REQUEST puts the event there or moves it, CANCEL takes it out.

    Of an event that is on, CANCEL tells the guest alone: then it may say nothing of a status (3.2.5).
    """
    item = vevent(event)
    item["dtstamp"] = vDatetime(now.astimezone(UTC))  # this message's, so that a later one counts
    if method == "CANCEL" and not event.is_cancelled:
        del item["status"]
    item.add("organizer", _organizer())
    item.add("attendee", _attendee(attendee, comes=method == "REQUEST"))
    return _write(_calendar(method), [item])


def _organizer() -> vCalAddress:
    company = known.company()
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = _mailbox(company.email or address)
    organizer.params["CN"] = _text(company.legal_name or name or settings.WAGTAIL_SITE_NAME)
    return organizer


def _attendee(address: str, *, comes: bool) -> vCalAddress:
    attendee = _mailbox(address)
    attendee.params.update(
        ROLE="REQ-PARTICIPANT", RSVP="FALSE", **({"PARTSTAT": "ACCEPTED"} if comes else {})
    )
    return attendee


def _mailbox(address: str) -> vCalAddress:
    """RFC 6068: what means something in an address of the web is encoded, what readers compare is not."""
    return vCalAddress(f"mailto:{quote(address, safe=IN_MAILBOXES)}")


def feed(events: Iterable[EventPage], *, name: str) -> bytes:
    """All events as one calendar. The same events give the same bytes, whenever it is fetched."""
    calendar = _calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Europe/Stockholm")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    return _write(calendar, map(vevent, events))


def _calendar(method: str = "PUBLISH") -> Calendar:
    calendar = Calendar()
    for name, value in (
        ("version", "2.0"),
        ("prodid", PRODID),
        ("calscale", "GREGORIAN"),
        ("method", method),
    ):
        calendar.add(name, value)
    return calendar


def _write(calendar: Calendar, items: Iterable[Event]) -> bytes:
    head = calendar.to_ical(sorted=False).removesuffix(END)
    return b"".join([head, STOCKHOLM, *(item.to_ical(sorted=False) for item in items), END])


def vevent(event: EventPage) -> Event:
    """The event as announced; take it from `announcing.up_to_date`."""
    told = event.announcement
    told_at = told.changed_at.astimezone(UTC)
    item = Event()
    item.add("uid", f"{told.uid}@{UID_SITE}")
    item.add("dtstamp", told_at)
    item.add("last-modified", told_at)
    item.add("sequence", told.sequence)
    item.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    starts, ends = _days(event) if event.all_day else (_moment(event.starts_at), _moment(event.ends_at))
    item.add("dtstart", starts)
    item.add("dtend", ends)
    item.add("summary", _text(event.title))
    item.add("location", _text(event.location))
    item.add("description", _text("\n\n".join(part for part in (event.lede, event.site_address) if part)))
    item.add("url", event.site_address)
    return item


def _text(words: str) -> str:
    """Without control characters, at which some readers end a line; line breaks themselves are escaped."""
    return _CONTROL.sub(" ", words.replace("\r\n", "\n"))


def _days(event: EventPage) -> tuple[date, date]:
    """The first day, and the day after the last (RFC 5545 3.6.1)."""
    return clock.local_date(event.starts_at), clock.last_date(event.ends_at) + timedelta(days=1)


def _moment(moment: datetime) -> datetime:
    """Stockholm's wall clock; UTC in the hour that comes twice, which readers take for different ones of the two."""
    there = clock.local(moment)
    is_clear = there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset()
    return there if is_clear else there.astimezone(UTC)
