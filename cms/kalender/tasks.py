"""Celery's handle on the reminders. What is due stands in the table."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from cms.kalender import announcing, reminders


@shared_task
def send_due_reminders() -> None:
    """Send what is due, then erase what has served. Tell calendars of what is no longer published, too."""
    now = timezone.now()
    reminders.send_due(now=now)
    reminders.forget(now=now)
    announcing.withdraw_astray(now=now)
    announcing.forget(now=now)
