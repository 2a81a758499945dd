"""What the staff's lists cost: python -m bench.staff [orders …], else with 20, 10 000 and 100 000 of them.

Each number of orders gets a seeded site of its own. CPU-ms is processor time of the asking process, in which the
whole of Django answers; database CPU-ms that of PostgreSQL's process for its connection; each per answer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import django

from bench import cpu, old_orders, servers

ORDERS = (20, 10_000, 100_000)
TIMES = 12
LIST, QUEUE, OUTBOX = "/admin/bestallningar/", "/admin/bestallningar/att-packa/", "/admin/brev/utgaende/"
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "orders": (LIST, {}),
    "orders, last page": (LIST, {"p": "9999"}),
    "orders, one state": (LIST, {"state": "placed"}),
    "orders, unpaid": (LIST, {"payment": "unpaid"}),
    "orders, paid": (LIST, {"payment": "paid"}),
    "orders, packed": (LIST, {"fulfilment": "packed"}),
    "orders, sent": (LIST, {"fulfilment": "sent"}),
    "orders, a year of companies": (LIST, {"placed_at_from": "2026-01-01", "buyer": "public"}),
    "orders, searched by name": (LIST, {"q": "karin strand"}),
    "orders, searched by number": (LIST, {"q": "VS-2026-000007-3"}),
    "orders, searched in vain": (LIST, {"q": "finnsinte"}),
    "orders, searched and filtered": (LIST, {"q": "karin", "payment": "paid", "fulfilment": "sent"}),
    "packing queue": (QUEUE, {}),
    "outbox": (OUTBOX, {}),
    "outbox, failed": (OUTBOX, {"state": "failed"}),
    "outbox, searched": (OUTBOX, {"q": "kund10007"}),
    "start page": ("/admin/", {}),
}


def main(sizes: list[int]) -> None:
    for orders in sizes:
        with servers.seeded() as environment:
            old_orders.fill(environment, orders)
            command = [sys.executable, "-m", "bench.staff", "ask"]
            subprocess.run(command, env={**os.environ, **environment}, check=True)


def ask() -> None:
    """Print the figures of the site whose environment this process has."""
    django.setup()
    from orders.models import Order

    ask_for = _asker()
    print(f"\n| {Order.objects.count()} orders | CPU-ms | database CPU-ms | ms in all | queries |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, (path, query) in PAGES.items():
        figures = _measured(partial(ask_for, f"{path}?{urlencode(query)}"))
        print(f"| {name} | {figures} |", flush=True)


def _asker() -> Callable[[str], None]:
    """Asks as an owner does."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    owner = get_user_model()._default_manager.create(username="bench", is_staff=True)
    owner.groups.add(Group.objects.get(name="Ägare"))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(owner)

    def ask_for(address: str) -> None:
        answer: Any = client.get(address, follow=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    return ask_for


def _measured(call: Callable[[], None]) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    queries = len(captured)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    own, theirs, began = time.process_time(), cpu.own_seconds(backend), time.perf_counter()
    for _time in range(TIMES):
        call()
    spent = time.process_time() - own, cpu.own_seconds(backend) - theirs, time.perf_counter() - began
    return " | ".join([*(f"{1000 * part / TIMES:.0f}" for part in spent), str(queries)])


if __name__ == "__main__":
    words = sys.argv[1:]
    ask() if words == ["ask"] else main([int(word) for word in words] or list(ORDERS))
