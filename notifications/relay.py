"""Mail that a library writes (a page waits for review, a comment is answered, a new password) takes the house's way.

Django's EMAIL_BACKEND is this one, so that no library speaks to a mail server in a request; what the outbox itself
sends goes by settings.LETTER_BACKEND. See docs/adr/0003-outbox.md and 0014.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from notifications import outbox
from notifications.letters import STAFF_NOTE
from notifications.mail import one_line

LANGUAGES = ("sv", "en")


class Backend(BaseEmailBackend):
    """Stores each mail as letters, one a receiver. Only subject and text are kept: the letter has its own HTML."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            for receiver in mail.recipients():
                keep(receiver, subject=str(mail.subject), text=str(mail.body))
        return len(email_messages)


def keep(receiver: str, *, subject: str, text: str) -> None:
    language = (get_language() or "")[:2]
    outbox.put(
        STAFF_NOTE,
        key=secrets.token_hex(16),
        to=receiver,
        context={"subject": one_line(subject), "text": text.strip()},
        language=language if language in LANGUAGES else "sv",
    )
