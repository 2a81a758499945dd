"""The whole product as processes, started by bin/start and used over HTTP as a stranger would."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

from tests.harness.ports import free_port

ROOT = Path(__file__).resolve().parents[1]

CARD = {
    "buyer": "private",
    "email": "karin@bjorkvik.example",
    "phone": "070-123 45 67",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "531 32",
    "city": "Björkvik",
    "payment": "card",
}
INVOICE = {
    **CARD,
    "buyer": "public",
    "organisation": "Björkviks kommun",
    "organisation_number": "212999-0004",
    "reference": "Karin Ek, 4410",
    "payment": "invoice",
}


def processes(pattern: str) -> list[int]:
    """Process ids whose command line holds the pattern."""
    found = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


class Stack:
    """One running copy: own port, own VAR_DIR, nothing inherited from the caller's environment."""

    def __init__(self, var_dir: Path, **environment: str) -> None:
        self.var_dir = var_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/tmp"),
            "VAR_DIR": str(var_dir),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self.stop()

    def start(self, *, within: float = 600) -> None:
        with (self.var_dir / "start.log").open("a") as log:
            self.process = subprocess.Popen(
                ["bin/start"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        wait_until(self.is_ready, within=within, what=f"{self.url}/health/ready")

    def kill(self) -> None:
        """kill -9 of the starter and with it everything it has started."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(180)

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/ready", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def manage(self, *words: str) -> Any:
        """Run a management command with --json and read its answer."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words, "--json"],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def worker_pids(self) -> list[int]:
        """The Celery processes of this copy, found by its VAR_DIR in their environment."""
        return [pid for pid in processes("celery|bound_worker") if self._is_ours(pid)]

    def _is_ours(self, pid: int) -> bool:
        try:
            return f"VAR_DIR={self.var_dir}\0".encode() in Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            return False


def wait_until(condition: Any, *, within: float, what: str, every: float = 0.2) -> None:
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {within} s: {what}")
        time.sleep(every)


class Visitor:
    """A browser without JavaScript, as far as HTTP goes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Origin"] = url

    def get(self, path: str) -> requests.Response:
        return self.session.get(self._absolute(path), timeout=120)

    def post(self, path: str, **fields: Any) -> requests.Response:
        return self.session.post(self._absolute(path), data=fields, timeout=120)

    def _absolute(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path

    def put_in_basket(self, **quantities: int) -> None:
        for sku, quantity in quantities.items():
            answer = self.post("/varukorg/lagg-till/", sku=sku.replace("_", "-"), quantity=quantity)
            assert answer.status_code == 200, answer.text[:500]

    def order(self, fields: dict[str, str]) -> requests.Response:
        """Open the checkout, keep its hidden fields, fill in the rest, send."""
        page = self.get("/kassa/")
        assert page.status_code == 200
        return self.post("/kassa/", **hidden_fields(page.text), **fields)

    def pay_on_practice_page(self, page: requests.Response) -> requests.Response:
        assert "Betala" in page.text, page.text[:500]
        return self.post(page.url, action="pay")


def hidden_fields(html: str) -> dict[str, str]:
    """Name and value of every hidden input."""
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = value[1] if value else ""
    return fields
