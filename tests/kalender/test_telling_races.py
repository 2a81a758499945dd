"""Two publishers at once, each a process of its own, on both databases; and a worker that dies among the letters."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cms.kalender import clock, reminders
from cms.kalender.models import Announcement, EventPage, ReminderRequest
from cms.kalender.models import State as Wish
from cms.kalender.telling import MOVED
from notifications import tasks
from notifications.models import Message, State
from tests.flows.test_last_copies import all_at_once
from tests.harness import place, processes
from tests.kalender import seat_race
from tests.kalender.facts import confirmed, letters
from tests.kalender.signups import guest, sign_up

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
INBOXES = [guest(number) for number in range(5)]


def begun(database: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.kalender.telling_race", *words]
    env = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=place.ROOT, env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def done(process: subprocess.Popen[str], line: str = "") -> Any:
    """What it said last. Raises AssertionError with its last words when it failed."""
    said, complaint = process.communicate(line, timeout=240)
    assert process.returncode == 0, complaint[-2000:]
    return json.loads(said.splitlines()[-1])


def ready(database: str, change: str) -> subprocess.Popen[str]:
    """A publisher that has made its draft and waits for a line."""
    publisher = begun(database, "publish", change)
    assert publisher.stdout
    assert publisher.stdout.readline() == "ready\n"
    return publisher


def publish_at_once(database: str, *changes: str) -> None:
    """Each has its draft ready before the next begins its own, so that the later drafts hold the earlier changes."""
    publishers = [ready(database, change) for change in changes]
    for publisher in publishers:
        assert publisher.stdin
        publisher.stdin.write("\n")
        publisher.stdin.flush()
    for publisher in publishers:
        done(publisher)


@pytest.mark.chaos
@pytest.mark.parametrize("kind", ["here", "sqlite"])
def test_what_two_publish_at_once_is_told_to_each_inbox_once(kind: str, fresh_database: Callable[[str], str]):
    database = fresh_database(kind)
    done(begun(database, "open"))
    publish_at_once(database, "later", "later")
    assert done(begun(database, "count")) == {"sequence": 1, "letters": dict.fromkeys(INBOXES, 1)}
    # Two changes: in two steps, or in one when both were saved before the first was told of.
    publish_at_once(database, "later", "elsewhere")
    found = done(begun(database, "count"))
    assert found["sequence"] in {2, 3}
    assert found["letters"] == dict.fromkeys(INBOXES, found["sequence"])


def moved(event: EventPage, **facts: Any) -> Callable[[], None]:
    """What publishes that change."""
    draft = event.get_latest_revision_as_object()
    for name, value in facts.items():
        setattr(draft, name, value)
    publish: Callable[[], None] = draft.save_revision().publish
    return publish


def test_two_changes_published_at_once_in_one_process_are_both_told_to_each_inbox(publish, monkeypatch):
    """The two processes of the chaos lane in small: the second publishes while the first writes what it has told."""
    event, save, first_writes = publish(signup=True, seats=2), Announcement.save, threading.Event()
    for inbox in INBOXES[:3]:
        sign_up(event, email=inbox)
    for inbox in INBOXES[3:]:
        confirmed(event, email=inbox)

    def slowly(row: Announcement, **how: Any) -> None:
        first_writes.set()
        time.sleep(0.3)
        save(row, **how)

    def publish_meanwhile() -> None:
        assert first_writes.wait(60)
        elsewhere()

    elsewhere = moved(event, place="Stora salen")
    monkeypatch.setattr(Announcement, "save", slowly)
    monkeypatch.setattr("notifications.outbox.nudge_many", lambda: None)
    all_at_once([moved(event, ends_at=event.ends_at + timedelta(hours=1)), publish_meanwhile])
    assert Announcement.objects.get().sequence == 2
    assert Counter(letter.to for letter in letters(MOVED)) == dict.fromkeys(INBOXES, 2)


@pytest.mark.chaos
def test_a_worker_killed_among_reminders_and_an_emptied_redis_cost_no_reminder_and_a_copy_each_process_at_most(
    worker, smtp_sink, monkeypatch
):
    """kill -9 while the mail server has the third and has not answered; whatever was queued is gone."""
    began = threading.Event()
    real = type(smtp_sink).handle_DATA

    async def silent_at_the_third(sink: Any, server: Any, session: Any, envelope: Any) -> str:
        if len(sink.messages) == 2 and not began.is_set():
            began.set()
            await asyncio.Event().wait()  # until the worker hangs up
        return str(await real(sink, server, session, envelope))

    monkeypatch.setattr(type(smtp_sink), "handle_DATA", silent_at_the_third)
    seat_race.open_event(10)
    now = timezone.now()
    wish = {"event": EventPage.objects.get(), "lead": "1d", "asked_at": now, "due_at": now}
    for inbox in INBOXES:
        ReminderRequest.objects.create(email=inbox, state=Wish.CONFIRMED, **wish)
    reminders.send_due(now=clock.due_at(wish["event"].counted_from, "1d"))
    assert began.wait(60)
    worker.kill()
    processes.empty_queue()
    assert not ReminderRequest.objects.exclude(state=Wish.SENT).exists(), "they are booked as sent"
    under_way = Message.objects.filter(state=State.SENDING).update(leased_until=now - timedelta(seconds=1))
    assert under_way in {1, 2}, "each of the worker's two processes has one at a time"
    worker.start()
    tasks.sweep_letters.delay()
    sent = Message.objects.filter(letter="reminder", state=State.SENT)
    processes.wait_until(lambda: sent.count() == len(INBOXES), "every reminder sent")
    came = Counter(mail["Message-ID"] for mail in smtp_sink.messages)
    assert set(came) == set(sent.values_list("message_id", flat=True))
    assert came.total() <= len(INBOXES) + under_way, "a copy of what was under way, under the same Message-ID"
