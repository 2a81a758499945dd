"""The command-line clock: programs that live at another time, by the Debian package `faketime` (libfaketime)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import time_machine

SHARED = Path("/dev/shm")


def missing() -> str:
    """Why there is none, for a skipped test; empty when there is one."""
    return "" if shutil.which("faketime") else "kommandot faketime saknas (Debianpaketet faketime)"


@contextmanager
def tidied() -> Iterator[None]:
    """Take away what libfaketime leaves in shared memory for programs that were killed."""
    before = set(SHARED.glob("*faketime_*"))
    yield
    for left in set(SHARED.glob("*faketime_*")) - before:
        left.unlink(missing_ok=True)


def environment(now: datetime) -> dict[str, str]:
    """For programs to which it is `now` at this moment.

    Their clock is as far from the real one whenever they start, so one that is killed comes back at the right time.
    What waits is not deceived: time that is only measured goes on as it does.
    """
    printed = subprocess.run(
        ["faketime", "-m", "-f", "+0s", "printenv", "LD_PRELOAD"], capture_output=True, text=True, check=True
    )
    distance = now.timestamp() - time_machine.escape_hatch.time.time()
    return {
        "LD_PRELOAD": printed.stdout.strip(),
        "FAKETIME": f"{distance:+.0f}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(Path(__file__).parent / "asleep"),
    }
