"""Settings so wrong that Django cannot start: doctor must say so too, not fall over them.

manage.py calls this before Django looks for the command.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

from django.core.exceptions import ImproperlyConfigured

from config.doctor.finding import Finding, wrong


def trouble() -> Finding | None:
    """What stops the settings from being read; None when they can be."""
    try:
        importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except (ImproperlyConfigured, ValueError, ImportError) as error:
        return wrong(
            "inställningar", str(error), "Rätta variabeln i miljön eller .env; .env.example beskriver alla."
        )
    return None


def refuse() -> None:
    """Leave with exit code 1 and one finding if the settings cannot be read."""
    found = trouble()
    if found is None:
        return
    print(json.dumps([found.as_json()], ensure_ascii=False) if "--json" in sys.argv else found.as_text())  # noqa: T201
    sys.exit(1)
