#!/usr/bin/env python3
"""Django's command line; finds the checkout's own environment by itself."""

import os
import sys
from pathlib import Path


def use_own_environment() -> None:
    """Start again with .venv's Python when the caller's has no Django."""
    own = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
    if own.exists() and Path(sys.prefix).resolve() != own.parent.parent:
        os.execv(own, [str(own), *sys.argv])  # noqa: S606 - our own interpreter, our own words


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        use_own_environment()
        sys.exit("Django saknas. Kör bin/start en gång, så byggs miljön.")
    if sys.argv[1:2] == ["doctor"]:
        from config.doctor import unreadable

        unreadable.refuse()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
