"""What one process holds: never more than it may, never older than it may."""

from __future__ import annotations

import pytest

from config.pages import store as stores
from config.pages.kept import Kept
from config.pages.store import Entry, Store
from tests.pages.reading import Clock

MUCH = 1_000_000


def page(size: int = 100) -> Kept:
    return Kept(b"x" * size, [], "public", "sv", "")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock) -> Store:
    """In use under the sign `a`."""
    store = Store(clock)
    store.get("", "a")
    return store


def put(store: Store, key: object, sign: str = "a", size: int = 100, until: float = 2000.0, most: int = MUCH):
    store.put(key, sign, Entry(page(size), until), most)


def test_what_was_put_is_found_under_its_sign_alone(store):
    put(store, "/")
    assert store.get("/", "a")
    assert store.get("/", "b") is None
    assert store.get("/", "a") is None
    assert store.bytes == 0


def test_a_page_made_under_an_older_sign_is_left_out(store):
    store.get("/", "b")
    put(store, "/", "a")
    assert store.get("/", "b") is None


def test_a_page_ends_at_its_time(store, clock):
    put(store, "/", until=clock() + 60)
    clock.wait(59.9)
    assert store.get("/", "a")
    clock.wait(0.1)
    assert store.get("/", "a") is None
    assert store.bytes == 0


def test_bytes_are_bounded_and_the_least_asked_for_leave_first(store):
    for key in ("/a/", "/b/", "/c/"):
        put(store, key, size=100, most=600)
    store.get("/a/", "a")
    put(store, "/d/", size=100, most=600)
    assert [key for key in ("/a/", "/b/", "/c/", "/d/") if store.get(key, "a")] == ["/a/", "/c/", "/d/"]
    assert store.bytes == 600


def test_a_page_that_is_larger_than_all_of_it_is_not_kept(store):
    put(store, "/a/", size=100, most=600)
    put(store, "/vast/", size=301, most=600)
    assert store.get("/a/", "a")
    assert len(store) == 1


def test_ten_thousand_addresses_do_not_grow_it(store, monkeypatch):
    monkeypatch.setattr(stores, "MOST_PAGES", 50)
    for number in range(10_000):
        put(store, f"/{number}/", size=10)
    assert (len(store), store.bytes) == (50, 1000)


def test_a_page_made_again_counts_once(store):
    put(store, "/", size=100)
    put(store, "/", size=50)
    assert store.bytes == 100
