"""One child process: asked, forced, and bound to its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from config.launch import bond, supervisor, watchdog
from config.launch.service import Farewell, Service
from config.launch.supervisor import Stopped, Supervisor, Watched, note_death
from tests.harness.processes import wait_until

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
PARENT = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']);"
    "print(child.pid, flush=True); time.sleep(300)"
)


def service(code: str, log: Path, *farewells: Farewell) -> Service:
    return Service("provet", [sys.executable, "-c", code], log, dict(os.environ), farewells)


def gone(pid: int) -> bool:
    """Gone, or a zombie that only waits for its line in the process table to be read."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def test_one_that_does_not_listen_is_killed_when_its_time_is_up(tmp_path):
    deaf = service(DEAF, tmp_path / "log", Farewell(signal.SIGTERM, 0.5))
    deaf.start()
    wait_until(lambda: "up" in deaf.last_words(), "the child is up")
    began = time.monotonic()
    deaf.stop()
    assert deaf.code() == -signal.SIGKILL
    assert time.monotonic() - began < 30


def test_grandchildren_end_with_the_group(tmp_path):
    parent = service(PARENT, tmp_path / "log", Farewell(signal.SIGTERM, 5))
    parent.start()
    wait_until(lambda: parent.last_words().strip().isdigit(), "the grandchild is up")
    grandchild = int(parent.last_words())
    parent.stop()
    wait_until(lambda: gone(grandchild), "the grandchild is gone")


def test_a_log_that_has_grown_long_is_put_aside(tmp_path):
    log = tmp_path / "prov.log"
    log.write_bytes(b"x" * 5_000_001)
    talker = service("print('hej')", log)
    talker.start()
    talker.stop()
    assert (tmp_path / "prov.old.log").stat().st_size == 5_000_001
    assert log.stat().st_size < 100


def test_failures_wait_longer_each_time_and_are_forgiven_after_calm(tmp_path, capsys, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(supervisor, "time", SimpleNamespace(monotonic=lambda: now))
    broken = service("import sys; sys.exit('trasig')", tmp_path / "log")
    watched = Watched(broken, started=now)
    waits = []
    for _ in range(3):
        broken.start()
        wait_until(lambda: broken.code() is not None, "it has failed")
        note_death(watched)
        waits.append((watched.again_at or 0) - now)
    assert waits == [1, 1, 2]
    watched.started -= 61
    note_death(watched)
    assert (watched.again_at or 0) - now == 1
    said = capsys.readouterr().out
    assert "Provet har stannat (kod 1). Nytt försök om en sekund." in said
    assert "trasig" in said


def test_a_request_to_stop_is_heard_at_the_next_look():
    supervisor = Supervisor()
    supervisor.look()
    supervisor.asked_to_stop = 1
    with pytest.raises(Stopped):
        supervisor.look()


@pytest.mark.skipif(not bond.ON_LINUX, reason="the kernel call is Linux's")
def test_a_bound_child_dies_with_a_parent_that_is_killed():
    code = (
        "import subprocess, signal, sys, time; from config.launch import bond;"
        "child = subprocess.Popen(['sleep', '300'], preexec_fn=bond.bound_to_me(signal.SIGKILL));"
        "print(child.pid, flush=True); time.sleep(300)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: gone(child), "the child is gone")


def test_elsewhere_the_watchdog_ends_the_group_of_a_starter_that_is_killed():
    code = (
        "import os, subprocess, sys, time;"
        "child = subprocess.Popen(['sleep', '300'], start_new_session=True);"
        f"subprocess.Popen([sys.executable, {watchdog.__file__!r}, str(os.getpid()), str(child.pid), '9']);"
        "print(child.pid, flush=True); time.sleep(300)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        child = int(starter.stdout.readline())
        time.sleep(1)
        assert not gone(child)
        starter.kill()
    wait_until(lambda: gone(child), "the child is gone")
