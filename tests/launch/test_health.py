"""/health/live and /health/ready."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from config import health
from tests.harness.ports import free_port


@pytest.fixture(autouse=True)
def _forget():
    health.migrated.cache_clear()
    yield
    health.migrated.cache_clear()


def test_live_asks_nobody(client, settings):
    settings.PAGE_CACHE_MB = 8  # as on a real site
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.django_db
def test_ready_names_each_service(client, django_assert_max_num_queries):
    client.get("/health/ready")
    with django_assert_max_num_queries(1):
        answer = client.get("/health/ready")
    services = dict.fromkeys(("database", "migrations", "broker", "mail"), "ok")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "services": services})


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named_and_nothing_else_told(client, settings, caplog):
    settings.REDIS_URL = f"redis://:hemligt@127.0.0.1:{free_port()}/0"
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["services"]["broker"] == "fail"
    assert answer.json()["services"]["database"] == "ok"
    assert b"127.0.0.1" not in answer.content
    assert "hemligt" not in caplog.text


@pytest.mark.django_db
def test_a_database_that_is_away_is_named(client, monkeypatch):
    def away():
        raise OperationalError("could not connect to server db.internal")

    monkeypatch.setitem(health.PROBES, "database", away)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["services"]["database"]) == (503, "fail")
    assert b"internal" not in answer.content


@pytest.mark.django_db
def test_a_missing_migration_is_seen_and_so_is_its_coming(client):
    newest = MigrationRecorder.Migration.objects.filter(app="notifications").order_by("-id").first()
    assert newest
    newest.delete()
    assert client.get("/health/ready").json()["services"]["migrations"] == "fail"
    newest.save()
    assert client.get("/health/ready").json()["services"]["migrations"] == "ok"


@pytest.mark.django_db
def test_without_a_mail_address_only_the_demo_is_ready(client, settings):
    settings.DEV_PAGES = False
    assert client.get("/health/ready").json()["services"]["mail"] == "fail"
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    assert client.get("/health/ready").json()["services"]["mail"] == "ok"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_other_methods_are_refused(client, path):
    assert client.post(path).status_code == 405
