"""Turns an outbox row into a mail on its way: lease, render, send, note."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import translation

from notifications import letters
from notifications.models import Message, State

MAX_TRIES = 10
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
# What can go wrong in one try: the mail server, the network, or the letter's own templates and facts.
FAILURES = (SMTPException, OSError, TemplateDoesNotExist, TemplateSyntaxError, LookupError, ValueError)


def send(pk: int, *, now: datetime) -> bool:
    """Send one letter if it is due. True when it went out now.

    No transaction is open while the mail server is spoken to. A sender that dies between sending
    and noting leaves its lease to run out; the next one sends a copy under the same Message-ID.
    """
    lease = now + timedelta(seconds=settings.LETTER_LEASE_SECONDS)
    if not Message.objects.claim(pk, now=now, until=lease):
        return False
    message = Message.objects.get(pk=pk)
    try:
        build(message).send()
    except FAILURES as failure:
        note_failure(message, failure, now=now)
        return False
    Message.objects.filter(pk=pk).update(state=State.SENT, sent_at=now, leased_until=None, error="")
    return True


def note_failure(message: Message, failure: Exception, *, now: datetime) -> None:
    """Wait longer after each failed try; give up visibly after MAX_TRIES."""
    message.error = f"{type(failure).__name__}: {failure}"[:1000]
    message.state = State.FAILED if message.tries >= MAX_TRIES else State.WAITING
    message.next_try_at = now + pause(message.tries)
    message.leased_until = None
    message.save(update_fields=["error", "state", "next_try_at", "leased_until"])


def pause(tries: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << max(0, min(tries, 20) - 1)), LONGEST_PAUSE)


def build(message: Message) -> EmailMultiAlternatives:
    """The mail as it goes out: text and HTML of equal content, attachments, a Message-ID of its own."""
    with translation.override(message.language):
        subject, text, html = (render(message, part) for part in ("subject.txt", "body.txt", "body.html"))
        attachments = letters.attachments(message.letter, message.context)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        to=[message.to],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated", **message.headers},
    )
    mail.attach_alternative(html, "text/html")
    for item in attachments:
        mail.attach(item.name, item.content, item.content_type)
    return mail


def render(message: Message, part: str) -> str:
    context = {**message.context, "site_url": settings.SITE_URL, "message": message}
    return render_to_string(f"email/{message.letter}/{part}", context)
