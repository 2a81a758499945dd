"""The demo's mail server: each message becomes a file under settings.MAIL_DIR, shown at /dev/mail/."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage as Parsed
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

NAME = re.compile(r"[0-9]{20}-[0-9]+-[0-9a-f]{8}")


class Backend(BaseEmailBackend):
    """A LETTER_BACKEND that several processes may use at once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message.message().as_bytes())
        return len(email_messages)


def keep(content: bytes) -> Path:
    """Store one message. A reader sees it whole or not at all; names sort by time and never meet."""
    folder = settings.MAIL_DIR
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time.time_ns():020}-{os.getpid()}-{secrets.token_hex(4)}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return path


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list."""

    name: str
    to: str
    subject: str

    @property
    def at(self) -> datetime:
        return kept_at(self.name)


def names() -> list[str]:
    """Every kept message, newest first."""
    stems = (path.stem for path in settings.MAIL_DIR.glob("*.eml"))
    return sorted((stem for stem in stems if NAME.fullmatch(stem)), reverse=True)


def entries(some: Sequence[str]) -> Iterator[Entry]:
    parser = BytesHeaderParser(policy=policy.default)
    for name in some:
        with _path(name).open("rb") as file:
            headers = parser.parse(file)
        yield Entry(name, str(headers["To"]), str(headers["Subject"]))


def read(name: str) -> Parsed:
    """Raises FileNotFoundError for a name that is not one of ours."""
    content = _path(name).read_bytes()
    return BytesParser(_class=Parsed, policy=policy.default).parsebytes(content)


def text(mail: Parsed, kind: str) -> str:
    """The `plain` or `html` body; empty when there is none."""
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def attachments(mail: Parsed) -> list[Parsed]:
    return [part for part in mail.iter_attachments() if isinstance(part, Parsed)]


def attachment_bytes(part: Parsed) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def kept_at(name: str) -> datetime:
    return datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, tz=timezone.get_default_timezone())


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    path: Path = settings.MAIL_DIR / f"{name}.eml"
    return path
