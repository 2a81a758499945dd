"""bin/start with real processes: up, down, killed, beside itself."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from tests.harness import place
from tests.harness.processes import wait_until
from tests.launch.running import (
    LIMIT_SECONDS,
    Start,
    command_line,
    command_lines,
    family,
    strike,
    wait_gone,
)

pytestmark = [
    pytest.mark.worker,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc"),
]


@pytest.fixture(scope="session")
def built() -> Path:
    """A VAR_DIR after a first start and an orderly end, built once for all processes of the run. Copy it."""
    var_dir = place.checkout_folder() / f"run-{place.RUN}-built" / "var"
    with place.locked(f"built-{place.CHECKOUT}"):
        if not var_dir.exists():
            build(var_dir)
    return var_dir


def build(var_dir: Path) -> None:
    unfinished = var_dir.parent / "unfinished"
    var_dir.parent.mkdir(exist_ok=True)
    start = Start(unfinished)
    try:
        start.wait_ready()
    finally:
        code = start.end()
    assert code == 0, start.said()
    assert "Bygger databasen" in start.said()
    assert wait_gone(unfinished) == []
    unfinished.rename(var_dir)


@pytest.fixture
def var_dir(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it; whatever a test leaves running there is ended."""
    copy = tmp_path / "var"
    shutil.copytree(built, copy)
    yield copy
    for pid in family(copy):
        strike(pid)


def rows(var_dir: Path) -> int:
    with sqlite3.connect(var_dir / "db.sqlite3") as database:
        count: int = database.execute("SELECT count(*) FROM wagtailcore_page").fetchone()[0]
    database.close()
    return count


@pytest.mark.chaos
def test_a_second_start_is_quick_keeps_the_data_and_ctrl_c_ends_everything(var_dir):
    before, began = rows(var_dir), time.monotonic()
    start = Start(var_dir)
    start.wait_ready()
    seconds = time.monotonic() - began
    assert start.get("/health/ready").json()["status"] == "ok"
    assert "Bygger databasen" not in start.said()
    assert "exempelinnehåll" not in start.said()
    assert seconds < 90, start.said()  # four on an idle machine
    require_login(start)
    require_light_pages(start)
    assert start.end(signal.SIGINT) == 0
    assert rows(var_dir) == before
    assert wait_gone(var_dir) == []
    closing = [line.strip() for line in start.said().splitlines() if "stänger" in line]
    assert closing == ["stänger webben …", "stänger arbetaren (Celery) …", "stänger kön (Valkey) …"]


def require_login(start: Start) -> None:
    """What the line `Personal:` says opens the admin."""
    visitor = requests.Session()
    page = visitor.get(f"{start.url}/admin/login/", timeout=30)
    user, password = start.staff()
    fields = {"username": user, "password": password, "csrfmiddlewaretoken": visitor.cookies["csrftoken"]}
    answer = visitor.post(page.url, fields, headers={"Referer": page.url}, timeout=30)
    assert answer.status_code == 200
    assert "/login" not in answer.url


def require_light_pages(start: Start) -> None:
    """A page is kept; what it is made of is kept for a year, compressed, and each font is fetched once."""
    page = start.get("/")
    known = {"If-None-Match": page.headers["ETag"]}
    assert requests.get(f"{start.url}/", headers=known, timeout=30).status_code == 304
    fonts = re.findall(r'rel="preload" href="([^"]+)"', page.text)
    sheet = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)[0]
    styles = start.get(sheet)
    named = {urljoin(sheet, font) for font in re.findall(r'url\("?([^)"]+\.woff2)', styles.text)}
    assert len(fonts) == 2
    assert set(fonts) <= named
    kept = {start.get(path).headers["Cache-Control"] for path in [*named, sheet]}
    assert kept == {"max-age=31536000, public, immutable"}
    assert styles.headers["Content-Encoding"] in {"br", "gzip"}


@pytest.mark.chaos
def test_kill_9_of_the_starter_leaves_no_orphan_and_the_next_start_works(var_dir):
    start = Start(var_dir)
    start.wait_ready()
    assert len(start.family()) >= 8  # starter, broker, gunicorn + 2, celery + 2 + beat
    start.kill()
    assert command_lines(wait_gone(var_dir)) == []
    again = Start(var_dir, port=start.port)
    again.wait_ready()
    assert again.end() == 0


@pytest.mark.chaos
def test_what_dies_is_started_again_with_a_line(var_dir):
    start = Start(var_dir)
    start.wait_ready()
    for pid in start.family():
        if any(name in command_line(pid) for name in ("gunicorn", "celery", "valkey")):
            strike(pid)
    for name in ("Webben", "Arbetaren (Celery)", "Kön (Valkey)"):
        start.wait_for(f"{name} är igång igen.")
    wait_until(lambda: is_ready(start), "the site answers again", LIMIT_SECONDS)
    assert start.end() == 0
    assert wait_gone(var_dir) == []


def is_ready(start: Start) -> bool:
    try:
        return start.get("/health/ready").status_code == 200
    except requests.RequestException:
        return False


@pytest.mark.chaos
def test_two_copies_stand_side_by_side_one_in_a_folder_with_an_odd_and_long_name(var_dir, built, tmp_path):
    odd = tmp_path / "möte #1 + 100 %" / ("lång" * 30)
    odd.parent.mkdir()
    shutil.copytree(built, odd)
    one, two = Start(var_dir), Start(odd)
    one.wait_ready()
    two.wait_ready()
    assert one.get("/health/ready").status_code == two.get("/health/ready").status_code == 200
    third = Start(odd)
    assert third.process.wait(LIMIT_SECONDS) == 1
    assert "används redan av en annan start" in third.said()
    require_healthy(two)
    assert one.end() == two.end() == 0
    assert wait_gone(odd) == wait_gone(var_dir) == []


def require_healthy(start: Start) -> None:
    """manage.py, run by hand, finds the same database and broker, and the worker as soon as that has a moment."""
    wait_until(lambda: "✓ arbetare: 1 svarar." in said_by_doctor(start), "the worker answers", LIMIT_SECONDS)


def said_by_doctor(start: Start) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=place.ROOT,
        env={**start.environment, "SITE_URL": start.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ kö och cache" in done.stdout
    return done.stdout


def test_a_taken_port_is_told_before_anything_is_started(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        start = Start(tmp_path / "var", port=holder.getsockname()[1])
        assert start.process.wait(LIMIT_SECONDS) == 1
    assert f"Porten {start.port} på 127.0.0.1 är upptagen" in start.said()
    assert not (tmp_path / "var").exists()


@pytest.mark.chaos
def test_a_stop_during_the_building_leaves_nothing(tmp_path):
    start = Start(tmp_path / "var")
    start.wait_for("Bygger databasen")
    time.sleep(1)
    assert start.end(signal.SIGTERM) == 0
    assert wait_gone(tmp_path / "var") == []
