"""bin/start as a stranger runs it, and a look at what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import requests

from tests.harness import place
from tests.harness.ports import free_port

# A start on a busy machine; the first one builds the database and the content.
LIMIT_SECONDS = 240


class Start:
    """One bin/start with nothing inherited but the path."""

    def __init__(self, var_dir: Path, port: int | None = None, **environment: str) -> None:
        self.var_dir, self.port = var_dir, port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = var_dir.with_name(f"{var_dir.name}-{self.port}.txt")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "PORT": str(self.port),
            "VAR_DIR": str(var_dir),
            **environment,
        }
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                ["bin/start"],
                cwd=place.ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, line: str) -> None:
        end = time.monotonic() + LIMIT_SECONDS
        while line not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    def wait_ready(self) -> None:
        self.wait_for("Personal: ")

    def staff(self) -> tuple[str, str]:
        line = next(line for line in self.said().splitlines() if line.startswith("Personal: "))
        user, password = line.removeprefix("Personal: ").split(" / ")
        return user, password

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, timeout=60)

    def kill(self) -> None:
        """kill -9 to the starter alone."""
        self.process.kill()
        self.process.wait()

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """Send the signal; return the exit code. Ctrl-C in a terminal reaches the whole foreground group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, by)
        return self.process.wait(LIMIT_SECONDS)

    def family(self) -> list[int]:
        return family(self.var_dir)


def family(var_dir: Path) -> list[int]:
    """Living processes that belong to that VAR_DIR."""
    processes = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [int(process.name) for process in processes if belongs(process, var_dir)]


def belongs(process: Path, var_dir: Path) -> bool:
    """By its environment, or by its folder: Valkey writes its title over the one and stands in the other."""
    try:
        named = f"VAR_DIR={var_dir}".encode() in (process / "environ").read_bytes().split(b"\0")
        return named or (process / "cwd").readlink() == var_dir
    except OSError:
        return False


def wait_gone(var_dir: Path, seconds: float = 60) -> list[int]:
    """The processes that are still there when the time is up; empty when all has ended."""
    end = time.monotonic() + seconds
    while (left := family(var_dir)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


def command_lines(pids: list[int]) -> list[str]:
    return [command_line(pid) for pid in pids]


def command_line(pid: int) -> str:
    """Empty for a process that has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def strike(pid: int) -> None:
    """kill -9; those that are bound to another die with it, before their turn has come or after."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
