"""The demo's site, seeded once for each module of tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.conftest import SERVERS
from tests.harness import databases


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        call_command("seed", verbosity=0)
        yield
        connections.close_all()
        SERVERS.databases().renew(databases.own_name())
