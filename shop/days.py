"""Days as they are in Stockholm, where the shop is."""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone


def stockholm_today() -> date:
    return timezone.now().astimezone(settings.STOCKHOLM).date()


def midnight(day: date) -> datetime:
    """When the day begins there."""
    return datetime.combine(day, time(), settings.STOCKHOLM)
