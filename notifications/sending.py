"""Sends an outbox row: lease, build, send, note. No transaction is open while the mail server is spoken to."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta
from email.errors import MessageError
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.urls import NoReverseMatch
from django.utils import timezone, translation

from notifications import letters
from notifications.mail import build
from notifications.models import Message, State

log = logging.getLogger(__name__)

# 30 s, 1 min, 2 min … 32 min, then each hour: about two days, so that a weekend without mail server loses nothing.
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MAX_TRIES = 60
LONGEST_ERROR = 1000
# For so long letters to many hold a worker's process; then the others have their turn.
TURN_SECONDS = 2.0
NEEDLESS = "Det som brevet handlar om har börjat eller är inställt."
DIED = "Den som skulle skicka brevet försvann utan ett ord, gång på gång."

# What can go wrong in one try: the mail server and the network, or the letter's own templates, facts and
# attachments. Anything else leaves the lease to run out.
FAILURES = (
    SMTPException,
    OSError,
    MessageError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    NoReverseMatch,
    ObjectDoesNotExist,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)


def send(pk: int, *, now: datetime) -> bool:
    """Send one letter if it is due. True when it went out now and that is noted.

    A sender that dies between sending and noting leaves its lease to run out; the next one sends
    a copy under the same Message-ID.
    """
    message = Message.objects.claim(pk, now=now, until=_lease(now))
    return message is not None and _deliver(message, now=now)


def send_to_many() -> bool:
    """Send letters to many for TURN_SECONDS, over one connection; whether there may be more."""
    connection = get_connection(settings.LETTER_BACKEND)
    ends = time.monotonic() + TURN_SECONDS
    try:
        while time.monotonic() < ends:
            handful = Message.objects.to_many().handful(timezone.now())
            if not handful:
                return False
            _send_some(handful, connection, ends=ends)
    finally:
        _close(connection)
    return True


def _send_some(handful: list[Message], connection: BaseEmailBackend, *, ends: float) -> None:
    """Until the turn ends, or one is another's: they are at the same letters, and there are others.

    What these letters share is read once, after they were: no file is older than the letter it goes with.
    """
    with letters.together():
        for message in handful:
            now = timezone.now()
            if time.monotonic() >= ends or not Message.objects.take(message, now=now, until=_lease(now)):
                return
            _deliver(message, now=now, connection=connection)


def _close(connection: BaseEmailBackend) -> None:
    with suppress(SMTPException, OSError):
        connection.close()


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LETTER_LEASE_SECONDS)


def _deliver(message: Message, *, now: datetime, connection: BaseEmailBackend | None = None) -> bool:
    """Send a letter whose lease is held. A connection that is given is opened when needed, and anew after a failure."""
    if message.tries > MAX_TRIES:  # a letter that takes its senders with it must not go on for ever
        return _note_failure(message, DIED, final=True, now=now)
    try:
        with translation.override(message.language):
            renewed = letters.renewed(message.letter, message.context, now)
        if renewed is None:
            return _note_needless(message)
        message.context = renewed
        mail = build(message, connection)
        if connection is not None:
            connection.open()
        mail.send()
    except FAILURES as failure:
        if connection is not None:
            _close(connection)
        words = f"{type(failure).__name__}: {failure}"
        return _note_failure(message, words, final=_is_final(failure), now=now)
    return _note_sent(message, now=now)


def _note_sent(message: Message, *, now: datetime) -> bool:
    """Only the holder of the lease may say so: who comes after has another try under way."""
    noted = Message.objects.held_by(message).update(
        state=State.SENT, sent_at=now, leased_until=None, error="", **_forgotten(message)
    )
    if not noted:
        log.warning("letter %s went out after its lease had ended: a copy may follow", message.pk)
    return bool(noted)


def _note_failure(message: Message, error: str, *, final: bool, now: datetime) -> bool:
    """Wait longer after each failed try; give up visibly after MAX_TRIES. Answers False: nothing went out."""
    gives_up = final or message.tries >= MAX_TRIES
    forgotten = _forgotten(message) if gives_up else {}
    # The server's words may name the buyer: they stand in the row, where staff see them, not in the log.
    kind = error.partition(":")[0]
    log.warning("letter %s (%s), try %s: %s", message.pk, message.letter, message.tries, kind)
    Message.objects.held_by(message).update(
        state=State.FAILED if gives_up else State.WAITING,
        next_try_at=now + pause(message.tries),
        leased_until=None,
        error=error.replace("\x00", "")[:LONGEST_ERROR],  # PostgreSQL keeps no null
        **forgotten,
    )
    return False


def _note_needless(message: Message) -> bool:
    """No failure: there is nothing to mend. Answers False: nothing went out."""
    Message.objects.held_by(message).update(
        state=State.NEEDLESS, leased_until=None, error=NEEDLESS, **_forgotten(message)
    )
    return False


def _forgotten(message: Message) -> dict[str, Any]:
    """What is cut out of a letter that has served, when its words open something."""
    return {"to": "", "context": {}} if message.letter in letters.CONFIDENTIAL else {}


def _is_final(failure: Exception) -> bool:
    """The mail server knows that there is no such address (RFC 3463: 5.1.x). Any other no may be its own fault."""
    if not isinstance(failure, SMTPRecipientsRefused):
        return False
    answers = failure.recipients.values()
    return bool(answers) and all(code >= 500 and words.startswith(b"5.1.") for code, words in answers)


def pause(tries: int) -> timedelta:
    """How long to wait after this many tries."""
    doublings = min(max(0, tries - 1), 16)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
