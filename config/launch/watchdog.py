"""Outside Linux: ends a process group when the starter is gone. Standard library only, run as a file.

python watchdog.py <starter's process id> <process group> <signal number>
"""

from __future__ import annotations

import os
import sys
import time

SECONDS_BETWEEN_LOOKS = 0.5


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group that holds only a zombie
        return False
    return True


def main(starter: int, group: int, number: int) -> None:
    while group_lives(group):
        if os.getppid() != starter:
            os.killpg(group, number)
            return
        time.sleep(SECONDS_BETWEEN_LOOKS)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
