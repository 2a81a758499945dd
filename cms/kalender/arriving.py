"""Who has come: ticked at the door, off again when the wrong name was ticked."""

from __future__ import annotations

from datetime import datetime

from cms.kalender.models import EventPage, Guest


def arrive(event: EventPage, guest: int, *, now: datetime) -> bool:
    """Tick a guest of the event. The first moment stays; False when there is nothing to tick."""
    return bool(Guest.objects.expected(event).filter(pk=guest, arrived_at=None).update(arrived_at=now))


def take_back(event: EventPage, guest: int) -> bool:
    """Take the tick away. False when there is none."""
    return bool(
        Guest.objects.expected(event).filter(pk=guest).exclude(arrived_at=None).update(arrived_at=None)
    )
