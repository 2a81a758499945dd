"""Celery's settings. A task is only a nudge: the truth stands in the database, the sweeps find the rest."""

from __future__ import annotations

from django.conf import settings

broker_url = settings.REDIS_URL
broker_connection_retry_on_startup = True
# A dead broker must cost a visitor milliseconds, not a hanging page.
broker_transport_options = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
}
task_publish_retry = False
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
task_time_limit = 120
worker_prefetch_multiplier = 1
worker_cancel_long_running_tasks_on_connection_loss = True
enable_utc = True
timezone = "UTC"
beat_schedule = {
    "letters": {"task": "notifications.tasks.sweep_letters", "schedule": settings.LETTER_SWEEP_SECONDS},
    "payments": {"task": "orders.tasks.sweep_payments", "schedule": settings.PAYMENT_SWEEP_SECONDS},
    "reservations": {
        "task": "orders.tasks.lapse_reservations",
        "schedule": settings.PAYMENT_SWEEP_SECONDS,
    },
    "reminders": {
        "task": "cms.kalender.tasks.send_due_reminders",
        "schedule": settings.REMINDER_SWEEP_SECONDS,
    },
    "scheduled-pages": {"task": "cms.tasks.publish_scheduled", "schedule": 60},
}
