"""Where operations leave letters."""

from __future__ import annotations

import secrets
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.models import Message
from notifications.tasks import send_message


def put(
    letter: str,
    *,
    key: str,
    to: str,
    context: dict[str, Any],
    language: str = "sv",
    headers: dict[str, str] | None = None,
) -> Message:
    """Store a letter in the caller's transaction, once per (letter, key); send it after commit.

    `context` holds JSON values only: the letter's facts as they are now. A broker that is down
    costs nothing here; the sweep sends what was not nudged.
    """
    now = timezone.now()
    message, created = Message.objects.get_or_create(
        letter=letter,
        key=key,
        defaults={
            "to": to,
            "context": context,
            "language": language,
            "headers": headers or {},
            "message_id": new_message_id(),
            "created_at": now,
            "next_try_at": now,
        },
    )
    if created:
        transaction.on_commit(lambda: nudge(message.pk), robust=True)
    return message


def nudge(pk: int) -> None:
    send_message.delay(pk)


def new_message_id() -> str:
    """A Message-ID (RFC 5322) that stays the letter's own through every try."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain}>"
