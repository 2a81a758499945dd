"""Pages are kept here, as on a real site; everywhere else in the suite they are not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings

from config.pages import keeping
from shop import freshness
from tests.pages.reading import Reader, same_connection


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Reader]:
    """Someone who reads through the door, in front of a store that is empty."""
    # config.wsgi names its settings when it is first loaded: what it leaves behind must not reach other tests.
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", django_settings.SETTINGS_MODULE)
    settings.PAGE_CACHE_MB = 8
    reader = Reader()
    own = keeping.Pages(reader.clock)
    monkeypatch.setattr(freshness, "watch", freshness.Watch(clock=reader.clock))
    monkeypatch.setattr(freshness, "memory", freshness.Memory(reader.clock))
    for module in ("config.pages.door", "config.pages.middleware", "config.pages.keeping"):
        monkeypatch.setattr(f"{module}.pages", lambda: own)
    with same_connection():
        yield reader
