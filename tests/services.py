"""Finds the database and broker that the suite runs on, and names them in the environment for Django.

In this order: a server named in the environment, one on loopback, an embedded one, SQLite.
`python -m tests.services` says what a run would use. See docs/testing.md.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import sys
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlsplit

import django
import psycopg
import redis
from django.conf import settings

from tests.harness import databases, embedded, numbers, place

FOUND_VARIABLE = "VARDSKAPET_TEST_SERVERS"
# What a developer's shell or .env may hold and the suite must not see.
SILENCED = {
    "EMAIL_URL": "",
    "STRIPE_SECRET_KEY": "",
    "STRIPE_WEBHOOK_SECRET": "",
    "STRIPE_API_BASE": "",
    "STRIPE_CHECKOUT_ORIGIN": "",
    "TRUSTED_PROXIES": "",
    "LIMITS": "",
    "RESERVATION_MINUTES": "30",
    "PAYMENT_SWEEP_SECONDS": "60",
    "LETTER_SWEEP_SECONDS": "30",
    "LETTER_LEASE_SECONDS": "60",
    "REMINDER_SWEEP_SECONDS": "30",
}


@dataclass(frozen=True, slots=True)
class Servers:
    """What was found: `database` and `broker` are addresses (empty for SQLite), the rest is for people."""

    kind: str
    database: str
    database_told: str
    broker: str
    broker_told: str

    def databases(self) -> databases.Databases:
        return databases.OPENERS[self.kind](self.database)

    def lines(self) -> list[str]:
        return [f"databas: {self.database_told}", f"kö: {self.broker_told}", f"webbläsare: {chromium_told()}"]


def chromium() -> str | None:
    """The browser's path: CHROMIUM, else the first that the machine has."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def chromium_told() -> str:
    return chromium() or "ingen Chromium funnen; webbläsartesterna hoppas över"


def settle() -> Servers:
    """Find the servers, once per run, and point this process's Django at its own database and broker number."""
    if settings.configured:
        sys.exit("Django är redan inställt: ta bort DJANGO_SETTINGS_MODULE ur miljön, eller kör bin/test.")
    servers = read_found() or find()
    os.environ[FOUND_VARIABLE] = json.dumps(asdict(servers))
    os.environ.update(SILENCED)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    os.environ["VAR_DIR"] = str(place.run_folder())
    os.environ["DATABASE_URL"] = servers.databases().url(databases.own_name())
    os.environ["REDIS_URL"] = numbers.take(servers.broker)
    return servers


def set_up_django() -> None:
    """Load the test settings, then take their name out of the environment again.

    pytest-django reads settings it finds named there before any conftest runs: an xdist worker would
    inherit the name and set Django up on this process's database.
    """
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]


def read_found() -> Servers | None:
    """What the controller of this run has found already."""
    text = os.environ.get(FOUND_VARIABLE)
    return Servers(**json.loads(text)) if text else None


def find(*, start: bool = True) -> Servers:
    """`start=False` only tells: an embedded server is named, not started."""
    kind, database, told = find_database(start=start)
    broker, broker_told = find_broker(start=start)
    return Servers(kind, database, told, broker, broker_told)


def find_database(*, start: bool) -> tuple[str, str, str]:
    wish = os.environ.get("TEST_DATABASE") or os.environ.get("DATABASE_URL", "")
    if wish == "embedded":
        return embedded_or_sqlite(start=start)
    if wish.startswith("sqlite"):
        return "sqlite", "", "SQLite (så bestämt av miljön)"
    if wish:
        return "postgresql", wish, f"{require(wish)} (namngiven i miljön)"
    for address in loopback_addresses():
        if version := postgres_version(address):
            return "postgresql", address, f"{version} på 127.0.0.1:5432"
    return embedded_or_sqlite(start=start)


def loopback_addresses() -> list[str]:
    """As whom to knock on port 5432: the shell's own user, then the names that containers come with."""
    own = quote(os.environ.get("PGUSER", getpass.getuser()))
    users = dict.fromkeys([own, "postgres", "postgres:postgres"])
    return [f"postgresql://{user}@127.0.0.1:5432/postgres" for user in users]


def postgres_version(address: str) -> str:
    """`PostgreSQL 15.20`; empty when nobody answers or may not make databases."""
    try:
        with psycopg.connect(address, connect_timeout=20) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version'), rolcreatedb OR rolsuper FROM pg_roles"
                " WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return ""
    return f"PostgreSQL {row[0].split()[0]}" if row and row[1] else ""


def require(address: str) -> str:
    if version := postgres_version(address):
        return version
    where = urlsplit(address).hostname
    sys.exit(f"PostgreSQL på {where}, namngiven i miljön, svarar inte eller får inte skapa databaser.")


def embedded_or_sqlite(*, start: bool) -> tuple[str, str, str]:
    if not embedded.has_postgres():
        return "sqlite", "", "SQLite (ingen PostgreSQL funnen)"
    told = "PostgreSQL, inbäddad (ingen på 127.0.0.1:5432)"
    if not start:
        return "postgresql", "", told
    address = embedded.start_postgres()
    return (
        ("postgresql", address, told)
        if address
        else ("sqlite", "", "SQLite (inbäddad PostgreSQL startade inte)")
    )


def find_broker(*, start: bool) -> tuple[str, str]:
    wish = os.environ.get("REDIS_URL", "")
    if wish.startswith(("redis://", "rediss://")):
        return wish, f"{urlsplit(wish).hostname} (namngiven i miljön)"
    if (version := redis_version(numbers.LOOPBACK)) and numbers.any_free(numbers.LOOPBACK):
        return numbers.LOOPBACK, f"Redis {version} på 127.0.0.1:6379"
    return (embedded.start_valkey() if start else ""), "Valkey, startad för körningen"


def redis_version(address: str) -> str:
    client = redis.Redis.from_url(address, socket_timeout=20, socket_connect_timeout=20)
    try:
        return str(client.info("server")["redis_version"])
    except redis.RedisError:
        return ""
    finally:
        client.close()


if __name__ == "__main__":
    print("\n".join(find(start=False).lines()))
