"""Both nights when the clock changes, lived through by real workers with beat: each reminder once, at its local time.

They are two with a beat each, one or the other is killed five times, and Redis is emptied meanwhile.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from config.launch.programs import READY_FILE
from config.launch.service import Farewell, Service
from notifications.models import Message, State
from tests.harness import moved_clock, processes
from tests.kalender.facts import confirmed, stockholm

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(moved_clock.missing()), reason=moved_clock.missing()),
]

FAST = {"REMINDER_SWEEP_SECONDS": "3", "LETTER_SWEEP_SECONDS": "3", "LETTER_LEASE_SECONDS": "6"}
KILLS, FIRST_KILL, BETWEEN_KILLS = 5, 26.0, 6.0  # seconds after they were woken
PEOPLE = 5
LATEST = timedelta(seconds=60)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# When the workers wake, and for each reminder: the event's start in Stockholm, the lead, and when it is due in UTC.
NIGHTS = {
    "to summer time": (
        "2027-03-28 00:59:20",
        [
            ("2027-03-29 01:59:50", "1d", "2027-03-28 00:59:50"),  # ten seconds before the change
            (
                "2027-03-29 02:00:05",
                "1d",
                "2027-03-28 01:00:05",
            ),  # 02.00.05 does not exist: an hour later on the wall
            ("2027-03-29 03:00:10", "1d", "2027-03-28 01:00:10"),
            ("2027-04-04 03:00:10", "1w", "2027-03-28 01:00:10"),
            ("2027-03-28 05:00:15", "2h", "2027-03-28 01:00:15"),
        ],
    ),
    "to winter time, the hour that comes twice": (
        "2027-10-31 00:59:20",
        [
            ("2027-11-01 02:59:50", "1d", "2027-10-31 00:59:50"),  # the first time that it is 02.59.50
            ("2027-11-07 02:59:55", "1w", "2027-10-31 00:59:55"),
            ("2027-10-31 04:00:10", "2h", "2027-10-31 01:00:10"),
        ],
    ),
    "to winter time, the hour after": (
        "2027-10-31 01:59:20",
        [
            ("2027-11-01 03:00:05", "1d", "2027-10-31 02:00:05"),
            ("2027-11-07 03:00:05", "1w", "2027-10-31 02:00:05"),
            ("2027-10-31 05:00:10", "2h", "2027-10-31 02:00:10"),
        ],
    ),
}


class Sleepless:
    """A worker with a beat of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        folder.mkdir()
        self.folder = folder
        command = [sys.executable, "-m", "celery", "-A", "config.launch.bound_worker", "worker", "--beat"]
        options = ["--schedule", str(folder / "schedule"), "--concurrency", "2", "--loglevel", "INFO"]
        name = ["--without-gossip", "--without-mingle", "--hostname", f"{folder.name}@%h"]
        environment = processes.site_environment("http://testserver", {**environment, "VAR_DIR": str(folder)})
        self.service = Service(
            folder.name,
            [*command, *options, *name],
            folder / "log",
            environment,
            (Farewell(signal.SIGTERM, 10),),
        )

    def start(self) -> None:
        self.service.start()

    def is_up(self) -> bool:
        return (self.folder / READY_FILE).exists()

    def kill(self) -> None:
        self.service.sweep()
        (self.folder / READY_FILE).unlink(missing_ok=True)


@pytest.fixture
def sleepless(tmp_path: Path, smtp_sink: Any) -> Iterator[Callable[[datetime], list[Sleepless]]]:
    """sleepless(now): two of them, awake, to whom it is `now`."""
    made: list[Sleepless] = []

    def start(now: datetime) -> list[Sleepless]:
        environment = {**FAST, "EMAIL_URL": smtp_sink.url, **moved_clock.environment(now)}
        made.extend(Sleepless(tmp_path / name, environment) for name in ("one", "two"))
        for worker in made:
            worker.start()
        return made

    processes.empty_queue()
    with moved_clock.tidied():
        yield start
        for worker in made:
            worker.service.stop()
    processes.empty_queue()


@pytest.mark.parametrize("night", NIGHTS)
def test_each_reminder_goes_out_once_at_its_local_time(night, publish, clock, sleepless, smtp_sink):
    wakes, rows = NIGHTS[night]
    due = {}
    for number, (starts_at, lead, due_at) in enumerate(rows):
        event = publish(starts_at=stockholm(starts_at))
        for person in range(PEOPLE):
            email = f"gast{number}-{person}@bjorkvik.example"
            assert confirmed(event, lead=lead, email=email).due_at == utc(due_at)
            due[email] = utc(due_at)
    Message.objects.all().delete()  # the letters that asked for a yes
    strike(sleepless(utc(wakes)), all_sent(len(due)))
    letters = list(Message.objects.filter(letter="reminder"))
    assert Counter(letter.to for letter in letters) == dict.fromkeys(due, 1)
    late = {letter.to: letter.sent_at - due[letter.to] for letter in letters if letter.sent_at}
    worst = max(late.values())
    print(f"\n{night}: {len(letters)} reminders, the latest {worst.total_seconds():.0f} s after its time")
    assert timedelta(0) <= min(late.values())
    assert worst <= LATEST
    came = Counter(mail["Message-ID"] for mail in smtp_sink.messages)
    assert set(came) == {letter.message_id for letter in letters}
    assert sum(came.values()) <= len(due) + 2 * KILLS, (
        "a copy for each process killed in the middle of a letter"
    )


def strike(workers: list[Sleepless], is_done: Callable[[], bool]) -> None:
    """While reminders are due kill one, then the other, five times, and empty Redis at the third.

    One lives on, however long the other takes to come back.
    """
    began = time.monotonic()
    for kill, worker in zip(range(KILLS), cycle(workers)):
        processes.wait_until(lambda: all(each.is_up() for each in workers), "both are up")
        time.sleep(max(0.0, began + FIRST_KILL + kill * BETWEEN_KILLS - time.monotonic()))
        worker.kill()
        worker.start()
        if kill == 2:
            processes.empty_queue()
    processes.wait_until(is_done, "every reminder sent", 180)


def all_sent(count: int) -> Callable[[], bool]:
    sent = Message.objects.filter(letter="reminder", state=State.SENT)
    return lambda: sent.count() >= count
