"""Requests per second, and processor time of the web processes per request."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from bench import cpu
from bench.servers import Server

# Once unmeasured, so that every process has loaded and kept what it will.
WARM_UP_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Pace:
    per_second: float
    cpu_ms: float


def measure(server: Server, path: str, seconds: float, *headers: str) -> Pace:
    """`#` in the path stands for a number that is new each time."""
    load(server.port, WARM_UP_SECONDS, path, headers)
    before = cpu.seconds(server.pid)
    told = load(server.port, seconds, path, headers)
    used = cpu.seconds(server.pid) - before
    return Pace(told["requests"] / told["seconds"], 1000 * used / told["requests"])


def size(server: Server, path: str, *headers: str) -> int:
    """Bytes of the page as sent."""
    return int(load(server.port, 0.0, path, headers)["bytes"])


def load(port: int, seconds: float, path: str, headers: tuple[str, ...]) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.load", str(port), str(seconds), path, *headers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{path}: {done.stderr.strip().splitlines()[-1]}")
    told: dict[str, float] = json.loads(done.stdout)
    return told
