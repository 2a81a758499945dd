"""Celery's app for bin/start: its pool and its beat die with the worker, also by kill -9."""

from __future__ import annotations

import os
from typing import Any

from celery.signals import beat_embedded_init, worker_process_init

from config.celery import app
from config.launch import bond

__all__ = ["app"]

# Read before the worker forks: the children compare it with the parent they then have.
WORKER = os.getpid()


@worker_process_init.connect
@beat_embedded_init.connect
def die_with_the_worker(**_kwargs: Any) -> None:
    bond.die_with(WORKER)
