"""Fixtures and rules for the whole suite. See docs/testing.md."""

from __future__ import annotations

from tests import services

# Before Django reads its settings, and before a conftest below imports a model.
SERVERS = services.settle()
services.set_up_django()

import gc  # noqa: E402
import os  # noqa: E402
import shutil  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from typing import Any  # noqa: E402
from urllib.parse import urlsplit  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402
import redis  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402
from pytest_django import DjangoDbBlocker  # noqa: E402

from config.services import email as email_settings  # noqa: E402
from shop import freshness  # noqa: E402
from tests import axe  # noqa: E402
from tests.harness import browser, databases, guard, lanes, mail, numbers, place, processes  # noqa: E402

Standing = Callable[[Callable[[], object]], None]
IS_XDIST_WORKER = "PYTEST_XDIST_WORKER" in os.environ

# The same examples in each run, and none that fails because the machine is busy.
hypothesis.settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")


# --- The run -----------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--must-run", default="", help="lanes (markers) of which a skipped test fails the run")


def pytest_configure(config: pytest.Config) -> None:
    if browser_required() and services.chromium() is None:
        raise pytest.UsageError("Chromium saknas, men CI eller REQUIRE_BROWSER kräver webbläsartesterna.")
    if not IS_XDIST_WORKER:
        databases.sweep_folders()
        SERVERS.databases().sweep()
        databases.sqlite().sweep()
        config.pluginmanager.register(lanes.Lanes(lanes.listed(config)), "lanes")


def pytest_unconfigure() -> None:
    numbers.give_back()
    shutil.rmtree(place.run_folder(), ignore_errors=True)
    if not IS_XDIST_WORKER:
        shutil.rmtree(place.checkout_folder() / f"run-{place.RUN}-built", ignore_errors=True)


def browser_required() -> bool:
    return any(os.environ.get(name, "") not in {"", "0", "false"} for name in ("CI", "REQUIRE_BROWSER"))


def pytest_report_header() -> list[str]:
    return SERVERS.lines()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if services.chromium() is None:
        terminalreporter.write_line(f"webbläsare: {services.chromium_told()}", yellow=True)


def pytest_collection_finish() -> None:
    """The product, Wagtail and all tests live as long as the process: searching them for rubbish finds nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a browser or a worker belongs to that lane, said or not."""
    for item in items:
        wanted = set(getattr(item, "fixturenames", ()))
        if wanted & {"chromium", "open_page"}:
            item.add_marker("browser")
        if "worker" in wanted:
            item.add_marker("worker")
        if item.get_closest_marker("browser") and services.chromium() is None:
            item.add_marker(pytest.mark.skip(reason=services.chromium_told()))


# --- Always ------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _no_outside_world() -> Iterator[None]:
    named = {urlsplit(os.environ["REDIS_URL"]).hostname or "localhost"}
    with guard.closed(named):
        yield


@pytest.fixture(scope="session", autouse=True)
def _letters_stay_here(django_test_environment: None) -> None:
    """`mailoutbox` holds what the outbox sends, as it holds what Django's own mail functions send."""
    django_settings.LETTER_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(scope="session", autouse=True)
def _folders() -> None:
    for folder in (django_settings.STATIC_ROOT, django_settings.MEDIA_ROOT):
        os.makedirs(folder, exist_ok=True)


@pytest.fixture(scope="session")
def _broker_client() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    yield client
    client.close()


@pytest.fixture(autouse=True)
def _empty_cache(_broker_client: redis.Redis) -> None:
    """A rolled-back page must not live on in the cache. The broker's own keys beside it stay."""
    prefix = django_settings.CACHES["default"]["KEY_PREFIX"]
    if keys := list(_broker_client.scan_iter(f"{prefix}:*")):
        _broker_client.delete(*keys)


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """This process remembers what it has read for its pages, as a web process does; it has read nothing yet.

    Its clock stands still: nothing grows too old, however busy the machine is.
    """
    settings.PAGE_CACHE_MB = 8
    monkeypatch.setattr(freshness, "watch", freshness.Watch(clock=lambda: 0.0))
    monkeypatch.setattr(freshness, "memory", freshness.Memory(clock=lambda: 0.0))


# --- The database ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's: a copy of the migrated template instead of 20 seconds of migrations."""
    copies, name = SERVERS.databases(), databases.own_name()
    copies.renew(name)

    def renew(_test_case: Any) -> None:
        # Django would empty every table, and with them the rows that migrations made (root page, locale, groups).
        renew_own(seeded=False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
        yield
    with django_db_blocker.unblock():
        connections.close_all()
    copies.drop(name)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo's site, for tests that roll back what they change."""
    with django_db_blocker.unblock():
        renew_own(seeded=True)
        yield
        renew_own(seeded=False)


@pytest.fixture
def own_demo(transactional_db: None) -> None:
    """The demo's site as other threads and processes see it too, for this test alone."""
    renew_own(seeded=True)


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """standing(build): what `build` makes stands for all tests of a module, which roll back what they change."""

    def stand(build: Callable[[], object]) -> None:
        with django_db_blocker.unblock():
            build()

    yield stand
    with django_db_blocker.unblock():
        renew_own(seeded=False)


def renew_own(*, seeded: bool) -> None:
    connections.close_all()
    SERVERS.databases().renew(databases.own_name(), seeded=seeded)


@pytest.fixture
def fresh_database() -> Iterator[Callable[[str], str]]:
    """fresh_database("sqlite") or ("here"): the DATABASE_URL of one more migrated database, for `live_site`."""
    made: list[tuple[databases.Databases, str]] = []

    def make(kind: str) -> str:
        copies = databases.sqlite() if kind == "sqlite" else SERVERS.databases()
        name = databases.own_name(f"_{len(made)}")
        copies.renew(name)
        made.append((copies, name))
        return copies.url(name)

    yield make
    for copies, name in made:
        copies.drop(name)


# --- Processes ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _smtp_server() -> Iterator[mail.Sink]:
    sink, controller = mail.start()
    yield sink
    controller.stop()


@pytest.fixture
def smtp_sink(_smtp_server: mail.Sink, settings: Any) -> mail.Sink:
    """A real mail server, empty; this process sends to it, and so does `worker` in any case."""
    _smtp_server.clear()
    for name, value in email_settings(_smtp_server.url).items():
        setattr(settings, name, value)
    return _smtp_server


@pytest.fixture(scope="session")
def _worker_process(_smtp_server: mail.Sink, django_db_setup: None) -> Iterator[processes.Worker]:
    worker = processes.Worker(_smtp_server.url)
    yield worker
    worker.stop()


@pytest.fixture
def worker(_worker_process: processes.Worker, transactional_db: None) -> Iterator[processes.Worker]:
    """A real Celery worker on this test's database and broker, with an empty queue; its mail goes to `smtp_sink`."""
    processes.empty_queue()
    _worker_process.start()
    yield _worker_process
    _worker_process.finish()
    _worker_process.rest()


@pytest.fixture
def live_site(transactional_db: None) -> Iterator[processes.Sites]:
    """live_site() starts gunicorn on this test's database and returns its address; see Sites."""
    sites = processes.Sites()
    yield sites
    sites.stop()


# --- The browser -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = services.chromium()
    if path is None:
        pytest.skip(services.chromium_told())
    with browser.launched(path) as launched:
        yield launched


@pytest.fixture
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[browser.Opener]:
    """open_page("mobile", javascript=False): a page of its own. A script error on any page fails the test."""
    server = request.getfixturevalue("live_server") if "live_server" in request.fixturenames else None
    opener = browser.Opener(chromium, server.url if server else None)
    yield opener
    opener.close()
    assert not opener.errors, opener.errors


@pytest.fixture
def axe_looks(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test that is axe.in_both_lanes looks at in this lane."""
    with axe.looking(whole=request.param):
        yield
