"""Letters about an event that has moved, is cancelled or is on again: at once, one to each inbox for each SEQUENCE.

To guests, with the file of their invitation, and to those who want to be reminded, with the event's own. They are
written in the transaction that raises SEQUENCE (announcing.py), so that neither is told without the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from cms.kalender import clock, letters, same_inbox
from cms.kalender.models import ACTIVE, EventPage, ReminderRequest, SignUp, SignUpState, State, Status
from cms.kalender.models.reminder import ReminderQuerySet
from cms.kalender.models.signup import SignUpQuerySet
from notifications import outbox
from notifications.models import Message

MOVED, CANCELLED, ON_AGAIN = LETTERS = ("event-moved", "event-cancelled", "event-on-again")
TIME = ("starts_at", "ends_at", "all_day")
PLACE = ("city", "place", "address", "online", "online_link")
# Keys of the letters to those who have asked for a reminder: their addresses are forgotten sooner than the guests'.
WISH = "wish:"
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """What has become of an event. `before` was never saved: the event as people know it."""

    letter: str
    event: EventPage
    before: EventPage
    sequence: int
    time_moved: bool
    place_moved: bool
    has_page: bool


def letter_of(before: Facts, after: Facts, *, now: datetime) -> str:
    """The letter that tells of the change; empty when nobody needs one: what is over, or only full, is where it was."""
    if any(datetime.fromisoformat(facts["ends_at"]) <= now for facts in (before, after)):
        return ""
    was_off, is_off = (facts["status"] == Status.CANCELLED for facts in (before, after))
    if is_off:
        return "" if was_off else CANCELLED
    if was_off:
        return ON_AGAIN
    return MOVED if _differ(before, after, TIME + PLACE) else ""


def _differ(before: Facts, after: Facts, names: Iterable[str]) -> bool:
    """A fact that was not yet kept before has not changed."""
    return any(after[name] != before.get(name, after[name]) for name in names)


def about(event_id: int) -> str:
    """By which staff find an event's letters."""
    return f"träff {event_id}"


def was_told(letter: str, event_id: int, sequence: int) -> bool:
    """Whether somebody got that letter when SEQUENCE became this."""
    written = Message.objects.filter(letter=letter, about=about(event_id))
    return written.filter(key__endswith=f":{sequence}").exists()


def as_told(facts: Facts) -> EventPage:
    """An event that was never saved, with facts as announcements keep them."""
    known = {name: value for name, value in facts.items() if name != "language"}
    hours = {name: datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at")}
    return EventPage(**{**known, **hours})


def tell(
    event: EventPage, *, before: Facts, after: Facts, sequence: int, now: datetime, has_page: bool = True
) -> None:
    """Write to all whom the change concerns. The caller holds the event's lock."""
    letter = letter_of(before, after, now=now)
    if not letter:
        return
    time_moved, place_moved = (_differ(before, after, names) for names in (TIME, PLACE))
    what = News(letter, event, as_told(before), sequence, time_moved, place_moved, has_page)
    guests = list(guests_of(event))
    wishes = without_guests(wishes_of(event), guests) if concerns_wishes(letter) else []
    outbox.put_many([*guest_letters(what, guests), *wish_letters(what, wishes)])
    if letter == CANCELLED:
        _end(wishes)


def let_go(guest: SignUp) -> None:
    """End the reminders of who was a guest of an event that is off and is none any more: that it is on again would be
    told to guests alone. The caller holds the event's lock."""
    _end(wishes_of(guest.event).filter(email__iexact=guest.email))


def _end(wishes: Iterable[ReminderRequest]) -> None:
    """The address goes with the reminder."""
    ended = ReminderRequest.objects.filter(pk__in=[wish.pk for wish in wishes])
    ended.update(state=State.EXPIRED, email="", confirmed_from="")


def guests_of(event: EventPage) -> SignUpQuerySet:
    """Who comes or waits. All of them have heard that it was off, so all hear that it is on again."""
    return SignUp.objects.filter(event=event, state__in=ACTIVE).reached().order_by("pk")


def concerns_wishes(letter: str) -> bool:
    """Whose reminder went with the cancellation cannot be reached; who still has one is told as a guest, or never heard
    that it was off."""
    return letter != ON_AGAIN


def wishes_of(event: EventPage) -> ReminderQuerySet:
    """Those of people who have been reminded too: who knows a day must hear of another. Locked."""
    following = ReminderRequest.objects.following().filter(event=event)
    return following.select_for_update(of=("self",)).order_by("pk")


def without_guests(wishes: Iterable[ReminderRequest], guests: Iterable[SignUp]) -> list[ReminderRequest]:
    """Those of inboxes that are no guest's. A guest's letter says nothing of a reminder, so that one stays as it is."""
    told = {guest.email.lower() for guest in guests}
    return [wish for wish in wishes if wish.email.lower() not in told]


# --- When a letter leaves ------------------------------------------------------------------------
def as_it_leaves(context: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """Of a move, or that it is on again, when a mail server was away: where and when it is by then; nothing of what
    is off since, or back where people know it, for they hear that by another letter."""
    event = EventPage.objects.filter(pk=context["event"], live=True).first()
    if event is None or event.is_cancelled:
        return None
    known, here = context["before"], place_and_time(event)
    is_back = known == here and (context["time_moved"] or context["place_moved"])
    return None if is_back else {**context, **here}


def called_off_as_it_leaves(context: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """To guests nothing of what is on again; who wanted a reminder has none any more, and hears of it."""
    is_on = EventPage.objects.filter(pk=context["event"], live=True).exclude(status=Status.CANCELLED).exists()
    return None if is_on and context["is_guest"] else context


# --- The letters ---------------------------------------------------------------------------------
def guest_letters(what: News, guests: Iterable[SignUp]) -> Iterator[Message]:
    """One for each inbox, whatever it has signed up."""
    shared: dict[str, dict[str, Any]] = {}
    for guest, *others in same_inbox.by_inbox(guests):
        with translation.override(guest.language):
            if guest.language not in shared:
                shared[guest.language] = facts(what)
            yield outbox.written(
                what.letter,
                key=f"guest:{guest.pk}:{what.sequence}",
                about=about(what.event.pk),
                to=guest.email,
                language=guest.language,
                context={**shared[guest.language], **guest_facts(what, guest, others)},
            )


def wish_letters(what: News, wishes: Iterable[ReminderRequest]) -> Iterator[Message]:
    """One for each inbox, whatever it has asked for; its way out stops all of it."""
    asked: dict[str, list[ReminderRequest]] = defaultdict(list)
    for wish in wishes:
        asked[wish.email.lower()].append(wish)
    shared: dict[str, dict[str, Any]] = {}
    for mine in asked.values():
        yield _wish_letter(what, mine, shared)


def _wish_letter(what: News, mine: Sequence[ReminderRequest], shared: dict[str, dict[str, Any]]) -> Message:
    first = mine[0]
    language = first.language
    with translation.override(language):
        if language not in shared:
            shared[language] = facts(what)
        return outbox.written(
            what.letter,
            key=f"{WISH}{first.pk}:{what.sequence}",
            about=about(what.event.pk),
            to=first.email,
            language=language,
            context={**shared[language], **wish_facts(mine)},
            headers=letters.stop_headers(*mine),
        )


def facts(what: News) -> dict[str, Any]:
    """What all are told, frozen as JSON, in the language in use.

    Of a cancelled event people are told the time and place that they know.
    """
    event = what.event
    told = letters.event_facts(event)
    return {
        **told,
        **place_and_time(what.before if what.letter == CANCELLED else event),
        "event_url": told["event_url"] if what.has_page else "",
        "before": place_and_time(what.before),
        "time_moved": what.time_moved,
        "place_moved": what.place_moved,
    }


def place_and_time(event: EventPage) -> dict[str, str]:
    return {"day": clock.day_words(event.starts_at), "when": event.when, "location": event.location}


def guest_facts(what: News, guest: SignUp, others: Sequence[SignUp] = ()) -> dict[str, Any]:
    """Only who has a seat holds the event in a calendar. `others` are of the same inbox: none has a seat if the first
    has none.
    """
    method = "CANCEL" if what.letter == CANCELLED else "REQUEST"
    going = [one for one in (guest, *others) if one.state == SignUpState.GOING]
    return {
        "is_guest": True,
        "method": method if going else "",
        "attendee": guest.email,
        "order_number": ", ".join(one.order_number for one in going if one.order_number),
        "standing": guest.state,
        "places": sum(one.places for one in (guest, *others) if one.state == guest.state),
        "page_url": letters.signup_page(guest),
        "other_pages": [letters.signup_page(other) for other in others],
        "remove_url": "",
    }


def wish_facts(wishes: Sequence[ReminderRequest]) -> dict[str, Any]:
    return {
        "is_guest": False,
        "method": "PUBLISH",
        "attendee": "",
        "order_number": "",
        "page_url": "",
        "reminded": all(wish.state == State.SENT for wish in wishes),
        "remove_url": letters.stop_address(*wishes),
    }
