"""Celery's handle on the enquiries."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from cms.enquiries import operations


@shared_task
def forget_enquiries() -> None:
    """Erase what has been kept as long as was promised."""
    operations.forget(now=timezone.now())
