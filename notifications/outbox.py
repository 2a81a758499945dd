"""Where operations leave letters."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import getaddresses, parseaddr
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.models import Message, State
from notifications.tasks import send_message, send_to_many

log = logging.getLogger(__name__)

AGAIN = [State.SENT, State.FAILED]  # may begin anew
ENDED = [*AGAIN, State.NEEDLESS]
INSERT_BATCH = 500


class More(TypedDict, total=False):
    language: str
    about: str
    headers: dict[str, str] | None
    reply_to: str


def put(letter: str, *, key: str, to: str, context: dict[str, Any], **more: Unpack[More]) -> Message:
    """Store a letter in the caller's transaction, once per (letter, key); send it after commit.

    What else it may be given is told by `written`. A broker that is down costs nothing here; the sweep sends what
    was not nudged.
    """
    return _kept(written(letter, key=key, to=to, context=context, **more))


def put_many(messages: Sequence[Message]) -> None:
    """Store letters to many (`Kind.to_many`) as `put` does, with few statements. They go after all other letters."""
    if not messages:
        return
    Message.objects.bulk_create(messages, batch_size=INSERT_BATCH, ignore_conflicts=True)
    transaction.on_commit(nudge_many, robust=True)


def written(
    letter: str,
    *,
    key: str,
    to: str,
    context: dict[str, Any],
    language: str = "sv",
    about: str = "",
    headers: dict[str, str] | None = None,
    reply_to: str = "",
) -> Message:
    """A letter that is not stored yet.

    `context` holds JSON values only: the letter's facts as they are now; `about` names
    the matter, such as an order's number, by which staff find its letters. Answers go to `reply_to`, one bare
    address, in place of the company's; raises ValueError for anything else.
    """
    now = timezone.now()
    stored = {**(headers or {}), **(_answered_to(reply_to) if reply_to else {})}
    return Message(
        letter=letter,
        key=key,
        to=to,
        context=context,
        language=language,
        about=about,
        headers=stored,
        message_id=new_message_id(),
        created_at=now,
        next_try_at=now,
    )


def _kept(message: Message) -> Message:
    """The unique index decides whether it is new: a letter seldom is put twice, so nothing is asked before."""
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if earlier := Message.objects.filter(letter=message.letter, key=message.key).first():
            return earlier
        raise
    _nudge_after_commit(message.pk)
    return message


def _answered_to(address: str) -> dict[str, str]:
    """Visitors write these addresses: one that could grow into a second header or receiver is refused."""
    if not address.isprintable() or getaddresses([address]) != [("", address)]:
        raise ValueError(f"not one bare address: {address!r}")
    return {"Reply-To": address}


def send_again(pk: int, *, now: datetime, seen: datetime | None = None) -> bool:
    """Begin anew with a letter that was sent or given up, under its Message-ID.

    `seen` is the `next_try_at` that whoever asks has before them: each new beginning has another, so that asking
    twice of the same sight begins once, however fast the letter went out between. False when that has been done,
    when nobody has any use for it, when the letter is on its way, or its address has been forgotten.
    """
    ended = Message.objects.filter(pk=pk, state__in=AGAIN).exclude(to="")
    if seen is not None:
        ended = ended.filter(next_try_at=seen)
    if not ended.update(state=State.WAITING, tries=0, next_try_at=now, sent_at=None, error=""):
        return False
    _nudge_after_commit(pk)
    return True


def forget_receivers(letters: Iterable[str], *, written_before: datetime, key_prefix: str = "") -> None:
    """Cut the addresses from letters of these kinds that are sent or have ended; the rows stay: none goes out anew."""
    served = Message.objects.filter(letter__in=letters, state__in=ENDED, created_at__lte=written_before)
    served.filter(key__startswith=key_prefix).exclude(to="").update(to="", error="")


def forget_contents(letters: Iterable[str], *, written_before: datetime) -> None:
    """As forget_receivers, and the facts and headers with them: for letters that carry what people have written."""
    served = Message.objects.filter(letter__in=letters, state__in=ENDED, created_at__lte=written_before)
    served.exclude(to="").update(to="", error="", context={}, headers={})


def _nudge_after_commit(pk: int) -> None:
    transaction.on_commit(lambda: nudge(pk), robust=True)


def nudge(pk: int) -> None:
    """Ask a worker to send now. A dead broker costs the caller no more than config.celery.PUBLISHING allows."""
    try:
        send_message.delay(pk)
    except OperationalError as error:
        log.warning("no broker, the sweep will send letter %s: %s", pk, error)


def nudge_many() -> None:
    """Ask a worker to begin with the letters to many."""
    try:
        send_to_many.delay()
    except OperationalError as error:
        log.warning("no broker, the sweep will send the letters to many: %s", error)


def new_message_id() -> str:
    """A Message-ID (RFC 5322) that stays the letter's own through every try."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain or 'localhost'}>"
