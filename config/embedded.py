"""Where the embedded database and broker are: settings, bin/start and doctor must agree without a word."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

# The kernel's field holds 108 bytes on Linux and 104 on macOS, the closing zero included.
LONGEST_SOCKET_PATH = 100


def database_url(var_dir: Path) -> str:
    """The DATABASE_URL of the embedded SQLite file, quoted: a folder may be called `möte #2`."""
    return f"sqlite:///{quote(str(var_dir / 'db.sqlite3'))}"


def socket_path(var_dir: Path) -> Path:
    """VAR_DIR/valkey.sock, or a short path made from VAR_DIR's name where that one is too long for a socket."""
    path = var_dir / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:16]
    return Path("/tmp") / f"vardskapet-{os.getuid()}-{name}" / "valkey.sock"  # noqa: S108 - owner checked at start


def broker_url(var_dir: Path) -> str:
    """The REDIS_URL of the embedded broker, quoted likewise."""
    return f"redis+socket://{quote(str(socket_path(var_dir)))}"
