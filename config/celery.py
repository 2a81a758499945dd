"""The worker's app; its settings and timetable stand in config/worker.py."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from kombu.connection import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

# To publish is to take a visitor's time: half a second at most, and no second try. Measured with kombu 5.7's
# defaults: 6 s for a broker that refuses, 5 s for one that does not answer. The worker's own reading keeps
# the patience of config.worker.
PUBLISHING = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


class App(Celery):
    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        """The connection that tasks are published by; every producer comes from here."""
        options["transport_options"] = {**PUBLISHING, **(options.get("transport_options") or {})}
        connection: Connection = super().connection_for_write(url, **options)
        return connection


app = App("vardskapet")
app.config_from_object("config.worker")
app.autodiscover_tasks(["cms", "cms.enquiries", "cms.kalender", "library", "notifications", "orders"])
