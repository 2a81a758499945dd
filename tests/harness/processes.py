"""Real processes of the product on this test's database: the web (gunicorn) and the worker (Celery)."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import redis
import requests

from config.celery import app
from config.launch.programs import READY_FILE
from config.launch.service import Farewell, Service
from notifications.letters import QUEUE_OF_MANY
from tests.harness import place
from tests.harness.ports import free_port

START_SECONDS = 180  # a busy machine is given time: who waits for a fact waits no longer than it takes
LOOK_SECONDS = 0.05
QUEUES = ("celery", QUEUE_OF_MANY)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Raises AssertionError, naming `what`, when the condition does not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(LOOK_SECONDS)


def environment(**more: str) -> dict[str, str]:
    """This process's own, so the same database, broker and VAR_DIR, and `more`."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", **more}


@dataclass(slots=True)
class Worker:
    """A Celery worker without beat; sweeps run when a test calls them."""

    email_url: str
    service: Service | None = None

    def start(self) -> None:
        if self.is_alive():
            self._tell("add_consumer")
            return
        self.service = self._service()
        self.ready_file.unlink(missing_ok=True)
        self.service.start()
        wait_until(lambda: self.is_up() or not self.is_alive(), "the worker is ready")
        assert self.is_up(), self.log_text()

    def rest(self) -> None:
        """Take no more tasks: it lives on, and would meddle with the rows of tests that have no worker."""
        if self.is_alive():
            self._tell("cancel_consumer")

    def _tell(self, what: str) -> None:
        for queue in QUEUES:
            order = {
                "queue": queue,
                "destination": [self.node],
                "reply": True,
                "timeout": START_SECONDS,
                "limit": 1,
            }
            assert getattr(app.control, what)(**order), f"the worker does not answer to {what}"

    @property
    def node(self) -> str:
        return f"test-{place.RUN}-{place.WORKER}@{socket.gethostname()}"

    def is_up(self) -> bool:
        return self.ready_file.exists()

    def is_alive(self) -> bool:
        return self.service is not None and self.service.code() is None

    def _service(self) -> Service:
        command = [sys.executable, "-m", "celery", "-A", "config.launch.bound_worker", "worker"]
        options = ["--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        name = ["--hostname", self.node]
        # Files on disk, as the web has them.
        env = site_environment("http://testserver", {"EMAIL_URL": self.email_url})
        return Service("worker", [*command, *options, *name], self.log, env, (Farewell(signal.SIGTERM, 10),))

    @property
    def ready_file(self) -> Path:
        return place.run_folder() / READY_FILE

    @property
    def log(self) -> Path:
        return place.run_folder() / "worker.log"

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        """kill -9, as a power cut would; the pool dies with it."""
        if self.service is not None:
            self.service.sweep()

    def stop(self) -> None:
        if self.service is not None:
            self.service.stop()

    def wait_idle(self, seconds: float = START_SECONDS) -> None:
        """Until nothing is queued and nothing is being done. One that takes tasks stands in line for the next then."""
        client = redis.Redis.from_url(os.environ["REDIS_URL"])
        try:
            wait_until(lambda: self._is_idle(client), "the worker is done", seconds)
        finally:
            client.close()

    def finish(self) -> None:
        """Let it end what it has taken, and take no more of what is queued."""
        empty_queue(also_taken=not self.is_alive())
        self.wait_idle()

    def _is_idle(self, client: redis.Redis) -> bool:
        """Redis hands a task over before the worker has noted it: for that while it is in no list at all."""
        looks = client.pipeline()  # at one moment
        for queue in QUEUES:
            looks.llen(queue)
        looks.hlen("unacked")
        looks.client_list()
        *tasks, clients = looks.execute()
        number = str(client.connection_pool.connection_kwargs["db"])
        in_line = [
            one for one in clients if one["db"] == number and one["cmd"] == "brpop" and "b" in one["flags"]
        ]
        return not any(tasks) and (bool(in_line) or not self.is_alive())


def empty_queue(*, also_taken: bool = True) -> None:
    """Take away what tests without a worker have published to nobody, and the notes of what one that died had taken."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    client.delete(*QUEUES, *(("unacked", "unacked_index") if also_taken else ()))
    client.close()


@dataclass(slots=True)
class Sites:
    """Starts gunicorn on this test's database, or on another that is named."""

    services: list[Service] = field(default_factory=list)

    def __call__(self, **variables: str) -> str:
        """Start one more copy; return its address. Keywords become its environment (DATABASE_URL, STRIPE_…)."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        log = place.run_folder() / f"web-{port}.log"
        # No farewell: nothing is under way when a test ends, and a graceful end takes seconds.
        service = Service("web", gunicorn(port), log, site_environment(url, variables), farewells=())
        service.start()
        self.services.append(service)
        wait_until(lambda: answers(url) or service.code() is not None, f"{url} answers")
        assert service.code() is None, service.last_words(40)
        return url

    def stop(self) -> None:
        for service in self.services:
            service.stop()

    def log_text(self) -> str:
        return "\n".join(service.last_words(200) for service in self.services)


def gunicorn(port: int) -> list[str]:
    config = str(place.ROOT / "config" / "gunicorn.py")
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        config,
        "--bind",
        f"127.0.0.1:{port}",
        "config.wsgi:application",
    ]


def site_environment(url: str, variables: dict[str, str]) -> dict[str, str]:
    return environment(**{"DJANGO_SETTINGS_MODULE": "tests.settings_site", "SITE_URL": url, **variables})


def answers(url: str) -> bool:
    """Whether anything answers, be it with an error: then it is up."""
    try:
        requests.get(f"{url}/health/live", timeout=2)
    except requests.RequestException:
        return False
    return True
