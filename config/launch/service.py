"""One long-lived child process: started, watched, ended with its whole group."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from config.launch import bond, watchdog
from config.launch.plan import BASE_DIR

LOG_LIMIT = 5_000_000  # bytes; a longer log is put aside at the next start
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Farewell:
    """How a service is asked to end: a signal, and how many seconds it may take before the next."""

    by: signal.Signals
    seconds: float


@dataclass(slots=True)
class Service:
    """A program and the rules for its life.

    `name` is the Swedish word in the terminal's lines; without a `log` the child writes to the terminal.
    """

    name: str
    command: list[str]
    log: Path | None
    environment: Mapping[str, str]
    farewells: tuple[Farewell, ...]
    # What the kernel sends when the starter itself is killed.
    orphaned_by: signal.Signals = signal.SIGKILL
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def title(self) -> str:
        """The name at the beginning of a sentence."""
        return self.name[0].upper() + self.name[1:]

    def start(self) -> None:
        """Start in a group of its own: Ctrl-C in the terminal must reach the starter only, who keeps order."""
        with opened(self.log) as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own programs
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env=dict(self.environment),
                cwd=BASE_DIR,
                start_new_session=True,
                preexec_fn=bond.bound_to_me(self.orphaned_by),  # safe: the starter has one thread
            )
        if not bond.ON_LINUX:
            self._set_watchdog(self.process.pid)

    def _set_watchdog(self, group: int) -> None:
        words = [sys.executable, watchdog.__file__, str(os.getpid()), str(group), str(int(self.orphaned_by))]
        subprocess.Popen(words, start_new_session=True)  # noqa: S603 - our own program

    def code(self) -> int | None:
        """The exit code, None while it runs."""
        return None if self.process is None else self.process.poll()

    def stop(self) -> None:
        """Ask by each farewell in turn; what is left of the group then is killed."""
        if self.process is None:
            return
        for farewell in self.farewells:
            if self.code() is None:
                self.process.send_signal(farewell.by)
                self._wait(farewell.seconds)
        self.sweep()

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.code() is None and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)

    def sweep(self) -> None:
        """Kill the group at once, also the children that a dead head left behind."""
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self, lines: int = 8) -> str:
        text = self.log.read_text(errors="replace") if self.log and self.log.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


@contextmanager
def opened(log: Path | None) -> Iterator[BinaryIO | None]:
    """The log to append to; one that has grown too long is put aside first."""
    if log is None:
        yield None
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        yield output
