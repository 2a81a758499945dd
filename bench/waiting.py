"""People who wait for letters, on another site's database: python -m bench.waiting <reminders>

Makes one event with so many confirmed reminders, all due in DUE_IN seconds, and prints when that is. After that
each line on standard input asks for one more reminder as the form does: its confirm letter must not wait long.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import django

DUE_IN = 20


def main(reminders: int) -> None:
    from django.utils import timezone

    from cms.kalender.reminders import ask

    due_at = timezone.now() + timedelta(seconds=DUE_IN)
    event = make(reminders, due_at)
    print(due_at.timestamp(), flush=True)
    for number, _line in enumerate(sys.stdin):
        ask(event_id=event, email=f"ny{number}@bjorkvik.example", lead="2h", now=timezone.now())


def make(reminders: int, due_at: datetime) -> int:
    """The event's primary key."""
    from cms.kalender.models import CalendarPage, EventPage, ReminderRequest, State

    starts_at = due_at + timedelta(hours=2)
    event = EventPage(
        title="Frukost för många", slug="manga", city="Göteborg", place="Ekmanssalen", live=False
    )
    event.starts_at, event.ends_at = starts_at, starts_at + timedelta(hours=1)
    event.access = "<p>Porten är bred och hiss finns.</p>"
    CalendarPage.objects.first().add_child(instance=event)
    event.save_revision().publish()
    facts = {"event": event, "lead": "2h", "state": State.CONFIRMED, "asked_at": due_at, "due_at": due_at}
    wishes = (ReminderRequest(email=receiver(number), **facts) for number in range(reminders))
    ReminderRequest.objects.bulk_create(wishes, batch_size=1000)
    return int(event.pk)


def receiver(number: int) -> str:
    return f"gast{number}@bjorkvik.example"


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
