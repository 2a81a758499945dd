"""What several of the tests of staff's order pages stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories import NOON, CompanyFactory, FreightFactory


@pytest.fixture
def open_house() -> Iterator[None]:
    """The company and a way of sending, and the clock stands at NOON."""
    with time_machine.travel(NOON, tick=False):
        CompanyFactory()
        FreightFactory()
        yield
