"""Keeps the services running until told to stop; then ends them in order."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass, field
from types import FrameType

from config.launch.service import Service
from config.launch.words import say

BACKOFF_SECONDS = (1, 1, 2, 5, 10, 30)
CALM_SECONDS = 60  # a service that ran this long has its failures forgiven
LOOK_SECONDS = 0.2
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked the starter to end."""


@dataclass(slots=True)
class Watched:
    """A service with the memory of its failures."""

    service: Service
    started: float
    failures: int = 0
    again_at: float | None = None


@dataclass(slots=True)
class Supervisor:
    """The starter's heart. Services stop in the opposite order of their start."""

    watched: list[Watched] = field(default_factory=list)
    asked_to_stop: int = 0

    def listen(self) -> None:
        """Take the stop signals; from now on `check` raises Stopped when one has come."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._heard)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop += 1
        if self.asked_to_stop > 1:
            for watched in self.watched:
                watched.service.sweep()

    def check(self) -> None:
        if self.asked_to_stop:
            raise Stopped

    def start(self, service: Service) -> None:
        service.start()
        self.watched.append(Watched(service, time.monotonic()))

    def look(self) -> None:
        """One round: raise Stopped if asked to, restart what has died and waited long enough."""
        self.check()
        for watched in self.watched:
            if watched.again_at is not None:
                restart_when_due(watched)
            elif watched.service.code() is not None:
                note_death(watched)

    def forever(self) -> None:
        while True:
            self.look()
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        for watched in reversed(self.watched):
            if watched.service.code() is None:
                say(f"  stänger {watched.service.name} …")
            watched.service.stop()


def note_death(watched: Watched) -> None:
    now = time.monotonic()
    code = watched.service.code()
    watched.service.sweep()
    watched.failures = 0 if now - watched.started > CALM_SECONDS else watched.failures
    wait = BACKOFF_SECONDS[min(watched.failures, len(BACKOFF_SECONDS) - 1)]
    watched.failures += 1
    watched.again_at = now + wait
    say(f"{watched.service.title} har stannat (kod {code}). Nytt försök {after(wait)}. Loggen säger:")
    say(watched.service.last_words())


def after(seconds: int) -> str:
    return "om en sekund" if seconds == 1 else f"om {seconds} sekunder"


def restart_when_due(watched: Watched) -> None:
    now = time.monotonic()
    if watched.again_at is None or now < watched.again_at:
        return
    watched.again_at = None
    watched.started = now
    watched.service.start()
    say(f"{watched.service.title} är igång igen.")
