"""What can go wrong on the way to Stripe and back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.stack import wait_until


@dataclass
class Fault:
    """How the next `times` calls of an operation ("create", "create_refund", any in
    server.ADDRESSES; "" is any) go wrong.

    First it is waited `until` something is so, a minute at most, and then `delay` seconds pass. Without
    `after_commit` nothing is done then. `status` answers with that error (a 500 is remembered under the key),
    `silence` with nothing until the test ends, `drop` closes the connection, `drip` sends one byte each so many
    seconds. `unseen` answers `status` at the door, as a proxy would: the key is neither looked at nor remembered.
    """

    operation: str = ""
    times: int = 1
    until: Callable[[], object] | None = None
    delay: float = 0
    status: int = 0
    after_commit: bool = False
    silence: bool = False
    drop: bool = False
    drip: float = 0
    unseen: bool = False

    @property
    def does_nothing(self) -> bool:
        return bool(self.status or self.silence or self.drop) and not self.after_commit

    def pass_time(self, released: threading.Event) -> None:
        """No longer than the test lasts."""
        if self.until:
            wait_until(self.until, within=60, what="what a call to Stripe was to wait for", every=0.01)
        released.wait(self.delay)


@dataclass
class Faults:
    planned: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, fault: Fault) -> None:
        with self.lock:
            self.planned.append(fault)

    def clear(self) -> None:
        with self.lock:
            self.planned.clear()

    def take(self, operation: str) -> Fault:
        """The fault that this call meets; one without effect when none is planned."""
        with self.lock:
            for fault in self.planned:
                if fault.operation in {"", operation}:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.planned.remove(fault)
                    return fault
        return Fault()
