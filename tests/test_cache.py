"""A cache server that is silent costs a page one wait, not one for each question."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from config import cache
from config.cache import ForgettingCache

PATIENCE = 0.2


@pytest.fixture
def silent() -> Iterator[ForgettingCache]:
    """Takes the connection and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        yield ForgettingCache(address, {"OPTIONS": {"socket_timeout": PATIENCE}})


def test_a_silent_server_is_waited_for_once(silent, monkeypatch, caplog):
    monkeypatch.setattr(cache, "REST_SECONDS", 600.0)
    assert silent.get("a", "kvar") == "kvar"
    assert [silent.get("a"), silent.get("b", 1), silent.get_many(["a"]), silent.add("a", 1)] == [
        None,
        1,
        {},
        False,
    ]
    silent.set("a", 1)
    assert len(caplog.messages) == 1


def test_it_is_asked_again_after_a_rest(silent, monkeypatch, caplog):
    monkeypatch.setattr(cache, "REST_SECONDS", 0.0)
    for _time in range(2):
        silent.get("a")
    assert caplog.text.count("cache.get") == 2


def test_what_is_taken_away_is_always_tried(silent, caplog):
    silent.get("a")
    silent.delete("a")
    assert "cache.delete" in caplog.text
