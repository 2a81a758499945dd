"""What bin/start is to do, read from the environment and .env before Django is loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ

from config import embedded

BASE_DIR = Path(__file__).resolve().parents[2]
ANY_HOST = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - listening everywhere is the caller's wish


class BadPlan(Exception):
    """A variable that cannot be used. The message is a Swedish sentence for the terminal."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One copy of the site: where it listens, where it writes, and its children's environment."""

    host: str
    port: int
    site_url: str
    var_dir: Path
    embedded_broker: bool
    environment: Mapping[str, str]

    @property
    def bind(self) -> str:
        """The address in gunicorn's writing; IPv6 in brackets."""
        return address(self.host, self.port)

    @property
    def near(self) -> str:
        """The address by which this machine itself reaches the web."""
        return address(ANY_HOST.get(self.host, self.host), self.port)

    @property
    def log_dir(self) -> Path:
        return self.var_dir / "log"


def address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read() -> Plan:
    """The plan from os.environ and .env. Raises BadPlan."""
    environ.Env.read_env(BASE_DIR / ".env")
    return make({name: value for name, value in os.environ.items() if value != ""})


def make(given: Mapping[str, str]) -> Plan:
    """Complete `given` with the demo's defaults. Raises BadPlan for a PORT that is none."""
    host, port = given.get("HOST", "127.0.0.1").strip("[]"), read_port(given.get("PORT", "8000"))
    var_dir = (BASE_DIR / given.get("VAR_DIR", "var")).resolve()
    near = address(ANY_HOST.get(host, host), port)
    site_url = given.get("SITE_URL", f"http://{near}").rstrip("/")
    added = {
        "HOST": host,
        "PORT": str(port),
        "VAR_DIR": str(var_dir),
        "SITE_URL": site_url,
        "DJANGO_SETTINGS_MODULE": given.get("DJANGO_SETTINGS_MODULE", "config.settings.local"),
        "ALLOWED_HOSTS": given.get("ALLOWED_HOSTS", hosts(host, site_url)),
        "PYTHONUNBUFFERED": "1",
    }
    return Plan(host, port, site_url, var_dir, "REDIS_URL" not in given, {**given, **added})


def read_port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise BadPlan(f"PORT ska vara ett tal mellan 1 och 65535, inte {text!r}.")


def hosts(host: str, site_url: str) -> str:
    """The names that the demo answers to when nobody says otherwise."""
    names = {"127.0.0.1", "localhost", "[::1]", urlsplit(site_url).hostname or ""}
    if host not in ANY_HOST:
        names.add(f"[{host}]" if ":" in host else host)
    return ",".join(sorted(names - {""}))


def broker_socket(plan: Plan) -> Path:
    return embedded.socket_path(plan.var_dir)
