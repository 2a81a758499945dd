"""The worker's app; its settings and timetable stand in config/worker.py."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("vardskapet")
app.config_from_object("config.worker")
app.autodiscover_tasks(["cms", "cms.kalender", "notifications", "orders"])
