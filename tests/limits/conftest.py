"""The real figures, or narrow ones, in place of the suite's wide ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
import time_machine
from django.utils import timezone

from shop import limit_table
from shop.limit_table import Limit

Narrow = Callable[..., None]


@pytest.fixture
def real_limits(settings: Any) -> None:
    settings.LIMITS = limit_table.table("")


@pytest.fixture
def narrow(settings: Any) -> Narrow:
    """narrow(login_user=2): only so many, within the time of the table; the other limits are off."""

    def narrowed(**most: int) -> None:
        for name, count in most.items():
            written = name.replace("_", "-")
            limit = limit_table.TABLE[written]
            settings.LIMITS = {**settings.LIMITS, written: Limit(count, limit.within)}

    settings.LIMITS = limit_table.table("off")
    return narrowed


@pytest.fixture
def clock() -> Iterator[Any]:
    """Time stands still; `clock.shift(...)` moves it."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    yield client
    client.close()
