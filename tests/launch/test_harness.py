"""The suite's own footing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable

import pytest
from django.db import connection
from playwright import sync_api as browser_api
from wagtail.models import Locale, Page

from tests.harness import databases, guard, head_first, place
from tests.harness.browser import Opener


def test_the_outside_world_is_closed():
    with pytest.raises(guard.OutsideWorld, match=r"192\.0\.2\.1"), socket.socket() as sock:
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(guard.OutsideWorld, match=r"www\.example\.com"):
        urllib.request.urlopen("http://www.example.com/", timeout=1)


def test_no_secret_of_the_developer_reaches_the_suite():
    assert os.environ["STRIPE_SECRET_KEY"] == os.environ["EMAIL_URL"] == ""
    assert place.CHECKOUT in connection.settings_dict["NAME"].__str__()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", [1, 2])
def test_committed_rows_are_gone_afterwards_and_the_migrations_rows_are_not(_round):
    assert not Page.objects.filter(title="Kvar").exists()
    assert Locale.objects.exists()
    root = Page.objects.get(depth=1)
    root.add_child(title="Kvar", slug="kvar")


@pytest.mark.django_db
def test_rows_that_migrations_made_are_there_for_plain_tests_too():
    assert Page.objects.filter(depth=1).exists()


def test_a_copy_of_a_dead_run_is_stale_and_a_living_ones_is_not():
    template = databases.template_name()
    dead = "999999999"
    assert databases.stale([template, f"r{dead}_gw0", "t000000000000"]) == [f"r{dead}_gw0", "t000000000000"]
    parent = str(os.getppid())
    assert databases.stale([template, f"r{parent}_gw1", "t000000000000"]) in ([], ["t000000000000"])


def test_an_open_page_sees_only_this_machine(open_page: Opener):
    page = open_page("mobile")
    page.set_content("<p>Hej</p>")
    assert page.inner_text("p") == "Hej"
    assert page.evaluate("innerWidth") == 390
    failure = page.evaluate("fetch('http://www.example.com/').catch(error => 'stängt')")
    assert failure == "stängt"


@pytest.mark.parametrize(
    "act",
    [
        lambda page: page.click("button"),
        lambda page: page.press("button", "Enter"),
        lambda page: page.get_by_role("button").click(),
        lambda page: page.get_by_role("button").press("Enter"),
    ],
)
def test_a_page_is_there_to_be_read_when_a_click_has_led_to_it(
    open_page: Opener, act: Callable[[browser_api.Page], None]
):
    page = open_page("mobile")
    with head_first.standing("<title>Sedan</title><p>Hej<p>Hopp") as site:
        page.goto(site)
        act(page)
        assert (page.title(), page.locator("p").count()) == ("Sedan", 2)


@pytest.mark.parametrize(
    ("options", "code", "lines"),
    [
        (["--must-run=browser,race"], 1, ["FAILED lane browser", "FAILED lane race"]),
        ([], 0, []),
    ],
)
def test_a_lane_that_must_run_fails_when_it_is_skipped_or_has_no_test(options, code, lines):
    """In a run of its own: one test of the browser lane, on a machine without a browser."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        __file__,
        "-k",
        "only_this_machine",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {"PATH": "/nonexistent", "CI": "", "REQUIRE_BROWSER": ""}
    del environment[place.RUN_VARIABLE]
    done = subprocess.run(
        [*command, *options], cwd=place.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert [line for line in lines if line not in done.stdout] == []
