"""Builds the mail of an outbox row: text and HTML of equal content, attachments, headers that hold."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context, Engine
from django.utils import translation

from notifications import letters
from notifications.models import Message

LONGEST_SUBJECT = 200
REPLY_TO = "Reply-To"
PARTS = ("subject.txt", "body.txt", "body.html")
# Control and format signs (a bidi override, a soft hyphen), lone halves of signs, line and paragraph separators.
INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says, thrice."""

    subject: str
    text: str
    html: str


def words(message: Message) -> Words:
    """What the letter says, without its attachments; the row need not be stored."""
    with translation.override(message.language):
        return _words(message, _facts(message))


def _words(message: Message, facts: dict[str, Any]) -> Words:
    subject, text, html = (_render(message.letter, part, facts) for part in PARTS)
    return Words(one_line(subject)[:LONGEST_SUBJECT], _tidy_text(text), _tidy_html(html))


def build(message: Message, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail as it goes out, under the letter's own Message-ID; over a connection of its own if none is given."""
    with translation.override(message.language):
        facts = _facts(message)
        said = _words(message, facts)
        attachments = letters.attachments(message.letter, message.context)
    mail = EmailMultiAlternatives(
        subject=said.subject,
        body=said.text,
        from_email=_sender(facts),
        to=[message.to],
        reply_to=_reply_to(message, facts),
        headers=_headers(message),
        connection=connection or get_connection(settings.LETTER_BACKEND),
    )
    mail.attach_alternative(said.html, "text/html")
    for item in attachments:
        mail.attach(one_line(item.name), item.content, item.content_type)
    return mail


def _facts(message: Message) -> dict[str, Any]:
    """A letter's own frozen facts go before what is common to all."""
    fixed = {"site_url": settings.SITE_URL, "message": message}
    return {**letters.common_facts(), **message.context, **fixed}


def _render(letter: str, part: str, facts: dict[str, Any]) -> str:
    """Text is not HTML: only the .html part gets its signs escaped."""
    template = Engine.get_default().get_template(f"email/{letter}/{part}")
    return template.render(Context(facts, autoescape=part.endswith(".html")))


def _headers(message: Message) -> dict[str, str]:
    """The letter's own last: nothing stored may change its Message-ID."""
    stored = {name: one_line(str(value)) for name, value in message.headers.items() if name != REPLY_TO}
    return {**stored, "Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}


def _sender(facts: dict[str, Any]) -> str:
    """`Värdskapet <hej@…>`; the name from the setting, or the seller's when that is a bare address."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or one_line(facts.get("seller", {}).get("name", "")), address), charset="utf-8")


def _reply_to(message: Message, facts: dict[str, Any]) -> list[str]:
    """Answers reach a person: the one the letter names, else the company's own address."""
    address = one_line(message.headers.get(REPLY_TO) or facts.get("seller", {}).get("email", ""))
    return [address] if address else []


def one_line(text: str) -> str:
    """Text that is safe in a header: one line without signs that cannot be seen."""
    visible = (" " if sign.isspace() else sign for sign in text if sign.isspace() or not _is_invisible(sign))
    return " ".join("".join(visible).split())


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in INVISIBLE


def _tidy_text(text: str) -> str:
    """Templates may be laid out freely: no trailing blanks, no gaps of more than one empty line."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _tidy_html(html: str) -> str:
    """Without the indentation of templates: mail programs cut long letters short."""
    return re.sub(r"\s*\n\s*", "\n", html.strip()) + "\n"
