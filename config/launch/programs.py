"""The programs of bin/start as services: the preparation, the web, the worker."""

from __future__ import annotations

import signal
import sys

from config.launch.plan import BASE_DIR, Plan
from config.launch.service import Farewell, Service

# In VAR_DIR; the worker writes it when it takes tasks.
READY_FILE = "worker.ready"


def preparation(plan: Plan) -> Service:
    """Database, style sheets and content, in a process of its own: the starter stays free of Django."""
    return Service(
        "förberedelsen",
        [sys.executable, "-m", "config.launch.prepare"],
        None,
        plan.environment,
        (Farewell(signal.SIGTERM, 10),),
    )


def web(plan: Plan) -> Service:
    """gunicorn, 2 processes with 4 threads each; requests under way get ten seconds."""
    command = [sys.executable, "-m", "gunicorn", "--config", str(BASE_DIR / "config" / "gunicorn.py")]
    return Service(
        "webben",
        [*command, "--bind", plan.bind, "config.wsgi:application"],
        plan.log_dir / "web.log",
        plan.environment,
        (Farewell(signal.SIGTERM, 15),),
    )


def worker(plan: Plan) -> Service:
    """One Celery worker with beat inside. SIGTERM lets running tasks end, SIGQUIT hands them back to the queue."""
    (plan.var_dir / READY_FILE).unlink(missing_ok=True)
    command = [sys.executable, "-m", "celery", "-A", "config.launch.bound_worker", "worker"]
    return Service(
        "arbetaren (Celery)",
        [
            *command,
            *("--beat", "--schedule", str(plan.var_dir / "celerybeat-schedule"), "--concurrency", "2"),
            *("--hostname", f"vardskapet-{plan.port}@%h", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle"),
        ],
        plan.log_dir / "worker.log",
        plan.environment,
        (Farewell(signal.SIGTERM, 20), Farewell(signal.SIGQUIT, 5)),
    )
