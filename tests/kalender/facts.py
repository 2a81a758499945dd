"""Moments, and what the tests of reminders do again and again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from cms.kalender import reminders
from cms.kalender.models import EventPage, ReminderRequest
from notifications.models import Message

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 12.00 in Stockholm
KARIN = "karin@bjorkvik.example"


def stockholm(text: str) -> datetime:
    """stockholm("2026-12-10 13:00") on the wall clock there."""
    return datetime.fromisoformat(text).replace(tzinfo=settings.STOCKHOLM)


def ask(event: EventPage, *, now: datetime = NOON, **other: Any) -> None:
    facts = {"email": KARIN, "lead": "1d", **other}
    reminders.ask(event_id=event.pk, now=now, **facts)


def confirmed(event: EventPage, *, now: datetime = NOON, **other: Any) -> ReminderRequest:
    ask(event, now=now, **other)
    key = ReminderRequest.objects.latest("pk").key
    return reminders.confirm(key=key, now=now)


def letters(kind: str) -> list[Message]:
    return list(Message.objects.filter(letter=kind).order_by("pk"))
