"""The demo's staff logins: one who may do all, and one of each group. bin/start prints them; production makes none."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group

from config.demo_groups import OF_GROUPS

USER = "personal"
SEPARATOR = " / "


def ensure() -> tuple[str, str]:
    """Return the name and password of a superuser that can log in, making or mending what is missing; so for OF_GROUPS.

    VAR_DIR/personal.txt (`name / password`, readable by its owner only) is the truth: what bin/start
    prints must work, also after the folder or the database was changed for another.
    """
    password = kept_password() or readable_password()
    user = get_user_model()._default_manager.filter(username=USER).first() or make_user(
        USER, "Personal", is_superuser=True
    )
    if not user.check_password(password):
        user.set_password(password)
        user.save()
    keep(password)
    for name, group in OF_GROUPS.items():
        ensure_in_group(name, group, encoded=user.password)
    return USER, password


def ensure_in_group(name: str, group: str, *, encoded: str) -> None:
    """`encoded` is the password as the first one's row has it: taken over, not reckoned anew at each start."""
    known = get_user_model()._default_manager.filter(username=name).first()
    user = known or make_user(name, group, is_superuser=False)
    if known is None:
        user.groups.set(Group.objects.filter(name=group))
    if user.password != encoded:
        user.password = encoded
        user.save(update_fields=["password"])


def path() -> Path:
    return Path(settings.VAR_DIR) / "personal.txt"


def kept_password() -> str:
    if not path().exists():
        return ""
    name, _, password = path().read_text().strip().partition(SEPARATOR)
    return password if name == USER else ""


def keep(password: str) -> None:
    path().parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{USER}{SEPARATOR}{password}\n")


def readable_password() -> str:
    """Nine syllables, about 56 bits, that can be read aloud: `kavito-selamu-dorina`."""
    syllables = ["".join(map(secrets.choice, ("bdfgjklmnprstv", "aeiou"))) for _ in range(9)]
    return "-".join("".join(syllables[start : start + 3]) for start in (0, 3, 6))


def make_user(name: str, last_name: str, *, is_superuser: bool) -> AbstractUser:
    from wagtail.users.models import UserProfile

    user = get_user_model()._default_manager.create(
        username=name,
        email=f"{name}@vardskapet.example",
        first_name="Demo",
        last_name=last_name,
        is_staff=True,
        is_superuser=is_superuser,
    )
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = "sv"
    profile.save()
    return user
