"""The database's tables: built or brought up to date, with a line now and then for whoever waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.launch.words import say

EVERY = 40  # steps between two lines
# Any number, the same in every copy: two that start on one PostgreSQL take turns.
LOCK = 826_354


class Progress(OutputWrapper):
    """Counts the steps that migrate reports."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0

    def write(self, msg: str = "", *_rest: object, **_more: object) -> None:  # type: ignore[override]
        if "OK" not in msg:
            return
        self.done += 1
        if self.done % EVERY == 0:
            say(f"  {self.done} av {self.total} steg")

    def flush(self) -> None:
        """Nothing is held back."""


def pending() -> int:
    """How many migrations are not applied. Raises OperationalError when the database does not answer."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def build() -> bool:
    """Apply what is missing; return whether anything was."""
    with alone():
        if not (steps := pending()):
            return False
        say(f"Bygger databasen, {steps} steg; första gången tar det omkring en halv minut …")
        call_command("migrate", interactive=False, no_color=True, stdout=Progress(steps))
        return True


@contextmanager
def alone() -> Iterator[None]:
    if connection.vendor != "postgresql":  # SQLite's file is guarded by the lock on VAR_DIR
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
