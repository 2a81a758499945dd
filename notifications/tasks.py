"""Celery's handles on the outbox. A task is a nudge; what is due stands in the table."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from notifications import sending
from notifications.models import Message

SWEEP_BATCH = 500
# A nudge is of no use once a sweep has come by; without an end, a long backlog would be queued anew by each sweep.
NUDGE_SECONDS = max(10, settings.LETTER_SWEEP_SECONDS)


@shared_task(expires=NUDGE_SECONDS)
def send_message(pk: int) -> None:
    """Send one stored letter; do nothing if it is sent or another worker holds it."""
    sending.send(pk, now=timezone.now())


@shared_task(expires=NUDGE_SECONDS)
def send_to_many() -> None:
    """Send letters to many for a moment, and go on when what came meanwhile has had its turn."""
    if sending.send_to_many():
        send_to_many.delay()


@shared_task
def sweep_letters() -> None:
    """Send what no nudge has sent: a lost task, a dead worker's lease, a letter whose pause is over."""
    due = Message.objects.due(timezone.now())
    for pk in due.single().values_list("pk", flat=True)[:SWEEP_BATCH]:
        send_message.delay(pk)
    if due.to_many().exists():
        send_to_many.delay()
