"""Waits for the site to answer."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.launch.plan import ANY_HOST, Plan
from config.launch.programs import READY_FILE
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
    """Return when the web says 200 and the worker takes tasks.

    Raises NotReady when a service dies or time is up, Stopped when asked to end.
    """
    end = time.monotonic() + LIMIT_SECONDS
    while (answer := ask(plan)).status != 200 or not (plan.var_dir / READY_FILE).exists():
        supervisor.check()
        require_all_alive(supervisor)
        if time.monotonic() > end:
            raise NotReady(complaint(plan, answer))
        time.sleep(LOOK_SECONDS)


def require_all_alive(supervisor: Supervisor) -> None:
    for watched in supervisor.watched:
        service = watched.service
        if service.code() is not None:
            name = service.title
            raise NotReady(
                f"{name} kom inte igång (kod {service.code()}). Loggen säger:\n{service.last_words()}"
            )


def complaint(plan: Plan, answer: Answer) -> str:
    where = f"Loggarna ligger i {plan.log_dir}."
    return f"Webbplatsen blev inte klar på {LIMIT_SECONDS} sekunder. {what_is_missing(answer)} {where}"


def what_is_missing(answer: Answer) -> str:
    if answer.failing:
        return f"Fel i: {', '.join(answer.failing)}."
    return (
        "Arbetaren är inte igång." if answer.status == 200 else f"Senaste svar: {answer.status or 'inget'}."
    )
