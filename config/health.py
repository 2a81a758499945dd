"""/health/live and /health/ready: for a load balancer, a container and bin/start. Tell names, never details."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import BadMigrationError, InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BROKER_SECONDS = 2
log = logging.getLogger(__name__)


class Unhealthy(Exception):
    """A service that cannot be used; the message is for the log only."""


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when every service can be used, else 503; `services` says which is `ok` and which `fail`."""
    services = {name: state(name, probe) for name, probe in PROBES.items()}
    well = all(found == "ok" for found in services.values())
    return JsonResponse(
        {"status": "ok" if well else "fail", "services": services}, status=200 if well else 503
    )


def state(name: str, probe: Callable[[], None]) -> str:
    try:
        probe()
    except (DatabaseError, redis.RedisError, OSError, Unhealthy) as error:
        log.warning("health: %s: %s", name, error)
        return "fail"
    return "ok"


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> None:
    if not migrated():
        migrated.cache_clear()  # only a good answer is worth remembering
        raise Unhealthy("migrations are not applied")


@cache
def migrated() -> bool:
    """Whether the tables are those of this code; slow the first time, so asked once per process."""
    try:
        executor = MigrationExecutor(connection)
    except (BadMigrationError, InconsistentMigrationHistory) as error:
        raise Unhealthy(str(error)) from error
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def broker() -> None:
    """The queue and the cache are one server."""
    client = broker_client()
    try:
        client.ping()
    finally:
        client.close()


def broker_client() -> redis.Redis:
    """A connection of its own with short limits; redis-py writes a socket as unix://, Celery as redis+socket://."""
    url = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)
    client: redis.Redis = redis.Redis.from_url(
        url, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
    )
    return client


def mail() -> None:
    """Where letters go must be settled; whether the mail server answers is doctor's question, not each probe's."""
    if not settings.EMAIL_URL and not settings.DEV_PAGES:
        raise Unhealthy("EMAIL_URL is not set")


PROBES: dict[str, Callable[[], None]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "mail": mail,
}
