"""What staff write to the guests of an event: one letter to each inbox, however often the form is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cms.kalender import same_inbox, signing_up
from cms.kalender.letters import event_facts
from cms.kalender.models import EventPage, GuestLetter, SignUp, SignUpState
from cms.kalender.models.signup import SignUpQuerySet
from cms.kalender.signup_letters import GUEST_LETTER
from notifications import outbox
from notifications.models import Message
from shop.typed import mail_address

LETTER = GUEST_LETTER
LONGEST_SUBJECT = 120
LONGEST_TEXT = 10_000


class Audience(models.TextChoices):
    GOING = "going", _("De som har plats")
    QUEUE = "queue", _("De som står på kö")
    ALL = "all", _("Alla, även de som står på kö")


STATES: dict[str, list[SignUpState]] = {
    Audience.GOING: [SignUpState.GOING],
    Audience.QUEUE: [SignUpState.OFFERED, SignUpState.QUEUED],
    Audience.ALL: [SignUpState.GOING, SignUpState.OFFERED, SignUpState.QUEUED],
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form says. `form_key` is the form's own, so that sending it twice writes once."""

    form_key: str
    subject: str
    text: str
    audience: str


class NobodyThere(Exception):
    """No inbox is to get the letter."""


def receivers(event: EventPage, audience: str) -> SignUpQuerySet:
    """Whose inboxes get it; who has been forgotten, or has only a telephone, has none."""
    return chosen(event, audience).reached()


def chosen(event: EventPage, audience: str) -> SignUpQuerySet:
    found: SignUpQuerySet = event.signups.known().filter(state__in=STATES[audience]).order_by("pk")
    return found


@transaction.atomic
def write(event_id: int, draft: Draft, *, author: str, now: datetime) -> tuple[GuestLetter, bool]:
    """Put one letter for each receiver into the outbox; and whether that is new.

    The event's row lock keeps the list as it is meanwhile, and the second of two equal forms waiting. Raises
    NobodyThere and EventPage.DoesNotExist.
    """
    event = signing_up.lock(event_id)
    form_key = f"{event.pk}:{draft.form_key}"
    if written := event.guest_letters.filter(form_key=form_key).first():
        return written, False
    inboxes = same_inbox.by_inbox(receivers(event, draft.audience))
    if not inboxes:
        raise NobodyThere(event_id)
    letter = GuestLetter.objects.create(
        event=event,
        form_key=form_key,
        subject=draft.subject,
        text=draft.text,
        author=author,
        receivers=len(inboxes),
        written_at=now,
    )
    outbox.put_many(_letters(event, letter, inboxes))
    return letter, True


def _letters(event: EventPage, letter: GuestLetter, inboxes: list[list[SignUp]]) -> list[Message]:
    """The event's facts are read once for each language."""
    languages = {signup.language for signup, *_others in inboxes}
    shared = {language: facts(event, letter, language) for language in languages}
    reply_to = contact_address(event)
    return [
        outbox.written(
            LETTER,
            key=f"{letter.pk}:{signup.pk}",
            to=signup.email,
            language=signup.language,
            context={
                **shared[signup.language],
                "page_url": page_url(signup),
                "other_pages": [page_url(other) for other in others],
            },
            reply_to=reply_to,
        )
        for signup, *others in inboxes
    ]


def facts(event: EventPage, letter: GuestLetter, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {**event_facts(event), "subject": letter.subject, "text": letter.text}


def page_url(signup: SignUp) -> str:
    with translation.override(signup.language):
        return settings.SITE_URL + reverse("kalender:signup", args=[signup.key])


def contact_address(event: EventPage) -> str:
    """Whom guests answer: the event's contact when that is one e-mail address; else empty, for the company's."""
    try:
        return mail_address(event.contact.strip()) if event.contact else ""
    except ValidationError:
        return ""
