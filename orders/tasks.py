"""Celery's handles on payments. What is due stands in the tables; a lost task costs one round."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from orders.payments import comparing, sweep


@shared_task
def sweep_payments() -> None:
    """Settle what no webhook and no returning buyer has settled."""
    now = timezone.now()
    sweep.settle_unsettled(now=now)
    sweep.handle_waiting_events(now=now)


@shared_task
def send_refunds() -> None:
    """Send back what is planned to go by the payment service."""
    sweep.send_refunds(now=timezone.now())


@shared_task
def compare_with_stripe() -> None:
    """Name every difference between Stripe's books and ours."""
    comparing.compare(now=timezone.now())


@shared_task
def lapse_reservations() -> None:
    """Give back the goods of orders that were not paid in time."""
    sweep.lapse_due(now=timezone.now())


@shared_task
def close_ended_orders() -> None:
    """Close orders of which nothing more is expected."""
    sweep.close_ended(now=timezone.now())
