"""An event that two publish at once, on the database that DATABASE_URL names.

`python -m tests.kalender.telling_race open` publishes one with three guests and two who want a reminder; `… publish
later` (or `elsewhere`) makes a revision, says that it is ready, and publishes it when a line comes on standard input;
`… count` says how far SEQUENCE has come, and how many letters about it each inbox has got.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django


def open_event() -> None:
    from django.utils import timezone

    from cms.kalender.models import EventPage
    from tests.kalender import seat_race
    from tests.kalender.facts import confirmed
    from tests.kalender.signups import guest, sign_up

    seat_race.open_event(2)
    event, now = EventPage.objects.get(), timezone.now()
    for number in range(3):
        sign_up(event, email=guest(number), now=now)
    for number in range(3, 5):
        confirmed(event, email=guest(number), now=now)


def publish(change: str) -> None:
    from cms.kalender.models import EventPage

    event = EventPage.objects.get()
    draft = event.get_latest_revision_as_object()
    # "later" than readers know, whatever the other one has in the draft: twice is one hour.
    if change == "later":
        draft.starts_at = event.starts_at + timedelta(hours=1)
        draft.ends_at = event.ends_at + timedelta(hours=1)
    else:
        draft.place = "Stora salen"
    revision = draft.save_revision()
    print("ready", flush=True)
    sys.stdin.readline()
    revision.publish()


def count() -> dict[str, Any]:
    from cms.kalender.models import Announcement
    from cms.kalender.telling import MOVED
    from notifications.models import Message

    told = Announcement.objects.get()
    inboxes = Message.objects.filter(letter=MOVED).values_list("to", flat=True)
    return {"sequence": told.sequence, "letters": Counter(inboxes)}


if __name__ == "__main__":
    django.setup()
    work: dict[str, Any] = {"open": open_event, "publish": publish, "count": count}
    print(json.dumps(work[sys.argv[1]](*sys.argv[2:])))
