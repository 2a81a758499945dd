"""Celery's handle on reminders and sign-ups. What is due stands in the tables."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from cms.kalender import announcing, reminders, signing_up


@shared_task
def send_due_reminders() -> None:
    """Send what is due, then erase what has served. Tell calendars of what is no longer published, too."""
    now = timezone.now()
    reminders.send_due(now=now)
    reminders.forget(now=now)
    announcing.withdraw_astray(now=now)
    announcing.forget(now=now)


@shared_task
def tend_signups() -> None:
    """Offer places that were not taken or are new, see to what was ordered for no event, erase what has served."""
    now = timezone.now()
    signing_up.lapse_offers(now=now)
    signing_up.offer_to_all_who_wait(now=now)
    signing_up.call_off_orders(now=now)
    signing_up.ask_about_kept_money(now=now)
    signing_up.forget(now=now)
