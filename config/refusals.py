"""What gunicorn refuses before Django hears of it (an address of 10 000 characters), told in our words."""

from __future__ import annotations

import socket

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from gunicorn import util

BROKEN = 500


def speak() -> None:
    """Put ours in the place of gunicorn's English page; there is no setting for it."""
    util.write_error = refuse


def refuse(sock: socket.socket, status: int, reason: str, _english: str) -> None:
    """Send the whole answer. Swedish: what was asked for, and so in which language, may be what could not be read."""
    with translation.override(settings.LANGUAGE_CODE):
        page = render_to_string("500.html" if status == BROKEN else "400.html").encode()
    lines = [
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(page)}",
        "Cache-Control: no-store",
    ]
    util.write_nonblock(sock, "\r\n".join([*lines, "", ""]).encode() + page)
