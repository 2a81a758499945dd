"""python -m bench.order [orders per figure] [old orders]: what a whole order costs. See docs/bench.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import cpu, old_orders, servers, walking
from bench.servers import Server

ORDERS, OLD = 60, 100_000
WARM_UP = (6, 4)  # connections, orders on each: every process has then loaded and kept what it will
TITLES = 19  # in the basket beside the one that is put there on the way
MOST_MS, MOST_STATEMENTS, MOST_MS_A_LINE = 40.0, 30, 1.0

Statements = list[tuple[str, int, int]]  # step; asks or writes; frames of transactions


@dataclass(frozen=True, slots=True)
class Figures:
    """`ms` is processor time of the web processes by step, for one order."""

    lines: int
    old: int
    ms: dict[str, float]
    statements: Statements

    @property
    def total_ms(self) -> float:
        return sum(self.ms.values())

    @property
    def total_statements(self) -> int:
        return sum(asked for _step, asked, _frames in self.statements)


def main(orders: int, old: int) -> int:
    """Exit code 1 when an order costs more than it may."""
    with servers.seeded() as environment:
        basket = titles(environment)
        with site(environment) as server:
            few = [measure(server, cookies, orders, 0) for cookies in ("{}", basket)]
            card = count(server, "{}", "card")
        old_orders.fill(environment, old)
        with site(environment) as server:
            many = [measure(server, cookies, orders, old) for cookies in ("{}", basket)]
    print(written([*few, *many]))
    print(f"\nAn order by card, to the payment page: {told(card)}.")
    return int(not fits([*few, *many]))


@contextmanager
def site(environment: dict[str, str]) -> Iterator[Server]:
    """Anew for each past, so that nothing is remembered of the other."""
    with Server(servers.SITE, environment) as server:
        yield server


def titles(environment: dict[str, str]) -> str:
    """Fill the shelf; the basket's cookies with TITLES in it, as JSON."""
    return run("bench.titles", str(TITLES), environment=environment)


def measure(server: Server, cookies: str, orders: int, old: int) -> Figures:
    connections, each = WARM_UP
    for _connection in range(connections):
        walk(server, cookies, each)
    ms = {step: seconds * 1000 / orders for step, seconds in walk(server, cookies, orders).items()}
    lines = 1 + (TITLES if len(cookies) > len("{}") else 0)
    return Figures(lines, old, ms, count(server, cookies, "invoice"))


def walk(server: Server, cookies: str, orders: int) -> dict[str, float]:
    """Processor time by step; a clock tick is ten milliseconds, so many orders make a figure."""
    send = walking.over_http(server.port)
    used: dict[str, float] = defaultdict(float)
    before = cpu.seconds(server.pid)
    for _order in range(orders):
        for step in walking.steps(walking.Shopper(send, json.loads(cookies))):
            now = cpu.seconds(server.pid)
            used[step] += now - before
            before = now
    return used


def count(server: Server, cookies: str, form: str) -> Statements:
    """In a process of its own on the site's database."""
    found = json.loads(run("bench.statements", cookies, form, environment=server.environment))
    return [(step, asked, frames) for step, asked, frames in found]


def run(module: str, *words: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout.strip()


# --- As a table ---------------------------------------------------------------------------------
def written(found: list[Figures]) -> str:
    """A column for each number of lines and old orders: CPU-ms and statements of each step."""
    heads = [f"{row.lines} lines, {row.old} old" for row in found]
    lines = [
        ["step", *heads],
        ["---", *["---:"] * len(heads)],
        *(by_step(place, found) for place in range(len(found[0].statements))),
        ["in all", *(f"{row.total_ms:.1f} ms · {told(row.statements)}" for row in found)],
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def by_step(place: int, found: list[Figures]) -> list[str]:
    step = found[0].statements[place][0]
    return [step, *(f"{row.ms[step]:.1f} ms · {row.statements[place][1]}" for row in found)]


def told(statements: Statements) -> str:
    asked, frames = (sum(column) for column in list(zip(*statements, strict=True))[1:])
    return f"{asked} statements and {frames} begins, savepoints and ends"


def fits(found: list[Figures]) -> bool:
    """The limits of the order's issue: for one line, and so much more for each line after it."""
    return all(
        row.total_statements <= MOST_STATEMENTS and row.total_ms <= MOST_MS + MOST_MS_A_LINE * (row.lines - 1)
        for row in found
    )


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*[*words, *[ORDERS, OLD][len(words) :]]))
