"""When the clock alone changes what pages show: midnight in Stockholm, and the hours of events."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings

from cms.models import EventPage


def next_turn(now: datetime) -> datetime:
    """Prices, terms and "today" turn at midnight, events when they begin, end or come near. One query."""
    midnight = next_midnight(now)
    return min(EventPage.objects.next_turn(now, before=midnight) or midnight, midnight)


def next_midnight(now: datetime) -> datetime:
    tomorrow = now.astimezone(settings.STOCKHOLM).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=settings.STOCKHOLM)
