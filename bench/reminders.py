"""python -m bench.reminders [reminders]: all due at once, sent by the real worker and beat. See docs/bench.md.

Three times on the way somebody asks for a reminder: how long the confirm letter waits is what must hold.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench import cpu, servers
from config.launch import plan, programs
from tests.harness import mail
from tests.harness.ports import free_port
from tests.harness.processes import wait_until

REMINDERS = 10_000
LONGEST_WAIT = 30.0
ASKS_AT = (0.1, 0.5, 0.9)
PATIENCE = 1200.0


@dataclass(slots=True)
class Run:
    """What came in, by receiver: when, in seconds since the epoch."""

    reminders: int
    due_at: float
    came: dict[str, float] = field(default_factory=dict)
    copies: int = 0
    asked: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def reminded(self) -> list[float]:
        return [at for receiver, at in self.came.items() if receiver.startswith("gast")]

    @property
    def waits(self) -> list[float]:
        """Of the letters that were asked for on the way."""
        arrived = [self.came.get(f"ny{number}@bjorkvik.example") for number in range(len(self.asked))]
        return [at - asked if at else PATIENCE for asked, at in zip(self.asked, arrived, strict=True)]

    @property
    def is_done(self) -> bool:
        wanted = self.reminders + len(ASKS_AT)
        return len(self.came) >= wanted or time.time() > self.due_at + PATIENCE

    def holds(self) -> bool:
        all_came = len(self.reminded) == self.reminders and not self.copies
        return all_came and max(self.waits) <= LONGEST_WAIT


def main(reminders: int) -> int:
    sink, controller = mail.start()
    try:
        with servers.seeded() as seeded, worker(environment := {**seeded, "EMAIL_URL": sink.url}) as pid:
            before = cpu.seconds(pid)
            run = follow(sink, environment, reminders)
            run.cpu_seconds = cpu.seconds(pid) - before
    finally:
        controller.stop()
    print(report(run))
    return 0 if run.holds() else 1


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[int]:
    """The one of bin/start: two processes and beat; its number."""
    port = str(free_port())
    made = plan.make({**os.environ, **environment, "PORT": port})
    made.log_dir.mkdir(parents=True, exist_ok=True)
    service = programs.worker(made)
    service.start()
    try:
        ready = made.var_dir / programs.READY_FILE
        wait_until(lambda: ready.exists() or service.code() is not None, "the worker is ready")
        assert service.code() is None, service.last_words(40)
        assert service.process
        yield service.process.pid
    finally:
        service.stop()


def follow(sink: mail.Sink, environment: dict[str, str], reminders: int) -> Run:
    """Fill the calendar, then look at what comes until all has."""
    command = [sys.executable, "-m", "bench.waiting", str(reminders)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen(command, env={**os.environ, **environment}, **pipes) as people:  # type: ignore[call-overload]
        run = Run(reminders, float(people.stdout.readline()))
        while not run.is_done:
            take_in(sink, run)
            if len(run.asked) < len(ASKS_AT) and len(run.came) >= ASKS_AT[len(run.asked)] * reminders:
                run.asked.append(time.time())
                people.stdin.write("\n")
            time.sleep(0.02)
        people.stdin.close()
    return run


def take_in(sink: mail.Sink, run: Run) -> None:
    now = time.time()
    seen = len(run.came) + run.copies
    for (receiver,) in sink.recipients[seen:]:
        run.copies += receiver in run.came
        run.came.setdefault(receiver, now)


def report(run: Run) -> str:
    first, last = (pick(run.reminded) - run.due_at for pick in (min, max))
    waits = ", ".join(f"{wait:.1f} s" for wait in run.waits)
    return (
        f"{len(run.reminded)} of {run.reminders} reminders, due in the same second, {run.copies} copies\n"
        f"first {first:.1f} s and last {last:.1f} s after their time: {run.reminders / (last - first):.0f} a second\n"
        f"{run.cpu_seconds * 1000 / run.reminders:.1f} CPU-ms of the worker for each, from due to sent\n"
        f"confirm letters asked for on the way (at {', '.join(f'{at:.0%}' for at in ASKS_AT)}) waited {waits}; "
        f"at most {LONGEST_WAIT:.0f} s may be"
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else REMINDERS))
