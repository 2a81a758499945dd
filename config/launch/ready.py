"""Waits for the site to answer."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.launch.plan import ANY_HOST, Plan
from config.launch.supervisor import Supervisor

LIMIT_SECONDS = 120
LOOK_SECONDS = 0.2


class NotReady(Exception):
    """The site did not come up. The message is a Swedish text for the terminal."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What /health/ready said; status 0 when nothing answered."""

    status: int
    failing: tuple[str, ...] = ()


def ask(plan: Plan) -> Answer:
    connection = http.client.HTTPConnection(ANY_HOST.get(plan.host, plan.host), plan.port, timeout=10)
    try:
        connection.request("GET", "/health/ready", headers={"Host": urlsplit(plan.site_url).netloc})
        response = connection.getresponse()
        return Answer(response.status, failing(response.read()))
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        connection.close()


def failing(body: bytes) -> tuple[str, ...]:
    try:
        services = json.loads(body)["services"]
    except (ValueError, KeyError, TypeError):
        return ()
    return tuple(name for name, state in services.items() if state != "ok")


def wait(plan: Plan, supervisor: Supervisor) -> None:
    """Return at the first 200. Raises NotReady when a service dies or time is up, Stopped when asked to end."""
    end = time.monotonic() + LIMIT_SECONDS
    while (answer := ask(plan)).status != 200:
        supervisor.check()
        require_all_alive(supervisor)
        if time.monotonic() > end:
            raise NotReady(complaint(plan, answer))
        time.sleep(LOOK_SECONDS)


def require_all_alive(supervisor: Supervisor) -> None:
    for watched in supervisor.watched:
        service = watched.service
        if service.code() is not None:
            name = service.name.capitalize()
            raise NotReady(
                f"{name} kom inte igång (kod {service.code()}). Loggen säger:\n{service.last_words()}"
            )


def complaint(plan: Plan, answer: Answer) -> str:
    what = (
        f"Fel i: {', '.join(answer.failing)}."
        if answer.failing
        else f"Senaste svar: {answer.status or 'inget'}."
    )
    return f"Webbplatsen svarade inte på {LIMIT_SECONDS} sekunder. {what} Loggarna ligger i {plan.log_dir}."
