"""The demo's secret key: made once, kept under VAR_DIR."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(var_dir: Path) -> str:
    """Read VAR_DIR/secret_key, or make it. Two processes that start at once agree on one key."""
    path = var_dir / "secret_key"
    var_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()
