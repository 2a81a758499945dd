"""Static files, gathered under VAR_DIR only when one of them has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config.launch.words import say


def fingerprint() -> str:
    """One figure for every static file's name, size and time, and for the way they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for line in sorted(described()):
        digest.update(line.encode())
    return digest.hexdigest()


def described() -> set[str]:
    return {
        f"{path} {(about := Path(storage.path(path)).stat()).st_size} {about.st_mtime_ns}\n"
        for finder in get_finders()
        for path, storage in finder.list([])
    }


def collect() -> None:
    stamp = settings.VAR_DIR / "static.stamp"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted and Path(settings.STATIC_ROOT).is_dir():
        return
    say("Samlar formatmallar, typsnitt och skript …")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
