"""The demo's content and staff login; nothing of it in production."""

from __future__ import annotations

import io

from django.conf import settings
from django.core.management import call_command

from config import demo_staff
from config.launch.words import say


def fill(database_changed: bool) -> None:
    """Seed an empty or rebuilt database; on later starts leave what editors have written alone."""
    if not settings.DEV_PAGES:
        return
    stamp = settings.VAR_DIR / "seeded"
    if database_changed or not stamp.exists() or stamp.read_text() != which_database():
        say("Lägger in exempelinnehåll …")
        # Its own words would tell the login before there is a page to log in on.
        call_command("seed", verbosity=0, stdout=io.StringIO())
        stamp.write_text(which_database())
    demo_staff.ensure()


def which_database() -> str:
    """The database in use, without its password; a VAR_DIR that was moved still has its own."""
    used = settings.DATABASES["default"]
    named = " ".join(str(used.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME"))
    return named.replace(str(settings.VAR_DIR), "VAR_DIR")
