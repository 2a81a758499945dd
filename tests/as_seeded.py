"""The demo's pages as a reader finds them before anything has changed: each is drawn once in a process.

For tests that look at many pages of the fixture `demo` and have written nothing themselves.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.test import Client


@cache
def answer(address: str) -> Any:
    """What a stranger's browser is sent."""
    return Client().get(address)


def html(address: str) -> str:
    found: str = answer(address).content.decode()
    return found
