"""Names and folders of one test run, apart from every other run and checkout on the machine."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHECKOUT = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
NOTE = "checkout.txt"
# The controller's process id names the run; its xdist workers inherit it.
RUN_VARIABLE = "VARDSKAPET_TEST_RUN"
RUN = os.environ.setdefault(RUN_VARIABLE, str(os.getpid()))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def shared_folder() -> Path:
    """Under the system's temp folder: an embedded PostgreSQL opens the parents of its data to other users."""
    folder = Path(tempfile.gettempdir()) / f"vardskapet-tests-{os.getuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder


def checkout_folder() -> Path:
    """Notes whose it is, so that a later run can take away what vanished checkouts have left."""
    folder = shared_folder() / CHECKOUT
    folder.mkdir(exist_ok=True)
    note = folder / NOTE
    if not note.exists():
        note.write_text(str(ROOT))
    return folder


def run_folder() -> Path:
    """This process's own VAR_DIR."""
    folder = checkout_folder() / f"run-{RUN}-{WORKER}"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Only one process of this user is inside at a time; a dead one lets go."""
    with (shared_folder() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def alive(run: str) -> bool:
    """Whether the run of that process id may still be going on."""
    try:
        os.kill(int(run), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


@cache
def fingerprint() -> str:
    """Changes with every migration, app set-up and installed package: what a test database depends on."""
    digest = hashlib.sha256()
    for path in sorted(
        [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py"), *ROOT.glob("*/apps.py")]
    ):
        if not path.is_relative_to(ROOT / ".venv"):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for name in ("config/settings/base.py", "tests/harness/restoring.py"):
        digest.update((ROOT / name).read_bytes())
    for line in sorted(f"{each.name}=={each.version}" for each in importlib.metadata.distributions()):
        digest.update(line.encode())
    return digest.hexdigest()[:12]


# What the demo's site depends on beside the migrated database.
SEEDED_BY = ("*.py", "*.toml", "*.po")
APPS = ("cms", "config", "library", "notifications", "orders", "shop", "locale")


@cache
def seed_fingerprint() -> str:
    """Changes with the product's code and texts, and each day: the demo's events lie so many days ahead."""
    digest = hashlib.sha256(date.today().isoformat().encode())  # noqa: DTZ011
    for path in sorted(path for app in APPS for ending in SEEDED_BY for path in (ROOT / app).rglob(ending)):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]
