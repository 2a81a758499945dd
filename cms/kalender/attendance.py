"""Whether one comes to an event, takes part from where one is, or chooses."""

from __future__ import annotations

# What some write for a town when there is none.
NO_TOWN = {"digitalt", "online"}


def is_online(*, online: bool, online_link: str) -> bool:
    return bool(online or online_link)


def is_on_site(*, online: bool, city: str) -> bool:
    """A town is named. With a way in online beside it, each guest chooses."""
    return bool(city) and not (online and city.casefold() in NO_TOWN)
