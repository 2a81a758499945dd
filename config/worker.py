"""Celery's settings. A task is only a nudge: the truth stands in the database, the sweeps find the rest."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab
from django.conf import settings

from notifications.letters import QUEUE_OF_MANY

broker_url = settings.REDIS_URL
broker_connection_retry_on_startup = True
# The worker's patience; publishing has less, see config.celery.PUBLISHING.
broker_transport_options = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    # Queues are emptied in the order of their names: letters to many wait until nothing else does.
    "queue_order_strategy": "sorted",
}
task_default_queue = "celery"
# Without -Q a worker takes from both.
task_queues = {name: {"routing_key": name} for name in (task_default_queue, QUEUE_OF_MANY)}
task_routes = {"notifications.tasks.send_to_many": {"queue": QUEUE_OF_MANY}}
task_publish_retry = False
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
task_time_limit = 120
worker_prefetch_multiplier = 1
worker_cancel_long_running_tasks_on_connection_loss = True
enable_utc = True
timezone = "UTC"
ROUNDS = 10


def every(seconds: int, task: str) -> dict[str, Any]:
    """While no worker runs, at most ROUNDS of it wait in the queue: one would do, the rest are for a slow worker."""
    return {"task": task, "schedule": seconds, "options": {"expires": ROUNDS * seconds}}


def at_night(task: str, *, minute: int) -> dict[str, Any]:
    """Between three and five in Stockholm, whatever the season: the hour is UTC's."""
    return {"task": task, "schedule": crontab(hour="2", minute=str(minute)), "options": {"expires": 3600}}


beat_schedule = {
    "letters": every(settings.LETTER_SWEEP_SECONDS, "notifications.tasks.sweep_letters"),
    "payments": every(settings.PAYMENT_SWEEP_SECONDS, "orders.tasks.sweep_payments"),
    "refunds": every(settings.PAYMENT_SWEEP_SECONDS, "orders.tasks.send_refunds"),
    "reservations": every(settings.PAYMENT_SWEEP_SECONDS, "orders.tasks.lapse_reservations"),
    "reminders": every(settings.REMINDER_SWEEP_SECONDS, "cms.kalender.tasks.send_due_reminders"),
    "signups": every(settings.REMINDER_SWEEP_SECONDS, "cms.kalender.tasks.tend_signups"),
    "pictures": every(300, "library.tasks.sweep_pictures"),
    "enquiries": at_night("cms.enquiries.tasks.forget_enquiries", minute=20),
    "differences": at_night("orders.tasks.compare_with_stripe", minute=50),
    "ended-orders": at_night("orders.tasks.close_ended_orders", minute=10),
    "search": at_night("cms.tasks.refresh_search", minute=40),
    "scheduled-pages": every(60, "cms.tasks.publish_scheduled"),
    "share-pictures": every(600, "cms.tasks.sweep_share_pictures"),
    # Half past three in Stockholm in summer, half past two in winter.
    "links": {"task": "cms.tasks.read_links", "schedule": crontab(hour=1, minute=30)},
    "links-outside": every(120, "cms.tasks.ask_for_links"),
}
