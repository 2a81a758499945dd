"""python -m config.launch.prepare: brings database, style sheets and demo content up to date.

Quick when all is done already. Used by bin/start and by the container's set-up.
"""

from __future__ import annotations

import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    # After the set-up: these import models.
    from django.db import OperationalError

    from config.launch import content, schema, style_sheets

    try:
        changed = schema.build()
    except OperationalError as error:
        sys.exit(f"Databasen svarar inte som den ska (DATABASE_URL): {error}")
    style_sheets.collect()
    content.fill(changed)


if __name__ == "__main__":
    main()
