"""When the clock alone changes what pages show: midnight in Stockholm, and the hours of events."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from cms.models import EventPage
from shop.days import midnight


def next_turn(now: datetime) -> datetime:
    """Prices, terms and "today" turn at midnight, events when they begin, end or come near. One query."""
    turn = next_midnight(now)
    return min(EventPage.objects.next_turn(now, before=turn) or turn, turn)


def next_midnight(now: datetime) -> datetime:
    return midnight(now.astimezone(settings.STOCKHOLM).date() + timedelta(days=1))
