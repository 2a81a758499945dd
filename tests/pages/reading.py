"""A reader at the door: whole requests through config.wsgi in this process, with a clock that only a test moves."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import brotli
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from config.pages import keeping


@dataclass(slots=True)
class Clock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    sent: bytes

    @property
    def text(self) -> str:
        plain = {"br": brotli.decompress, "gzip": gzip.decompress}.get(
            self.headers.get("Content-Encoding", "")
        )
        return (plain(self.sent) if plain else self.sent).decode()


@contextmanager
def same_connection() -> Iterator[None]:
    """Around a request Django closes connections that it finds in a transaction; a test is in one."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@dataclass(slots=True)
class Reader:
    clock: Clock = field(default_factory=Clock)

    def get(self, address: str, *, method: str = "GET", secure: bool = False, **headers: str) -> Answer:
        """Headers by their names with _ for -: `reader.get("/", Accept_Encoding="br")`."""
        from config import wsgi  # loads the middleware, which wants the folders of conftest.py

        named = {name.replace("_", "-"): value for name, value in {"Host": "testserver", **headers}.items()}
        environ = RequestFactory(headers=named).generic(method, address, secure=secure).environ
        told: dict[str, Any] = {}

        def start(status: str, lines: list[tuple[str, str]]) -> None:
            told.update(status=int(status[:3]), headers=dict(lines))

        response: Any = wsgi.application(environ, start)
        sent = b"".join(response)
        if hasattr(response, "close"):
            response.close()
        return Answer(told["status"], told["headers"], sent)

    def later(self, seconds: float = 1.0) -> None:
        self.clock.wait(seconds)

    @property
    def kept(self) -> int:
        """How many pages this process holds."""
        return len(keeping.pages().store)
