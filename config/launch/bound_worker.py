"""Celery's app for bin/start: its pool and its beat die with the worker, also by kill -9."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery.signals import beat_embedded_init, worker_process_init, worker_ready
from django.conf import settings

from config.celery import app
from config.launch import bond
from config.launch.programs import READY_FILE

__all__ = ["app"]

# Read before the worker forks: the children compare it with the parent they then have.
WORKER = os.getpid()


@worker_process_init.connect
@beat_embedded_init.connect
def die_with_the_worker(**_kwargs: Any) -> None:
    bond.die_with(WORKER)


@worker_ready.connect
def tell_the_starter(**_kwargs: Any) -> None:
    """A file is enough: the starter stands beside, and takes it away before each start."""
    (Path(settings.VAR_DIR) / READY_FILE).write_text(str(WORKER))
