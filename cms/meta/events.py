"""What people come to: when, where, for how much, and whether it still is on."""

from __future__ import annotations

from datetime import datetime

from cms.kalender import clock
from cms.kalender.models import EventPage, Status
from cms.meta.goods import CURRENCY
from cms.meta.nodes import Node, amount, moment, node, reference, schema
from cms.meta.showing import Showing
from shop.money import Money

STATUS = {Status.MOVED: "EventRescheduled", Status.CANCELLED: "EventCancelled"}


def event(page: EventPage, showing: Showing) -> Node:
    return node(
        "Event",
        id=f"{showing.address}#traffen",
        name=page.title,
        description=showing.description,
        url=showing.address,
        image=[showing.picture.address],
        startDate=_time(page, page.starts_at),
        endDate=_time(page, page.ends_at),
        eventStatus=schema(STATUS.get(Status(page.status), "EventScheduled")),
        previousStartDate=_time(page, page.moved_from),
        eventAttendanceMode=schema(f"{_attendance(page)}EventAttendanceMode"),
        location=_location(page, showing),
        offers=_offer(page, showing),
        isAccessibleForFree=page.free,
        maximumAttendeeCapacity=page.seats,
        organizer=reference(showing.publisher),
        performer=node("Person", name=page.leader) if page.leader else None,
        inLanguage=showing.language,
    )


def _time(page: EventPage, at: datetime | None) -> str | None:
    """Of a whole-day event the day alone."""
    return clock.local_date(at).isoformat() if at and page.all_day else moment(at)


def _attendance(page: EventPage) -> str:
    if page.is_online and page.is_on_site:
        return "Mixed"
    return "Offline" if page.is_on_site else "Online"


def _location(page: EventPage, showing: Showing) -> Node | list[Node]:
    """Where to go, or to click; both where guests may choose."""
    if not page.is_on_site:
        return _link(page, showing)
    return [_place(page), _link(page, showing)] if page.is_online else _place(page)


def _link(page: EventPage, showing: Showing) -> Node:
    """Without an open link: the page tells how to get in."""
    return node("VirtualLocation", url=page.online_link or showing.address)


def _place(page: EventPage) -> Node:
    address = node("PostalAddress", streetAddress=page.address, addressLocality=page.city)
    return node("Place", name=page.place or page.city, address=address)


def _offer(page: EventPage, showing: Showing) -> Node:
    """Seats as they are, and the sum of a place when it is known: other prices are an editor's words."""
    ore = 0 if page.free else page.place_price_ore
    return node(
        "Offer",
        url=showing.address,
        price=None if ore is None else amount(Money(ore)),
        priceCurrency=None if ore is None else CURRENCY,
        availability=schema("SoldOut" if page.is_full else "InStock"),
    )
