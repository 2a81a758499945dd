"""Påminn mig: asked for, confirmed from the inbox, sent once, erased. Each operation is one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import translation

from cms.kalender import allowance, clock, letters, telling
from cms.kalender.models import LINK_LIFE, OPEN, EventPage, ReminderRequest, State
from notifications import outbox
from notifications.models import Message
from shop import limits
from shop.freshness import remembered

BATCH = 200
LETTERS_PER_ADDRESS = 3
LETTERS = ("reminder-confirm", "reminder")
# So long a letter can be traced by whoever says that it never came; the words of letters and pages promise it.
LETTER_MEMORY = timedelta(hours=48)
# What whoever confirms has read (kalender/_remind_form.html and its letter): raised when those words change.
TEXT_VERSION = "2026-11-26"


class NotRemindable(Exception):
    """The event is cancelled, has begun or is no longer there."""


class LinkLapsed(Exception):
    """The confirm link was opened too late, or its event is out of reach."""


@transaction.atomic
def ask(*, event_id: int, email: str, lead: str, language: str = "sv", now: datetime) -> None:
    """Note the wish at the event, on whichever of its pages it was made, and write the confirm letter.

    Asking again writes the letter again, in the language of this time, never a second wish. An address that
    has had its letters of the hour gets no more, and the caller is not told: the answer must not say who has asked.
    Raises NotRemindable.
    """
    page = EventPage.objects.filter(pk=event_id).first()
    event = page.original if page else None
    if event is None or not event.is_remindable(now):
        raise NotRemindable(event_id)
    with suppress(limits.TooMany):
        allowance.take(f"inbox:{limits.inbox(email)}", limit=LETTERS_PER_ADDRESS, now=now)
        mine = wish(event, email=email, lead=lead, now=now)
        write_confirm_letter(mine, language=language, now=now)


def wish(event: EventPage, *, email: str, lead: str, now: datetime) -> ReminderRequest:
    """The one open wish for this event, address and lead time, locked."""
    found, _created = ReminderRequest.objects.select_for_update().get_or_create(
        event=event,
        email__iexact=email,
        lead=lead,
        defaults={"email": email, "asked_at": now, "due_at": clock.due_at(event.counted_from, lead)},
    )
    return found


def write_confirm_letter(wish: ReminderRequest, *, language: str, now: datetime) -> None:
    wish.asked_at, wish.language = now, language
    wish.letters += 1
    wish.save(update_fields=["asked_at", "language", "letters"])
    with translation.override(language):
        outbox.put(
            "reminder-confirm",
            key=f"{wish.pk}:{wish.letters}",
            to=wish.email,
            language=language,
            context=letters.confirm_facts(wish),
        )


@transaction.atomic
def confirm(*, key: str, now: datetime, confirmed_from: str = "") -> ReminderRequest:
    """The owner of the inbox says yes, from an IP address. A second yes changes nothing.

    Raises ReminderRequest.DoesNotExist, EventPage.DoesNotExist, and LinkLapsed when the link is too old or nothing is
    left to confirm.
    """
    event_id = ReminderRequest.objects.values_list("event", flat=True).get(key=key)
    event = EventPage.objects.locked().get(pk=event_id)
    wish = ReminderRequest.objects.select_for_update().get(key=key)
    wish.event = event
    if not is_usable(wish, now=now):
        raise LinkLapsed(wish.pk)
    if wish.state == State.ASKED:
        wish.state = State.CONFIRMED
        wish.confirmed_at, wish.confirmed_from, wish.text_version = now, confirmed_from, TEXT_VERSION
        wish.due_at = clock.due_at(wish.event.counted_from, wish.lead)
        wish.save(update_fields=["state", "confirmed_at", "confirmed_from", "text_version", "due_at"])
    return wish


def is_usable(wish: ReminderRequest, *, now: datetime) -> bool:
    """Whether the link still leads to a reminder, wanted or set."""
    fresh = wish.state == State.CONFIRMED or wish.asked_at > now - LINK_LIFE
    return wish.state in OPEN and fresh and wish.event.is_remindable(now)


@transaction.atomic
def stop(pks: Sequence[int]) -> None:
    """Take wishes back and forget their address. Does nothing where that is already so."""
    wishes = ReminderRequest.objects.reached().select_for_update().filter(pk__in=pks)
    for wish in wishes.order_by("pk"):
        close(wish, State.STOPPED)


def close(wish: ReminderRequest, state: State) -> None:
    """The last step of a wish: the address goes. The caller holds the row lock."""
    wish.state = state
    wish.email = wish.confirmed_from = ""
    wish.save(update_fields=["state", "email", "confirmed_from"])


def send_due(*, now: datetime) -> int:
    """Send every reminder whose hour has come; how many rows were dealt with."""
    done = 0
    while batch := send_batch(now=now):
        done += batch
    return done


@transaction.atomic
def send_batch(*, now: datetime) -> int:
    """Take due rows that no other sender holds. The event is locked too: it must not be cancelled meanwhile."""
    due = (
        ReminderRequest.objects.due(now)
        .select_related("event__locale")
        .select_for_update(skip_locked=True, of=("self", "event"), no_key=True)
    )
    wishes = list(due[:BATCH])
    ready = [wish for wish in wishes if not waits_on(wish, now=now)]
    outbox.put_many(list(reminder_letters(ready, now=now)))
    ReminderRequest.objects.filter(pk__in=[wish.pk for wish in ready]).update(state=State.SENT)
    return len(wishes)


def waits_on(wish: ReminderRequest, *, now: datetime) -> bool:
    """Whether the event has moved later without the wish's hour. The caller holds the row lock."""
    due_at = clock.due_at(wish.event.counted_from, wish.lead)
    if due_at <= now:
        return False
    wish.due_at = due_at
    wish.save(update_fields=["due_at"])
    return True


def reminder_letters(wishes: Sequence[ReminderRequest], *, now: datetime) -> Iterator[Message]:
    """What all say of an event is found out once. The way out stops all that the inbox still wants of it."""
    facts: dict[tuple[int, str], dict[str, Any]] = {}
    wanted = wanted_with(wishes)
    for wish in wishes:
        with translation.override(wish.language):
            told = (wish.event_id, wish.language)
            if told not in facts:
                facts[told] = letters.reminder_facts(wish.event, now=now)
            yield outbox.written(
                "reminder",
                key=f"{wish.pk}:{wish.event.starts_at.isoformat()}",
                to=wish.email,
                language=wish.language,
                context={**facts[told], "remove_url": letters.stop_address(*wanted[_whose(wish)])},
                headers=letters.stop_headers(*wanted[_whose(wish)]),
            )


def wanted_with(wishes: Sequence[ReminderRequest]) -> dict[tuple[int, str], list[ReminderRequest]]:
    """These wishes and the others of the same inboxes for the same events, by event and inbox. One query."""
    found = ReminderRequest.objects.reached().filter(event__in={wish.event_id for wish in wishes})
    inboxes = {wish.email.lower() for wish in wishes}
    same = found.annotate(inbox=Lower("email")).filter(inbox__in=inboxes).order_by("pk")
    grouped: dict[tuple[int, str], list[ReminderRequest]] = defaultdict(list)
    for wish in {wish.pk: wish for wish in (*wishes, *same)}.values():
        grouped[_whose(wish)].append(wish)
    return grouped


def _whose(wish: ReminderRequest) -> tuple[int, str]:
    return wish.event_id, wish.email.lower()


def as_it_leaves(context: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """A reminder's facts when it goes out, which is late when the mail server was away: nothing once the event has
    begun or is off, and where and when it is by then."""
    event = _event(context["event"])
    if event is None or not event.is_remindable(now):
        return None
    if {**context, **telling.place_and_time(event)} != context:
        return {**context, **letters.reminder_facts(event, now=now)}
    return {**context, "distance": clock.distance_words(event.starts_at, now, all_day=event.all_day)}


@remembered
def _event(pk: int) -> EventPage | None:
    found: EventPage | None = EventPage.objects.filter(pk=pk).first()
    return found


@transaction.atomic
def forget(*, now: datetime) -> None:
    """Erase addresses that will not be used: never confirmed in time, or the event is over."""
    useless = ReminderRequest.objects.useless(now).select_for_update(skip_locked=True, of=("self",))
    for wish in useless[: BATCH * 5]:
        close(wish, State.EXPIRED if wish.state in OPEN else State(wish.state))
    for kinds, keys in ((LETTERS, ""), (telling.LETTERS, telling.WISH)):
        outbox.forget_receivers(kinds, written_before=now - LETTER_MEMORY, key_prefix=keys)
    allowance.forget(now=now)
