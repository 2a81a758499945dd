"""What bin/start says. A reader that has gone away must not stop the shop."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except (BrokenPipeError, OSError):
        pass
