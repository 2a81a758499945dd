"""Python sleeps to a moment of the monotonic clock, which libfaketime 0.9.10 refuses (EINVAL): select waits as long."""

from __future__ import annotations

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex) -> None:
    select.select([], [], [], float(seconds))


time.sleep = sleep
