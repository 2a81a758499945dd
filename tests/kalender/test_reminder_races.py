"""Several senders, askers and clicks at once, each on a connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from cms.kalender import announcing, reminders
from cms.kalender.models import Allowance, Announcement, EventPage, ReminderRequest, State
from tests.kalender.facts import KARIN, NOON, ask, confirmed, letters

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch):
    monkeypatch.setattr("notifications.outbox.nudge", lambda _pk: None)
    monkeypatch.setattr("notifications.outbox.nudge_many", lambda: None)


def at_once(times: int, work: Callable[[], Any]) -> list[Any]:
    gate = Barrier(times)

    def run() -> Any:
        gate.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(run) for _number in range(times)]]


def test_four_senders_send_each_reminder_once(event, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 3)
    for number in range(20):
        wish = confirmed(event, email=f"gast{number}@bjorkvik.example")
    done = at_once(4, lambda: reminders.send_due(now=wish.due_at))
    assert sum(done) + reminders.send_due(now=wish.due_at) == 20
    assert len(letters("reminder")) == 20
    assert {wish.state for wish in ReminderRequest.objects.all()} == {State.SENT}


def test_many_clicks_on_the_form_are_one_wish_and_three_letters(event, monkeypatch):
    ask(event, now=NOON - timedelta(hours=2))  # so that all eight meet rows that are there
    save = Allowance.save

    def slowly(row: Allowance, **how: Any) -> None:
        time.sleep(0.05)  # between reading and writing: long enough for all to have read
        save(row, **how)

    monkeypatch.setattr(Allowance, "save", slowly)
    at_once(8, lambda: ask(event))
    assert ReminderRequest.objects.count() == 1
    assert len(letters("reminder-confirm")) == 1 + 3


def test_a_stop_that_meets_the_sender_ends_in_one_state_without_an_address(event):
    wish = confirmed(event)
    at_once(2, lambda: (reminders.stop([wish.pk]), reminders.send_due(now=wish.due_at)))
    after = ReminderRequest.objects.get()
    assert after.email == ""
    assert len(letters("reminder")) == (1 if after.state == State.SENT else 0)


def test_a_yes_that_meets_the_unpublishing_is_told_that_it_is_off(event, monkeypatch):
    """The yes is there first, and still being written when the event is taken away."""
    ask(event)
    save = ReminderRequest.save
    saving = Barrier(2)

    def slowly(row: ReminderRequest, **how: Any) -> None:
        saving.wait()
        time.sleep(0.5)
        save(row, **how)

    def unpublish() -> None:
        saving.wait()
        EventPage.objects.get(pk=event.pk).unpublish()

    monkeypatch.setattr(ReminderRequest, "save", slowly)
    key = ReminderRequest.objects.get().key
    jobs = iter([lambda: reminders.confirm(key=key, now=NOON), unpublish])
    at_once(2, lambda: next(jobs)())
    assert ReminderRequest.objects.get().state == State.EXPIRED
    assert [letter.to for letter in letters("event-cancelled")] == [KARIN]


def test_a_broker_that_is_down_costs_the_asker_nothing(event, monkeypatch):
    def broken(_pk: int) -> None:
        raise ConnectionError

    monkeypatch.setattr("notifications.outbox.nudge", broken)
    ask(event, email=KARIN, now=NOON)
    assert len(letters("reminder-confirm")) == 1


def test_two_changes_published_at_once_are_two_steps(event, monkeypatch):
    """The second is published while the first writes what it has told."""
    save, first_writes = Announcement.save, Event()

    def slowly(row: Announcement, **how: Any) -> None:
        first_writes.set()
        time.sleep(0.3)
        save(row, **how)

    def publish(status: str) -> None:
        assert status == "moved" or first_writes.wait(60)
        EventPage.objects.filter(pk=event.pk).update(status=status)
        announcing.announce(event.pk, now=NOON)

    monkeypatch.setattr(Announcement, "save", slowly)
    statuses = iter(["moved", "cancelled"])
    at_once(2, lambda: publish(next(statuses)))
    told = Announcement.objects.get()
    assert (told.sequence, told.facts["status"]) == (2, "cancelled")


def test_feeds_that_are_fetched_at_once_call_an_event_off_once(event, monkeypatch):
    """The second would write over what has been announced since."""
    save, written = Announcement.save, []

    def slowly(row: Announcement, **how: Any) -> None:
        time.sleep(0.05)  # long enough for all to have found it
        written.append(row.sequence)
        save(row, **how)

    EventPage.objects.filter(pk=event.pk).update(live=False)  # by a process that died before it could tell
    monkeypatch.setattr(Announcement, "save", slowly)
    at_once(4, lambda: announcing.withdraw_astray(now=NOON))
    assert written == [1]
