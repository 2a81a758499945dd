"""Enquiries: received once with two letters, moved on by staff, erased in time. Each is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from wagtail.models import Page

from cms.enquiries import letters
from cms.enquiries.models import Enquiry, State
from cms.kalender import allowance
from notifications import outbox
from shop import limits

PER_INBOX = 5
BATCH = 500
MOVES: Mapping[str, frozenset[State]] = {
    State.NEW: frozenset({State.ANSWERED, State.CLOSED}),
    State.ANSWERED: frozenset({State.CLOSED, State.NEW}),
    State.CLOSED: frozenset({State.NEW}),
}


class WrongMove(Exception):
    """The enquiry is not in a state from which it can go there."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the visitor wrote."""

    kind: str
    name: str
    email: str
    message: str
    phone: str = ""
    organisation: str = ""
    wished: str = ""
    people: str = ""

    def key(self, now: datetime) -> str:
        """The same for the same words on one Swedish day: pages are the same bytes for all, so no form has a key."""
        day = now.astimezone(settings.STOCKHOLM).date().isoformat()
        return salted_hmac(
            "cms.enquiries", "\x00".join([*asdict(self).values(), day]), algorithm="sha256"
        ).hexdigest()


@transaction.atomic
def receive(words: Words, *, page: Page | None, language: str, now: datetime) -> Enquiry:
    """Store the enquiry with a letter to staff and a receipt to the asker, once for the same words.

    `page` is where it was written. Raises limits.TooMany when that inbox has had its receipts of the hour.
    """
    facts = {**asdict(words), "page": page, "language": language, "created_at": now}
    # The row first: a twin of the same moment waits at its key, and uses up none of what the hour allows.
    enquiry, created = Enquiry.objects.get_or_create(key=words.key(now), defaults=facts)
    if created:
        allowance.take(f"enquiry:inbox:{limits.inbox(words.email)}", limit=PER_INBOX, now=now)
        letters.write(enquiry)
    return enquiry


@transaction.atomic
def move(*, pk: int, new: State, by: str, now: datetime) -> Enquiry:
    """Take one step in MOVES and note it; the same step again changes nothing.

    Raises Enquiry.DoesNotExist and WrongMove.
    """
    enquiry = Enquiry.objects.select_for_update().get(pk=pk)
    if enquiry.state == new:
        return enquiry
    if new not in MOVES[enquiry.state]:
        raise WrongMove(pk, enquiry.state, new)
    enquiry.steps.create(old=enquiry.state, new=new, by=by, at=now)
    enquiry.state = new
    enquiry.save(update_fields=["state"])
    return enquiry


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Erase enquiries older than ENQUIRY_DAYS with their history and the words of their letters; how many."""
    before = now - timedelta(days=settings.ENQUIRY_DAYS)
    old = Enquiry.objects.written_before(before).select_for_update(skip_locked=True)
    erased = list(old.values_list("pk", flat=True)[:BATCH])
    Enquiry.objects.filter(pk__in=erased).delete()
    outbox.forget_contents(letters.LETTERS, written_before=before)
    return len(erased)
