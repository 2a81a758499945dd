"""A seeded site of its own under the real gunicorn, and beside it the empty view under the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests

from config.launch.service import Service
from shop import limit_table
from tests import services, stack
from tests.harness import databases, numbers, place
from tests.harness.ports import free_port
from tests.harness.processes import START_SECONDS, wait_until

EMPTY, SITE = "bench.empty:application", "config.wsgi:application"


@dataclass(slots=True)
class Server:
    """One gunicorn with the product's own settings for it (config/gunicorn.py)."""

    application: str
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    service: Service | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.service
        assert self.service.process
        return self.service.process.pid

    def __enter__(self) -> Server:
        options = ["--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{self.port}"]
        command = [sys.executable, "-m", "gunicorn", *options, self.application]
        environment = {**os.environ, **self.environment, "SITE_URL": self.url}
        log = place.run_folder() / f"bench-{self.port}.log"
        self.service = Service("web", command, log, environment, ())
        self.service.start()
        wait_until(self._answers, f"{self.url} answers", START_SECONDS)
        return self

    def __exit__(self, *_details: object) -> None:
        if self.service:
            self.service.stop()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/", timeout=5).status_code == 200
        except requests.RequestException:
            return False


@contextmanager
def seeded() -> Iterator[dict[str, str]]:
    """The environment of a site with the demo's content, on servers as the suite finds them."""
    found = services.find()
    copies, name = found.databases(), databases.own_name("_bench")
    copies.renew(name)
    environment = {
        **services.SILENCED,
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DATABASE_URL": copies.url(name),
        "REDIS_URL": numbers.take(found.broker),
        "VAR_DIR": str(place.run_folder()),
        "LOG_LEVEL": "WARNING",
        # Counted as ever; one address asks for more than a school does.
        "LIMITS": ",".join(f"{name}=1000000/1m" for name in limit_table.TABLE),
    }
    try:
        subprocess.run(
            [sys.executable, "-m", "config.launch.prepare"],
            env={**os.environ, **environment},
            check=True,
            stdout=sys.stderr,
        )
        yield environment
    finally:
        numbers.give_back()
        copies.drop(name)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visitor has left: an order's page, a coming event, and a cookie with three titles in the basket."""

    event: str
    order: str
    cookie: str


def visit(url: str) -> Visit:
    visitor = stack.Visitor(url)
    events = re.findall(r'href="(/kalender/[-\w]+/)"', visitor.get("/kalender/").text)
    visitor.put_in_basket(SKRIFTEN=1)
    order = visitor.order(stack.INVOICE).url.removeprefix(url)
    visitor.put_in_basket(SKRIFTEN=25, DET_GODA_VARDSKAPET=2, VARDSKAP_I_PRAKTIKEN=1)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.session.cookies)
    return Visit(events[0], order, cookies)
