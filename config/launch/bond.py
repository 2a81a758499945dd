"""Ties a process's life to its parent's, so that kill -9 of the starter leaves no orphan.

Linux has a call for it. Elsewhere config/launch/watchdog.py stands beside each child and polls.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
ON_LINUX = sys.platform == "linux"
# Loaded here, not after the fork: a forked child should do as little as it can.
LIBC = ctypes.CDLL(None, use_errno=True) if ON_LINUX else None


def die_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send `by` to this process when `parent`, its parent's process id, is gone.

    Does nothing outside Linux.
    """
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:  # it died between the fork and the call
        os.kill(os.getpid(), by)


def bound_to_me(by: signal.Signals) -> Callable[[], None]:
    """For Popen's preexec_fn: runs in the child before its program does."""
    parent = os.getpid()
    return lambda: die_with(parent, by)
