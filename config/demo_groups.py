"""Who else logs in to the demo. Without Django: the launcher tells of them."""

from __future__ import annotations

# The group of each, by user name; they have the first login's password.
OF_GROUPS = {"redaktor": "Redaktör", "packare": "Packare", "ekonom": "Ekonom", "agare": "Ägare"}


def others() -> str:
    """What stands below the line with the password."""
    return f"och: {', '.join(OF_GROUPS)} (en av varje grupp, samma lösenord)"
