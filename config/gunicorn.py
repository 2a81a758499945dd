"""gunicorn's settings, for bin/start and the container image alike. The address comes by --bind."""

from __future__ import annotations

import gc
import os
from typing import Any

from config import refusals
from config.launch import bond

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 60
graceful_timeout = 10
loglevel = "warning"
# A second door into the process that nobody here uses.
control_socket_disable = True
# By default a neighbour on this machine may say under which path the site lies, and every link would follow.
forwarder_headers = ""
# Heartbeat files on a disk can block a worker for seconds; memory does not.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108


def post_fork(server: Any, _worker: Any) -> None:
    """Runs in each new web process."""
    bond.die_with(server.pid)


def post_worker_init(_worker: Any) -> None:
    """Runs in it when the site is loaded."""
    refusals.speak()
    # What is loaded now stays loaded: looking through all of it for what may go takes a tenth of a second, each time.
    gc.collect()
    gc.freeze()
