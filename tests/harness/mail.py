"""A mail server that keeps what it is given and can be told to be ill."""

from __future__ import annotations

import email
import email.policy
import logging
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.harness.ports import free_port


@dataclass(slots=True)
class Sink:
    """aiosmtpd's handler. `refusals` are answers to give before mail is taken again, such as '451 busy'."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusals:
            return self.refusals.pop(0)
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    def clear(self) -> None:
        for kept in (self.messages, self.recipients, self.refusals):
            kept.clear()

    def wait_for(self, count: int, seconds: float = 60) -> list[EmailMessage]:
        """The messages once there are `count`. Raises AssertionError when they do not come."""
        end = time.monotonic() + seconds
        while len(self.messages) < count:
            assert time.monotonic() < end, f"{len(self.messages)} of {count} mails came within {seconds} s"
            time.sleep(0.05)
        return self.messages


def start() -> tuple[Sink, Controller]:
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it tells every word of the conversation
    sink = Sink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, ready_timeout=60)
    controller.start()
    return sink, controller
